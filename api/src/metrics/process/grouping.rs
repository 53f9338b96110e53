//! What reviews are grouped by, and the filter that leads to a group. Pure.

use entity::vocabulary::{DetectionSource, IncidentCategory};

use super::body::{ProcessGroupBy, ReviewFilter};
use super::incidents::Incidents;
use super::item::Item;
use crate::metrics::groups::{Key, crossed};

/// Category and detection source of an incident, if there is one.
type Found = (Option<IncidentCategory>, Option<DetectionSource>);

/// The groups that a review belongs to; several when it has several tags or incidents.
pub(super) fn keys(
    item: &Item,
    fields: &[ProcessGroupBy],
    filter: &ReviewFilter,
    incidents: &Incidents,
) -> Vec<Key> {
    let mut keys = Vec::new();
    for found in found(item, fields, filter, incidents) {
        for key in keys_of(item, fields, filter, found) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}

fn keys_of(
    item: &Item,
    fields: &[ProcessGroupBy],
    filter: &ReviewFilter,
    (category, source): Found,
) -> Vec<Key> {
    let mut keys = vec![Key::new()];
    for field in fields {
        let values: Vec<Option<String>> = match field {
            ProcessGroupBy::Severity => vec![Some(item.severity.to_string())],
            ProcessGroupBy::Kind => vec![Some(item.kind.to_string())],
            ProcessGroupBy::Category => vec![category.map(|one| one.to_string())],
            ProcessGroupBy::DetectionSource => vec![source.map(|one| one.to_string())],
            ProcessGroupBy::Owner => vec![item.owner.clone()],
            ProcessGroupBy::Function => vec![item.function.map(|one| one.to_string())],
            ProcessGroupBy::Tag if item.tags.is_empty() => vec![None],
            // When the filter names tags, only those make groups: an address can name no "and".
            ProcessGroupBy::Tag => {
                let own = item.tags.iter();
                let own = own.filter(|tag| filter.tag.is_empty() || filter.tag.contains(tag));
                own.cloned().map(Some).collect()
            }
        };
        keys = crossed(&keys, &values);
    }
    keys
}

/// The incidents of a review that the filter asks for; one that is none when it has none, or when
/// nobody asks.
fn found(
    item: &Item,
    fields: &[ProcessGroupBy],
    filter: &ReviewFilter,
    incidents: &Incidents,
) -> Vec<Found> {
    let by_incident = [ProcessGroupBy::Category, ProcessGroupBy::DetectionSource];
    if item.incidents.is_empty() || !fields.iter().any(|field| by_incident.contains(field)) {
        return vec![(None, None)];
    }
    let known = item
        .incidents
        .iter()
        .filter_map(|id| incidents.known.get(id));
    let asked = known.filter(|one| {
        let sources = &filter.detection_source;
        (filter.category.is_empty() || filter.category.contains(&one.category))
            && (sources.is_empty() || sources.contains(&one.detection_source))
    });
    asked
        .map(|one| (Some(one.category), Some(one.detection_source)))
        .collect()
}

/// The filter that leads to one group's reviews.
pub(super) fn narrowed(
    filter: &ReviewFilter,
    fields: &[ProcessGroupBy],
    key: &Key,
) -> ReviewFilter {
    let mut filter = filter.clone();
    for (field, value) in fields.iter().zip(key) {
        let text = value.as_deref().unwrap_or_default();
        match (field, value) {
            (ProcessGroupBy::Severity, _) => filter.severity = text.parse().into_iter().collect(),
            (ProcessGroupBy::Kind, _) => filter.kind = text.parse().into_iter().collect(),
            (ProcessGroupBy::Category | ProcessGroupBy::DetectionSource, None) => {
                filter.with_incident = Some(false);
            }
            (ProcessGroupBy::Category, _) => filter.category = text.parse().into_iter().collect(),
            (ProcessGroupBy::DetectionSource, _) => {
                filter.detection_source = text.parse().into_iter().collect();
            }
            (ProcessGroupBy::Tag, Some(tag)) => filter.tag = vec![tag.clone()],
            (ProcessGroupBy::Tag, None) => filter.tagged = Some(false),
            (ProcessGroupBy::Owner, Some(owner)) => filter.owner = vec![owner.clone()],
            (ProcessGroupBy::Owner, None) => filter.with_owner = Some(false),
            (ProcessGroupBy::Function, Some(_)) => {
                filter.function = text.parse().into_iter().collect();
            }
            (ProcessGroupBy::Function, None) => filter.with_function = Some(false),
        }
    }
    filter
}

impl ProcessGroupBy {
    /// The field's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Kind => "kind",
            Self::Category => "category",
            Self::DetectionSource => "detection_source",
            Self::Tag => "tag",
            Self::Owner => "owner",
            Self::Function => "function",
        }
    }
}

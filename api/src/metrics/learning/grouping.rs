//! What cases are grouped by, and the filter that leads to a group. Pure.

use super::body::{LearningFilter, LearningGroupBy, LearningSubject};
use super::cases::{Case, Owner};
use crate::metrics::groups::{Key, crossed};

impl LearningFilter {
    /// Whether it takes a case for the sake of a review with that owner.
    pub(super) fn takes(&self, (owner, function): &Owner) -> bool {
        let is = |asked: Option<bool>, known: bool| asked.is_none_or(|asked| asked == known);
        (self.owner.is_empty()
            || owner
                .as_ref()
                .is_some_and(|owner| self.owner.contains(owner)))
            && (self.function.is_empty()
                || function.is_some_and(|function| self.function.contains(&function)))
            && is(self.with_owner, owner.is_some())
            && is(self.with_function, function.is_some())
    }
}

/// The groups that a case belongs to; several when it has several tags or its reviews several owners.
pub(super) fn keys(case: &Case, fields: &[LearningGroupBy], filter: &LearningFilter) -> Vec<Key> {
    let mut keys = Vec::new();
    for owner in case.owners.iter().filter(|owner| filter.takes(owner)) {
        for key in keys_of(case, fields, filter, owner) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}

fn keys_of(
    case: &Case,
    fields: &[LearningGroupBy],
    filter: &LearningFilter,
    (owner, function): &Owner,
) -> Vec<Key> {
    let mut keys = vec![Key::new()];
    for field in fields {
        let values: Vec<Option<String>> = match field {
            LearningGroupBy::Severity => vec![Some(case.severity.to_string())],
            LearningGroupBy::Category => vec![case.category.map(|one| one.to_string())],
            LearningGroupBy::DetectionSource => {
                vec![case.detection_source.map(|one| one.to_string())]
            }
            LearningGroupBy::Owner => vec![owner.clone()],
            LearningGroupBy::Function => vec![function.map(|one| one.to_string())],
            LearningGroupBy::Tag if case.tags.is_empty() => vec![None],
            // When the filter names tags, only those make groups: an address can name no "and".
            LearningGroupBy::Tag => {
                let own = case.tags.iter();
                let own = own.filter(|tag| filter.tag.is_empty() || filter.tag.contains(tag));
                own.cloned().map(Some).collect()
            }
        };
        keys = crossed(&keys, &values);
    }
    keys
}

/// The filter that leads to one group's cases.
pub(super) fn narrowed(
    filter: &LearningFilter,
    fields: &[LearningGroupBy],
    key: &Key,
) -> LearningFilter {
    let mut filter = filter.clone();
    for (field, value) in fields.iter().zip(key) {
        let text = value.as_deref().unwrap_or_default();
        match (field, value) {
            (LearningGroupBy::Severity, _) => filter.severity = text.parse().into_iter().collect(),
            (LearningGroupBy::Category | LearningGroupBy::DetectionSource, None) => {
                filter.subject = Some(LearningSubject::Review);
            }
            (LearningGroupBy::Category, _) => filter.category = text.parse().into_iter().collect(),
            (LearningGroupBy::DetectionSource, _) => {
                filter.detection_source = text.parse().into_iter().collect();
            }
            (LearningGroupBy::Tag, Some(tag)) => filter.tag = vec![tag.clone()],
            (LearningGroupBy::Tag, None) => filter.tagged = Some(false),
            (LearningGroupBy::Owner, Some(owner)) => filter.owner = vec![owner.clone()],
            (LearningGroupBy::Owner, None) => filter.with_owner = Some(false),
            (LearningGroupBy::Function, Some(_)) => {
                filter.function = text.parse().into_iter().collect();
            }
            (LearningGroupBy::Function, None) => filter.with_function = Some(false),
        }
    }
    filter
}

impl LearningGroupBy {
    /// The field's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Category => "category",
            Self::DetectionSource => "detection_source",
            Self::Tag => "tag",
            Self::Owner => "owner",
            Self::Function => "function",
        }
    }
}

//! What a review's actions are grouped by, where it may have several of it. Pure.

use entity::vocabulary::{DetectionSource, IncidentCategory};

use super::query::{ActionFilter, RemediationGroupBy};
use super::read::Wanted;
use super::store::Row;
use crate::kernel::error::{Error, Result};

/// One tag of a review, and category and detection source of one of its incidents, as far as groups
/// are made by them; absent where it has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) tag: Option<String>,
    pub(super) category: Option<IncidentCategory>,
    pub(super) detection_source: Option<DetectionSource>,
}

/// The labels of a review, each of them once; at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Labels(pub(super) Vec<Label>);

type Found = (Option<IncidentCategory>, Option<DetectionSource>);

impl Labels {
    /// The labels of a review that was read with what groups are made by.
    pub(super) fn of(row: &Row, wanted: &Wanted) -> Result<Self> {
        let filter = &wanted.filter;
        let tags = tags(row.tags.as_deref(), filter)?;
        let incidents = incidents(row.incidents.as_deref(), filter, &wanted.group_by)?;
        let mut labels = Vec::with_capacity(tags.len() * incidents.len());
        for tag in tags {
            labels.extend(incidents.iter().map(|(category, detection_source)| Label {
                tag: tag.clone(),
                category: *category,
                detection_source: *detection_source,
            }));
        }
        Ok(Self(labels))
    }
}

/// When the filter names tags, only those make groups: an address can name no "and".
fn tags(json: Option<&str>, filter: &ActionFilter) -> Result<Vec<Option<String>>> {
    let all: Vec<String> = match json {
        Some(json) => serde_json::from_str(json).map_err(|_| unreadable("tags"))?,
        None => Vec::new(),
    };
    let mut own: Vec<Option<String>> = all
        .into_iter()
        .filter(|tag| filter.tag.is_empty() || filter.tag.contains(tag))
        .map(Some)
        .collect();
    if own.is_empty() {
        own.push(None);
    }
    Ok(own)
}

/// The same of incidents: only those that the filter asks for make groups.
fn incidents(
    joined: Option<&str>,
    filter: &ActionFilter,
    group_by: &[RemediationGroupBy],
) -> Result<Vec<Found>> {
    let by = |field| group_by.contains(&field);
    let mut found: Vec<Found> = Vec::new();
    for text in joined.iter().flat_map(|joined| joined.split(',')) {
        let (category, source) = incident(text).ok_or_else(|| unreadable("incidents"))?;
        let is_asked = (filter.category.is_empty() || filter.category.contains(&category))
            && (filter.detection_source.is_empty() || filter.detection_source.contains(&source));
        let one = (
            by(RemediationGroupBy::Category).then_some(category),
            by(RemediationGroupBy::DetectionSource).then_some(source),
        );
        if is_asked && !found.contains(&one) {
            found.push(one);
        }
    }
    if found.is_empty() {
        found.push((None, None));
    }
    Ok(found)
}

fn incident(text: &str) -> Option<(IncidentCategory, DetectionSource)> {
    let (category, source) = text.split_once('/')?;
    Some((category.parse().ok()?, source.parse().ok()?))
}

fn unreadable(what: &str) -> Error {
    Error::Internal(format!("the {what} of a review cannot be read"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use RemediationGroupBy::{Category, DetectionSource as Source};

    const THREE: &str = "intrusion/audit,intrusion/cert,availability/audit";

    fn asked(category: &[IncidentCategory], source: &[DetectionSource]) -> ActionFilter {
        ActionFilter {
            category: category.to_vec(),
            detection_source: source.to_vec(),
            ..ActionFilter::default()
        }
    }

    #[test]
    fn incidents_are_told_apart_by_what_groups_are_made_by() {
        let (intrusion, outage) = (IncidentCategory::Intrusion, IncidentCategory::Availability);
        let (audit, cert) = (DetectionSource::Audit, DetectionSource::Cert);
        let all = asked(&[], &[]);
        let of = |filter: &ActionFilter, by: &[RemediationGroupBy]| {
            incidents(Some(THREE), filter, by).expect("readable")
        };
        assert_eq!(
            of(&all, &[Category]),
            [(Some(intrusion), None), (Some(outage), None)]
        );
        assert_eq!(
            of(&all, &[Source]),
            [(None, Some(audit)), (None, Some(cert))]
        );
        assert_eq!(of(&all, &[Category, Source]).len(), 3);
        assert_eq!(
            of(&asked(&[], &[cert]), &[Category]),
            [(Some(intrusion), None)]
        );
        assert_eq!(
            of(&asked(&[outage], &[audit]), &[Source]),
            [(None, Some(audit))]
        );
        let none = incidents(None, &all, &[Category]).expect("none");
        assert_eq!(none, [(None, None)]);
        assert!(incidents(Some("intrusion"), &all, &[Category]).is_err());
    }

    #[test]
    fn only_the_tags_that_were_asked_for_make_groups() {
        let filter = |tags: &[&str]| ActionFilter {
            tag: tags.iter().copied().map(str::to_owned).collect(),
            ..ActionFilter::default()
        };
        let of = |json: &str, asked: &[&str]| tags(Some(json), &filter(asked)).expect("readable");
        let both = r#"["vpn","mail"]"#;
        assert_eq!(of(both, &[]), [Some("vpn".into()), Some("mail".into())]);
        assert_eq!(of(both, &["mail", "x"]), [Some("mail".into())]);
        assert_eq!(of("[]", &[]), [None]);
        assert!(tags(Some("{"), &filter(&[])).is_err());
    }
}

//! What is kept of each incident while counting, the groups it is in, and what some of them add up to.

use entity::Timestamp;
use entity::vocabulary::IncidentCategory;

use super::body::{IncidentFilter, MetricSources, ResponseGroupBy, ResponseQuery, SourceCounts};
use super::owners::{Owner, Owners};
use super::rules::{self, Measure};
use super::store::Row;
use crate::incidents::rules::TimeSource;
use crate::metrics::distribution::{Sample, Statistics};
use crate::metrics::groups::{Groups, Key, crossed};

/// Whether an incident that stands at `instant` lies in the filter's window.
pub(super) fn in_window(filter: &IncidentFilter, instant: Timestamp) -> bool {
    filter.from.is_none_or(|from| instant >= from) && filter.to.is_none_or(|to| instant < to)
}

/// What is kept of an incident while counting.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) instant: Timestamp,
    pub(super) backfilled: bool,
    /// One for each metric that was asked for.
    pub(super) measures: Box<[Measure]>,
}

/// Incidents as they are read, one after the other.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) records: Vec<Record>,
    pub(super) groups: Groups,
    pub(super) n_test_excluded: u64,
}

impl Tally {
    /// Takes an incident, unless it is out of the window or a test.
    pub(super) fn add(
        &mut self,
        row: &Row,
        query: &ResponseQuery,
        filter: &IncidentFilter,
        owners: &Owners,
    ) {
        let times = &row.timestamps.0;
        let instant = rules::instant(times, row.created_at);
        if !in_window(filter, instant) {
            return;
        }
        if row.category == IncidentCategory::Test {
            self.n_test_excluded += 1;
            return;
        }
        for key in keys(row, &query.group_by, filter, owners) {
            self.groups.add(key, self.records.len());
        }
        let measures = query.metric.iter().map(|metric| {
            let (start, stop) = rules::ends(*metric, times);
            rules::measure(start, stop)
        });
        self.records.push(Record {
            instant,
            backfilled: row.backfilled,
            measures: measures.collect(),
        });
    }
}

/// The groups that an incident belongs to; several when it has several tags or its reviews several
/// owners.
fn keys(
    row: &Row,
    group_by: &[ResponseGroupBy],
    filter: &IncidentFilter,
    owners: &Owners,
) -> Vec<Key> {
    let mut keys = Vec::new();
    if group_by.is_empty() {
        return keys;
    }
    for owner in owners.of(row.id) {
        for key in keys_of(row, group_by, filter, owner) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}

fn keys_of(
    row: &Row,
    group_by: &[ResponseGroupBy],
    filter: &IncidentFilter,
    (owner, function): &Owner,
) -> Vec<Key> {
    let mut keys = vec![Key::new()];
    for field in group_by {
        let values: Vec<Option<String>> = match field {
            ResponseGroupBy::Severity => vec![Some(row.severity.to_string())],
            ResponseGroupBy::Category => vec![Some(row.category.to_string())],
            ResponseGroupBy::DetectionSource => vec![Some(row.detection_source.to_string())],
            ResponseGroupBy::Tag => tags(row, filter),
            ResponseGroupBy::Owner => vec![owner.clone()],
            ResponseGroupBy::Function => vec![function.map(|function| function.to_string())],
        };
        keys = crossed(&keys, &values);
    }
    keys
}

/// When the filter names tags, only those make groups: an address can name no "and".
fn tags(row: &Row, filter: &IncidentFilter) -> Vec<Option<String>> {
    let all = &row.tags.0;
    if all.is_empty() {
        return vec![None];
    }
    all.iter()
        .filter(|tag| filter.tag.is_empty() || filter.tag.contains(tag))
        .map(|tag| Some(tag.clone()))
        .collect()
}

impl ResponseGroupBy {
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

/// The filter that leads to one group's incidents.
pub(super) fn narrowed(
    filter: &IncidentFilter,
    fields: &[ResponseGroupBy],
    key: &Key,
) -> IncidentFilter {
    let mut filter = filter.clone();
    for (field, value) in fields.iter().zip(key) {
        let text = value.as_deref().unwrap_or_default();
        match field {
            ResponseGroupBy::Severity => filter.severity = text.parse().into_iter().collect(),
            ResponseGroupBy::Category => filter.category = text.parse().into_iter().collect(),
            ResponseGroupBy::DetectionSource => {
                filter.detection_source = text.parse().into_iter().collect();
            }
            ResponseGroupBy::Tag => match value {
                Some(tag) => filter.tag = vec![tag.clone()],
                None => filter.tagged = Some(false),
            },
            ResponseGroupBy::Owner => match value {
                Some(owner) => filter.owner = vec![owner.clone()],
                None => filter.with_owner = Some(false),
            },
            ResponseGroupBy::Function => match value {
                Some(_) => filter.function = text.parse().into_iter().collect(),
                None => filter.with_function = Some(false),
            },
        }
    }
    filter
}

/// What some incidents contribute to one metric.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub(super) seconds: Vec<i64>,
    pub(super) days: Vec<i64>,
    missing: u64,
    invalid: u64,
    pub(super) coarse: u64,
    pub(super) backfilled: u64,
    pub(super) sources: MetricSources,
}

impl Counted {
    pub(super) fn add(&mut self, measure: Measure, backfilled: bool) {
        match measure {
            Measure::Measured { seconds, from, to } => {
                self.seconds.push(seconds);
                self.backfilled += u64::from(backfilled);
                self.sources.from.add(from);
                self.sources.to.add(to);
            }
            Measure::Missing => self.missing += 1,
            Measure::Invalid => self.invalid += 1,
            Measure::Days(days) => self.days.push(days),
            Measure::Imprecise => self.coarse += 1,
        }
    }

    /// Statistics of the seconds, with what could not be measured.
    pub(super) fn statistics(&self, seconds: &Sample) -> Statistics {
        Statistics {
            n_missing: self.missing,
            n_invalid: self.invalid,
            n_imprecise: self.days.len() as u64 + self.coarse,
            ..seconds.statistics()
        }
    }
}

impl SourceCounts {
    fn add(&mut self, source: TimeSource) {
        match source {
            TimeSource::Override => self.overridden += 1,
            TimeSource::Event => self.event += 1,
            TimeSource::Reported => self.reported += 1,
        }
    }
}

//! Answers what was asked of the process: all reviews, by group, by bucket.

use chrono_tz::Tz;
use entity::Timestamp;
use sea_orm::ConnectionTrait;

use super::body::{
    ProcessGroup, ProcessGroupBy, ProcessMetricsBody, ProcessNumbers, ProcessQuery, ReviewFilter,
};
use super::definitions::Number;
use super::grouping::{keys, narrowed};
use super::incidents::Incidents;
use super::item::Item;
use super::links::Records;
use super::reading::Reviews;
use super::sections::Subject;
use super::sections::chronology::ChronologySection;
use super::sections::completeness::CompletenessSection;
use super::sections::feedback::FeedbackSection;
use super::sections::findings::FindingsSection;
use super::sections::lessons::LessonsSection;
use super::sections::life::LifeSection;
use super::sections::obligations::ObligationsSection;
use super::sections::promptness::PromptnessSection;
use super::sections::workshops::WorkshopsSection;
use super::series::series;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::metrics::groups::{Groups, parts};
use crate::metrics::numbers::MetricCount;
use crate::metrics::window::{self, Bucket, MAX_POINTS};

/// Measures the reviews of the filter.
pub async fn process(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    query: ProcessQuery,
    filter: ReviewFilter,
    now: Timestamp,
) -> Result<ProcessMetricsBody> {
    let zone = window::zone(query.time_zone.as_deref())?;
    let incidents = Incidents::read(connection, caller).await?;
    let reviews = Reviews::read(connection, (caller, &filter), &incidents, now).await?;
    let items = reviews.items;
    let mut fields = query.group_by.clone();
    fields.dedup();
    let report = Report {
        buckets: buckets(&query, &items, &filter, zone, now)?,
        items: &items,
        incidents: &incidents,
        fields: &fields,
        filter: &filter,
        now,
    };
    let groups = report.groups()?;
    let all: Vec<&Item> = items.iter().collect();
    Ok(ProcessMetricsBody {
        as_of: now,
        time_zone: zone.name().to_owned(),
        n: items.len() as u64,
        n_backfilled: items.iter().filter(|item| item.backfilled).count() as u64,
        n_test_excluded: reviews.n_test_excluded,
        numbers: report.numbers(&all, Some(filter.clone())),
        coverage: incidents.section(&filter),
        groups,
        interval: query.interval,
        group_by: fields.clone(),
        filters: filter.clone(),
    })
}

/// From the first review, or the beginning of the window, until now, or its end.
fn buckets(
    query: &ProcessQuery,
    items: &[Item],
    filter: &ReviewFilter,
    zone: Tz,
    now: Timestamp,
) -> Result<Option<Vec<Bucket>>> {
    let Some(interval) = query.interval else {
        return Ok(None);
    };
    let end = filter.to.unwrap_or_else(|| now.plus_seconds(1));
    let first = items.iter().map(|item| item.created_at).min();
    let begin = filter.from.or(first).unwrap_or(end);
    window::buckets(interval, zone, begin, end).map(Some)
}

/// The reviews and everything that was asked of them.
struct Report<'a> {
    items: &'a [Item],
    incidents: &'a Incidents,
    buckets: Option<Vec<Bucket>>,
    fields: &'a [ProcessGroupBy],
    filter: &'a ReviewFilter,
    now: Timestamp,
}

impl Report<'_> {
    fn groups(&self) -> Result<Option<Vec<ProcessGroup>>> {
        let mut groups = Groups::default();
        if !self.fields.is_empty() {
            for (at, item) in self.items.iter().enumerate() {
                for key in keys(item, self.fields, self.filter, self.incidents) {
                    groups.add(key, at);
                }
            }
        }
        let groups = groups.largest();
        let points = self.buckets.as_ref().map_or(0, Vec::len) * (groups.len() + 1);
        if points > MAX_POINTS {
            return Err(window::too_many_points(points));
        }
        let names: Vec<&'static str> = self.fields.iter().map(|field| field.name()).collect();
        let each = groups.into_iter().map(|(key, which)| {
            let items: Vec<&Item> = which.iter().map(|at| &self.items[*at]).collect();
            let filter = key
                .as_ref()
                .map(|key| narrowed(self.filter, self.fields, key));
            ProcessGroup {
                numbers: self.numbers(&items, filter),
                other: key.is_none(),
                key: key.map(|key| parts(&names, &key)).unwrap_or_default(),
            }
        });
        Ok((!self.fields.is_empty()).then(|| each.collect()))
    }

    /// The numbers of some reviews; `filter` leads to exactly those.
    fn numbers(&self, items: &[&Item], filter: Option<ReviewFilter>) -> ProcessNumbers {
        let records = Records(filter);
        let subject = Subject {
            items,
            now: self.now,
            records: &records,
        };
        let points = |buckets: &Vec<Bucket>| series(buckets, items, self.filter, self.now);
        ProcessNumbers {
            reviews: MetricCount {
                definition: Number::Reviews.definition(),
                n: items.len() as u64,
                records_url: records.url(),
            },
            promptness: PromptnessSection::of(&subject),
            life: LifeSection::of(&subject),
            workshops: WorkshopsSection::of(&subject),
            chronology: ChronologySection::of(&subject),
            findings: FindingsSection::of(&subject),
            completeness: CompletenessSection::of(&subject),
            feedback: FeedbackSection::of(&subject),
            lessons: LessonsSection::of(&subject),
            obligations: ObligationsSection::of(&subject),
            series: self.buckets.as_ref().map(points),
        }
    }
}

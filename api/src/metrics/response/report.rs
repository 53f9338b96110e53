//! Counts what incidents contribute to the response metrics: all of them, by group, by bucket.

use chrono_tz::Tz;
use entity::Timestamp;
use sea_orm::ConnectionTrait;

use super::body::{
    ImpreciseDays, IncidentFilter, MetricWindow, ResponseGroup, ResponseMetricBody,
    ResponseMetricsBody, ResponsePoint, ResponseQuery,
};
use super::owners::Owners;
use super::rules::ResponseMetricName;
use super::store;
use super::tally::{Counted, Record, Tally, narrowed};
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::metrics::distribution::{DAYS, SECONDS, Sample, Statistics};
use crate::metrics::groups::{Groups, Key, parts};
use crate::metrics::link::Link;
use crate::metrics::window::{self, Bucket, MAX_POINTS};

/// What of an incident decides whether it lies in the window.
const WINDOW_FIELD: &[&str] = &["detected", "occurred", "created_at"];

/// Measures the incidents of the filter.
pub(super) async fn response(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    mut query: ResponseQuery,
    filter: IncidentFilter,
    now: Timestamp,
) -> Result<ResponseMetricsBody> {
    let zone = window::zone(query.time_zone.as_deref())?;
    window::check_order(("from", filter.from), ("to", filter.to))?;
    if query.metric.is_empty() {
        query.metric = ResponseMetricName::ALL.to_vec();
    }
    query.metric = distinct(query.metric);
    query.group_by = distinct(query.group_by);
    let owners = Owners::read(connection, caller, &filter, &query.group_by).await?;
    let mut tally = Tally::default();
    store::walk(
        connection,
        caller,
        &filter,
        store::Chunk::ALL,
        None,
        |row| {
            tally.add(&row, &query, &filter, &owners);
            true
        },
    )
    .await?;
    Report::new(tally.records, query, filter, zone, now)?.body(tally.groups, tally.n_test_excluded)
}

fn distinct<T: PartialEq>(items: Vec<T>) -> Vec<T> {
    let mut kept = Vec::with_capacity(items.len());
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}

/// The records and everything that was asked of them.
struct Report {
    records: Vec<Record>,
    query: ResponseQuery,
    filter: IncidentFilter,
    zone: Tz,
    now: Timestamp,
    /// The end of the series.
    end: Timestamp,
    buckets: Option<Vec<Bucket>>,
}

impl Report {
    fn new(
        records: Vec<Record>,
        query: ResponseQuery,
        filter: IncidentFilter,
        zone: Tz,
        now: Timestamp,
    ) -> Result<Self> {
        let instants = || records.iter().map(|record| record.instant);
        // A sender's clock may be ahead of ours.
        let end = filter.to.unwrap_or_else(|| {
            instants()
                .max()
                .map_or(now, |last| now.max(last.plus_seconds(1)))
        });
        let begin = filter.from.or_else(|| instants().min()).unwrap_or(end);
        let buckets = match query.interval {
            Some(interval) => Some(window::buckets(interval, zone, begin, end)?),
            None => None,
        };
        Ok(Self {
            records,
            query,
            filter,
            zone,
            now,
            end,
            buckets,
        })
    }

    fn body(self, groups: Groups, n_test_excluded: u64) -> Result<ResponseMetricsBody> {
        let groups = groups.largest();
        let points = self.buckets.as_ref().map_or(0, Vec::len)
            * self.query.metric.len()
            * (groups.len() + 1);
        if points > MAX_POINTS {
            let detail = format!(
                "gives {points} points, at most {MAX_POINTS} are given; take a longer one, fewer metrics or no groups"
            );
            return Err(window::refused("interval", "too_many_points", detail));
        }
        let all: Vec<usize> = (0..self.records.len()).collect();
        let grouped = !self.query.group_by.is_empty();
        let backfilled = self.records.iter().filter(|record| record.backfilled);
        Ok(ResponseMetricsBody {
            as_of: self.now,
            time_zone: self.zone.name().to_owned(),
            window: MetricWindow {
                field: WINDOW_FIELD,
                from: self.filter.from,
                to: self.filter.to,
            },
            n_incidents: self.records.len() as u64,
            n_backfilled: backfilled.count() as u64,
            n_test_excluded,
            metrics: self.metrics(&all, Some(&self.filter)),
            groups: grouped.then(|| {
                let each = groups.into_iter();
                each.map(|(key, which)| self.group(key.as_ref(), &which))
                    .collect()
            }),
            group_by: self.query.group_by,
            interval: self.query.interval,
            filters: self.filter,
        })
    }

    fn group(&self, key: Option<&Key>, which: &[usize]) -> ResponseGroup {
        let fields: Vec<&'static str> = self.query.group_by.iter().map(|f| f.name()).collect();
        let filter = key.map(|key| narrowed(&self.filter, &self.query.group_by, key));
        ResponseGroup {
            key: key.map(|key| parts(&fields, key)).unwrap_or_default(),
            other: key.is_none(),
            n_incidents: which.len() as u64,
            metrics: self.metrics(which, filter.as_ref()),
        }
    }

    /// The metrics of some records; `filter` leads to exactly those.
    fn metrics(&self, which: &[usize], filter: Option<&IncidentFilter>) -> Vec<ResponseMetricBody> {
        let metrics = self.query.metric.iter().enumerate();
        metrics
            .map(|(at, metric)| self.metric(at, *metric, which, filter))
            .collect()
    }

    fn metric(
        &self,
        at: usize,
        metric: ResponseMetricName,
        which: &[usize],
        filter: Option<&IncidentFilter>,
    ) -> ResponseMetricBody {
        let link = |standing: &str| {
            let link = Link::to("/api/v1/metrics/response/records")
                .with("metric", metric.as_str())
                .with("standing", standing);
            filter.map(|filter| link.with_all(filter).into_string())
        };
        let counted = self.count(at, which.iter().copied());
        let seconds = Sample::new(counted.seconds.clone());
        ResponseMetricBody {
            metric,
            definition: metric.definition(),
            histogram: seconds.histogram(SECONDS),
            n_backfilled: counted.backfilled,
            series: self.series(at, which),
            records_url: link("measured"),
            imprecise: imprecise(metric, &counted, link("imprecise")),
            statistics: counted.statistics(&seconds),
            sources: counted.sources,
        }
    }

    fn count(&self, at: usize, which: impl Iterator<Item = usize>) -> Counted {
        let mut counted = Counted::default();
        for record in which.filter_map(|one| self.records.get(one)) {
            if let Some(measure) = record.measures.get(at) {
                counted.add(*measure, record.backfilled);
            }
        }
        counted
    }

    fn series(&self, at: usize, which: &[usize]) -> Option<Vec<ResponsePoint>> {
        let buckets = self.buckets.as_ref()?;
        let mut contents = vec![Vec::new(); buckets.len()];
        for one in which {
            let record = self.records.get(*one);
            if let Some(place) = record.and_then(|r| window::place(buckets, r.instant)) {
                contents[place].push(*one);
            }
        }
        let points = buckets.iter().zip(contents).map(|(bucket, which)| {
            let counted = self.count(at, which.into_iter());
            let seconds = Sample::new(counted.seconds.clone());
            ResponsePoint {
                date: bucket.date,
                from: bucket.from,
                to: bucket.to,
                partial: bucket.to > self.end.min(self.now)
                    || self.filter.from.is_some_and(|from| bucket.from < from),
                statistics: counted.statistics(&seconds),
            }
        });
        Some(points.collect())
    }
}

fn imprecise(
    metric: ResponseMetricName,
    counted: &Counted,
    records_url: Option<String>,
) -> ImpreciseDays {
    let mut definition = metric.definition();
    definition.name = format!("{}_days", definition.name);
    definition.formula = format!("date({}) − date({})", definition.to, definition.from);
    definition.unit = "days";
    let days = Sample::new(counted.days.clone());
    ImpreciseDays {
        definition,
        statistics: Statistics {
            n_imprecise: counted.coarse,
            ..days.statistics()
        },
        histogram: days.histogram(DAYS),
        records_url,
    }
}

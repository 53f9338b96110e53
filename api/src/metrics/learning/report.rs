//! Answers what was asked of learning: all cases, by group, by bucket.

use chrono_tz::Tz;
use entity::Timestamp;
use entity::vocabulary::{MeasureVerdict, Vocabulary as _};
use sea_orm::ConnectionTrait;

use super::body::{
    ImprovementEffects, LearningFilter, LearningGroup, LearningGroupBy, LearningMetricsBody,
    LearningNumbers, LearningPoint, LearningQuery, LearningSubject, MeasuresByVerdict,
};
use super::cases::{Case, Cases, Standings};
use super::definitions::Number;
use super::grouping::{keys, narrowed};
use super::numbers::{Judged, Records, Recurred, numbers};
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::measures;
use crate::metrics::distribution::ratio;
use crate::metrics::groups::{Groups, parts};
use crate::metrics::link::Link;
use crate::metrics::window::{self, Bucket, MAX_POINTS};

/// Measures what recurred.
pub(super) async fn learning(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    query: LearningQuery,
    filter: LearningFilter,
    now: Timestamp,
) -> Result<LearningMetricsBody> {
    let zone = window::zone(query.time_zone.as_deref())?;
    let all = Cases::read(connection, caller, &filter).await?;
    let verdicts = measures::store::verdicts(connection, caller).await?;
    let mut fields = query.group_by.clone();
    fields.dedup();
    let report = Report {
        judged: judge(&all, now, zone)?,
        buckets: buckets(&query, &all.all, &filter, zone, now)?,
        all: &all,
        fields,
        filter: &filter,
        zone,
        now,
    };
    let groups = report.groups()?;
    let everything: Vec<usize> = (0..all.all.len()).collect();
    let incidents = all
        .all
        .iter()
        .filter(|case| case.subject == LearningSubject::Incident);
    Ok(LearningMetricsBody {
        as_of: now,
        time_zone: zone.name().to_owned(),
        n: all.all.len() as u64,
        n_incidents: incidents.count() as u64,
        n_test_excluded: all.n_test_excluded,
        numbers: report.numbers(&everything, Some(filter.clone())),
        effects: effects(&verdicts),
        groups,
        group_by: report.fields.clone(),
        interval: query.interval,
        filters: filter.clone(),
    })
}

/// Says of each case what it found when it recurred.
fn judge(all: &Cases, now: Timestamp, zone: Tz) -> Result<Vec<Judged<'_>>> {
    let mut standings = Standings::new(&all.reviews, now, zone);
    let judged = all.all.iter().map(|case| {
        let recurred: Option<Result<Recurred>> = case.latest().map(|latest| {
            Ok(Recurred {
                standing: standings.of(latest.review, case.instant)?.standing(),
                after_publication: all.reviews[latest.review].is_published(case.instant),
                seconds: (case.instant.micros() - latest.began.micros()) / 1_000_000,
            })
        });
        Ok(Judged {
            case,
            recurred: recurred.transpose()?,
        })
    });
    judged.collect()
}

fn buckets(
    query: &LearningQuery,
    cases: &[Case],
    filter: &LearningFilter,
    zone: Tz,
    now: Timestamp,
) -> Result<Option<Vec<Bucket>>> {
    let Some(interval) = query.interval else {
        return Ok(None);
    };
    let instants = || cases.iter().map(|case| case.instant);
    // A sender's clock may be ahead of ours.
    let last = instants()
        .max()
        .map_or(now, |last| now.max(last.plus_seconds(1)));
    let end = filter.to.unwrap_or(last);
    let begin = filter.from.or_else(|| instants().min()).unwrap_or(end);
    window::buckets(interval, zone, begin, end).map(Some)
}

fn effects(verdicts: &[MeasureVerdict]) -> ImprovementEffects {
    let each = MeasureVerdict::TERMS.iter().map(|term| {
        let n = verdicts
            .iter()
            .filter(|verdict| verdict.as_str() == term.value);
        let link = Link::to("/api/v1/improvement-measures").with("verdict", term.value);
        Some(MeasuresByVerdict {
            verdict: term.value.parse().ok()?,
            n: n.count() as u64,
            records_url: link.into_string(),
        })
    });
    ImprovementEffects {
        definition: Number::Effects.definition(),
        by_verdict: each.flatten().collect(),
    }
}

/// The cases and everything that was asked of them.
struct Report<'a> {
    all: &'a Cases,
    judged: Vec<Judged<'a>>,
    buckets: Option<Vec<Bucket>>,
    fields: Vec<LearningGroupBy>,
    filter: &'a LearningFilter,
    zone: Tz,
    now: Timestamp,
}

impl Report<'_> {
    fn groups(&self) -> Result<Option<Vec<LearningGroup>>> {
        let mut groups = Groups::default();
        if !self.fields.is_empty() {
            for (at, case) in self.all.all.iter().enumerate() {
                for key in keys(case, &self.fields, self.filter) {
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
        let each = groups.into_iter().map(|(key, which)| LearningGroup {
            numbers: self.numbers(
                &which,
                key.as_ref()
                    .map(|key| narrowed(self.filter, &self.fields, key)),
            ),
            other: key.is_none(),
            key: key.map(|key| parts(&names, &key)).unwrap_or_default(),
        });
        Ok((!self.fields.is_empty()).then(|| each.collect()))
    }

    fn numbers(&self, which: &[usize], filter: Option<LearningFilter>) -> LearningNumbers {
        let cases: Vec<&Judged<'_>> = which.iter().map(|at| &self.judged[*at]).collect();
        let records = Records {
            filter,
            time_zone: self.zone.name(),
        };
        LearningNumbers {
            series: self
                .buckets
                .as_ref()
                .map(|buckets| self.series(buckets, &cases)),
            ..numbers(&cases, &self.all.traits, &self.filter.of, &records)
        }
    }

    fn series(&self, buckets: &[Bucket], cases: &[&Judged<'_>]) -> Vec<LearningPoint> {
        let end = self.filter.to.map_or(self.now, |to| to.min(self.now));
        let mut points: Vec<LearningPoint> = buckets
            .iter()
            .map(|bucket| LearningPoint {
                date: bucket.date,
                from: bucket.from,
                to: bucket.to,
                partial: bucket.to > end || self.filter.from.is_some_and(|from| bucket.from < from),
                n: 0,
                n_missing: 0,
                n_recurrent: 0,
                n_after_publication: 0,
                recurrence_rate: None,
            })
            .collect();
        for one in cases {
            let Some(place) = window::place(buckets, one.case.instant) else {
                continue;
            };
            let point = &mut points[place];
            point.n += 1;
            point.n_missing += u64::from(!one.case.is_known());
            point.n_recurrent += u64::from(one.recurred.is_some());
            let after = one.recurred.is_some_and(|one| one.after_publication);
            point.n_after_publication += u64::from(after);
        }
        for point in &mut points {
            point.recurrence_rate = ratio(point.n_recurrent, point.n - point.n_missing);
        }
        points
    }
}

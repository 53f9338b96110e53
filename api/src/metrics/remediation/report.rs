//! Answers what was asked of remediation: all actions, by group, by bucket.

use std::sync::Arc;

use entity::Timestamp;
use sea_orm::ConnectionTrait;

use super::body::{RemediationGroup, RemediationMetricsBody, RemediationNumbers};
use super::item::{Item, Moment};
use super::labels::Label;
use super::links::Records;
use super::numbers::numbers;
use super::query::{ActionFilter, RemediationGroupBy, RemediationQuery};
use super::read::{Actions, Wanted};
use super::series::{BurnUp, Frame};
use super::tally::Tally;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::kernel::parts::apart;
use crate::metrics::groups::{Groups, Key, parts};
use crate::metrics::window;

/// Measures the actions of the filter.
pub(super) async fn remediation(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    query: RemediationQuery,
    filter: ActionFilter,
    now: Timestamp,
) -> Result<RemediationMetricsBody> {
    let zone = window::zone(query.time_zone.as_deref())?;
    let created = (filter.created_at_from, filter.created_at_to);
    window::check_order(("created_at_from", created.0), ("created_at_to", created.1))?;
    let as_of = query.as_of.unwrap_or(now);
    if as_of > now {
        return Err(window::refused(
            "as_of",
            "in_the_future",
            "lies in the future",
        ));
    }
    let mut group_by = query.group_by.clone();
    group_by.dedup();
    let wanted = Arc::new(Wanted {
        filter,
        group_by,
        moment: Moment::new(as_of, now, zone),
        series: query.interval.is_some(),
    });
    let actions = Actions::read(connection, caller, &wanted).await?;
    let answer = move || {
        let frame = frame(&query, &actions, as_of, wanted.moment)?;
        let report = Report {
            frame,
            actions,
            wanted: &wanted,
        };
        report.body(&query, as_of)
    };
    apart(answer).await?
}

/// The buckets of the series, if one was asked for.
fn frame(
    query: &RemediationQuery,
    actions: &Actions,
    as_of: Timestamp,
    moment: Moment,
) -> Result<Option<Frame>> {
    let Some(interval) = query.interval else {
        return Ok(None);
    };
    window::check_order(("series_from", query.series_from), ("as_of", Some(as_of)))?;
    let first = actions.items.iter().map(|item| item.created_at).min();
    let first = first.and_then(|at| Timestamp::from_micros(at.saturating_mul(1_000_000)));
    let from = query.series_from.or(first).unwrap_or(as_of);
    let end = Timestamp::from_micros(as_of.micros().saturating_add(1)).unwrap_or(as_of);
    let buckets = window::buckets(interval, moment.zone, from, end)?;
    Ok(Some(Frame::new(buckets, moment)))
}

/// The actions and everything that was asked of them.
struct Report<'a> {
    actions: Actions,
    wanted: &'a Wanted,
    frame: Option<Frame>,
}

impl Report<'_> {
    fn body(
        mut self,
        query: &RemediationQuery,
        as_of: Timestamp,
    ) -> Result<RemediationMetricsBody> {
        let Wanted {
            filter,
            group_by,
            moment,
            ..
        } = self.wanted;
        let groups = self.groups().largest();
        let buckets = self.frame.as_ref().map_or(0, Frame::len);
        let points = buckets * (groups.len() + 1);
        if points > window::MAX_POINTS {
            return Err(window::too_many_points(points));
        }
        let each = groups.into_iter();
        let groups: Vec<_> = each
            .map(|(key, which)| self.group(key.as_ref(), &which))
            .collect();
        let records = Records::of(filter, moment.past);
        let tally = std::mem::take(&mut self.actions.tally);
        Ok(RemediationMetricsBody {
            as_of,
            time_zone: moment.zone.name().to_owned(),
            numbers: self.numbers(tally, self.actions.items.iter(), records.as_ref()),
            groups: (!group_by.is_empty()).then_some(groups),
            group_by: group_by.clone(),
            interval: query.interval,
            filters: filter.clone(),
        })
    }

    fn groups(&self) -> Groups {
        let mut groups = Groups::default();
        let none = [Label::default()];
        if self.wanted.group_by.is_empty() {
            return groups;
        }
        for (at, item) in self.actions.items.iter().enumerate() {
            let labels = self.actions.labels.get(item.labels as usize);
            for label in labels.map_or(&none[..], |labels| &labels.0) {
                let fields = self.wanted.group_by.iter();
                let key = fields.map(|field| self.value(*field, item, label));
                groups.add(key.collect(), at);
            }
        }
        groups
    }

    fn value(&self, field: RemediationGroupBy, item: &Item, label: &Label) -> Option<String> {
        match field {
            RemediationGroupBy::Severity => Some(item.severity.to_string()),
            RemediationGroupBy::Category => label.category.map(|one| one.to_string()),
            RemediationGroupBy::DetectionSource => {
                label.detection_source.map(|one| one.to_string())
            }
            RemediationGroupBy::Tag => label.tag.clone(),
            RemediationGroupBy::Priority => Some(item.priority.to_string()),
            RemediationGroupBy::Type => Some(item.action_type.to_string()),
            RemediationGroupBy::Function => item.function.map(|function| function.to_string()),
            RemediationGroupBy::Owner => {
                let owners = &self.actions.owners.names;
                owners.get(item.owner? as usize).cloned()
            }
        }
    }

    fn group(&self, key: Option<&Key>, which: &[usize]) -> RemediationGroup {
        let Wanted {
            filter,
            group_by,
            moment,
            ..
        } = self.wanted;
        let names: Vec<&'static str> = group_by.iter().map(|field| field.name()).collect();
        let records = key.and_then(|key| Records::of(filter, moment.past)?.of_group(group_by, key));
        let items = || which.iter().filter_map(|at| self.actions.items.get(*at));
        let mut tally = Tally::default();
        items().for_each(|item| tally.add(item, *moment));
        RemediationGroup {
            key: key.map(|key| parts(&names, key)).unwrap_or_default(),
            other: key.is_none(),
            numbers: self.numbers(tally, items(), records.as_ref()),
        }
    }

    /// What some actions add up to; the actions themselves are looked at for the series alone.
    fn numbers<'a>(
        &self,
        tally: Tally,
        items: impl Iterator<Item = &'a Item>,
        records: Option<&Records>,
    ) -> RemediationNumbers {
        let points = self.frame.as_ref().map(|frame| {
            let mut series = BurnUp::new(frame);
            items.for_each(|item| series.add(item));
            series.points()
        });
        let owners = &self.actions.owners.names;
        numbers(tally, points, self.wanted.moment, owners, records)
    }
}

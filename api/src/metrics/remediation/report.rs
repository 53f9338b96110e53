//! Answers what was asked of remediation: reads the facts, counts them, and says what it counted.

use std::collections::HashMap;

use entity::Timestamp;
use sea_orm::ConnectionTrait;

use super::body::{
    ActionFilter, RemediationGroup, RemediationGroupBy, RemediationMetricsBody, RemediationNumbers,
    RemediationQuery,
};
use super::item::{Item, Moment};
use super::links::Records;
use super::numbers::numbers;
use super::series::{BurnUp, Frame};
use super::store::{self, Row};
use super::tally::Tally;
use crate::actions::facts::ActionFact;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::metrics::groups::{Groups, Key, parts};
use crate::metrics::window;

/// How many points an answer may have over all its series.
const MAX_POINTS: usize = 20_000;

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
    let rows = store::facts(connection, caller, &filter).await?;
    let moment = Moment::new(as_of, now, zone);
    let actions = Actions::read(&rows, &filter, moment)?;
    drop(rows);
    let report = Report {
        frame: frame(&query, &actions, as_of, moment)?,
        actions,
        moment,
        filter,
    };
    report.body(&query, as_of)
}

/// The actions of the filter, and the names of their owners.
#[derive(Debug, Default)]
struct Actions {
    items: Vec<Item>,
    owners: Vec<String>,
}

impl Actions {
    fn read(rows: &[Row], filter: &ActionFilter, moment: Moment) -> Result<Self> {
        let mut actions = Self::default();
        let mut known: HashMap<String, u32> = HashMap::new();
        let wanted = Wanted::new(filter);
        for row in rows {
            let Some(joined) = &row.facts else { continue };
            for fact in ActionFact::read_joined(joined)? {
                if !wanted.takes(&fact) {
                    continue;
                }
                let owner = actions.owner(&mut known, &fact.owner);
                let item = Item::at(moment, row.severity, &fact, owner);
                actions
                    .items
                    .extend(item.filter(|item| wanted.takes_state(item)));
            }
        }
        Ok(actions)
    }

    fn owner(&mut self, known: &mut HashMap<String, u32>, name: &str) -> Option<u32> {
        if name.is_empty() {
            return None;
        }
        if let Some(owner) = known.get(name) {
            return Some(*owner);
        }
        let owner = u32::try_from(self.owners.len()).ok()?;
        self.owners.push(name.to_owned());
        known.insert(name.to_owned(), owner);
        Some(owner)
    }
}

/// The filter, as far as the facts are asked.
struct Wanted<'a> {
    filter: &'a ActionFilter,
}

impl<'a> Wanted<'a> {
    fn new(filter: &'a ActionFilter) -> Self {
        Self { filter }
    }

    fn takes(&self, fact: &ActionFact<'_>) -> bool {
        let filter = self.filter;
        let from = filter.created_at_from.map(first_second);
        let to = filter.created_at_to.map(first_second);
        any(&filter.action_type, &fact.action_type)
            && any(&filter.priority, &fact.priority)
            && (filter.owner.is_empty() || filter.owner.iter().any(|owner| *owner == fact.owner))
            && (filter.function.is_empty()
                || fact
                    .owner_function
                    .is_some_and(|function| filter.function.contains(&function)))
            && from.is_none_or(|from| fact.created_at >= from)
            && to.is_none_or(|to| fact.created_at < to)
    }

    fn takes_state(&self, item: &Item) -> bool {
        any(&self.filter.status, &item.status)
    }
}

fn any<T: PartialEq>(asked: &[T], value: &T) -> bool {
    asked.is_empty() || asked.contains(value)
}

/// Facts know whole seconds: the first one that does not begin before the instant.
fn first_second(at: Timestamp) -> i64 {
    let seconds = at.seconds();
    seconds + i64::from(at.micros() > seconds.saturating_mul(1_000_000))
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
struct Report {
    actions: Actions,
    filter: ActionFilter,
    moment: Moment,
    frame: Option<Frame>,
}

impl Report {
    fn body(self, query: &RemediationQuery, as_of: Timestamp) -> Result<RemediationMetricsBody> {
        let mut fields = query.group_by.clone();
        fields.dedup();
        let groups = self.groups(&fields).largest();
        let buckets = self.frame.as_ref().map_or(0, Frame::len);
        let points = buckets * (groups.len() + 1);
        if points > MAX_POINTS {
            let detail = format!(
                "gives {points} points, at most {MAX_POINTS} are given; take a longer one or no groups"
            );
            return Err(window::refused("interval", "too_many_points", detail));
        }
        let records = Records::of(&self.filter, self.moment.past);
        let each = groups.into_iter();
        let groups: Vec<_> = each
            .map(|(key, which)| self.group(&fields, key.as_ref(), &which))
            .collect();
        Ok(RemediationMetricsBody {
            as_of,
            time_zone: self.moment.zone.name().to_owned(),
            numbers: self.numbers(self.actions.items.iter(), records.as_ref()),
            groups: (!fields.is_empty()).then_some(groups),
            group_by: fields,
            interval: query.interval,
            filters: self.filter,
        })
    }

    fn groups(&self, fields: &[RemediationGroupBy]) -> Groups {
        let mut groups = Groups::default();
        if fields.is_empty() {
            return groups;
        }
        for (at, item) in self.actions.items.iter().enumerate() {
            let key = fields.iter().map(|field| self.value(*field, item));
            groups.add(key.collect(), at);
        }
        groups
    }

    fn value(&self, field: RemediationGroupBy, item: &Item) -> Option<String> {
        match field {
            RemediationGroupBy::Severity => Some(item.severity.to_string()),
            RemediationGroupBy::Priority => Some(item.priority.to_string()),
            RemediationGroupBy::Type => Some(item.action_type.to_string()),
            RemediationGroupBy::Function => item.function.map(|function| function.to_string()),
            RemediationGroupBy::Owner => self.actions.owners.get(item.owner? as usize).cloned(),
        }
    }

    fn group(
        &self,
        fields: &[RemediationGroupBy],
        key: Option<&Key>,
        which: &[usize],
    ) -> RemediationGroup {
        let names: Vec<&'static str> = fields.iter().map(|field| field.name()).collect();
        let records =
            key.and_then(|key| Records::of(&self.filter, self.moment.past)?.of_group(fields, key));
        let items = which.iter().filter_map(|at| self.actions.items.get(*at));
        RemediationGroup {
            key: key.map(|key| parts(&names, key)).unwrap_or_default(),
            other: key.is_none(),
            numbers: self.numbers(items, records.as_ref()),
        }
    }

    fn numbers<'a>(
        &self,
        items: impl Iterator<Item = &'a Item>,
        records: Option<&Records>,
    ) -> RemediationNumbers {
        let mut tally = Tally::new(self.actions.owners.len());
        let mut series = self.frame.as_ref().map(BurnUp::new);
        for item in items {
            tally.add(item, self.moment);
            if let Some(series) = &mut series {
                series.add(item);
            }
        }
        let points = series.map(BurnUp::points);
        numbers(tally, points, self.moment, &self.actions.owners, records)
    }
}

impl RemediationGroupBy {
    fn name(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Owner => "owner",
            Self::Function => "function",
            Self::Priority => "priority",
            Self::Type => "type",
        }
    }
}

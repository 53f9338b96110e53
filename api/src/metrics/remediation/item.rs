//! One action as it was at an instant. Pure decisions.

use chrono::{DateTime, Offset as _, TimeZone as _};
use chrono_tz::Tz;
use entity::Timestamp;
use entity::vocabulary::{ActionStatus, ActionType, Priority, Severity, StakeholderFunction};

use super::history::{self, History};
use crate::actions::facts::ActionFact;
use crate::actions::rules::is_unfinished;

/// What is counted of an action.
#[derive(Debug, PartialEq)]
pub(super) struct Item {
    pub(super) status: ActionStatus,
    pub(super) priority: Priority,
    pub(super) action_type: ActionType,
    pub(super) severity: Severity,
    pub(super) function: Option<StakeholderFunction>,
    /// Its owner's place in the list of owners; absent when nobody owns it.
    pub(super) owner: Option<u32>,
    /// Its review's place in the list of labels.
    pub(super) labels: u32,
    /// Whether somebody had committed to it.
    pub(super) committed: bool,
    pub(super) created_at: i64,
    pub(super) implemented_at: Option<i64>,
    pub(super) verified_at: Option<i64>,
    pub(super) ended_at: Option<i64>,
    /// What it was before it was taken up again; rarely anything.
    pub(super) history: Option<Box<History>>,
    /// Days since the epoch.
    pub(super) due_on: Option<i32>,
    pub(super) slips: i32,
    /// Whether it is done, and was by its due date in the time zone.
    pub(super) on_time: bool,
    pub(super) reopened: bool,
    pub(super) ineffective: bool,
}

/// The instant that actions are judged by.
#[derive(Clone, Copy, Debug)]
pub(in crate::metrics) struct Moment {
    /// Seconds since the epoch; nothing that happened later counts.
    pub(in crate::metrics) seconds: i64,
    /// The date in the time zone, in days since the epoch.
    pub(in crate::metrics) today: i32,
    /// Whether it is in the past, so that later steps have to be undone.
    pub(super) past: bool,
    /// The time zone of dates.
    pub(super) zone: Tz,
}

impl Moment {
    /// An instant, judged at `now`.
    pub(in crate::metrics) fn new(as_of: Timestamp, now: Timestamp, zone: Tz) -> Self {
        let seconds = as_of.seconds();
        Self {
            seconds,
            today: date_of(zone, seconds),
            past: as_of < now,
            zone,
        }
    }

    /// Whether its dates are those of UTC.
    pub(super) fn is_utc(self) -> bool {
        self.zone == Tz::UTC
    }
}

/// The date of a second in a zone, in days since the epoch.
fn date_of(zone: Tz, seconds: i64) -> i32 {
    let local = match DateTime::from_timestamp(seconds, 0) {
        // Looking up a rule for each action would take as long as all the rest.
        Some(at) if zone != Tz::UTC => {
            let offset = zone.offset_from_utc_datetime(&at.naive_utc()).fix();
            seconds + i64::from(offset.local_minus_utc())
        }
        _ => seconds,
    };
    i32::try_from(local.div_euclid(86_400)).unwrap_or(i32::MAX)
}

impl Item {
    /// The action as it was; nothing when it did not exist yet.
    pub(super) fn at(
        moment: Moment,
        severity: Severity,
        fact: &ActionFact<'_>,
        owner: Option<u32>,
    ) -> Option<Self> {
        if fact.created_at > moment.seconds {
            return None;
        }
        let by_then = |at: Option<i64>| at.filter(|at| *at <= moment.seconds);
        let since = history::since(moment, fact);
        let status = status_at(moment, fact);
        let in_time = |(due, at)| date_of(moment.zone, at) <= due;
        Some(Self {
            status,
            priority: fact.priority,
            action_type: fact.action_type,
            severity,
            function: fact.owner_function,
            owner,
            labels: 0,
            committed: by_then(fact.committed_at).is_some(),
            created_at: fact.created_at,
            implemented_at: since.implemented_at,
            verified_at: since.verified_at,
            ended_at: since.ended_at,
            history: History::of(moment, fact),
            due_on: fact.due_on,
            slips: fact.slips,
            on_time: is_done(status) && fact.due_on.zip(since.implemented_at).is_some_and(in_time),
            reopened: fact.reopened > 0 && history::taken_up(moment, fact, |_| true) > 0,
            ineffective: history::was_ineffective(moment, fact),
        })
    }

    /// Whether it is neither done nor ended.
    pub(super) fn is_open(&self) -> bool {
        is_unfinished(self.status)
    }

    /// Whether it is done, proven or not.
    pub(super) fn is_done(&self) -> bool {
        is_done(self.status)
    }

    /// Whether it is to be done: somebody is committed, and it has not ended undone.
    pub(super) fn is_expected(&self) -> bool {
        self.is_done() || (self.is_open() && self.status != ActionStatus::Proposed)
    }

    /// Whether it is open and its due date has passed.
    pub(super) fn is_overdue(&self, today: i32) -> bool {
        self.is_open() && self.due_on.is_some_and(|due| due < today)
    }

    /// Whether it is open and due today or within that many days.
    pub(super) fn is_due_within(&self, today: i32, days: i32) -> bool {
        let last = today.saturating_add(days);
        self.is_open() && self.due_on.is_some_and(|due| (today..=last).contains(&due))
    }

    /// Whether a verification came to a conclusion, good or bad.
    pub(super) fn is_judged(&self) -> bool {
        self.status == ActionStatus::Verified || self.ineffective
    }

    /// Whether it was done once, even if it was reopened since.
    pub(super) fn was_done(&self) -> bool {
        self.is_done() || self.is_judged() || self.reopened
    }
}

pub(super) fn is_done(status: ActionStatus) -> bool {
    matches!(status, ActionStatus::Implemented | ActionStatus::Verified)
}

/// Where the action stood. For the past, steps that came later are undone; how an unfinished
/// action stood then is not known beyond what it is now.
pub(in crate::metrics) fn status_at(moment: Moment, fact: &ActionFact<'_>) -> ActionStatus {
    if !moment.past {
        return fact.status;
    }
    if let Some(left) = history::left_later(moment, fact) {
        return left.0;
    }
    let by_then = |at: Option<i64>| at.is_some_and(|at| at <= moment.seconds);
    if by_then(fact.ended_at) {
        fact.status
    } else if by_then(fact.verified_at) {
        ActionStatus::Verified
    } else if by_then(fact.implemented_at) {
        ActionStatus::Implemented
    } else if !by_then(fact.committed_at) {
        ActionStatus::Proposed
    } else if is_unfinished(fact.status) && fact.status != ActionStatus::Proposed {
        fact.status
    } else if fact.past.iter().any(|one| one.2 <= moment.seconds) {
        ActionStatus::InProgress
    } else {
        ActionStatus::Open
    }
}

#[cfg(test)]
#[path = "item_tests.rs"]
pub(super) mod tests;

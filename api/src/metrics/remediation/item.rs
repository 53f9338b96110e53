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
            reopened: fact.reopened > 0 && taken_up(moment, fact, |_| true) > 0,
            ineffective: was_ineffective(moment, fact),
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

/// How often the action had been taken up again by a moment, after states of that kind; as often as by
/// now, where it is not known when.
fn taken_up(moment: Moment, fact: &ActionFact<'_>, counts: impl Fn(ActionStatus) -> bool) -> usize {
    let ends = fact
        .past
        .iter()
        .filter(|one| counts(one.0))
        .map(|one| one.2);
    let taken_up = ends.filter(|end| {
        let then = Moment {
            seconds: *end,
            past: true,
            ..moment
        };
        is_unfinished(status_at(then, fact))
    });
    let taken_up: Vec<i64> = taken_up.collect();
    if !moment.past || taken_up.is_empty() {
        return taken_up.len().max(1);
    }
    taken_up
        .iter()
        .filter(|end| **end <= moment.seconds)
        .count()
}

/// Whether a verification had found the action ineffective by a moment: for the past, when it must have
/// been, as it was taken up again more often than was done without a verification.
fn was_ineffective(moment: Moment, fact: &ActionFact<'_>) -> bool {
    let Ok(ineffective @ 1..) = usize::try_from(fact.ineffective) else {
        return false;
    };
    let now = Moment {
        past: false,
        ..moment
    };
    let otherwise = taken_up(now, fact, is_done).saturating_sub(ineffective);
    taken_up(moment, fact, is_done) > otherwise
}

fn is_done(status: ActionStatus) -> bool {
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
pub(super) mod tests {
    use super::*;
    use std::borrow::Cow;

    pub(in crate::metrics::remediation) fn fact(status: ActionStatus) -> ActionFact<'static> {
        ActionFact {
            status,
            priority: Priority::High,
            action_type: ActionType::Prevent,
            owner: Cow::Borrowed("ada@example.org"),
            owner_function: Some(StakeholderFunction::It),
            created_at: 100,
            committed_at: Some(200),
            due_on: Some(10),
            implemented_at: None,
            verified_at: None,
            ended_at: None,
            slips: 0,
            due_date_changes: 0,
            reopened: 0,
            ineffective: 0,
            effort_days: None,
            score: 12.0,
            percent: None,
            past: Vec::new(),
        }
    }

    fn status(seconds: i64, fact: &ActionFact<'_>) -> Option<ActionStatus> {
        let moment = Moment {
            seconds,
            today: 0,
            past: true,
            zone: Tz::UTC,
        };
        Item::at(moment, Severity::High, fact, None).map(|item| item.status)
    }

    #[test]
    fn the_past_undoes_the_steps_that_came_later() {
        use ActionStatus::{Declined, Implemented, InProgress, Open, Proposed, Verified};
        let verified = ActionFact {
            implemented_at: Some(300),
            verified_at: Some(400),
            ..fact(Verified)
        };
        for (at, expected) in [
            (99, None),
            (100, Some(Proposed)),
            (200, Some(Open)),
            (300, Some(Implemented)),
            (400, Some(Verified)),
        ] {
            assert_eq!(status(at, &verified), expected, "at {at}");
        }
        let declined = ActionFact {
            ended_at: Some(300),
            ..fact(Declined)
        };
        assert_eq!(status(299, &declined), Some(Open));
        assert_eq!(status(300, &declined), Some(Declined));
        assert_eq!(status(250, &fact(InProgress)), Some(InProgress));
    }

    #[test]
    fn the_past_knows_what_was_done_before_it_was_taken_up_again() {
        use crate::actions::facts::PastState;
        use ActionStatus::{Declined, Implemented, InProgress, Open, Verified};
        let redone = ActionFact {
            implemented_at: Some(900),
            past: vec![
                PastState(Implemented, 300, 400),
                PastState(Verified, 400, 500),
                PastState(Declined, 600, 700),
            ],
            ..fact(Implemented)
        };
        for (at, expected) in [
            (299, Open),
            (300, Implemented),
            (400, Verified),
            (500, InProgress),
            (600, Declined),
            (700, InProgress),
            (900, Implemented),
        ] {
            assert_eq!(status(at, &redone), Some(expected), "at {at}");
        }
    }

    #[test]
    fn the_past_knows_nothing_of_what_failed_or_was_taken_up_again_later() {
        use crate::actions::facts::PastState;
        use ActionStatus::{Declined, Implemented, InProgress};
        let taken_up = ActionFact {
            reopened: 2,
            ineffective: 1,
            past: vec![
                PastState(Declined, 300, 400),
                PastState(Implemented, 500, 600),
            ],
            ..fact(InProgress)
        };
        let moment = |seconds, past| Moment {
            seconds,
            today: 0,
            past,
            zone: Tz::UTC,
        };
        let judged = |moment, fact: &ActionFact<'_>| {
            let item = Item::at(moment, Severity::High, fact, None);
            item.map(|item| (item.reopened, item.ineffective))
        };
        for (at, expected) in [
            (399, (false, false)),
            (400, (true, false)),
            (599, (true, false)),
            (600, (true, true)),
        ] {
            assert_eq!(
                judged(moment(at, true), &taken_up),
                Some(expected),
                "at {at}"
            );
        }
        assert_eq!(judged(moment(900, false), &taken_up), Some((true, true)));
        let unknown = ActionFact {
            past: Vec::new(),
            ..taken_up
        };
        assert_eq!(judged(moment(399, true), &unknown), Some((true, true)));
        // To be verified is not to be taken up again, nor is to be found partially effective.
        let verified = ActionFact {
            reopened: 1,
            ineffective: 1,
            past: vec![
                PastState(Implemented, 300, 400),
                PastState(ActionStatus::Verified, 400, 500),
            ],
            ..fact(InProgress)
        };
        assert_eq!(judged(moment(450, true), &verified), Some((false, false)));
        assert_eq!(judged(moment(500, true), &verified), Some((true, true)));
        // Of two times one was by hand, and which is not known.
        let by_hand = ActionFact {
            reopened: 2,
            ineffective: 1,
            past: vec![
                PastState(Implemented, 300, 400),
                PastState(Implemented, 500, 600),
            ],
            ..fact(InProgress)
        };
        assert_eq!(judged(moment(450, true), &by_hand), Some((true, false)));
        assert_eq!(judged(moment(600, true), &by_hand), Some((true, true)));
    }

    #[test]
    fn what_is_due_today_is_due_and_not_overdue() {
        let moment = Moment {
            seconds: 1000,
            today: 10,
            past: false,
            zone: Tz::UTC,
        };
        let item = Item::at(moment, Severity::High, &fact(ActionStatus::Open), None).unwrap();
        assert!(!item.is_overdue(10) && item.is_overdue(11));
        assert!(item.is_due_within(10, 7) && item.is_due_within(3, 7));
        assert!(!item.is_due_within(2, 7) && !item.is_due_within(11, 7));
        let done = Item {
            status: ActionStatus::Implemented,
            ..item
        };
        assert!(!done.is_overdue(11) && !done.is_due_within(10, 7));
    }

    #[test]
    fn what_is_proposed_or_ended_is_not_expected() {
        use ActionStatus as S;
        let moment = Moment {
            seconds: 1000,
            today: 10,
            past: false,
            zone: Tz::UTC,
        };
        let expected = |status| {
            let item = Item::at(moment, Severity::Low, &fact(status), None);
            item.is_some_and(|item| item.is_expected())
        };
        assert!(
            [
                S::Open,
                S::InProgress,
                S::Blocked,
                S::Implemented,
                S::Verified
            ]
            .into_iter()
            .all(expected)
        );
        assert!(
            ![S::Proposed, S::Declined, S::RiskAccepted, S::Cancelled]
                .into_iter()
                .any(expected)
        );
    }
}

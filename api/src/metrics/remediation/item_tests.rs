//! Actions at moments, worked out by hand.

use std::borrow::Cow;

use super::*;

/// A moment in UTC, on the tenth day.
fn moment(seconds: i64, past: bool) -> Moment {
    Moment {
        seconds,
        today: 10,
        past,
        zone: Tz::UTC,
    }
}

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
    Item::at(moment(seconds, true), Severity::High, fact, None).map(|item| item.status)
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
    let moment = moment(1000, false);
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
    let moment = moment(1000, false);
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

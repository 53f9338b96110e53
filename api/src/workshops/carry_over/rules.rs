//! What became of an action between the start and the end of a follow-up session. Pure.

use entity::action::Model as Action;
use entity::carried_action::ActionState;
use entity::vocabulary::ActionStatus;
use serde::Serialize;
use utoipa::ToSchema;

use crate::actions::rules::is_slip;

/// Whether an action in this state is carried over: neither verified nor ended without being done.
pub fn is_carried_over(status: ActionStatus) -> bool {
    use ActionStatus::{
        Blocked, Cancelled, Declined, Implemented, InProgress, Open, Proposed, RiskAccepted,
        Verified,
    };
    match status {
        Proposed | Open | InProgress | Blocked | Implemented => true,
        Verified | Declined | RiskAccepted | Cancelled => false,
    }
}

/// How an action stands now.
pub fn state(action: &Action) -> ActionState {
    ActionState {
        status: action.status,
        percent: action.percent,
        due_on: action.due_on,
        slips: action.slips,
    }
}

/// What became of an action in the course of a follow-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "advanced")]
pub enum Movement {
    /// It came up, or was taken up again, after the others were carried over.
    New,
    /// It stands where it stood.
    Unchanged,
    /// It is further: a later state, no longer blocked, or more of it done.
    Advanced,
    /// It is held up.
    Blocked,
    /// It is further from its end than it was: an earlier state, or less of it done.
    SetBack,
    /// It is proven to work.
    Verified,
    /// It was declined, its risk was accepted, or it was cancelled.
    Ended,
}

/// What became of an action.
pub fn movement(start: Option<&ActionState>, end: &ActionState) -> Movement {
    let Some(start) = start else {
        return Movement::New;
    };
    if start.status == end.status {
        return match (start.percent.unwrap_or(0), end.percent.unwrap_or(0)) {
            (before, after) if after > before => Movement::Advanced,
            (before, after) if after < before => Movement::SetBack,
            _ => Movement::Unchanged,
        };
    }
    match end.status {
        ActionStatus::Verified => Movement::Verified,
        ActionStatus::Declined | ActionStatus::RiskAccepted | ActionStatus::Cancelled => {
            Movement::Ended
        }
        ActionStatus::Blocked => Movement::Blocked,
        _ if start.status == ActionStatus::Blocked => Movement::Advanced,
        _ if distance(end.status) > distance(start.status) => Movement::Advanced,
        _ => Movement::SetBack,
    }
}

/// How far an action in this state has come.
fn distance(status: ActionStatus) -> u8 {
    match status {
        ActionStatus::Proposed => 0,
        ActionStatus::Open => 1,
        ActionStatus::InProgress | ActionStatus::Blocked => 2,
        ActionStatus::Implemented => 3,
        ActionStatus::Verified => 4,
        ActionStatus::Declined | ActionStatus::RiskAccepted | ActionStatus::Cancelled => 5,
    }
}

/// Whether an action's due date was moved later, even if it was moved back afterwards.
pub fn slipped(start: Option<&ActionState>, end: &ActionState) -> bool {
    start.is_some_and(|start| end.slips > start.slips || is_slip(start.due_on, end.due_on))
}

/// By how many days the due date was moved: later is more than zero.
pub fn due_moved_days(start: Option<&ActionState>, end: &ActionState) -> Option<i64> {
    let (from, to) = start?.due_on.zip(end.due_on)?;
    Some((to - from).num_days())
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use entity::vocabulary::ActionStatus::{
        Blocked, Cancelled, Declined, Implemented, InProgress, Open, Proposed, RiskAccepted,
        Verified,
    };
    use sea_orm::Iterable as _;

    use super::*;

    fn at(status: ActionStatus, percent: Option<i32>) -> ActionState {
        ActionState {
            status,
            percent,
            due_on: None,
            slips: 0,
        }
    }

    #[test]
    fn each_state_becomes_each_other_in_its_own_way() {
        use Movement::{Advanced, Ended, SetBack, Unchanged};
        let (up, back, stuck) = (Advanced, SetBack, Movement::Blocked);
        let order = [
            Proposed,
            Open,
            InProgress,
            Blocked,
            Implemented,
            Verified,
            Declined,
            RiskAccepted,
            Cancelled,
        ];
        let done = Movement::Verified;
        let table = [
            (
                Proposed,
                [Unchanged, up, up, stuck, up, done, Ended, Ended, Ended],
            ),
            (
                Open,
                [back, Unchanged, up, stuck, up, done, Ended, Ended, Ended],
            ),
            (
                InProgress,
                [back, back, Unchanged, stuck, up, done, Ended, Ended, Ended],
            ),
            (
                Blocked,
                [up, up, up, Unchanged, up, done, Ended, Ended, Ended],
            ),
            (
                Implemented,
                [
                    back, back, back, stuck, Unchanged, done, Ended, Ended, Ended,
                ],
            ),
            (
                Verified,
                [
                    back, back, back, stuck, back, Unchanged, Ended, Ended, Ended,
                ],
            ),
            (
                Declined,
                [back, back, back, stuck, back, done, Unchanged, Ended, Ended],
            ),
            (
                RiskAccepted,
                [back, back, back, stuck, back, done, Ended, Unchanged, Ended],
            ),
            (
                Cancelled,
                [back, back, back, stuck, back, done, Ended, Ended, Unchanged],
            ),
        ];
        assert_eq!(table.len(), ActionStatus::iter().count());
        for (from, becomes) in table {
            for (to, expected) in order.into_iter().zip(becomes) {
                let found = movement(Some(&at(from, None)), &at(to, None));
                assert_eq!(found, expected, "{from} → {to}");
            }
        }
        for status in ActionStatus::iter() {
            assert_eq!(movement(None, &at(status, None)), Movement::New);
        }
    }

    #[test]
    fn within_a_state_the_percentage_tells() {
        for (before, after, expected) in [
            (None, None, Movement::Unchanged),
            (None, Some(0), Movement::Unchanged),
            (None, Some(10), Movement::Advanced),
            (Some(10), Some(40), Movement::Advanced),
            (Some(40), Some(40), Movement::Unchanged),
            (Some(40), Some(10), Movement::SetBack),
            (Some(40), None, Movement::SetBack),
        ] {
            let found = movement(Some(&at(InProgress, before)), &at(InProgress, after));
            assert_eq!(found, expected, "{before:?} → {after:?}");
        }
    }

    #[test]
    fn what_is_neither_verified_nor_ended_is_carried_over() {
        let open: Vec<_> = ActionStatus::iter()
            .filter(|one| is_carried_over(*one))
            .collect();
        assert_eq!(open, [Proposed, Open, InProgress, Blocked, Implemented]);
    }

    #[test]
    fn a_due_date_that_moved_later_has_slipped_even_when_it_moved_back() {
        let due = |day: u32, slips| ActionState {
            due_on: NaiveDate::from_ymd_opt(2026, 12, day),
            slips,
            ..at(Open, None)
        };
        let table = [
            (due(1, 0), due(1, 0), false, Some(0)),
            (due(1, 0), due(8, 1), true, Some(7)),
            (due(8, 0), due(1, 0), false, Some(-7)),
            (due(1, 0), due(1, 1), true, Some(0)),
            (at(Open, None), due(1, 0), false, None),
            (due(1, 0), at(Open, None), false, None),
        ];
        for (start, end, slip, days) in table {
            assert_eq!(slipped(Some(&start), &end), slip, "{start:?} {end:?}");
            assert_eq!(
                due_moved_days(Some(&start), &end),
                days,
                "{start:?} {end:?}"
            );
        }
        assert!(!slipped(None, &due(8, 3)));
    }
}

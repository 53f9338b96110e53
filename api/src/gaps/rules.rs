//! How a gap is answered, decided from what answers it. Pure.

use entity::vocabulary::{ActionStatus, Disposition, GapState};

/// Whether an action still answers what it was made for: it was not given up.
pub fn answers(status: ActionStatus) -> bool {
    !matches!(status, ActionStatus::Declined | ActionStatus::Cancelled)
}

/// Whether a recommendation answers what it was made for. A duplicate does as its original does.
pub fn is_answer(disposition: Disposition) -> bool {
    !matches!(disposition, Disposition::Rejected | Disposition::Duplicate)
}

/// The state of a gap, from whether a reason for doing nothing is recorded, the dispositions of its
/// recommendations (a duplicate has its original's) and the states of its actions.
///
/// What is further from done counts more: one committed action keeps a gap in progress, one open
/// proposal keeps it from being closed. Time plays no part: an acceptance that has expired is told
/// by its date.
pub fn state(has_reason: bool, dispositions: &[Disposition], actions: &[ActionStatus]) -> GapState {
    use ActionStatus::{Blocked, Implemented, InProgress, Open, Proposed, RiskAccepted, Verified};
    let any_action = |wanted: &[ActionStatus]| actions.iter().any(|one| wanted.contains(one));
    let any_disposition = |wanted: &[Disposition]| {
        let mut all = dispositions.iter();
        all.any(|one| wanted.contains(one))
    };
    if any_action(&[Open, InProgress, Blocked, Implemented]) {
        GapState::InProgress
    } else if any_action(&[Proposed])
        || any_disposition(&[Disposition::Proposed, Disposition::Deferred])
    {
        GapState::Recommended
    } else if any_action(&[Verified]) {
        GapState::Closed
    } else if has_reason
        || any_action(&[RiskAccepted])
        || any_disposition(&[Disposition::RiskAccepted])
    {
        GapState::Accepted
    } else if any_disposition(&[Disposition::Accepted]) {
        // Agreed on, and everything that was to carry it out was given up.
        GapState::Recommended
    } else {
        GapState::Unanswered
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sea_orm::Iterable as _;

    use super::*;

    #[test]
    fn every_disposition_alone_has_its_state() {
        for disposition in Disposition::iter() {
            let expected = match disposition {
                Disposition::Proposed | Disposition::Deferred | Disposition::Accepted => {
                    GapState::Recommended
                }
                Disposition::RiskAccepted => GapState::Accepted,
                Disposition::Rejected | Disposition::Duplicate => GapState::Unanswered,
            };
            assert_eq!(state(false, &[disposition], &[]), expected, "{disposition}");
            assert_eq!(
                is_answer(disposition),
                expected != GapState::Unanswered,
                "{disposition}"
            );
        }
    }

    #[test]
    fn every_state_of_an_action_alone_has_its_state() {
        for status in ActionStatus::iter() {
            let expected = match status {
                ActionStatus::Proposed => GapState::Recommended,
                ActionStatus::Open
                | ActionStatus::InProgress
                | ActionStatus::Blocked
                | ActionStatus::Implemented => GapState::InProgress,
                ActionStatus::Verified => GapState::Closed,
                ActionStatus::RiskAccepted => GapState::Accepted,
                ActionStatus::Declined | ActionStatus::Cancelled => GapState::Unanswered,
            };
            assert_eq!(state(false, &[], &[status]), expected, "{status}");
            assert_eq!(
                answers(status),
                expected != GapState::Unanswered,
                "{status}"
            );
        }
    }

    #[test]
    fn what_is_further_from_done_counts_more() {
        use ActionStatus::{Declined, Implemented, RiskAccepted, Verified};
        use Disposition::{Accepted, Deferred, Rejected};
        for (reason, dispositions, actions, expected) in [
            (false, &[][..], &[][..], GapState::Unanswered),
            (true, &[], &[], GapState::Accepted),
            (true, &[Rejected], &[Declined], GapState::Accepted),
            (false, &[Accepted], &[Declined], GapState::Recommended),
            (true, &[Accepted], &[Declined], GapState::Accepted),
            (false, &[Accepted], &[Verified, Declined], GapState::Closed),
            (
                false,
                &[Accepted],
                &[Verified, RiskAccepted],
                GapState::Closed,
            ),
            (true, &[Accepted], &[Verified], GapState::Closed),
            (
                false,
                &[Accepted, Deferred],
                &[Verified],
                GapState::Recommended,
            ),
            (
                false,
                &[Accepted],
                &[Verified, Implemented],
                GapState::InProgress,
            ),
            (true, &[Deferred], &[Implemented], GapState::InProgress),
        ] {
            let found = state(reason, dispositions, actions);
            assert_eq!(found, expected, "{reason} {dispositions:?} {actions:?}");
        }
    }

    fn dispositions() -> impl Strategy<Value = Vec<Disposition>> {
        let all: Vec<Disposition> = Disposition::iter().collect();
        proptest::collection::vec(proptest::sample::select(all), 0..5)
    }

    fn statuses() -> impl Strategy<Value = Vec<ActionStatus>> {
        let all: Vec<ActionStatus> = ActionStatus::iter().collect();
        proptest::collection::vec(proptest::sample::select(all), 0..5)
    }

    proptest! {
        #[test]
        fn neither_order_nor_what_was_given_up_matters(
            reason in any::<bool>(), dispositions in dispositions(), actions in statuses()
        ) {
            let found = state(reason, &dispositions, &actions);
            let backwards: Vec<_> = dispositions.iter().rev().copied().collect();
            let standing: Vec<_> = actions.iter().rev().copied().filter(|one| answers(*one)).collect();
            prop_assert_eq!(state(reason, &backwards, &standing), found);
            let given: Vec<_> = backwards.iter().copied().filter(|one| is_answer(*one)).collect();
            prop_assert_eq!(state(reason, &given, &standing), found);
        }

        #[test]
        fn only_what_nothing_answers_is_unanswered(
            reason in any::<bool>(), dispositions in dispositions(), actions in statuses()
        ) {
            let answered = reason
                || dispositions.iter().any(|one| is_answer(*one))
                || actions.iter().any(|one| answers(*one));
            let found = state(reason, &dispositions, &actions);
            prop_assert_eq!(found == GapState::Unanswered, !answered);
        }
    }
}

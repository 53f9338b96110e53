//! Every step in every state.

use sea_orm::Iterable as _;

use super::*;
use BoardPhase::{Collecting, Done, Grouping, Preparing, Voting};

const STEPS: [Step; 12] = [
    Step::Set,
    Step::Open,
    Step::Close,
    Step::OpenVoting,
    Step::CloseVoting,
    Step::Contribute,
    Step::Change,
    Step::Unseal,
    Step::Remove,
    Step::Arrange,
    Step::Link,
    Step::Vote,
];

fn standing(anonymous: bool, phase: BoardPhase) -> Standing {
    Standing {
        review: ReviewStatus::InProgress,
        kind: WorkshopKind::LessonsLearned,
        workshop: WorkshopStatus::Planned,
        anonymous,
        phase,
    }
}

fn code(standing: Standing, step: Step) -> Option<String> {
    let refusal = require(&standing, step).err()?.into_refusal();
    refusal.faults.first().map(|fault| fault.code.clone())
}

/// Which phases take a step: of a signed board, of an anonymous one.
const TABLE: [(Step, &[BoardPhase], &[BoardPhase]); 12] = [
    (
        Step::Set,
        &[Preparing, Collecting, Grouping],
        &[Preparing, Collecting, Grouping],
    ),
    (Step::Open, &[Preparing, Grouping], &[Preparing]),
    (Step::Close, &[Collecting], &[Collecting]),
    (Step::OpenVoting, &[Grouping], &[Grouping]),
    (Step::CloseVoting, &[Voting], &[Voting]),
    (Step::Contribute, &[Collecting], &[Collecting]),
    (Step::Change, &[Collecting, Grouping], &[]),
    (Step::Unseal, &[], &[Collecting]),
    (
        Step::Remove,
        &[Collecting, Grouping, Voting, Done],
        &[Grouping, Voting, Done],
    ),
    (Step::Arrange, &[Collecting, Grouping], &[Grouping]),
    (
        Step::Link,
        &[Collecting, Grouping, Voting, Done],
        &[Grouping, Voting, Done],
    ),
    (Step::Vote, &[Voting], &[Voting]),
];

#[test]
fn every_phase_takes_its_own_steps() {
    for (step, signed, anonymous) in TABLE {
        for phase in BoardPhase::iter() {
            for (taken, hidden) in [(signed, false), (anonymous, true)] {
                let expected = (!taken.contains(&phase)).then(|| format!("board_is_{phase}"));
                let found = code(standing(hidden, phase), step);
                assert_eq!(found, expected, "{step:?} {phase} anonymous: {hidden}");
            }
        }
    }
}

#[test]
fn a_workshop_that_was_held_is_sorted_out_and_a_cancelled_one_takes_nothing() {
    let afterwards = [
        Step::Close,
        Step::CloseVoting,
        Step::Remove,
        Step::Arrange,
        Step::Link,
    ];
    for step in STEPS {
        assert!(workshop_takes(WorkshopStatus::Planned, step));
        let held = workshop_takes(WorkshopStatus::Held, step);
        assert_eq!(held, afterwards.contains(&step), "{step:?}");
        assert!(!workshop_takes(WorkshopStatus::Cancelled, step));
    }
    let held = Standing {
        workshop: WorkshopStatus::Held,
        ..standing(false, Collecting)
    };
    let refused = code(held, Step::Contribute);
    assert_eq!(refused.as_deref(), Some("workshop_is_held"));
}

#[test]
fn after_its_publication_a_review_takes_what_outlives_it_only() {
    use ReviewStatus::{Cancelled, Closed, Draft, InProgress, InReview, Published, Waived};
    let outlives = [WorkshopKind::FollowUp, WorkshopKind::LeadershipReadout];
    for kind in WorkshopKind::iter() {
        for review in [Draft, InProgress, InReview] {
            assert!(review_takes(review, kind));
        }
        for review in [Published, Closed] {
            assert_eq!(review_takes(review, kind), outlives.contains(&kind));
        }
        for review in [Waived, Cancelled] {
            assert!(!review_takes(review, kind));
        }
    }
    let published = Standing {
        review: Published,
        ..standing(false, Grouping)
    };
    let refused = code(published, Step::Link);
    assert_eq!(refused.as_deref(), Some("review_is_published"));
}

#[test]
fn a_board_that_nobody_could_close_any_more_ends() {
    use ReviewStatus::{Cancelled, Waived};
    use WorkshopStatus::{Held, Planned};
    for review in ReviewStatus::iter() {
        for kind in WorkshopKind::iter() {
            let given_up = matches!(review, Cancelled | Waived);
            let called_off = ending(review, kind, WorkshopStatus::Cancelled);
            assert_eq!(called_off, Some(Ending::Unshown), "{review} {kind}");
            for workshop in [Planned, Held] {
                let closable = Standing {
                    review,
                    kind,
                    workshop,
                    ..standing(true, Collecting)
                };
                let closable = require(&closable, Step::Close).is_ok();
                let expected = match (given_up, closable) {
                    (true, _) => Some(Ending::Unshown),
                    (false, false) => Some(Ending::Shown),
                    (false, true) => None,
                };
                let found = ending(review, kind, workshop);
                assert_eq!(found, expected, "{review} {kind} {workshop}");
            }
        }
    }
}

#[test]
fn what_lies_in_the_box_can_be_taken_back_whatever_becomes_of_the_rest() {
    for review in ReviewStatus::iter() {
        for workshop in WorkshopStatus::iter() {
            let sealed = Standing {
                review,
                workshop,
                ..standing(true, Collecting)
            };
            assert_eq!(code(sealed, Step::Unseal), None, "{review} {workshop}");
        }
    }
}

#[test]
fn anonymity_is_never_undone_and_comes_before_the_first_word() {
    for phase in BoardPhase::iter() {
        assert!(require_anonymity(phase, true, false).is_err(), "{phase}");
        let late = phase != Preparing;
        assert_eq!(require_anonymity(phase, false, true).is_err(), late);
        for same in [true, false] {
            assert!(require_anonymity(phase, same, same).is_ok());
        }
    }
}

#[test]
fn a_full_board_takes_no_more() {
    assert!(require_room(MOST_CONTRIBUTIONS - 1).is_ok());
    let refusal = require_room(MOST_CONTRIBUTIONS).expect_err("it is full");
    assert_eq!(refusal.into_refusal().faults[0].code, "board_is_full");
}

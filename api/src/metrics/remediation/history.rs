//! What an action was before it was taken up again. Pure.

use entity::vocabulary::ActionStatus;

use super::item::{Moment, is_done, status_at};
use crate::actions::facts::{ActionFact, PastState};
use crate::actions::rules::is_unfinished;

/// From which second on, and up to which, something was so.
pub(super) type Stretch = (i64, i64);

/// An action's states over time, for the few that were taken up again.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct History {
    past: Vec<PastState>,
    implemented_at: Option<i64>,
    verified_at: Option<i64>,
    ended_at: Option<i64>,
}

/// When an action came to where it stood at a moment.
#[expect(
    clippy::struct_field_names,
    reason = "they are called as on the action itself"
)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Since {
    pub(super) implemented_at: Option<i64>,
    pub(super) verified_at: Option<i64>,
    pub(super) ended_at: Option<i64>,
}

/// The state that an action was in at a moment and left later.
pub(super) fn left_later(moment: Moment, fact: &ActionFact<'_>) -> Option<PastState> {
    let covers = |one: &&PastState| one.1 <= moment.seconds && moment.seconds < one.2;
    fact.past.iter().rfind(covers).copied()
}

/// Since when it stood where it stood.
pub(super) fn since(moment: Moment, fact: &ActionFact<'_>) -> Since {
    let by_then = |at: Option<i64>| at.filter(|at| *at <= moment.seconds);
    let now = Since {
        implemented_at: by_then(fact.implemented_at),
        verified_at: by_then(fact.verified_at),
        ended_at: by_then(fact.ended_at),
    };
    let Some(PastState(status, from, _)) = left_later(moment, fact) else {
        return now;
    };
    match status {
        ActionStatus::Implemented => Since {
            implemented_at: Some(from),
            ..Since::default()
        },
        ActionStatus::Verified => {
            let before = fact
                .past
                .iter()
                .find(|one| one.0 == ActionStatus::Implemented && one.2 == from);
            Since {
                implemented_at: before
                    .map(|one| one.1)
                    .or(now.implemented_at)
                    .or(Some(from)),
                verified_at: Some(from),
                ended_at: None,
            }
        }
        _ => Since {
            ended_at: Some(from),
            ..Since::default()
        },
    }
}

/// How often the action had been taken up again by a moment, after states of that kind; as often as by
/// now, where it is not known when.
pub(super) fn taken_up(
    moment: Moment,
    fact: &ActionFact<'_>,
    counts: impl Fn(ActionStatus) -> bool,
) -> usize {
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
pub(super) fn was_ineffective(moment: Moment, fact: &ActionFact<'_>) -> bool {
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

impl History {
    /// The states up to a moment, if any was left.
    pub(super) fn of(moment: Moment, fact: &ActionFact<'_>) -> Option<Box<Self>> {
        let by_then = |at: Option<i64>| at.filter(|at| *at <= moment.seconds);
        let past = fact.past.iter().filter(|one| one.1 <= moment.seconds);
        let past: Vec<PastState> = past.copied().collect();
        (!past.is_empty()).then(|| {
            Box::new(Self {
                past,
                implemented_at: by_then(fact.implemented_at),
                verified_at: by_then(fact.verified_at),
                ended_at: by_then(fact.ended_at),
            })
        })
    }

    /// When it was implemented, proven or not.
    pub(super) fn implemented(&self) -> Vec<Stretch> {
        let counts =
            |one: ActionStatus| matches!(one, ActionStatus::Implemented | ActionStatus::Verified);
        self.stretches(counts, &[self.implemented_at, self.verified_at])
    }

    /// When it was proven effective.
    pub(super) fn verified(&self) -> Vec<Stretch> {
        self.stretches(|one| one == ActionStatus::Verified, &[self.verified_at])
    }

    /// When it was done or given up.
    pub(super) fn finished(&self) -> Vec<Stretch> {
        self.stretches(
            |_| true,
            &[self.implemented_at, self.verified_at, self.ended_at],
        )
    }

    /// Stretches in order, apart from each other.
    fn stretches(&self, counts: fn(ActionStatus) -> bool, open: &[Option<i64>]) -> Vec<Stretch> {
        let past = self
            .past
            .iter()
            .filter(|one| counts(one.0))
            .map(|one| (one.1, one.2));
        let open = open.iter().flatten().map(|from| (*from, i64::MAX));
        let mut all: Vec<Stretch> = past.chain(open).collect();
        all.sort_unstable();
        let mut apart: Vec<Stretch> = Vec::with_capacity(all.len());
        for (from, until) in all {
            match apart.last_mut().filter(|last| from <= last.1) {
                Some(last) => last.1 = last.1.max(until),
                None => apart.push((from, until)),
            }
        }
        apart
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::remediation::item::tests::fact;
    use chrono_tz::Tz;

    fn moment(seconds: i64) -> Moment {
        Moment {
            seconds,
            today: 0,
            past: true,
            zone: Tz::UTC,
        }
    }

    /// Implemented at 300, verified at 400, found ineffective at 500, implemented again at 600.
    fn redone() -> ActionFact<'static> {
        ActionFact {
            implemented_at: Some(600),
            past: vec![
                PastState(ActionStatus::Implemented, 300, 400),
                PastState(ActionStatus::Verified, 400, 500),
            ],
            ..fact(ActionStatus::Implemented)
        }
    }

    #[test]
    fn since_when_it_stood_is_what_was_so_at_the_moment() {
        let of = |implemented_at, verified_at| Since {
            implemented_at,
            verified_at,
            ended_at: None,
        };
        for (at, expected) in [
            (299, of(None, None)),
            (300, of(Some(300), None)),
            (400, of(Some(300), Some(400))),
            (499, of(Some(300), Some(400))),
            (500, of(None, None)),
            (600, of(Some(600), None)),
        ] {
            assert_eq!(since(moment(at), &redone()), expected, "at {at}");
        }
        let doubted = ActionFact {
            implemented_at: Some(300),
            past: vec![PastState(ActionStatus::Verified, 400, 500)],
            ..fact(ActionStatus::Implemented)
        };
        assert_eq!(since(moment(450), &doubted), of(Some(300), Some(400)));
        assert_eq!(since(moment(550), &doubted), of(Some(300), None));
        let declined = ActionFact {
            past: vec![PastState(ActionStatus::Declined, 300, 400)],
            ..fact(ActionStatus::InProgress)
        };
        assert_eq!(since(moment(350), &declined).ended_at, Some(300));
        assert_eq!(since(moment(400), &declined), Since::default());
    }

    #[test]
    fn stretches_are_in_order_and_apart() {
        let history = History::of(moment(1000), &redone()).expect("a past");
        assert_eq!(history.implemented(), [(300, 500), (600, i64::MAX)]);
        assert_eq!(history.verified(), [(400, 500)]);
        assert_eq!(history.finished(), history.implemented());
        let early = History::of(moment(350), &redone()).expect("a past");
        assert_eq!(
            early.implemented(),
            [(300, 400)],
            "as far as it was known then"
        );
        assert_eq!(History::of(moment(250), &redone()), None);
    }
}

//! For how long an action was done or given up before it was taken up again. Pure.

use entity::Timestamp;
use entity::action::{Model, Spell};
use entity::vocabulary::ActionStatus;

/// The action's past once it moves to a state: what ends with the move is added.
pub(super) fn after(action: &Model, to: ActionStatus, at: Timestamp) -> Vec<Spell> {
    let mut spells = action.spells.0.clone();
    spells.extend(Held::from(action).ending(to, at));
    spells
}

/// What an action is, and since when.
#[derive(Clone, Copy, Debug)]
struct Held {
    status: ActionStatus,
    implemented_at: Option<Timestamp>,
    verified_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
}

impl From<&Model> for Held {
    fn from(action: &Model) -> Self {
        Self {
            status: action.status,
            implemented_at: action.implemented_at,
            verified_at: action.verified_at,
            ended_at: action.ended_at,
        }
    }
}

impl Held {
    /// What it no longer is after a move.
    fn ending(self, to: ActionStatus, at: Timestamp) -> Vec<Spell> {
        let spell = |status: ActionStatus, from: Option<Timestamp>, until: Timestamp| {
            let from = from.filter(|from| *from < until)?;
            Some(Spell {
                status,
                from,
                until,
            })
        };
        let verified = || spell(ActionStatus::Verified, self.verified_at, at);
        let implemented = |until| spell(ActionStatus::Implemented, self.implemented_at, until);
        let ending = match self.status {
            same if same == to => [None, None],
            // It stays implemented: only the proof is gone.
            ActionStatus::Verified if to == ActionStatus::Implemented => [None, verified()],
            ActionStatus::Verified => [implemented(self.verified_at.unwrap_or(at)), verified()],
            ActionStatus::Implemented if to == ActionStatus::Verified => [None, None],
            ActionStatus::Implemented => [implemented(at), None],
            ended @ (ActionStatus::Declined
            | ActionStatus::RiskAccepted
            | ActionStatus::Cancelled) => [spell(ended, self.ended_at, at), None],
            _ => [None, None],
        };
        ending.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ActionStatus::{Declined, Implemented, InProgress, Open, RiskAccepted, Verified};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_micros(second * 1_000_000).expect("in range")
    }

    #[test]
    fn every_move_ends_what_no_longer_holds() {
        let held = |status: ActionStatus| {
            let is_done = matches!(status, Implemented | Verified);
            Held {
                status,
                implemented_at: is_done.then(|| at(10)),
                verified_at: (status == Verified).then(|| at(20)),
                ended_at: matches!(status, Declined | RiskAccepted).then(|| at(15)),
            }
        };
        for (status, to, expected) in [
            (Open, Implemented, vec![]),
            (InProgress, Declined, vec![]),
            (Implemented, Verified, vec![]),
            (Implemented, Implemented, vec![]),
            (Implemented, InProgress, vec![(Implemented, 10, 30)]),
            (Verified, Verified, vec![]),
            (Verified, Implemented, vec![(Verified, 20, 30)]),
            (
                Verified,
                InProgress,
                vec![(Implemented, 10, 20), (Verified, 20, 30)],
            ),
            (Declined, InProgress, vec![(Declined, 15, 30)]),
            (RiskAccepted, InProgress, vec![(RiskAccepted, 15, 30)]),
        ] {
            let expected: Vec<Spell> = expected
                .into_iter()
                .map(|(status, from, until)| Spell {
                    status,
                    from: at(from),
                    until: at(until),
                })
                .collect();
            assert_eq!(
                held(status).ending(to, at(30)),
                expected,
                "{status} to {to}"
            );
        }
        let at_once = held(Verified).ending(InProgress, at(20));
        assert_eq!(at_once.len(), 1, "what took no time is left out");
    }
}

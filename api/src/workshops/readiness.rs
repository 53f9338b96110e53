//! What handing a review in asks of its workshop. Pure.

use entity::Timestamp;
use entity::vocabulary::{BoardPhase, StakeholderFunction};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::error::Fault;

/// How a session was led.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "neutral")]
pub enum Facilitation {
    /// Nobody is named.
    Nobody,
    /// By somebody who was not close to what happened.
    Neutral,
    /// By somebody who was, for a recorded reason.
    Overridden,
    /// By somebody who was, and nobody said why.
    Conflicted,
}

/// What counts of a session that was held and brings all functions together.
#[derive(Clone, Debug)]
pub struct SessionFact {
    /// When it was held.
    pub held_at: Timestamp,
    /// How it was led.
    pub facilitation: Facilitation,
    /// The required functions that were neither there nor excused.
    pub missing: Vec<StakeholderFunction>,
}

/// What the condition looks at.
#[derive(Clone, Debug, Default)]
pub struct WorkshopFacts {
    /// Whether the review's policy asks for a workshop.
    pub required: bool,
    /// The sessions that count.
    pub sessions: Vec<SessionFact>,
    /// The boards of sessions that were held which still collect or take votes, each with its
    /// workshop.
    pub open_boards: Vec<(Uuid, BoardPhase)>,
}

/// Every condition that is not met.
pub fn unmet(facts: &WorkshopFacts) -> Vec<Fault> {
    let open = facts.open_boards.iter().map(|(workshop, phase)| {
        let detail = format!("the board of workshop {workshop} is still {phase}: close it");
        Fault::of("board_not_closed", detail)
    });
    lacking(facts).into_iter().chain(open).collect()
}

/// What is lacking of the workshop that is asked for; nothing when none is or one has it all.
///
/// Where none has, the latest session tells what is left to do.
fn lacking(facts: &WorkshopFacts) -> Vec<Fault> {
    if !facts.required {
        return Vec::new();
    }
    let mut sessions: Vec<&SessionFact> = facts.sessions.iter().collect();
    sessions.sort_by_key(|session| session.held_at);
    let Some(latest) = sessions.last() else {
        let detail = "the policy asks for a lessons-learned workshop, and none was held";
        return vec![Fault::of("no_workshop_held", detail)];
    };
    if sessions.iter().any(|session| lacks(session).is_empty()) {
        return Vec::new();
    }
    lacks(latest)
}

/// What a session lacks.
fn lacks(session: &SessionFact) -> Vec<Fault> {
    let led = match session.facilitation {
        Facilitation::Neutral | Facilitation::Overridden => None,
        Facilitation::Nobody => Some(Fault::of(
            "no_facilitator",
            "nobody is named who led the workshop",
        )),
        Facilitation::Conflicted => Some(Fault::of(
            "facilitator_not_neutral",
            "the workshop was led by somebody who is not neutral, and no reason is given for it",
        )),
    };
    let missing = session.missing.iter().map(|function| {
        let detail = format!(
            "the function {function} was neither in the workshop nor excused with a reason"
        );
        Fault::of("required_function_absent", detail)
    });
    led.into_iter().chain(missing).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::vocabulary::StakeholderFunction::{It, Legal};

    fn session(
        day: u32,
        facilitation: Facilitation,
        missing: &[StakeholderFunction],
    ) -> SessionFact {
        SessionFact {
            held_at: Timestamp::parse(&format!("2026-11-{day:02}T10:00:00Z")).expect("an instant"),
            facilitation,
            missing: missing.to_vec(),
        }
    }

    fn codes(required: bool, sessions: &[SessionFact]) -> Vec<String> {
        let facts = WorkshopFacts {
            required,
            sessions: sessions.to_vec(),
            open_boards: Vec::new(),
        };
        unmet(&facts).into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn a_workshop_is_only_asked_for_by_a_policy() {
        use Facilitation::{Conflicted, Neutral, Nobody, Overridden};
        let absent = "required_function_absent";
        let table: [(&[SessionFact], &[&str]); 9] = [
            (&[], &["no_workshop_held"]),
            (&[session(1, Neutral, &[])], &[]),
            (&[session(1, Overridden, &[])], &[]),
            (&[session(1, Nobody, &[])], &["no_facilitator"]),
            (&[session(1, Conflicted, &[])], &["facilitator_not_neutral"]),
            (&[session(1, Neutral, &[Legal, It])], &[absent, absent]),
            (
                &[session(1, Conflicted, &[Legal])],
                &["facilitator_not_neutral", absent],
            ),
            (
                &[session(1, Neutral, &[]), session(2, Nobody, &[Legal])],
                &[],
            ),
            (
                &[
                    session(2, Neutral, &[Legal]),
                    session(1, Nobody, &[It, Legal]),
                ],
                &[absent],
            ),
        ];
        for (sessions, expected) in table {
            assert_eq!(codes(true, sessions), expected, "{sessions:?}");
            assert!(codes(false, sessions).is_empty(), "{sessions:?}");
        }
    }
    #[test]
    fn what_was_said_is_shown_and_votes_are_counted_first_whatever_a_policy_asks() {
        let workshop = Uuid::from_u128(7);
        let facts = WorkshopFacts {
            open_boards: vec![(workshop, BoardPhase::Voting)],
            ..WorkshopFacts::default()
        };
        let unmet = unmet(&facts);
        assert_eq!(unmet.len(), 1);
        assert_eq!(unmet[0].code, "board_not_closed");
        assert!(unmet[0].detail.contains(&workshop.to_string()));
        assert!(unmet[0].detail.contains("voting"));
    }
}

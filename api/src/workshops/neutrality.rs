//! Who is too close to what happened to lead the session about it. Pure.

use entity::vocabulary::IncidentRole;
use entity::workshop::{ConflictKind, NeutralityConflict};
use uuid::Uuid;

use crate::kernel::error::Fault;
use crate::people::Names;

/// Somebody who is to lead a session.
#[derive(Clone, Debug, Default)]
pub struct Candidate {
    /// The participant they are, if they were named as one.
    pub participant_id: Option<Uuid>,
    /// How they can be recognised.
    pub names: Names,
}

/// What a participant's record says of them.
#[derive(Clone, Debug)]
pub struct ParticipantFact {
    /// The participant.
    pub id: Uuid,
    /// How they can be recognised.
    pub names: Names,
    /// Whether they took part in the response.
    pub involved_in_response: bool,
    /// What they did in the incident.
    pub incident_roles: Vec<IncidentRole>,
}

/// Who took a logged decision.
#[derive(Clone, Debug)]
pub struct DecisionFact {
    /// The decision.
    pub id: Uuid,
    /// The participant who took it.
    pub participant_id: Uuid,
}

/// What a review holds of who was close to what happened.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Its participants.
    pub participants: Vec<ParticipantFact>,
    /// Its logged decisions, as far as the log names who took them.
    pub decisions: Vec<DecisionFact>,
}

/// Every reason why a candidate is not neutral; none when they are.
///
/// Whoever answers for the review itself may lead its session: they are no part of what happened.
/// So may an observer, who by definition took no part.
pub fn conflicts(candidate: &Candidate, facts: &Facts) -> Vec<NeutralityConflict> {
    let is = |one: &&ParticipantFact| {
        candidate.participant_id == Some(one.id) || candidate.names.mean_the_same_as(&one.names)
    };
    let records: Vec<&ParticipantFact> = facts.participants.iter().filter(is).collect();
    let mut found: Vec<NeutralityConflict> = records.iter().flat_map(|one| of(one)).collect();
    let taken = facts.decisions.iter().filter(|decision| {
        let mut records = records.iter();
        records.any(|one| one.id == decision.participant_id)
    });
    found.extend(taken.map(|decision| NeutralityConflict {
        kind: ConflictKind::TookDecision,
        participant_id: Some(decision.participant_id),
        incident_roles: Vec::new(),
        decision_id: Some(decision.id),
    }));
    found
}

/// What stands against a participant.
fn of(participant: &ParticipantFact) -> Vec<NeutralityConflict> {
    use IncidentRole::{Observer, ResourceOwner, ServiceOwner};
    let (owned, done): (Vec<IncidentRole>, Vec<IncidentRole>) = participant
        .incident_roles
        .iter()
        .filter(|role| **role != Observer)
        .partition(|role| matches!(role, ServiceOwner | ResourceOwner));
    let reasons = [
        (
            ConflictKind::InvolvedInResponse,
            participant.involved_in_response,
            Vec::new(),
        ),
        (ConflictKind::HadIncidentRole, !done.is_empty(), done),
        (ConflictKind::OwnsAffectedService, !owned.is_empty(), owned),
    ];
    reasons
        .into_iter()
        .filter(|(_, holds, _)| *holds)
        .map(|(kind, _, incident_roles)| NeutralityConflict {
            kind,
            participant_id: Some(participant.id),
            incident_roles,
            decision_id: None,
        })
        .collect()
}

/// The refusal of a facilitator: one fault for each reason.
pub fn faults(conflicts: &[NeutralityConflict]) -> Vec<Fault> {
    let fault = |conflict: &NeutralityConflict| {
        let why = match conflict.kind {
            ConflictKind::InvolvedInResponse => "took part in the response".to_owned(),
            ConflictKind::HadIncidentRole => {
                format!("was {} in the incident", labels(&conflict.incident_roles))
            }
            ConflictKind::OwnsAffectedService => {
                format!("was {} in the incident", labels(&conflict.incident_roles))
            }
            ConflictKind::TookDecision => "took a logged decision".to_owned(),
        };
        let detail =
            format!("{why}; name somebody else, or give a reason in `neutrality_override`");
        Fault::at("/facilitator", "facilitator_not_neutral", detail)
    };
    conflicts.iter().map(fault).collect()
}

fn labels(roles: &[IncidentRole]) -> String {
    let labels: Vec<String> = roles
        .iter()
        .map(|role| role.label().to_lowercase())
        .collect();
    labels.join(" and ")
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable as _;

    use super::*;

    fn names(name: &str, identifiers: &[&str]) -> Names {
        Names {
            name: Some(name.to_owned()),
            identifiers: identifiers.iter().map(|&one| one.to_owned()).collect(),
        }
    }

    fn participant(id: u128, name: &str, identifiers: &[&str]) -> ParticipantFact {
        ParticipantFact {
            id: Uuid::from_u128(id),
            names: names(name, identifiers),
            involved_in_response: false,
            incident_roles: Vec::new(),
        }
    }

    fn kinds(candidate: &Candidate, facts: &Facts) -> Vec<ConflictKind> {
        let found = conflicts(candidate, facts);
        found.iter().map(|one| one.kind).collect()
    }

    fn kim() -> Candidate {
        Candidate {
            participant_id: None,
            names: names("Kim Larsen", &["kim@example.org"]),
        }
    }

    #[test]
    fn each_role_in_the_incident_counts_as_what_it_is() {
        for role in IncidentRole::iter() {
            let mut own = participant(1, "Kim Larsen", &["kim@example.org"]);
            own.incident_roles = vec![role];
            let facts = Facts {
                participants: vec![own],
                ..Facts::default()
            };
            let expected = match role {
                IncidentRole::Observer => vec![],
                IncidentRole::ServiceOwner | IncidentRole::ResourceOwner => {
                    vec![ConflictKind::OwnsAffectedService]
                }
                _ => vec![ConflictKind::HadIncidentRole],
            };
            assert_eq!(kinds(&kim(), &facts), expected, "{role}");
            assert_eq!(faults(&conflicts(&kim(), &facts)).len(), expected.len());
        }
    }

    #[test]
    fn every_reason_is_named() {
        let mut own = participant(1, "Kim Larsen", &["KIM@example.org"]);
        own.involved_in_response = true;
        own.incident_roles = vec![
            IncidentRole::Scribe,
            IncidentRole::ServiceOwner,
            IncidentRole::Observer,
        ];
        let decision = |id, participant| DecisionFact {
            id: Uuid::from_u128(id),
            participant_id: Uuid::from_u128(participant),
        };
        let facts = Facts {
            participants: vec![own, participant(2, "Ada", &["ada@example.org"])],
            decisions: vec![decision(7, 1), decision(8, 1), decision(9, 2)],
        };
        let found = conflicts(&kim(), &facts);
        let kinds: Vec<_> = found.iter().map(|one| one.kind).collect();
        assert_eq!(
            kinds,
            [
                ConflictKind::InvolvedInResponse,
                ConflictKind::HadIncidentRole,
                ConflictKind::OwnsAffectedService,
                ConflictKind::TookDecision,
                ConflictKind::TookDecision,
            ]
        );
        assert_eq!(found[1].incident_roles, [IncidentRole::Scribe]);
        assert_eq!(found[2].incident_roles, [IncidentRole::ServiceOwner]);
        let decisions: Vec<_> = found.iter().filter_map(|one| one.decision_id).collect();
        assert_eq!(decisions, [Uuid::from_u128(7), Uuid::from_u128(8)]);
    }

    #[test]
    fn somebody_is_recognised_by_record_by_subject_and_by_name_without_one() {
        let mut own = participant(1, "Kim Larsen", &["kim@example.org"]);
        own.involved_in_response = true;
        let facts = Facts {
            participants: vec![own],
            ..Facts::default()
        };
        let candidate = |participant_id: Option<u128>, names| Candidate {
            participant_id: participant_id.map(Uuid::from_u128),
            names,
        };
        for (candidate, neutral) in [
            (candidate(Some(1), Names::default()), false),
            (candidate(Some(2), names("Ada", &["ada@example.org"])), true),
            (candidate(None, names("K.", &["kim@EXAMPLE.org"])), false),
            (candidate(None, names("kim larsen", &[])), false),
            (
                candidate(None, names("Kim Larsen", &["other@example.org"])),
                true,
            ),
            (candidate(None, names("Ada", &[])), true),
        ] {
            assert_eq!(
                kinds(&candidate, &facts).is_empty(),
                neutral,
                "{candidate:?}"
            );
        }
    }

    #[test]
    fn whoever_was_not_there_is_neutral() {
        assert_eq!(conflicts(&kim(), &Facts::default()), []);
        let facts = Facts {
            participants: vec![participant(1, "Kim Larsen", &["kim@example.org"])],
            ..Facts::default()
        };
        assert_eq!(conflicts(&kim(), &facts), []);
    }
}

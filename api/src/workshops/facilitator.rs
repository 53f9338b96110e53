//! Who leads a workshop, and what the review holds that speaks against them.

use entity::workshop::{Model, Neutrality, NeutralityConflict, NeutralityOverride};
use entity::{JsonColumn, participant};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::input::{FacilitatorInput, OverrideNeutrality};
use super::neutrality::{self, Candidate, DecisionFact, Facts, ParticipantFact};
use super::store;
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Fault, Result};
use crate::people::Names;
use crate::{decisions, participants};

/// A facilitator as a workshop's row holds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facilitator {
    /// The participant, if they take part in the review.
    pub participant_id: Option<Uuid>,
    /// The name.
    pub name: String,
    /// The subject.
    pub subject: Option<String>,
}

impl Facilitator {
    /// The facilitator of a workshop, if it has one.
    pub fn of(workshop: &Model) -> Option<Self> {
        Some(Self {
            participant_id: workshop.facilitator_participant_id,
            name: workshop.facilitator_name.clone()?,
            subject: workshop.facilitator_subject.clone(),
        })
    }

    /// Everything in a review that speaks against them.
    pub fn conflicts(&self, facts: &Facts) -> Vec<NeutralityConflict> {
        let known = facts
            .participants
            .iter()
            .find(|one| Some(one.id) == self.participant_id);
        let names = known.map_or_else(
            || Names {
                name: Some(self.name.clone()),
                identifiers: self.subject.iter().cloned().collect(),
            },
            |known| known.names.clone(),
        );
        let candidate = Candidate {
            participant_id: self.participant_id,
            names,
        };
        neutrality::conflicts(&candidate, facts)
    }
}

/// Who is to lead a workshop, and what speaks against them.
#[derive(Clone, Debug, Default)]
pub struct Led {
    facilitator: Option<Facilitator>,
    conflicts: Vec<NeutralityConflict>,
}

/// Looks up whom an input names and what speaks against them: a fault, unless that is overridden.
pub fn judge(
    input: &FacilitatorInput,
    (participants, facts): (&[participant::Model], &Facts),
    overridden: bool,
    faults: &mut Vec<Fault>,
) -> Led {
    let facilitator = look_up(input, participants, faults);
    let conflicts = facilitator.as_ref().map(|one| one.conflicts(facts));
    let conflicts = conflicts.unwrap_or_default();
    if !overridden {
        faults.extend(neutrality::faults(&conflicts));
    }
    Led {
        facilitator,
        conflicts,
    }
}

/// Looks up whom an input names; a participant that the review has not is a fault.
fn look_up(
    input: &FacilitatorInput,
    participants: &[participant::Model],
    faults: &mut Vec<Fault>,
) -> Option<Facilitator> {
    let Some(id) = input.participant_id else {
        return Some(Facilitator {
            participant_id: None,
            name: input.name.clone()?,
            subject: input.subject.clone(),
        });
    };
    let Some(participant) = participants.iter().find(|one| one.id == id) else {
        let detail = "is not a participant of the review";
        faults.push(Fault::at(
            "/facilitator/participant_id",
            "not_found",
            detail,
        ));
        return None;
    };
    Some(Facilitator {
        participant_id: Some(id),
        name: participant.name.clone(),
        subject: participant.subject.clone(),
    })
}

/// What a review holds of who was close to what happened: two queries.
pub async fn facts(connection: &impl ConnectionTrait, review: Uuid) -> Result<Facts> {
    let participants = participants::store::for_review(connection, review).await?;
    facts_of(connection, review, &participants).await
}

/// The same, of participants that are known already.
pub async fn facts_of(
    connection: &impl ConnectionTrait,
    review: Uuid,
    participants: &[participant::Model],
) -> Result<Facts> {
    let decisions = decisions::store::for_review(connection, review).await?;
    let standing = decisions
        .into_iter()
        .filter(|one| one.retracted_at.is_none());
    let decisions = standing.filter_map(|one| {
        let participant_id = one.decider_participant_id?;
        Some(DecisionFact {
            id: one.id,
            participant_id,
        })
    });
    Ok(Facts {
        participants: participants.iter().map(fact).collect(),
        decisions: decisions.collect(),
    })
}

fn fact(participant: &participant::Model) -> ParticipantFact {
    let identifiers = [&participant.subject, &participant.email];
    ParticipantFact {
        id: participant.id,
        names: Names {
            name: Some(participant.name.clone()),
            identifiers: identifiers.into_iter().flatten().cloned().collect(),
        },
        involved_in_response: participant.involved_in_response,
        incident_roles: participant.incident_roles.0.clone(),
    }
}

/// A workshop with who leads it, what was found about them, and why they lead it all the same.
pub fn facilitated(
    change: &Change,
    workshop: Model,
    led: Led,
    given: Option<OverrideNeutrality>,
) -> Model {
    let same = Facilitator::of(&workshop) == led.facilitator;
    let before = workshop.neutrality_override.clone().filter(|_| same);
    let (participant_id, name, subject) = match led.facilitator {
        Some(one) => (one.participant_id, Some(one.name), one.subject),
        None => (None, None, None),
    };
    Model {
        facilitator_key: subject.clone().or_else(|| name.clone()),
        neutrality_override: given.map(|given| decided(change, before, given.reason)),
        ..checked(
            change,
            Model {
                facilitator_participant_id: participant_id,
                facilitator_name: name,
                facilitator_subject: subject,
                ..workshop
            },
            led.conflicts,
        )
    }
}

/// A workshop with what was found about who leads it.
pub fn checked(change: &Change, workshop: Model, conflicts: Vec<NeutralityConflict>) -> Model {
    let found = workshop.facilitator_name.is_some().then(|| Neutrality {
        checked_at: change.now,
        conflicts: conflicts.clone(),
    });
    Model {
        facilitator_conflicted: !conflicts.is_empty(),
        neutrality: found.map(JsonColumn),
        ..workshop
    }
}

/// A decision keeps who took it and when, as long as it stays the same.
pub fn decided(
    change: &Change,
    before: Option<JsonColumn<NeutralityOverride>>,
    reason: String,
) -> JsonColumn<NeutralityOverride> {
    let same = before.filter(|before| before.0.reason == reason);
    same.unwrap_or_else(|| {
        JsonColumn(NeutralityOverride {
            reason,
            by: change.caller.subject.clone(),
            at: change.now,
        })
    })
}

/// Puts on record that somebody who is not neutral leads a workshop, where that is new.
pub fn record_override(change: &Change, before: Option<&Model>, after: &Model) -> Result<()> {
    let told = before.is_some_and(|before| {
        before.facilitator_conflicted && before.neutrality_override == after.neutrality_override
    });
    let (Some(decided), Some(found)) = (&after.neutrality_override, &after.neutrality) else {
        return Ok(());
    };
    if told || !after.facilitator_conflicted {
        return Ok(());
    }
    let entry = Entry::new("workshop.override_neutrality", store::RESOURCE, after.id);
    let entry = entry.in_review(after.review_id).after(&serde_json::json!({
        "facilitator": after.facilitator_name,
        "facilitator_subject": after.facilitator_subject,
        "conflicts": found.0.conflicts,
        "reason": decided.0.reason,
    }))?;
    change.record(entry);
    Ok(())
}

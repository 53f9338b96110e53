//! Accepting a recommendation: its actions are made or taken over in the same transaction.

use entity::action;
use entity::organization::PriorityWeights;
use entity::recommendation::Model;
use entity::review::Model as Review;
use uuid::Uuid;

use super::decide::{Grounds, Named, locked, settle};
use super::rules::{self, Verb};
use super::steps::AcceptRecommendation;
use super::store;
use crate::actions::input::{CreateAction, InitialStatus};
use crate::kernel::call::Change;
use crate::kernel::error::{Code, Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::{actions, findings, gaps, priority};

/// Accepts a recommendation, or adds actions to one that is accepted.
pub async fn accept(
    change: &Change,
    named: Named<'_>,
    precondition: &Precondition,
    given: AcceptRecommendation,
) -> Result<Model> {
    let (review, old) = locked(change, named, precondition, Verb::Accept).await?;
    let mut faults = rules::check_acceptance(&given);
    // Asked for before any action is locked, as everywhere.
    let weights = priority::store::weights(change, change.organization()).await?;
    let there = taken_over(change, &review, &old, &given.action_ids, &mut faults).await?;
    let made = made(
        change,
        (&review, &weights),
        &old,
        given.actions,
        &mut faults,
    )
    .await?;
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let mut answered = Vec::new();
    for action in &made {
        answered.extend(&action.finding_ids.0);
    }
    for action in there {
        let action = actions::link::take_over(change, old.id, action).await?;
        answered.extend(action.finding_ids.0);
    }
    let made = made.iter().map(|action| action.id);
    let action_ids: Vec<Uuid> = given.action_ids.into_iter().chain(made).collect();
    store::link(change, old.id, &action_ids).await?;
    let grounds = Grounds {
        reason: given.reason,
        action_ids,
        ..Grounds::default()
    };
    let row = settle(change, old, Verb::Accept, grounds).await?;
    // The actions may answer more than the recommendation names.
    gaps::follow::findings(change, review.id, answered).await?;
    Ok(row)
}

/// The actions that are there, held against other changes, and what is wrong with naming them.
async fn taken_over(
    change: &Change,
    review: &Review,
    old: &Model,
    ids: &[Uuid],
    faults: &mut Vec<Fault>,
) -> Result<Vec<action::Model>> {
    let there = actions::link::lock(change, review, ids).await?;
    for (at, id) in ids.iter().enumerate() {
        let pointer = format!("/action_ids/{at}");
        match there.iter().find(|action| action.id == *id) {
            None => faults.push(Fault::at(
                pointer,
                "not_found",
                "is not an action of the review",
            )),
            Some(_) if old.action_ids.0.contains(id) => {
                faults.push(Fault::at(
                    pointer,
                    "already_linked",
                    "carries it out already",
                ));
            }
            Some(action) if action.ended_at.is_some() => {
                let detail = format!("is {}; reopen it first", action.status);
                faults.push(Fault::at(pointer, "action_has_ended", detail));
            }
            Some(_) => {}
        }
    }
    Ok(there)
}

/// Adds the new actions; what is wrong with any of them is told at once.
async fn made(
    change: &Change,
    (review, weights): (&Review, &PriorityWeights),
    recommendation: &Model,
    given: Vec<CreateAction>,
    faults: &mut Vec<Fault>,
) -> Result<Vec<action::Model>> {
    let named = &recommendation.finding_ids.0;
    let standing = findings::named::standing(&**change, review, named).await?;
    let mut made = Vec::with_capacity(given.len());
    for (at, action) in given.into_iter().enumerate() {
        let pointer = format!("/actions/{at}");
        if action.status == Some(InitialStatus::Proposed) {
            let detail = "whoever accepts commits to it";
            faults.push(Fault::at(
                format!("{pointer}/status"),
                "not_committed",
                detail,
            ));
        }
        let action = completed(action, recommendation, &standing);
        let added =
            actions::service::add(change, (review, weights), action, Some(recommendation.id));
        match added.await.map_err(|error| error.under(&pointer)) {
            Ok(row) => made.push(row),
            Err(Error::Refused(refusal)) if refusal.code == Code::ValidationFailed => {
                faults.extend(refusal.faults);
            }
            Err(other) => return Err(other),
        }
    }
    Ok(made)
}

/// An action with what its recommendation says, where it says nothing itself.
fn completed(action: CreateAction, from: &Model, standing: &[Uuid]) -> CreateAction {
    let mut inputs = action.priority_inputs;
    inputs.effort = inputs.effort.or(from.effort);
    let finding_ids = if action.finding_ids.is_empty() {
        standing.to_vec()
    } else {
        action.finding_ids
    };
    CreateAction {
        strength: action.strength.or(from.action_strength),
        closure_criteria: action
            .closure_criteria
            .or_else(|| from.closure_criteria.clone()),
        finding_ids,
        priority_inputs: inputs,
        ..action
    }
}

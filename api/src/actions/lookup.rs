//! What an action's body refers to: its owner, findings and dependencies.

use entity::action::Model;
use entity::review::Model as Review;
use entity::vocabulary::StakeholderFunction;
use uuid::Uuid;

use super::input::{CreateAction, OwnerInput};
use super::{rules, store};
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::priority;

/// What an action's body refers to, as the database knows it.
#[derive(Debug)]
pub struct LookedUp {
    /// Who owns it.
    pub owner: Owner,
    /// The highest risk among its findings.
    pub finding_risk: Option<i32>,
}

/// An owner as an action's row holds them.
#[derive(Debug, Default)]
pub struct Owner {
    /// The participant.
    pub participant_id: Option<Uuid>,
    /// The name.
    pub name: Option<String>,
    /// The subject.
    pub subject: Option<String>,
    /// The function.
    pub function: Option<StakeholderFunction>,
}

/// Judges a body and looks up what it refers to; every fault is reported at once.
pub async fn look_up(
    change: &Change,
    review: &Review,
    action: &CreateAction,
    old: Option<&Model>,
) -> Result<LookedUp> {
    let mut faults = rules::check(action);
    let owner = owner(change, review, action.owner.as_ref(), &mut faults).await?;
    let finding_risk = finding_risk(change, review, action, old, &mut faults).await?;
    let known: &[Uuid] = old.map_or(&[], |old| &old.depends_on.0);
    let named: Vec<Uuid> = action
        .depends_on
        .iter()
        .filter(|id| !known.contains(id))
        .copied()
        .collect();
    let existing = store::existing(&**change, &change.caller, &named).await?;
    let unknown = action.depends_on.iter().enumerate();
    let unknown = unknown.filter(|(_, id)| !known.contains(id) && !existing.contains(id));
    faults
        .extend(unknown.map(|(at, _)| {
            Fault::at(format!("/depends_on/{at}"), "not_found", "is not an action")
        }));
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    Ok(LookedUp {
        owner,
        finding_risk,
    })
}

async fn owner(
    change: &Change,
    review: &Review,
    owner: Option<&OwnerInput>,
    faults: &mut Vec<Fault>,
) -> Result<Owner> {
    let Some(owner) = owner else {
        return Ok(Owner::default());
    };
    let Some(id) = owner.participant_id else {
        return Ok(Owner {
            name: owner.name.clone(),
            subject: owner.subject.clone(),
            ..Owner::default()
        });
    };
    let participant = store::participant(&**change, change.organization(), review.id, id).await?;
    let Some(participant) = participant else {
        let detail = "is not a participant of the review";
        faults.push(Fault::at("/owner/participant_id", "not_found", detail));
        return Ok(Owner::default());
    };
    Ok(Owner {
        participant_id: Some(id),
        name: Some(participant.name),
        subject: participant.subject,
        function: Some(participant.function),
    })
}

/// The highest risk of the findings; those that are new to the action must be the review's own.
async fn finding_risk(
    change: &Change,
    review: &Review,
    action: &CreateAction,
    old: Option<&Model>,
    faults: &mut Vec<Fault>,
) -> Result<Option<i32>> {
    let findings =
        priority::store::findings(&**change, change.organization(), &action.finding_ids).await?;
    for (at, id) in action.finding_ids.iter().enumerate() {
        if old.is_some_and(|old| old.finding_ids.0.contains(id)) {
            continue;
        }
        let pointer = format!("/finding_ids/{at}");
        match findings
            .get(id)
            .filter(|finding| finding.review_id == review.id)
        {
            None => faults.push(Fault::at(
                pointer,
                "not_found",
                "is not a finding of the review",
            )),
            Some(finding) if finding.retracted => {
                faults.push(Fault::at(pointer, "retracted", "is a retracted finding"));
            }
            Some(_) => {}
        }
    }
    Ok(priority::rules::highest(findings.values()))
}

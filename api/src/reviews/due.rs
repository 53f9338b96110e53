//! The deadlines of a review: its workshop and its publication.

use entity::Timestamp;
use entity::review::Model;
use entity::vocabulary::{DeadlineKind, ReviewStatus};
use uuid::Uuid;

use crate::deadlines::{self, Due};
use crate::kernel::call::Change;
use crate::kernel::error::Result;
use crate::workshops;

/// Keeps the deadlines of a review as it is now. That its workshop is held is the workshop's to say;
/// one that was held already meets the deadline as soon as there is one.
pub async fn follow(change: &Change, old: Option<&Model>, row: &Model) -> Result<()> {
    let (before, after) = (old.and_then(workshop), workshop(row));
    if before != after {
        match &after {
            Some(due) => {
                deadlines::set(change, due).await?;
                meet_by_held(change, row.id).await?;
            }
            None => deadlines::give_up(change, DeadlineKind::WorkshopDue, row.id).await?,
        }
    }
    let (before, after) = (old.and_then(publication), publication(row));
    if before == after {
        return Ok(());
    }
    let kind = DeadlineKind::PublicationDue;
    let Some((due, met_at)) = after else {
        return deadlines::give_up(change, kind, row.id).await;
    };
    deadlines::set(change, &due).await?;
    match met_at {
        Some(at) => deadlines::meet(change, kind, row.id, at).await,
        None if before.is_some() => deadlines::reopen(change, kind, row.id).await,
        None => Ok(()),
    }
}

/// The same of a review that comes with its past: once it is no longer at work, a deadline of its
/// workshop is left only where one was held.
pub async fn restore(change: &Change, row: &Model) -> Result<()> {
    follow(change, None, row).await?;
    let Some(due_at) = row.workshop_due_at.filter(|_| !is_at_work(row)) else {
        return Ok(());
    };
    let Some(held_at) = first_held(change, row.id).await? else {
        return Ok(());
    };
    let mut steps = row.transitions.0.iter().rev();
    let left = steps.find(|step| works(step.from) && !works(step.to));
    if left.is_some_and(|left| held_at > left.at) {
        return Ok(());
    }
    let kind = DeadlineKind::WorkshopDue;
    deadlines::set(change, &due(row, kind, due_at)).await?;
    deadlines::meet(change, kind, row.id, held_at).await
}

/// Lets the first of a review's workshops that were held, and that its deadline is about, meet it.
pub async fn meet_by_held(change: &Change, review: Uuid) -> Result<()> {
    match first_held(change, review).await? {
        Some(at) => deadlines::meet_first(change, DeadlineKind::WorkshopDue, review, at).await,
        None => Ok(()),
    }
}

/// When the first of a review's workshops was held that its deadline is about.
async fn first_held(change: &Change, review: Uuid) -> Result<Option<Timestamp>> {
    let held = workshops::store::held(&**change, review).await?;
    let mut held = held
        .into_iter()
        .filter(|workshop| workshops::rules::needs_every_function(workshop.kind));
    Ok(held.find_map(|workshop| workshop.held_at))
}

fn is_at_work(row: &Model) -> bool {
    works(row.status)
}

fn works(status: ReviewStatus) -> bool {
    matches!(
        status,
        ReviewStatus::Draft | ReviewStatus::InProgress | ReviewStatus::InReview
    )
}

fn due(row: &Model, kind: DeadlineKind, due_at: Timestamp) -> Due<'_> {
    let owner = row.owner.as_ref().map(|owner| &owner.0);
    Due {
        kind,
        resource_id: row.id,
        review_id: Some(row.id),
        title: &row.title,
        owner: owner.map(|owner| owner.subject.as_deref().unwrap_or(&owner.name)),
        due_at,
    }
}

/// When the workshop is due; nothing once the review is published or has ended.
fn workshop(row: &Model) -> Option<Due<'_>> {
    let due_at = row.workshop_due_at.filter(|_| is_at_work(row))?;
    Some(due(row, DeadlineKind::WorkshopDue, due_at))
}

/// When the publication is due, and when it was made; nothing when the review ended without one.
fn publication(row: &Model) -> Option<(Due<'_>, Option<Timestamp>)> {
    let met_at = match row.status {
        ReviewStatus::Published | ReviewStatus::Closed => row.published_at,
        _ if is_at_work(row) => None,
        _ => return None,
    };
    let due = due(row, DeadlineKind::PublicationDue, row.publish_due_at?);
    Some((due, met_at))
}

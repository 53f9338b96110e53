//! What can be done with boards.

use entity::board::Model;
use entity::vocabulary::BoardPhase;
use entity::{JsonColumn, review, workshop};
use uuid::Uuid;

use super::body::{SetBoard, audited};
use super::{ending, store};
use crate::contributions::rules::{self, Ending, Standing, Step};
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::reply::Put;
use crate::references::repeated;
use crate::{reviews, workshops};

/// A board with what it belongs to, held against other changes.
#[derive(Debug)]
pub struct At {
    /// The review.
    pub review: review::Model,
    /// The workshop.
    pub workshop: workshop::Model,
    /// The board.
    pub board: Model,
}

/// What decides about a board's steps.
pub fn standing(review: &review::Model, workshop: &workshop::Model, board: &Model) -> Standing {
    Standing {
        review: review.status,
        kind: workshop.kind,
        workshop: workshop.status,
        anonymous: board.anonymous,
        phase: board.phase,
    }
}

impl At {
    /// Refuses a step that is not taken here.
    pub fn require(&self, step: Step) -> Result<()> {
        rules::require(&standing(&self.review, &self.workshop, &self.board), step)
    }
}

/// The review first, then the workshop, as everything does that changes what is below them.
async fn held(change: &Change, workshop: Uuid) -> Result<(review::Model, workshop::Model)> {
    let known = workshops::store::find(&**change, &change.caller, workshop).await?;
    let name = known.review_id.to_string();
    let review = reviews::store::lock_shared(change, &change.caller, &name).await?;
    let workshop = workshops::store::lock(change, &review, workshop).await?;
    Ok((review, workshop))
}

/// The board of a workshop, held against other changes.
pub async fn locked(change: &Change, workshop: Uuid) -> Result<At> {
    let (review, workshop) = held(change, workshop).await?;
    let board = store::lock(change, workshop.id).await?;
    let board = board.ok_or_else(rules::no_board)?;
    Ok(At {
        review,
        workshop,
        board,
    })
}

/// Sets the board of a workshop.
pub async fn set(
    change: &Change,
    workshop: Uuid,
    precondition: &Precondition,
    given: SetBoard,
) -> Result<Put<Model>> {
    let (review, workshop) = held(change, workshop).await?;
    let old = store::lock(change, workshop.id).await?;
    precondition.check_put(old.as_ref().map(|old| old.version), "board")?;
    let blank = || blank(change, &workshop, &given);
    let current = old.clone().unwrap_or_else(blank);
    rules::require(&standing(&review, &workshop, &current), Step::Set)?;
    rules::require_anonymity(current.phase, current.anonymous, given.anonymous)?;
    let faults = repeated("/prompts", &given.prompts);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let Some(old) = old else {
        let row = store::insert(change, current).await?;
        record(change, "board.set", None, &row)?;
        return Ok(Put::Created(row));
    };
    let row = Model {
        anonymous: given.anonymous,
        prompts: JsonColumn(given.prompts),
        votes_per_person: given.votes_per_person,
        ..old.clone()
    };
    if row == old {
        return Ok(Put::Stored(old));
    }
    precondition.check(old.version)?;
    let row = store::save(change, next(change, row)).await?;
    record(change, "board.set", Some(&old), &row)?;
    Ok(Put::Stored(row))
}

/// Begins to collect.
pub async fn open(change: &Change, workshop: Uuid, precondition: &Precondition) -> Result<Model> {
    let old = stepped(change, workshop, precondition, Step::Open).await?;
    if old.anonymous {
        store::open_box(change, workshop).await?;
    }
    let row = moved(change, &old, BoardPhase::Collecting).await?;
    record(change, "board.open", Some(&old), &row)?;
    Ok(row)
}

/// Ends to collect. What was said anonymously is shown all at once, and put on record all at once.
pub async fn close(change: &Change, workshop: Uuid, precondition: &Precondition) -> Result<Model> {
    let old = stepped(change, workshop, precondition, Step::Close).await?;
    ending::collected(change, &old, Ending::Shown).await
}

/// Begins to take votes.
pub async fn open_voting(
    change: &Change,
    workshop: Uuid,
    precondition: &Precondition,
) -> Result<Model> {
    let old = stepped(change, workshop, precondition, Step::OpenVoting).await?;
    store::open_box(change, workshop).await?;
    let row = moved(change, &old, BoardPhase::Voting).await?;
    record(change, "board.open_voting", Some(&old), &row)?;
    Ok(row)
}

/// Counts the votes, and keeps nothing but how many each contribution and group got.
pub async fn close_voting(
    change: &Change,
    workshop: Uuid,
    precondition: &Precondition,
) -> Result<Model> {
    let old = stepped(change, workshop, precondition, Step::CloseVoting).await?;
    ending::voted(change, &old).await
}

async fn stepped(
    change: &Change,
    workshop: Uuid,
    precondition: &Precondition,
    step: Step,
) -> Result<Model> {
    let at = locked(change, workshop).await?;
    precondition.check(at.board.version)?;
    at.require(step)?;
    Ok(at.board)
}

/// The board in another phase, one version later.
pub(super) async fn moved(change: &Change, old: &Model, phase: BoardPhase) -> Result<Model> {
    let row = Model {
        phase,
        ..old.clone()
    };
    store::save(change, next(change, row)).await
}

/// The same, one version later.
fn next(change: &Change, row: Model) -> Model {
    Model {
        version: row.version + 1,
        updated_at: change.now,
        ..row
    }
}

fn blank(change: &Change, workshop: &workshop::Model, given: &SetBoard) -> Model {
    Model {
        workshop_id: workshop.id,
        organization_id: workshop.organization_id,
        review_id: workshop.review_id,
        anonymous: given.anonymous,
        prompts: JsonColumn(given.prompts.clone()),
        votes_per_person: given.votes_per_person,
        phase: BoardPhase::Preparing,
        version: 1,
        created_at: change.now,
        created_by: change.caller.subject.clone(),
        updated_at: change.now,
    }
}

fn record(
    change: &Change,
    what: &'static str,
    before: Option<&Model>,
    after: &Model,
) -> Result<()> {
    let entry = Entry::new(what, store::RESOURCE, after.workshop_id).in_review(after.review_id);
    let entry = match before {
        Some(before) => entry.before(&audited(before)?)?,
        None => entry,
    };
    change.record(entry.after(&audited(after)?)?);
    Ok(())
}

//! What can be done with groups.

use entity::JsonColumn;
use entity::contribution::Outcomes;
use entity::contribution_group::Model;
use uuid::Uuid;

use super::body::{GroupPatch, MakeGroup, audited};
use super::store;
use crate::contributions::board::service::{At, locked};
use crate::contributions::rules::Step;
use crate::contributions::{outcomes, store as contributions};
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;

/// How many groups a workshop has at most.
pub const MOST_GROUPS: usize = 100;

/// Makes a group.
pub async fn create(change: &Change, workshop: Uuid, given: MakeGroup) -> Result<Model> {
    let at = locked(change, workshop).await?;
    at.require(Step::Arrange)?;
    if store::count(&**change, workshop).await? >= MOST_GROUPS {
        let detail = format!("the workshop has {MOST_GROUPS} groups already");
        let fault = Fault::of("too_many_groups", detail.clone());
        return Err(Error::state(detail, vec![fault]));
    }
    let row = Model {
        id: ids::next(),
        organization_id: at.board.organization_id,
        review_id: at.board.review_id,
        workshop_id: workshop,
        title: given.title,
        summary: given.summary,
        votes: None,
        outcomes: JsonColumn::default(),
        version: 1,
        created_at: change.now,
        created_by: change.caller.subject.clone(),
        updated_at: change.now,
    };
    let row = store::insert(change, row).await?;
    record(change, "contribution_group.create", None, &row)?;
    Ok(row)
}

/// Changes what a group is called.
pub async fn update(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    patch: &GroupPatch,
) -> Result<Model> {
    let (at, old) = held(change, id).await?;
    precondition.check(old.version)?;
    at.require(Step::Arrange)?;
    let given = patch.apply(&MakeGroup::from(&old))?;
    let row = Model {
        title: given.title,
        summary: given.summary,
        ..next(change, &old)
    };
    let row = store::save(change, row).await?;
    record(change, "contribution_group.update", Some(&old), &row)?;
    Ok(row)
}

/// Dissolves a group.
pub async fn remove(change: &Change, id: Uuid, precondition: &Precondition) -> Result<()> {
    let (at, old) = held(change, id).await?;
    precondition.check(old.version)?;
    at.require(Step::Arrange)?;
    store::remove(change, id).await?;
    let what = "contribution_group.remove";
    let entry = Entry::new(what, store::RESOURCE, id).in_review(old.review_id);
    change.record(entry.before(&audited(&old)?)?);
    Ok(())
}

/// Says what came of a group.
pub async fn link(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    given: Outcomes,
) -> Result<Model> {
    let (at, old) = held(change, id).await?;
    precondition.check_if_present(old.version)?;
    at.require(Step::Link)?;
    if old.outcomes.0 == given {
        return Ok(old);
    }
    outcomes::check(&**change, &at.review, &given, &old.outcomes.0).await?;
    contributions::link(change, id, &given).await?;
    let row = Model {
        outcomes: JsonColumn(given),
        ..next(change, &old)
    };
    let row = store::save(change, row).await?;
    record(change, "contribution_group.link", Some(&old), &row)?;
    Ok(row)
}

/// A group with its board, held against other changes.
async fn held(change: &Change, id: Uuid) -> Result<(At, Model)> {
    let known = store::find(&**change, &change.caller, id).await?;
    let at = locked(change, known.workshop_id).await?;
    let old = store::lock(change, known.workshop_id, id).await?;
    Ok((at, old))
}

/// The same, one version later.
fn next(change: &Change, old: &Model) -> Model {
    Model {
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    }
}

fn record(
    change: &Change,
    what: &'static str,
    before: Option<&Model>,
    after: &Model,
) -> Result<()> {
    let entry = Entry::new(what, store::RESOURCE, after.id).in_review(after.review_id);
    let entry = match before {
        Some(before) => entry.before(&audited(before)?)?,
        None => entry,
    };
    change.record(entry.after(&audited(after)?)?);
    Ok(())
}

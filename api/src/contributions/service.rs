//! What can be done with contributions that are shown: signed ones are made, changed and withdrawn,
//! all of them are put into groups, removed, and linked to what came of them.

use entity::contribution::{Model, Outcomes};
use entity::{JsonColumn, board};
use uuid::Uuid;

use super::board::service::{At, locked};
use super::body::{Contribute, ContributionPatch, audited};
use super::rules::{self, Step};
use super::{groups, membership, outcomes, store};
use crate::kernel::access::Scope;
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Code, Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::text::searchable;

/// Refuses an answer to what the board does not ask.
pub fn asked(board: &board::Model, given: &Contribute) -> Result<()> {
    let prompts = &board.prompts.0;
    if prompts.is_empty() || prompts.contains(&given.prompt) {
        return Ok(());
    }
    let fault = Fault::at("/prompt", "not_asked", "is not asked on this board");
    Err(Error::invalid(vec![fault]))
}

/// Contributes under the caller's name.
pub async fn contribute(change: &Change, workshop: Uuid, given: Contribute) -> Result<Model> {
    let at = locked(change, workshop).await?;
    if at.board.anonymous {
        // It was made anonymous since it was looked at, and no name is written down for it.
        let detail = "the board is anonymous by now; contribute again";
        let fault = Fault::of("board_is_anonymous", detail);
        return Err(Error::state(detail, vec![fault]));
    }
    at.require(Step::Contribute)?;
    membership::require(&**change, &change.caller, &at.workshop).await?;
    asked(&at.board, &given)?;
    rules::require_room(store::count(&**change, workshop).await?)?;
    let row = Model {
        id: ids::next(),
        organization_id: at.board.organization_id,
        review_id: at.board.review_id,
        workshop_id: workshop,
        prompt: given.prompt,
        search_text: searchable([Some(given.text.as_str())]),
        text: given.text,
        author_subject: Some(change.caller.subject.clone()),
        author_name: Some(change.caller.name.clone()),
        group_id: None,
        votes: None,
        outcomes: JsonColumn::default(),
        version: 1,
        created_at: change.now,
        updated_at: change.now,
    };
    let row = store::insert(change, row).await?;
    record(change, "contribution.create", None, &row)?;
    Ok(row)
}

/// Changes what the caller contributed under their name.
pub async fn update(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    patch: &ContributionPatch,
) -> Result<Model> {
    let (at, old) = held(change, id).await?;
    precondition.check(old.version)?;
    if !is_own(change, &old) {
        let detail = "only whoever signed a contribution changes it";
        return Err(Code::Forbidden.because(detail).into());
    }
    at.require(Step::Change)?;
    let given = patch.apply(&Contribute::from(&old))?;
    if given.prompt != old.prompt {
        asked(&at.board, &given)?;
    }
    let row = Model {
        prompt: given.prompt,
        search_text: searchable([Some(given.text.as_str())]),
        text: given.text,
        ..next(change, &old)
    };
    let row = store::save(change, row).await?;
    record(change, "contribution.update", Some(&old), &row)?;
    Ok(row)
}

/// Takes a contribution off the board: by whoever signed it, or by who leads the workshop.
pub async fn remove(change: &Change, id: Uuid, precondition: &Precondition) -> Result<()> {
    let (at, old) = held(change, id).await?;
    precondition.check(old.version)?;
    let leads = change.caller.scopes.contains(Scope::WorkshopsWrite);
    let what = if is_own(change, &old) && (!leads || at.require(Step::Change).is_ok()) {
        at.require(Step::Change)?;
        "contribution.withdraw"
    } else {
        let what = "to remove what somebody else contributed";
        change.caller.require(Scope::WorkshopsWrite, what)?;
        at.require(Step::Remove)?;
        "contribution.remove"
    };
    store::remove(change, &old).await?;
    let entry = Entry::new(what, store::RESOURCE, id).in_review(old.review_id);
    change.record(entry.before(&audited(&old)?)?);
    Ok(())
}

/// Puts a contribution into a group, or out of it.
pub async fn arrange(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    group: Option<Uuid>,
) -> Result<Model> {
    let (at, old) = held(change, id).await?;
    precondition.check_if_present(old.version)?;
    at.require(Step::Arrange)?;
    if let Some(group) = group {
        let known = groups::store::among(&**change, old.workshop_id, &[group]).await?;
        if known.is_empty() {
            let detail = "is no group of this workshop";
            let fault = Fault::at("/group_id", "not_found", detail);
            return Err(Error::invalid(vec![fault]));
        }
    }
    if old.group_id == group {
        return Ok(old);
    }
    let row = Model {
        group_id: group,
        ..next(change, &old)
    };
    let row = store::save(change, row).await?;
    record(change, "contribution.arrange", Some(&old), &row)?;
    Ok(row)
}

/// Says what came of a contribution.
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
    store::link(change, id, &given).await?;
    let row = Model {
        outcomes: JsonColumn(given),
        ..next(change, &old)
    };
    let row = store::save(change, row).await?;
    record(change, "contribution.link", Some(&old), &row)?;
    Ok(row)
}

fn is_own(change: &Change, row: &Model) -> bool {
    row.author_subject.as_deref() == Some(change.caller.subject.as_str())
}

/// A contribution with its board, held against other changes.
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

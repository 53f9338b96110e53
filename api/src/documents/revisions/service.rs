//! Publishing and withdrawing the revisions of a document.

use std::collections::HashMap;

use entity::document::{CurrentRevision, Model as Document};
use entity::document_revision::Model;
use entity::lesson::Embedding;
use serde_json::json;
use uuid::Uuid;

use super::body::{PublishRevision, audited};
use super::store;
use crate::documents::{self, service};
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Code, Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::references::repeated;
use crate::{actions, lessons};

/// Publishes a revision of a document: the lessons it names are embedded by that.
pub async fn publish(change: &Change, document: Uuid, given: PublishRevision) -> Result<Model> {
    let document = documents::store::lock(change, change.organization(), document).await?;
    service::require_in_use(&document)?;
    let named = lessons::store::lock_visible(change, &change.caller, &given.lesson_ids).await?;
    let known = store::visible_actions(&**change, &change.caller, &given.action_ids).await?;
    let mut faults = check(&given, change);
    faults.extend(lessons::embed::faults(&given.lesson_ids, &named));
    faults.extend(unknown_actions(&given.action_ids, &known));
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let row = Model {
        id: ids::next(),
        organization_id: document.organization_id,
        document_id: document.id,
        label: given.label,
        published_at: given.published_at.unwrap_or(change.now),
        summary: given.summary,
        url: given.url,
        withdrawn_at: None,
        withdrawn_by: None,
        withdrawal_reason: None,
        version: 1,
        created_at: change.now,
        created_by: change.caller.subject.clone(),
        updated_at: change.now,
    };
    let inserted = store::insert(change, row, &given.lesson_ids, &given.action_ids);
    let row = inserted.await.map_err(taken)?;
    let entry = Entry::new("document_revision.publish", store::RESOURCE, row.id);
    change.record(entry.after(&audited(&row)?)?);
    follow(change, &document).await?;
    let embedding = Embedding {
        document_id: document.id,
        revision_id: row.id,
        published_at: row.published_at,
    };
    lessons::embed::embed(change, named, &embedding).await?;
    for action in &given.action_ids {
        record_action(change, &row, (*action, known.get(action).copied()))?;
    }
    Ok(row)
}

/// Withdraws a revision: its lessons wait for a document again, unless another revision has them.
pub async fn withdraw(
    change: &Change,
    (document, id): (Uuid, Uuid),
    precondition: &Precondition,
    reason: String,
) -> Result<Model> {
    let document = documents::store::lock(change, change.organization(), document).await?;
    let old = store::find(&**change, &document, id).await?;
    precondition.check(old.version)?;
    require_standing(&old)?;
    let row = Model {
        withdrawn_at: Some(change.now),
        withdrawn_by: Some(change.caller.subject.clone()),
        withdrawal_reason: Some(reason.clone()),
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    };
    let row = store::save(change, row).await?;
    let entry = Entry::new("document_revision.withdraw", store::RESOURCE, row.id);
    change.record(entry.before(&audited(&old)?)?.after(&audited(&row)?)?);
    follow(change, &document).await?;
    lessons::embed::release(change, row.id, &reason).await?;
    Ok(row)
}

/// Refuses what a withdrawn revision does not take.
pub fn require_standing(revision: &Model) -> Result<()> {
    if revision.withdrawn_at.is_none() {
        return Ok(());
    }
    let detail = "the revision is withdrawn";
    let fault = Fault::of("revision_is_withdrawn", detail);
    Err(Error::state(detail, vec![fault]))
}

fn check(given: &PublishRevision, change: &Change) -> Vec<Fault> {
    let mut faults = repeated("/lesson_ids", &given.lesson_ids);
    faults.extend(repeated("/action_ids", &given.action_ids));
    if given.published_at.is_some_and(|at| at > change.now) {
        let fault = Fault::at("/published_at", "in_the_future", "is in the future");
        faults.push(fault);
    }
    faults
}

fn unknown_actions(ids: &[Uuid], known: &HashMap<Uuid, Uuid>) -> Vec<Fault> {
    let unknown = ids
        .iter()
        .enumerate()
        .filter(|(_, id)| !known.contains_key(id));
    unknown
        .map(|(at, _)| Fault::at(format!("/action_ids/{at}"), "not_found", "is not an action"))
        .collect()
}

fn taken(error: Error) -> Error {
    if !error.is_unique_violation() {
        return error;
    }
    let detail = "the document has a revision with this label already";
    Code::Conflict
        .because(detail)
        .with_faults(vec![Fault::at("/label", "taken", detail)])
        .into()
}

/// Tells the document which of its revisions is in force now.
pub async fn follow(change: &Change, old: &Document) -> Result<()> {
    let current = store::current(&**change, old).await?;
    let current = current.map(|row| CurrentRevision {
        id: row.id,
        label: row.label,
        published_at: row.published_at,
    });
    if current.as_ref() == old.current_revision.as_ref().map(|column| &column.0) {
        return Ok(());
    }
    let row = service::with_current(service::next_version(change, old), current);
    let row = documents::store::save_alone(change, row).await?;
    documents::due::follow(change, &row).await?;
    service::record(change, "document.update", Some(old), Some(&row))
}

/// Puts on record, in the action's own review, that a revision carries it out.
fn record_action(
    change: &Change,
    revision: &Model,
    (action, review): (Uuid, Option<Uuid>),
) -> Result<()> {
    let Some(review) = review else { return Ok(()) };
    let entry = Entry::new("action.document", actions::store::RESOURCE, action);
    let what = json!({
        "document_id": revision.document_id,
        "revision_id": revision.id,
        "label": revision.label,
        "published_at": revision.published_at,
    });
    change.record(entry.in_review(review).after(&what)?);
    Ok(())
}

//! Acknowledging notes on wording.

use std::collections::HashMap;

use entity::wording_acknowledgement::Model;
use uuid::Uuid;

use super::body::{AcknowledgementRecord, ReviewWordingNote};
use super::rules::Note;
use super::store;
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::references::repeated;
use crate::reviews;

/// Acknowledges one note of a review that is not published.
pub async fn acknowledge(
    change: &Change,
    review: &str,
    note: Uuid,
    reason: Option<String>,
) -> Result<ReviewWordingNote> {
    let missing = |_: usize| Error::not_found("wording note");
    let mut notes = keep(change, review, &[note], reason, missing).await?;
    notes.pop().ok_or_else(|| missing(0))
}

/// Acknowledges several notes of a review that is not published, all or none.
pub async fn acknowledge_all(
    change: &Change,
    review: &str,
    notes: &[Uuid],
    reason: Option<String>,
) -> Result<Vec<ReviewWordingNote>> {
    let faults = repeated("/note_ids", notes);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let missing = |at: usize| {
        let detail = "is no note on a text of this review as it is now";
        Error::invalid(vec![Fault::at(
            format!("/note_ids/{at}"),
            "not_found",
            detail,
        )])
    };
    keep(change, review, notes, reason, missing).await
}

/// Keeps the acknowledgements that are new; the notes as they are then, in the order that was asked for.
async fn keep(
    change: &Change,
    review: &str,
    wanted: &[Uuid],
    reason: Option<String>,
    missing: impl Fn(usize) -> Error,
) -> Result<Vec<ReviewWordingNote>> {
    // Held, so that no text changes between the look at it and the commit.
    let review = reviews::store::lock(change, &change.caller, review).await?;
    let notes = store::notes(&**change, &review).await?;
    let notes: HashMap<Uuid, Note> = notes.into_iter().map(|note| (note.id, note)).collect();
    if let Some(at) = wanted.iter().position(|id| !notes.contains_key(id)) {
        return Err(missing(at));
    }
    let mut acknowledged = store::acknowledged(&**change, review.id).await?;
    let new: Vec<Model> = wanted
        .iter()
        .filter(|id| !acknowledged.contains_key(id))
        .filter_map(|id| notes.get(id))
        .map(|note| row(change, &review, note, reason.clone()))
        .collect();
    if !new.is_empty() {
        reviews::service::require_editable(&review)?;
    }
    for row in &new {
        let entry = Entry::new("wording.acknowledge", store::RESOURCE, row.id);
        change.record(
            entry
                .in_review(review.id)
                .after(&AcknowledgementRecord::from(row))?,
        );
    }
    store::insert(change, new.clone()).await?;
    acknowledged.extend(new.into_iter().map(|row| (row.id, row)));
    let shown = wanted.iter().filter_map(|id| notes.get(id)).cloned();
    let shown = shown.map(|note| {
        let own = acknowledged.get(&note.id);
        ReviewWordingNote::of(review.id, note, own)
    });
    Ok(shown.collect())
}

fn row(
    change: &Change,
    review: &entity::review::Model,
    note: &Note,
    reason: Option<String>,
) -> Model {
    Model {
        id: note.id,
        organization_id: review.organization_id,
        review_id: review.id,
        resource_type: note.source.kind.as_str().to_owned(),
        resource_id: note.source.id,
        pointer: note.pointer.clone(),
        phrase: note.phrase.clone(),
        reason,
        acknowledged_at: change.now,
        acknowledged_by: change.caller.subject.clone(),
        acknowledged_by_name: change.caller.name.clone(),
    }
}

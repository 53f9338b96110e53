//! What can be done with a chronology.

use std::collections::HashMap;

use entity::event::Model;
use entity::vocabulary::Milestone;
use ring::digest::{Context, SHA256};
use uuid::Uuid;

use super::body::{AmendEvent, AppendEvent, EventBody};
use super::{rules, store};
use crate::append_only::body::Stamp;
use crate::append_only::row::Row as _;
use crate::append_only::rules::Step;
use crate::append_only::service::{Held, require};
use crate::kernel::audit::{Entry, hex};
use crate::kernel::call::Change;
use crate::kernel::error::{Code, Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::{append_only, milestones, reviews};

/// What became of an event that was sent.
#[derive(Debug)]
pub enum Appended {
    /// It is new.
    Created(Box<Model>),
    /// Its source has sent it before; this is what is stored.
    Duplicate(Box<Model>),
}

/// Appends an event.
pub async fn append(change: &Change, review: &str, event: AppendEvent) -> Result<Appended> {
    let faults = rules::check(&event, change.now);
    // What closes an incident begins to count the deadlines of its reviews, which changes this one.
    let review = if event.marks.contains(&Milestone::Closed) {
        reviews::store::standing(change, &change.caller, review).await?
    } else {
        reviews::store::standing_shared(change, &change.caller, review).await?
    };
    if let Err(refusal) = require(review.status, Step::Append) {
        // What is stored already changes nothing, whatever became of the review meanwhile.
        let named = (event.source.as_deref(), event.external_id.as_deref());
        let stored = repeated(change, review.id, named).await?;
        return stored.map(Appended::Duplicate).ok_or(refusal);
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let row = event.into_row(Stamp::new(change, review.id));
    if !store::insert(change, row.clone()).await? {
        let named = (row.source.as_deref(), row.external_id.as_deref());
        let stored = repeated(change, review.id, named).await?;
        let stored = stored.ok_or_else(|| Error::Internal("a repeat has no first".to_owned()))?;
        return Ok(Appended::Duplicate(stored));
    }
    append_only::service::record_append(change, &row)?;
    if row.has_marks {
        milestones::refill(change, review.id, &review.incident_ids.0).await?;
    }
    Ok(Appended::Created(Box::new(row)))
}

/// What is stored under the name that an event has at its source.
async fn repeated(
    change: &Change,
    review: Uuid,
    named: (Option<&str>, Option<&str>),
) -> Result<Option<Box<Model>>> {
    let (Some(source), Some(external_id)) = named else {
        return Ok(None);
    };
    let stored = store::find_by_external_id(&**change, review, source, external_id).await?;
    Ok(stored.map(Box::new))
}

/// One event of a batch: its id, and whether it is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchItem {
    /// Id of the event.
    pub id: Uuid,
    /// Whether the batch created it.
    pub created: bool,
}

/// Appends the events of a batch, all or none, with one audit record.
pub async fn append_all(
    change: &Change,
    review: &str,
    events: Vec<AppendEvent>,
    sha256: &str,
) -> Result<Vec<BatchItem>> {
    let review = reviews::store::standing(change, &change.caller, review).await?;
    let external: Vec<&str> = events
        .iter()
        .filter_map(|e| e.external_id.as_deref())
        .collect();
    let known = store::ids_by_external_id(&**change, review.id, &external).await?;
    let mut known: HashMap<(Option<String>, Option<String>), Uuid> = known
        .into_iter()
        .map(|named| ((named.source, named.external_id), named.id))
        .collect();
    let mut items = Vec::with_capacity(events.len());
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        let stamp = Stamp::new(change, review.id);
        if event.external_id.is_some() {
            let name = (event.source.clone(), event.external_id.clone());
            let first = *known.entry(name).or_insert(stamp.id);
            if first != stamp.id {
                items.push(BatchItem {
                    id: first,
                    created: false,
                });
                continue;
            }
        }
        items.push(BatchItem {
            id: stamp.id,
            created: true,
        });
        rows.push(event.into_row(stamp));
    }
    // What is stored already changes nothing, whatever became of the review meanwhile.
    if rows.is_empty() {
        return Ok(items);
    }
    require(review.status, Step::Append)?;
    let marks = rows.iter().any(|row| row.has_marks);
    let entry = Entry::new("event.append_batch", "review", review.id).in_review(review.id);
    change.record(entry.after(&serde_json::json!({
        "events": rows.len(),
        "first_event_id": rows.first().map(|row| row.id),
        "last_event_id": rows.last().map(|row| row.id),
        "body_sha256": sha256,
        "events_sha256": digest_of(&rows)?,
    }))?);
    rows.iter()
        .for_each(|row| append_only::service::searched(change, row));
    store::insert_all(change, rows).await?;
    if marks {
        milestones::refill(change, review.id, &review.incident_ids.0).await?;
    }
    Ok(items)
}

/// SHA-256 over events as they are stored: the JSON of each as the API shows it, and a line feed.
fn digest_of(rows: &[Model]) -> Result<String> {
    let mut digest = Context::new(&SHA256);
    for row in rows {
        let body = serde_json::to_vec(&EventBody::from(row.clone()))
            .map_err(|error| Error::Internal(format!("an event cannot be written: {error}")))?;
        digest.update(&body);
        digest.update(b"\n");
    }
    Ok(hex(digest.finish().as_ref()))
}

/// Amends an event: a new revision with a reason; the old one stays readable.
pub async fn amend(
    change: &Change,
    event: (&str, Uuid),
    precondition: &Precondition,
    amendment: AmendEvent,
) -> Result<Model> {
    let held = append_only::service::hold::<Model>(change, event, precondition).await?;
    let given = amendment.changes.apply(&AppendEvent::from(&held.old))?;
    let faults = rules::check(&given, change.now);
    if !faults.is_empty() {
        let faults = faults.into_iter().map(|fault| fault.under("/changes"));
        return Err(Error::invalid(faults.collect()));
    }
    let row = given.into_row(held.old.stamp());
    let row = append_only::service::amend(change, &held, row, &amendment.reason).await;
    let row = row.map_err(taken)?;
    refill(change, &held, &row).await?;
    Ok(row)
}

/// The refusal of another event's name at its source.
fn taken(error: Error) -> Error {
    if !error.is_unique_violation() {
        return error;
    }
    let detail = "another event of the review has this source and external_id";
    let fault = Fault::at("/changes/external_id", "taken", detail);
    Code::Conflict
        .because(detail)
        .with_faults(vec![fault])
        .into()
}

/// Retracts an event: it stays, struck out.
pub async fn retract(
    change: &Change,
    event: (&str, Uuid),
    precondition: &Precondition,
    reason: &str,
) -> Result<Model> {
    let held = append_only::service::hold::<Model>(change, event, precondition).await?;
    let row = append_only::service::retract(change, &held, reason).await?;
    refill(change, &held, &row).await?;
    Ok(row)
}

/// Fills the timestamps again that an event marked or marks now.
async fn refill(change: &Change, held: &Held<Model>, row: &Model) -> Result<()> {
    if held.old.has_marks || row.has_marks {
        milestones::refill(change, held.review.id, &held.review.incident_ids.0).await?;
    }
    Ok(())
}

//! What can be done with a chronology.

use std::collections::HashMap;

use entity::event::Model;
use entity::review;
use uuid::Uuid;

use super::body::{AmendEvent, AppendEvent, EventBody};
use super::rules::{self, Step};
use super::store;
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Code, Error, Fault, Result};
use crate::kernel::etag::IfMatch;
use crate::kernel::ids;
use crate::{milestones, reviews, revisions};

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
    let review = reviews::store::lock_shared(change, &change.caller, review).await?;
    if let Err(refusal) = require(&review, Step::Append) {
        // What is stored already changes nothing, whatever became of the review meanwhile.
        let named = (event.source.as_deref(), event.external_id.as_deref());
        let stored = repeated(change, &review, named).await?;
        return stored.map(Appended::Duplicate).ok_or(refusal);
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let row = event.into_row(ids::next(), &template(change, &review));
    if !store::insert(change, row.clone()).await? {
        let named = (row.source.as_deref(), row.external_id.as_deref());
        let stored = repeated(change, &review, named).await?;
        let stored = stored.ok_or_else(|| Error::Internal("a repeat has no first".to_owned()))?;
        return Ok(Appended::Duplicate(stored));
    }
    let entry = Entry::new("event.append", store::RESOURCE, row.id).in_review(review.id);
    change.record(entry.after(&EventBody::from(row.clone()))?);
    if row.has_marks {
        milestones::refill(change, &review.incident_ids.0).await?;
    }
    Ok(Appended::Created(Box::new(row)))
}

/// What is stored under the name that an event has at its source.
async fn repeated(
    change: &Change,
    review: &review::Model,
    named: (Option<&str>, Option<&str>),
) -> Result<Option<Box<Model>>> {
    let (Some(source), Some(external_id)) = named else {
        return Ok(None);
    };
    let stored = store::find_by_external_id(&**change, review.id, source, external_id).await?;
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
    let review = reviews::store::lock(change, &change.caller, review).await?;
    let external: Vec<&str> = events
        .iter()
        .filter_map(|e| e.external_id.as_deref())
        .collect();
    let known = store::ids_by_external_id(&**change, review.id, &external).await?;
    let mut known: HashMap<(Option<String>, Option<String>), Uuid> = known
        .into_iter()
        .map(|(source, id, event)| ((source, id), event))
        .collect();
    let template = template(change, &review);
    let mut items = Vec::with_capacity(events.len());
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        if event.external_id.is_some() {
            let name = (event.source.clone(), event.external_id.clone());
            if let Some(id) = known.get(&name) {
                items.push(BatchItem {
                    id: *id,
                    created: false,
                });
                continue;
            }
            let id = ids::next();
            known.insert(name, id);
            rows.push(event.into_row(id, &template));
            items.push(BatchItem { id, created: true });
        } else {
            let id = ids::next();
            rows.push(event.into_row(id, &template));
            items.push(BatchItem { id, created: true });
        }
    }
    // What is stored already changes nothing, whatever became of the review meanwhile.
    if rows.is_empty() {
        return Ok(items);
    }
    require(&review, Step::Append)?;
    let marks = rows.iter().any(|row| row.has_marks);
    let entry = Entry::new("event.append_batch", "review", review.id).in_review(review.id);
    change.record(entry.after(&serde_json::json!({
        "events": rows.len(),
        "first_event_id": rows.first().map(|row| row.id),
        "last_event_id": rows.last().map(|row| row.id),
        "body_sha256": sha256,
    }))?);
    store::insert_all(change, rows).await?;
    if marks {
        milestones::refill(change, &review.incident_ids.0).await?;
    }
    Ok(items)
}

/// Amends an event: a new revision with a reason; the old one stays readable.
pub async fn amend(
    change: &Change,
    (review, event): (&str, Uuid),
    if_match: &IfMatch,
    amendment: AmendEvent,
) -> Result<Model> {
    let (review, old) = locked(change, review, event, if_match).await?;
    let given = amendment.changes.apply(&AppendEvent::from(&old))?;
    let faults = rules::check(&given, change.now);
    if !faults.is_empty() {
        let under = |fault: Fault| Fault {
            pointer: fault.pointer.map(|pointer| format!("/changes{pointer}")),
            ..fault
        };
        return Err(Error::invalid(faults.into_iter().map(under).collect()));
    }
    let template = Model {
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    };
    let row = given.into_row(old.id, &template);
    replace(change, &review, old, row, &amendment.reason, "event.amend").await
}

/// Retracts an event: it stays, struck out.
pub async fn retract(
    change: &Change,
    (review, event): (&str, Uuid),
    if_match: &IfMatch,
    reason: &str,
) -> Result<Model> {
    let (review, old) = locked(change, review, event, if_match).await?;
    let row = Model {
        retracted_at: Some(change.now),
        retracted_by: Some(change.caller.subject.clone()),
        retraction_reason: Some(reason.to_owned()),
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    };
    replace(change, &review, old, row, reason, "event.retract").await
}

async fn locked(
    change: &Change,
    review: &str,
    event: Uuid,
    if_match: &IfMatch,
) -> Result<(review::Model, Model)> {
    let review = reviews::store::lock_shared(change, &change.caller, review).await?;
    let old = store::lock(change, &review, event).await?;
    if_match.check(old.version)?;
    require(&review, Step::Amend)?;
    if old.retracted_at.is_some() {
        let detail = "the event is retracted";
        return Err(Error::state(
            detail,
            vec![Fault::of("event_is_retracted", detail)],
        ));
    }
    Ok((review, old))
}

async fn replace(
    change: &Change,
    review: &review::Model,
    old: Model,
    row: Model,
    reason: &str,
    action: &'static str,
) -> Result<Model> {
    let had_marks = old.has_marks;
    let before = EventBody::from(old.clone());
    let (id, version) = (old.id, old.version);
    revisions::keep(change, store::RESOURCE, id, version, &before, reason).await?;
    let row = store::save(change, row).await.map_err(|error| {
        if !error.is_unique_violation() {
            return error;
        }
        let detail = "another event of the review has this source and external_id";
        let fault = Fault::at("/changes/external_id", "taken", detail);
        Code::Conflict
            .because(detail)
            .with_faults(vec![fault])
            .into()
    })?;
    let entry = Entry::new(action, store::RESOURCE, row.id).in_review(review.id);
    change.record(
        entry
            .before(&before)?
            .after(&EventBody::from(row.clone()))?,
    );
    if had_marks || row.has_marks {
        milestones::refill(change, &review.incident_ids.0).await?;
    }
    Ok(row)
}

fn require(review: &review::Model, step: Step) -> Result<()> {
    if rules::takes(review.status, step) {
        Ok(())
    } else {
        Err(reviews::service::refused(review.status))
    }
}

/// What every event that is appended now has in common.
fn template(change: &Change, review: &review::Model) -> Model {
    Model {
        id: Uuid::nil(),
        organization_id: review.organization_id,
        review_id: review.id,
        occurred_at: change.now,
        ended_at: None,
        precision: entity::vocabulary::TimePrecision::Exact,
        kind: entity::vocabulary::EventKind::Note,
        phase: None,
        actor_side: entity::vocabulary::ActorSide::Unknown,
        actor_role: None,
        summary: String::new(),
        description: None,
        source: None,
        external_id: None,
        evidence: entity::JsonColumn::default(),
        attack_techniques: entity::JsonColumn::default(),
        marks: entity::JsonColumn::default(),
        has_marks: false,
        is_key: false,
        hindsight_only: false,
        inhibited_recovery: false,
        retracted_at: None,
        retracted_by: None,
        retraction_reason: None,
        search_text: String::new(),
        version: 1,
        created_at: change.now,
        created_by: change.caller.subject.clone(),
        updated_at: change.now,
    }
}

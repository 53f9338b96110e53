//! Planning and changing a workshop. How it moves through its life is in `life`.

use entity::JsonColumn;
use entity::review;
use entity::vocabulary::{WorkshopKind, WorkshopStatus};
use entity::workshop::Model;
use uuid::Uuid;

use super::body::audited;
use super::facilitator::{self, Led, facilitated, record_override};
use super::input::{FacilitatorInput, PlanWorkshop, WorkshopPatch};
use super::rules::{self, Step};
use super::{carry_over, store};
use crate::contributions::board;
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::{participants, reviews};

/// Plans a workshop of a review.
pub async fn plan(change: &Change, review: &str, workshop: PlanWorkshop) -> Result<Model> {
    let review = reviews::store::lock_shared(change, &change.caller, review).await?;
    let state = (workshop.kind, WorkshopStatus::Planned);
    rules::require(review.status, state, Step::Plan)?;
    let workshop = completed(workshop);
    let led = judge(change, &review, &workshop).await?;
    let row = Model {
        id: ids::next(),
        sequence: 0,
        version: 1,
        ..filled(change, &blank(change, &review), workshop, Some(led))
    };
    let row = store::insert(change, row).await?;
    if row.kind == WorkshopKind::FollowUp {
        carry_over::service::start(change, &row).await?;
    }
    record(change, "workshop.plan", None, &row)?;
    record_override(change, None, &row)?;
    Ok(row)
}

/// Changes a workshop.
pub async fn update(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    patch: &WorkshopPatch,
) -> Result<Model> {
    let (review, old) = locked(change, id, precondition, Step::Change).await?;
    let current = PlanWorkshop::from(&old);
    let workshop = applied(&current, patch)?;
    let fixed = rules::check_fixed(old.status, &current, &workshop);
    if !fixed.is_empty() {
        let detail = format!(
            "the workshop is {} and keeps what it says there",
            old.status
        );
        return Err(Error::state(detail, fixed));
    }
    // Another change says nothing about who leads it, and is no reason to look at them again.
    let led = if patch.names("facilitator") || patch.names("neutrality_override") {
        Some(judge(change, &review, &workshop).await?)
    } else {
        refuse(rules::check(&workshop))?;
        None
    };
    let row = filled(change, &old, workshop, led);
    let row = store::save(change, &old, row).await?;
    match (old.kind, row.kind) {
        (WorkshopKind::FollowUp, WorkshopKind::FollowUp) => {}
        (_, WorkshopKind::FollowUp) => carry_over::service::start(change, &row).await?,
        (WorkshopKind::FollowUp, _) => carry_over::service::forget(change, &row).await?,
        _ => {}
    }
    record(change, "workshop.update", Some(&old), &row)?;
    board::ending::follow(change, &review, &row).await?;
    record_override(change, Some(&old), &row)?;
    Ok(row)
}

/// The patched workshop. Naming one form of facilitator replaces the other, and another facilitator
/// needs another reason to be led by them all the same.
fn applied(current: &PlanWorkshop, patch: &WorkshopPatch) -> Result<PlanWorkshop> {
    let names = |pointer| patch.value(pointer).is_some_and(|value| !value.is_null());
    let mut base = current.clone();
    if names("/facilitator/participant_id") || names("/facilitator/name") {
        base.facilitator = base.facilitator.map(|one| FacilitatorInput {
            participant_id: one.participant_id.filter(|_| !names("/facilitator/name")),
            name: one.name.filter(|_| !names("/facilitator/participant_id")),
            subject: one
                .subject
                .filter(|_| !names("/facilitator/participant_id")),
        });
    }
    let mut workshop = completed(patch.apply(&base)?);
    if workshop.facilitator != current.facilitator && !patch.names("neutrality_override") {
        workshop.neutrality_override = None;
    }
    Ok(workshop)
}

/// A workshop with what goes without saying.
fn completed(workshop: PlanWorkshop) -> PlanWorkshop {
    let minutes = workshop.duration_minutes;
    let rules = workshop.ground_rules;
    PlanWorkshop {
        duration_minutes: Some(minutes.unwrap_or_else(|| rules::usual_minutes(workshop.kind))),
        ground_rules: Some(rules.unwrap_or_else(|| rules::GROUND_RULES.to_owned())),
        ..workshop
    }
}

/// Judges a workshop and who is to lead it; every fault is reported at once.
async fn judge(change: &Change, review: &review::Model, workshop: &PlanWorkshop) -> Result<Led> {
    let mut faults = rules::check(workshop);
    let led = match &workshop.facilitator {
        None => Led::default(),
        Some(input) => {
            let participants = participants::store::for_review(&**change, review.id).await?;
            let facts = facilitator::facts_of(&**change, review.id, &participants).await?;
            let known = (participants.as_slice(), &facts);
            let overridden = workshop.neutrality_override.is_some();
            facilitator::judge(input, known, overridden, &mut faults)
        }
    };
    refuse(faults)?;
    Ok(led)
}

/// Refuses a body with faults.
pub fn refuse(faults: Vec<Fault>) -> Result<()> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(faults))
    }
}

/// A workshop and its review, held against other changes, in a version and a state that take the
/// step.
pub async fn locked(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    step: Step,
) -> Result<(review::Model, Model)> {
    let (review, workshop) = held_back(change, id).await?;
    precondition.check(workshop.version)?;
    rules::require(review.status, (workshop.kind, workshop.status), step)?;
    Ok((review, workshop))
}

/// The same for what is below a workshop, which has a version of its own.
pub async fn locked_for(change: &Change, id: Uuid, step: Step) -> Result<(review::Model, Model)> {
    let (review, workshop) = held_back(change, id).await?;
    rules::require(review.status, (workshop.kind, workshop.status), step)?;
    Ok((review, workshop))
}

/// The review first, as everything that changes what is below it does.
async fn held_back(change: &Change, id: Uuid) -> Result<(review::Model, Model)> {
    let known = store::find(&**change, &change.caller, id).await?;
    let name = known.review_id.to_string();
    let review = reviews::store::lock_shared(change, &change.caller, &name).await?;
    let workshop = store::lock(change, &review, id).await?;
    Ok((review, workshop))
}

/// The same workshop, one version later.
pub fn next_version(change: &Change, old: &Model) -> Model {
    Model {
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    }
}

/// The same, with a change that its calendar file shows.
pub fn next_in_calendar(change: &Change, old: &Model) -> Model {
    Model {
        sequence: old.sequence + 1,
        calendar_changed_at: old.calendar_changed_at.max(change.now),
        ..next_version(change, old)
    }
}

/// A workshop with what a body says; identity, state and history stay as they are in `old`, and so
/// does who leads it unless they were looked up.
fn filled(change: &Change, old: &Model, workshop: PlanWorkshop, led: Option<Led>) -> Model {
    let next = if rules::changes_calendar(&PlanWorkshop::from(old), &workshop) {
        next_in_calendar(change, old)
    } else {
        next_version(change, old)
    };
    let next = match led {
        Some(led) => facilitated(change, next, led, workshop.neutrality_override),
        None => next,
    };
    Model {
        kind: workshop.kind,
        title: workshop.title,
        scheduled_at: workshop.scheduled_at,
        duration_minutes: workshop.duration_minutes.unwrap_or(old.duration_minutes),
        time_zone: workshop.time_zone,
        location: workshop.location,
        url: workshop.url,
        ground_rules: workshop.ground_rules.unwrap_or_default(),
        excused_functions: JsonColumn(workshop.excused_functions),
        minutes: workshop.minutes,
        next_session_at: workshop.next_session_at,
        external_refs: JsonColumn(workshop.external_refs),
        ..next
    }
}

/// Puts a change of a workshop on record, and has it found as it is now.
pub fn record(
    change: &Change,
    what: &'static str,
    before: Option<&Model>,
    after: &Model,
) -> Result<()> {
    let mut entry = Entry::new(what, store::RESOURCE, after.id).in_review(after.review_id);
    if let Some(before) = before {
        entry = entry.before(&audited(before)?)?;
    }
    change.record(entry.after(&audited(after)?)?);
    Ok(())
}

/// A workshop of a review before anything is said of it.
fn blank(change: &Change, review: &review::Model) -> Model {
    Model {
        id: Uuid::nil(),
        organization_id: review.organization_id,
        review_id: review.id,
        review_key: review.key.clone(),
        kind: WorkshopKind::LessonsLearned,
        title: None,
        status: WorkshopStatus::Planned,
        scheduled_at: None,
        duration_minutes: 0,
        time_zone: String::new(),
        location: None,
        url: None,
        facilitator_participant_id: None,
        facilitator_name: None,
        facilitator_subject: None,
        facilitator_key: None,
        neutrality: None,
        facilitator_conflicted: false,
        neutrality_override: None,
        ground_rules: String::new(),
        agenda: JsonColumn(Vec::new()),
        excused_functions: JsonColumn(Vec::new()),
        minutes: None,
        next_session_at: None,
        held_at: None,
        actual_duration_minutes: None,
        cancelled_at: None,
        cancellation_reason: None,
        sequence: 0,
        calendar_changed_at: change.now,
        schedule_changes: JsonColumn(Vec::new()),
        withdrawn: JsonColumn(Vec::new()),
        external_refs: JsonColumn(Vec::new()),
        version: 0,
        created_at: change.now,
        created_by: change.caller.subject.clone(),
        updated_at: change.now,
    }
}

//! What can be done with obligations.

use entity::obligation::{Clock, Model};
use entity::vocabulary::{DeadlineKind, ObligationTrigger};
use entity::{JsonColumn, Timestamp, regime, review};
use serde_json::json;
use uuid::Uuid;

use super::body::{ObligationBody, ObligationPatch, RecordObligation, SubmitObligation};
use super::rules::{self, Basis};
use super::store;
use crate::deadlines::{self, Due};
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::{calendars, regimes, reviews};

/// An obligation, and whether its review has ended.
pub type InReview = (Model, bool);

/// Which obligation of which review a path names.
pub type Named<'a> = (&'a str, Uuid);

/// Records an obligation of a review that has not ended.
pub async fn record(
    change: &Change,
    review: &str,
    obligation: RecordObligation,
) -> Result<InReview> {
    let review = reviews::store::lock_shared(change, &change.caller, review).await?;
    if rules::has_ended(review.status) {
        return Err(reviews::service::refused(review.status));
    }
    let named = named_stage(change, &obligation).await?;
    let stage = named.as_ref().map(|(_, stage)| stage);
    let clock = stage.and_then(rules::clock_of);
    let basis = Basis {
        has_stage: stage.is_some(),
        clock: clock.as_ref(),
    };
    let faults = rules::check(&obligation, basis, change.now);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let title = stage.map(|stage| stage.title.clone());
    let trigger = stage.map(|stage| stage.trigger);
    let row = Model {
        id: ids::next(),
        organization_id: change.organization(),
        review_id: review.id,
        regime_id: named.as_ref().map(|(regime, _)| regime.id),
        regime: named.as_ref().map(|(regime, _)| regime.key.clone()),
        stage: stage.map(|stage| stage.name.clone()),
        title: title.unwrap_or_default(),
        description: None,
        trigger: trigger.unwrap_or(ObligationTrigger::Other),
        trigger_at: obligation.trigger_at,
        limit_trigger_at: None,
        clock: clock.map(JsonColumn),
        calendar_id: named.as_ref().and_then(|(regime, _)| regime.calendar_id),
        due_at: obligation.trigger_at,
        owner: None,
        owner_key: None,
        submitted_at: None,
        in_time: None,
        submitted_by: None,
        reference: None,
        waived_at: None,
        waived_by: None,
        waiver_reason: None,
        version: 1,
        created_at: change.now,
        created_by: change.caller.subject.clone(),
        updated_at: change.now,
    };
    let row = store::insert(change, said(change, row, obligation).await?).await?;
    deadlines::set(change, &due(&row)).await?;
    put_on_record(change, "obligation.record", None, &row)?;
    Ok((row, false))
}

/// Changes an obligation that is neither submitted nor waived.
pub async fn update(
    change: &Change,
    named: Named<'_>,
    precondition: &Precondition,
    patch: &ObligationPatch,
) -> Result<InReview> {
    let (review, old) = locked(change, named, precondition).await?;
    rules::require_open(&old)?;
    let fixed: Vec<Fault> = ["regime_id", "stage"]
        .into_iter()
        .filter(|field| patch.names(field))
        .map(|field| {
            let detail = "is what the obligation was recorded with; waive it and record another";
            Fault::at(format!("/{field}"), "not_changeable", detail)
        })
        .collect();
    if !fixed.is_empty() {
        return Err(Error::invalid(fixed));
    }
    let obligation = patch.apply(&RecordObligation::from(&old))?;
    let basis = Basis {
        has_stage: old.stage.is_some(),
        clock: old.clock.as_ref().map(|column| &column.0),
    };
    let faults = rules::check(&obligation, basis, change.now);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let row = said(change, next_version(change, &old), obligation).await?;
    save(change, &review, "obligation.update", old, row).await
}

/// Records that an obligation was met.
pub async fn submit(
    change: &Change,
    named: Named<'_>,
    precondition: &Precondition,
    sent: SubmitObligation,
) -> Result<InReview> {
    let (review, old) = locked(change, named, precondition).await?;
    rules::require_open(&old)?;
    let faults = rules::check_submission(&old, &sent, change.now);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let at = sent.submitted_at.unwrap_or(change.now);
    let row = Model {
        submitted_at: Some(at),
        in_time: Some(at <= old.due_at),
        submitted_by: Some(change.caller.subject.clone()),
        reference: sent.reference,
        ..next_version(change, &old)
    };
    save(change, &review, "obligation.submit", old, row).await
}

/// Records that an obligation need not be met.
pub async fn waive(
    change: &Change,
    named: Named<'_>,
    precondition: &Precondition,
    reason: String,
) -> Result<InReview> {
    let (review, old) = locked(change, named, precondition).await?;
    rules::require_open(&old)?;
    let row = Model {
        waived_at: Some(change.now),
        waived_by: Some(change.caller.subject.clone()),
        waiver_reason: Some(reason),
        ..next_version(change, &old)
    };
    save(change, &review, "obligation.waive", old, row).await
}

/// Takes back that an obligation was met or waived.
pub async fn reopen(
    change: &Change,
    named: Named<'_>,
    precondition: &Precondition,
    reason: String,
) -> Result<InReview> {
    let (review, old) = locked(change, named, precondition).await?;
    rules::require_done(&old)?;
    let row = Model {
        submitted_at: None,
        in_time: None,
        submitted_by: None,
        reference: None,
        waived_at: None,
        waived_by: None,
        waiver_reason: None,
        ..next_version(change, &old)
    };
    let row = store::save(change, row).await?;
    follow(change, &row).await?;
    let entry = entry(change, "obligation.reopen", Some(&old), &row)?;
    // Nothing on the obligation keeps the reason, so the record does.
    let body = ObligationBody::of(row.clone(), false, change.now);
    change.record(entry.after(&json!({ "reason": reason, "obligation": body }))?);
    Ok((row, rules::has_ended(review.status)))
}

async fn locked(
    change: &Change,
    (review, id): Named<'_>,
    precondition: &Precondition,
) -> Result<(review::Model, Model)> {
    let review = reviews::store::lock_shared(change, &change.caller, review).await?;
    let old = store::lock(change, &review, id).await?;
    precondition.check(old.version)?;
    Ok((review, old))
}

async fn save(
    change: &Change,
    review: &review::Model,
    action: &'static str,
    old: Model,
    row: Model,
) -> Result<InReview> {
    let row = store::save(change, row).await?;
    follow(change, &row).await?;
    put_on_record(change, action, Some(&old), &row)?;
    Ok((row, rules::has_ended(review.status)))
}

/// The regime and stage that an obligation names, if it names one.
async fn named_stage(
    change: &Change,
    obligation: &RecordObligation,
) -> Result<Option<(regime::Model, regime::Stage)>> {
    let refuse = |pointer: &str, code: &str, detail: &str| {
        Err(Error::invalid(vec![Fault::at(pointer, code, detail)]))
    };
    let (id, name) = match (obligation.regime_id, &obligation.stage) {
        (None, None) => return Ok(None),
        (Some(_), None) => return refuse("/stage", "required", "goes with regime_id"),
        (None, Some(_)) => return refuse("/regime_id", "required", "goes with stage"),
        (Some(id), Some(name)) => (id, name),
    };
    let Some(regime) = regimes::store::nameable(change, change.organization(), id).await? else {
        let detail = "is no regime that the organisation sees and that is not archived";
        return refuse("/regime_id", "not_found", detail);
    };
    let stage = regime.stages.0.iter().find(|stage| stage.name == *name);
    let Some(stage) = stage.cloned() else {
        return refuse("/stage", "not_found", "is no stage of the regime");
    };
    Ok(Some((regime, stage)))
}

/// An obligation with what a body says; what it was recorded with and its history stay.
async fn said(change: &Change, old: Model, body: RecordObligation) -> Result<Model> {
    let (due_at, calendar_id) = match &old.clock {
        Some(JsonColumn(clock)) => computed(change, &old, clock, &body).await?,
        None => (body.due_at.unwrap_or(old.due_at), None),
    };
    let owner = body.owner.as_ref();
    Ok(Model {
        title: body.title.unwrap_or(old.title),
        description: body.description,
        trigger: body.trigger.unwrap_or(old.trigger),
        trigger_at: body.trigger_at,
        limit_trigger_at: body.limit_trigger_at,
        calendar_id,
        due_at,
        owner_key: owner.map(|one| one.subject.clone().unwrap_or_else(|| one.name.clone())),
        owner: body.owner.map(JsonColumn),
        ..old
    })
}

async fn computed(
    change: &Change,
    old: &Model,
    clock: &Clock,
    body: &RecordObligation,
) -> Result<(Timestamp, Option<Uuid>)> {
    let organization = change.organization();
    let counting = calendars::store::counting(&**change, organization, old.calendar_id).await?;
    let due_at = rules::due_at(
        &counting.work,
        clock,
        body.trigger_at,
        body.limit_trigger_at,
    );
    let due_at = due_at.ok_or_else(|| {
        let detail = "the clock ends beyond the year 9999";
        Error::invalid(vec![Fault::at("/trigger_at", "out_of_range", detail)])
    })?;
    Ok((due_at, counting.calendar.id))
}

fn due(row: &Model) -> Due<'_> {
    Due {
        kind: DeadlineKind::ObligationDue,
        resource_id: row.id,
        review_id: Some(row.review_id),
        title: &row.title,
        owner: row.owner_key.as_deref(),
        due_at: row.due_at,
    }
}

/// Keeps the deadline of an obligation as it is now.
pub async fn follow(change: &Change, row: &Model) -> Result<()> {
    let kind = DeadlineKind::ObligationDue;
    if row.waived_at.is_some() {
        return deadlines::clear(change, kind, row.id).await;
    }
    deadlines::set(change, &due(row)).await?;
    match row.submitted_at {
        Some(at) => deadlines::meet(change, kind, row.id, at).await,
        None => deadlines::reopen(change, kind, row.id).await,
    }
}

fn next_version(change: &Change, old: &Model) -> Model {
    Model {
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    }
}

fn entry(
    change: &Change,
    action: &'static str,
    before: Option<&Model>,
    after: &Model,
) -> Result<Entry> {
    let entry = Entry::new(action, store::RESOURCE, after.id).in_review(after.review_id);
    match before {
        Some(before) => entry.before(&ObligationBody::of(before.clone(), false, change.now)),
        None => Ok(entry),
    }
}

fn put_on_record(
    change: &Change,
    action: &'static str,
    before: Option<&Model>,
    after: &Model,
) -> Result<()> {
    let body = ObligationBody::of(after.clone(), false, change.now);
    change.record(entry(change, action, before, after)?.after(&body)?);
    Ok(())
}

//! How an action moves through its life: progress, verifications, and the verbs that end it or
//! take it up again. Each step leaves a row in its progress.

use entity::action::{Ending, Model};
use entity::review::Model as Review;
use entity::vocabulary::{ActionStatus, VerificationResult};
use entity::{JsonColumn, action_progress, verification};
use uuid::Uuid;

use super::rules::{self, Move};
use super::service::{conclude, dated, next_version};
use super::steps::{AcceptRisk, RecordVerification, ReportProgress};
use super::vouching::{caller, refuse_owner, refuse_while_blocked};
use super::write::{self, NewProgress};
use super::{due, searched, spells, store, vouching};
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::reviews;

/// Which action of which review a path names.
pub type Named<'a> = (&'a str, Uuid);

async fn lock(change: &Change, (review, id): Named<'_>) -> Result<(Review, Model)> {
    let review = reviews::store::lock_shared(change, &change.caller, review).await?;
    let action = store::lock(change, change.organization(), review.id, id).await?;
    Ok((review, action))
}

/// Appends progress, and moves the action when the progress says where it is now.
pub async fn report(
    change: &Change,
    named: Named<'_>,
    report: ReportProgress,
) -> Result<(action_progress::Model, Model)> {
    let (review, old) = lock(change, named).await?;
    let faults = rules::check_progress(&report, change.now);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    // A clock that is ahead of ours has not seen more than we have.
    let at = report.at.map_or(change.now, |at| at.min(change.now));
    let current = Move::Report(old.status);
    let step = report.status.map_or(current, |to| Move::Report(to.into()));
    let status = rules::moved(old.status, step)?;
    let moved = (status != old.status).then_some((old.status, status));
    if moved.is_some() {
        let before = store::last_move(&**change, old.id).await?;
        rules::check_order(at, old.created_at, before)?;
    }
    let done = moved.is_some() && status == ActionStatus::Implemented;
    let newest = old.last_progress_at.is_none_or(|last| at >= last);
    let percent = match report.percent {
        // What is implemented is done, whenever and whatever was reported of it.
        _ if status == ActionStatus::Implemented => Some(100),
        Some(percent) if newest => Some(percent),
        _ => old.percent,
    };
    let committed = old.committed_at.or_else(|| {
        let is_committed = status != ActionStatus::Proposed;
        is_committed.then_some(at)
    });
    let row = Model {
        status,
        percent,
        committed_at: committed,
        implemented_at: if done { Some(at) } else { old.implemented_at },
        implemented_by: if done {
            vouching::owner(&old).map(JsonColumn)
        } else {
            old.implemented_by.clone()
        },
        last_progress_at: old.last_progress_at.max(Some(at)),
        ..next_version(change, &old)
    };
    let row = if old.committed_at.is_none() && row.committed_at.is_some() {
        dated(change, &review, row)
    } else {
        row
    };
    let row = write::save_alone(change, row).await?;
    let progress = NewProgress {
        at,
        percent: report.percent,
        moved,
        note: report.note,
    };
    let progress = write::append_progress(change, &row, progress).await?;
    conclude(change, "action.progress", &old, &row).await?;
    Ok((progress, row))
}

/// Records a verification and moves the action as its result says.
pub async fn verify(
    change: &Change,
    named: Named<'_>,
    precondition: &Precondition,
    given: RecordVerification,
) -> Result<(verification::Model, Model)> {
    let (review, old) = lock(change, named).await?;
    precondition.check(old.version)?;
    let faults = rules::check_verification(&given, change.now.0.date_naive());
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let result = given.result;
    let status = rules::moved(old.status, Move::Verify(result))?;
    let verified_by = given.verified_by.unwrap_or_else(|| caller(change));
    refuse_owner(change, &review, &old, &verified_by, "verifier_is_owner").await?;
    if result == VerificationResult::Effective {
        refuse_while_blocked(change, &old).await?;
    }
    let row = match status {
        ActionStatus::InProgress => Model {
            ineffective_count: old.ineffective_count + 1,
            ..reopened(change, &old)
        },
        ActionStatus::Verified => Model {
            status,
            verified_at: old.verified_at.or(Some(change.now)),
            ..next_version(change, &old)
        },
        _ => Model {
            status,
            verified_at: None,
            spells: JsonColumn(spells::after(&old, status, change.now)),
            ..next_version(change, &old)
        },
    };
    let row = write::save_alone(change, row).await?;
    let verification = verification::Model {
        id: ids::next(),
        organization_id: row.organization_id,
        action_id: row.id,
        method: given.method,
        result,
        evidence: JsonColumn(given.evidence),
        note: given.note,
        recheck_on: given.recheck_on,
        verified_by: JsonColumn(verified_by),
        created_at: change.now,
        created_by: change.caller.subject.clone(),
    };
    let verification = write::insert_verification(change, verification).await?;
    if let Some(text) = searched::verification(&verification, row.review_id) {
        change.index(text);
    }
    due::looked_at(change, &row, verification.recheck_on).await?;
    note_move(change, &old, &row, format!("Verification: {result}")).await?;
    record_verification(change, &verification, &row)?;
    conclude(change, "action.verify", &old, &row).await?;
    Ok((verification, row))
}

/// Ends an action that will not be done.
pub async fn decline(
    change: &Change,
    named: Named<'_>,
    precondition: &Precondition,
    reason: String,
) -> Result<Model> {
    let (_, old) = lock(change, named).await?;
    let ending = ending(change, reason);
    end(
        change,
        precondition,
        old,
        Move::Decline,
        ending,
        "action.decline",
    )
    .await
}

/// Ends an action that is no longer needed.
pub async fn cancel(
    change: &Change,
    named: Named<'_>,
    precondition: &Precondition,
    reason: String,
) -> Result<Model> {
    let (_, old) = lock(change, named).await?;
    let ending = ending(change, reason);
    end(
        change,
        precondition,
        old,
        Move::Cancel,
        ending,
        "action.cancel",
    )
    .await
}

/// Ends an action whose risk somebody else than its owner bears until a date.
pub async fn accept_risk(
    change: &Change,
    named: Named<'_>,
    precondition: &Precondition,
    accepted: AcceptRisk,
) -> Result<Model> {
    let (review, old) = lock(change, named).await?;
    precondition.check(old.version)?;
    if accepted.expires_on <= change.now.0.date_naive() {
        let fault = Fault::at("/expires_on", "in_the_past", "must be after today (UTC)");
        return Err(Error::invalid(vec![fault]));
    }
    rules::moved(old.status, Move::AcceptRisk)?;
    let approver = &accepted.approver;
    refuse_owner(change, &review, &old, approver, "approver_is_owner").await?;
    let ending = Ending {
        approver: Some(accepted.approver),
        expires_on: Some(accepted.expires_on),
        ..ending(change, accepted.reason)
    };
    end(
        change,
        precondition,
        old,
        Move::AcceptRisk,
        ending,
        "action.accept_risk",
    )
    .await
}

/// Takes up again what was done or had ended.
pub async fn reopen(
    change: &Change,
    named: Named<'_>,
    precondition: &Precondition,
    reason: String,
) -> Result<Model> {
    let (_, old) = lock(change, named).await?;
    precondition.check(old.version)?;
    rules::moved(old.status, Move::Reopen)?;
    let row = write::save_alone(change, reopened(change, &old)).await?;
    note_move(change, &old, &row, reason).await?;
    conclude(change, "action.reopen", &old, &row).await?;
    Ok(row)
}

fn ending(change: &Change, reason: String) -> Ending {
    Ending {
        reason,
        approver: None,
        expires_on: None,
        by: change.caller.subject.clone(),
    }
}

async fn end(
    change: &Change,
    precondition: &Precondition,
    old: Model,
    step: Move,
    ending: Ending,
    what: &'static str,
) -> Result<Model> {
    precondition.check(old.version)?;
    let reason = ending.reason.clone();
    let row = Model {
        status: rules::moved(old.status, step)?,
        ended_at: Some(change.now),
        ended: Some(JsonColumn(ending)),
        ..next_version(change, &old)
    };
    let row = write::save_alone(change, row).await?;
    note_move(change, &old, &row, reason).await?;
    conclude(change, what, &old, &row).await?;
    Ok(row)
}

/// The action in progress again: what was said of its end no longer holds.
fn reopened(change: &Change, old: &Model) -> Model {
    Model {
        status: ActionStatus::InProgress,
        percent: None,
        reopened_count: old.reopened_count + 1,
        committed_at: old.committed_at.or(Some(change.now)),
        implemented_at: None,
        implemented_by: None,
        verified_at: None,
        ended_at: None,
        ended: None,
        spells: JsonColumn(spells::after(old, ActionStatus::InProgress, change.now)),
        ..next_version(change, old)
    }
}

/// Leaves a step that no report of progress made in the action's progress.
async fn note_move(change: &Change, old: &Model, row: &Model, note: String) -> Result<()> {
    if old.status == row.status {
        return Ok(());
    }
    let progress = NewProgress {
        at: change.now,
        percent: None,
        moved: Some((old.status, row.status)),
        note: Some(note),
    };
    write::append_progress(change, row, progress).await?;
    Ok(())
}

fn record_verification(
    change: &Change,
    verification: &verification::Model,
    action: &Model,
) -> Result<()> {
    let body = super::steps::VerificationBody::from(verification.clone());
    let entry = Entry::new("verification.create", "verification", verification.id);
    change.record(entry.in_review(action.review_id).after(&body)?);
    Ok(())
}

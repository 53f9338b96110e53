//! How a workshop moves: it is given another time, held, or cancelled.

use std::collections::HashMap;

use entity::vocabulary::{DeadlineKind, WorkshopKind, WorkshopStatus};
use entity::workshop::{ExcusedFunction, Model, ScheduleChange};
use entity::{JsonColumn, invitation};
use uuid::Uuid;

use super::facilitator::{self, Facilitator, checked, decided, record_override};
use super::rules::{self, Step};
use super::service::{locked, next_in_calendar, next_version, record, refuse};
use super::steps::{HoldWorkshop, InvitedAttendance, RescheduleWorkshop};
use super::{carry_over, invitations, neutrality, store};
use crate::contributions::board;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::{deadlines, feedback};

/// Gives a workshop another time. Whoever had answered is asked again.
pub async fn reschedule(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    new: RescheduleWorkshop,
) -> Result<Model> {
    let (_, old) = locked(change, id, precondition, Step::Reschedule).await?;
    let minutes = new.duration_minutes.unwrap_or(old.duration_minutes);
    let zone = new.time_zone.unwrap_or_else(|| old.time_zone.clone());
    let mut faults: Vec<Fault> = rules::check_zone(&zone).into_iter().collect();
    if (old.scheduled_at, old.duration_minutes) == (Some(new.scheduled_at), minutes) {
        let detail = "is when the workshop is to be held already";
        faults.push(Fault::at("/scheduled_at", "unchanged", detail));
    }
    if rules::check_next(Some(new.scheduled_at), old.next_session_at).is_some() {
        let detail = "must be before the next session";
        faults.push(Fault::at("/scheduled_at", "after_next_session", detail));
    }
    refuse(faults)?;
    let mut changes = old.schedule_changes.0.clone();
    changes.push(ScheduleChange {
        from: old.scheduled_at,
        from_duration_minutes: old.duration_minutes,
        to: new.scheduled_at,
        to_duration_minutes: minutes,
        reason: new.reason,
        at: change.now,
        by: change.caller.subject.clone(),
    });
    let row = Model {
        scheduled_at: Some(new.scheduled_at),
        duration_minutes: minutes,
        time_zone: zone,
        schedule_changes: JsonColumn(changes),
        ..next_in_calendar(change, &old)
    };
    let row = store::save(change, &old, row).await?;
    invitations::store::ask_again(change, row.id, change.now).await?;
    record(change, "workshop.reschedule", Some(&old), &row)?;
    Ok(row)
}

/// Cancels a workshop. What was said anonymously for it is destroyed, votes are counted.
pub async fn cancel(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    reason: String,
) -> Result<Model> {
    let (review, old) = locked(change, id, precondition, Step::Cancel).await?;
    let row = Model {
        status: WorkshopStatus::Cancelled,
        cancelled_at: Some(change.now),
        cancellation_reason: Some(reason),
        ..next_in_calendar(change, &old)
    };
    let row = store::save(change, &old, row).await?;
    record(change, "workshop.cancel", Some(&old), &row)?;
    board::ending::follow(change, &review, &row).await?;
    Ok(row)
}

/// Records that a workshop was held.
///
/// Its facilitator's neutrality is looked at again: what is known of the incident may have changed
/// since they were named. A follow-up leaves its actions as they are now.
pub async fn hold(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    hold: HoldWorkshop,
) -> Result<Model> {
    let (review, old) = locked(change, id, precondition, Step::Hold).await?;
    let planned = old.scheduled_at.filter(|at| *at <= change.now);
    let held_at = hold.held_at.or(planned).unwrap_or(change.now);
    let mut faults = rules::check_hold(&hold, held_at, change.now);
    let invited = invitations::store::for_workshop(&**change, old.id).await?;
    let came = matched(&hold.attendance, invited, &mut faults);
    refuse(faults)?;
    let facilitated = looked_at_again(change, &old, &hold).await?;
    let row = Model {
        status: WorkshopStatus::Held,
        held_at: Some(held_at),
        actual_duration_minutes: hold.actual_duration_minutes,
        minutes: hold.minutes.or_else(|| old.minutes.clone()),
        next_session_at: hold.next_session_at.or(old.next_session_at),
        excused_functions: JsonColumn(excused(&old, hold.excused_functions)),
        ..next_version(change, &facilitated)
    };
    let row = store::save(change, &old, row).await?;
    for (invitation, given) in came {
        let (attendance, reason) = (given.attendance, given.reason.clone());
        invitations::service::attended(change, &row, invitation, (attendance, reason)).await?;
    }
    if row.kind == WorkshopKind::FollowUp {
        carry_over::service::freeze(change, &row).await?;
    }
    record(change, "workshop.hold", Some(&old), &row)?;
    if rules::needs_every_function(row.kind) {
        deadlines::meet_first(change, DeadlineKind::WorkshopDue, review.id, held_at).await?;
        feedback::schedule::after_workshop(change, &review, row.id).await?;
    }
    record_override(change, Some(&old), &row)?;
    Ok(row)
}

/// The invitations that an attendance is given for.
fn matched<'a>(
    given: &'a [InvitedAttendance],
    invited: Vec<invitation::Model>,
    faults: &mut Vec<Fault>,
) -> Vec<(invitation::Model, &'a InvitedAttendance)> {
    let mut invited: HashMap<Uuid, invitation::Model> =
        invited.into_iter().map(|one| (one.id, one)).collect();
    let mut matched = Vec::with_capacity(given.len());
    for (at, one) in given.iter().enumerate() {
        let repeated = given[..at]
            .iter()
            .any(|before| before.invitation_id == one.invitation_id);
        match invited.remove(&one.invitation_id) {
            Some(invitation) => matched.push((invitation, one)),
            None if repeated => {}
            None => {
                let pointer = format!("/attendance/{at}/invitation_id");
                let detail = "is not an invitation to this workshop";
                faults.push(Fault::at(pointer, "not_found", detail));
            }
        }
    }
    matched
}

/// The workshop with what is found about its facilitator now.
async fn looked_at_again(change: &Change, old: &Model, hold: &HoldWorkshop) -> Result<Model> {
    let Some(facilitator) = Facilitator::of(old) else {
        return Ok(old.clone());
    };
    let facts = facilitator::facts(&**change, old.review_id).await?;
    let conflicts = facilitator.conflicts(&facts);
    let before = old.neutrality_override.clone();
    let decision = match &hold.neutrality_override {
        Some(given) => Some(decided(change, before, given.reason.clone())),
        None => before,
    };
    if decision.is_none() && !conflicts.is_empty() {
        let unmet = neutrality::faults(&conflicts);
        let unmet = unmet.into_iter().map(|fault| Fault {
            pointer: None,
            ..fault
        });
        let detail = "the facilitator is not neutral, and no reason is given for it";
        return Err(Error::state(detail, unmet.collect()));
    }
    Ok(Model {
        neutrality_override: decision,
        ..checked(change, old.clone(), conflicts)
    })
}

/// The excused functions of before and of now; what is said now counts.
fn excused(old: &Model, new: Vec<ExcusedFunction>) -> Vec<ExcusedFunction> {
    let before = old.excused_functions.0.iter();
    let kept = before.filter(|before| new.iter().all(|one| one.function != before.function));
    let mut all: Vec<ExcusedFunction> = kept.cloned().collect();
    all.extend(new);
    all
}

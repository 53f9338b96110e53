//! The deadlines of an action: its due date, the end of its accepted risk, the day on which to look
//! at it again.

use chrono::NaiveDate;
use entity::Timestamp;
use entity::action::Model;
use entity::vocabulary::{ActionStatus, DeadlineKind};

use super::rules;
use crate::deadlines::{self, Due};
use crate::kernel::call::Change;
use crate::kernel::error::Result;

/// Keeps the deadlines of an action as it is now.
pub async fn follow(change: &Change, old: Option<&Model>, row: &Model) -> Result<()> {
    follow_work(change, old, row).await?;
    let (before, after) = (old.and_then(risk), risk(row));
    if before != after {
        match &after {
            Some(due) => deadlines::set(change, due).await?,
            None => deadlines::clear(change, DeadlineKind::RiskExpiry, row.id).await?,
        }
    }
    let Some(old) = old else { return Ok(()) };
    if is_done(old) && !is_done(row) {
        deadlines::give_up(change, DeadlineKind::VerificationRecheck, row.id).await?;
    } else if (&old.title, &old.owner_key) != (&row.title, &row.owner_key) {
        deadlines::describe(change, row.id, &row.title, row.owner_key.as_deref()).await?;
    }
    Ok(())
}

async fn follow_work(change: &Change, old: Option<&Model>, row: &Model) -> Result<()> {
    let (before, after) = (old.and_then(work), work(row));
    if before == after {
        return Ok(());
    }
    let kind = DeadlineKind::ActionDue;
    let Some((due, met_at)) = after else {
        return deadlines::clear(change, kind, row.id).await;
    };
    deadlines::set(change, &due).await?;
    match met_at {
        Some(at) => deadlines::meet(change, kind, row.id, at).await,
        None if before.is_some() => deadlines::reopen(change, kind, row.id).await,
        None => Ok(()),
    }
}

/// Takes over what a verification says of the next look: the day of it, or that this was the last.
pub async fn looked_at(change: &Change, row: &Model, next: Option<NaiveDate>) -> Result<()> {
    let kind = DeadlineKind::VerificationRecheck;
    match next.filter(|_| is_done(row)) {
        Some(day) => {
            let due = due(row, kind, deadlines::end_of(day));
            deadlines::set(change, &due).await?;
            deadlines::reopen(change, kind, row.id).await
        }
        None => deadlines::meet(change, kind, row.id, change.now).await,
    }
}

fn is_done(row: &Model) -> bool {
    matches!(
        row.status,
        ActionStatus::Implemented | ActionStatus::Verified
    )
}

fn due(row: &Model, kind: DeadlineKind, due_at: Timestamp) -> Due<'_> {
    Due {
        kind,
        resource_id: row.id,
        review_id: Some(row.review_id),
        title: &row.title,
        owner: row.owner_key.as_deref(),
        due_at,
    }
}

/// When an action is due, and when it was done; nothing when it ended without being done.
fn work(row: &Model) -> Option<(Due<'_>, Option<Timestamp>)> {
    let met_at = if is_done(row) {
        row.implemented_at.or(row.verified_at)
    } else if rules::is_unfinished(row.status) {
        None
    } else {
        return None;
    };
    let due = due(row, DeadlineKind::ActionDue, deadlines::end_of(row.due_on?));
    Some((due, met_at))
}

/// When an accepted risk expires.
fn risk(row: &Model) -> Option<Due<'_>> {
    let ended = row.ended.as_ref()?;
    let is_accepted = row.status == ActionStatus::RiskAccepted;
    let last = ended.0.expires_on.filter(|_| is_accepted)?;
    Some(due(row, DeadlineKind::RiskExpiry, deadlines::end_of(last)))
}

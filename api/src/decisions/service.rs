//! What can be done with a decision log.

use entity::decision::Model;
use uuid::Uuid;

use super::body::{AmendDecision, AppendDecision};
use super::{rules, store};
use crate::append_only::body::Stamp;
use crate::append_only::row::Row as _;
use crate::append_only::service::{hold, open, record_append};
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::references::{self, unknown};
use crate::{append_only, chronology, participants};

/// Appends a decision.
pub async fn append(change: &Change, review: &str, decision: AppendDecision) -> Result<Model> {
    let review = open(change, review).await?;
    check(change, review.id, &decision, "").await?;
    let row = store::insert(change, decision.into_row(Stamp::new(change, review.id))).await?;
    record_append(change, &row)?;
    Ok(row)
}

/// Amends a decision: a new revision with a reason; the old one stays readable.
pub async fn amend(
    change: &Change,
    decision: (&str, Uuid),
    precondition: &Precondition,
    amendment: AmendDecision,
) -> Result<Model> {
    let held = hold::<Model>(change, decision, precondition).await?;
    let given = amendment.changes.apply(&AppendDecision::from(&held.old))?;
    check(change, held.review.id, &given, "/changes").await?;
    let row = given.into_row(held.old.stamp());
    let row = append_only::service::amend(change, &held, row, &amendment.reason).await?;
    references::cite(change, row.id, &row.event_ids.0).await?;
    Ok(row)
}

/// Retracts a decision: it stays, struck out.
pub async fn retract(
    change: &Change,
    decision: (&str, Uuid),
    precondition: &Precondition,
    reason: &str,
) -> Result<Model> {
    let held = hold::<Model>(change, decision, precondition).await?;
    append_only::service::retract(change, &held, reason).await
}

async fn check(
    change: &Change,
    review: Uuid,
    decision: &AppendDecision,
    under: &str,
) -> Result<()> {
    let mut faults = rules::check(decision, change.now);
    let known = chronology::store::existing(&**change, review, &decision.event_ids).await?;
    faults.extend(unknown("/event_ids", &decision.event_ids, &known, "event"));
    if let Some(participant) = decision.decider_participant_id
        && !participants::store::is_there(&**change, review, participant).await?
    {
        let detail = "is no participant of this review";
        faults.push(Fault::at("/decider_participant_id", "not_found", detail));
    }
    if faults.is_empty() {
        return Ok(());
    }
    let faults = faults.into_iter().map(|fault| fault.under(under));
    Err(Error::invalid(faults.collect()))
}

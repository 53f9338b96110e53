//! What can be done with a communication log.

use entity::communication::Model;
use uuid::Uuid;

use super::body::{AmendCommunication, AppendCommunication};
use super::{rules, store};
use crate::append_only::body::Stamp;
use crate::append_only::row::Row as _;
use crate::append_only::service::{hold, open, record_append};
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Result};
use crate::kernel::etag::Precondition;
use crate::references::{self, unknown};
use crate::{append_only, chronology};

/// Appends a communication.
pub async fn append(
    change: &Change,
    review: &str,
    communication: AppendCommunication,
) -> Result<Model> {
    let review = open(change, review).await?;
    check(change, review.id, &communication, "").await?;
    let row = communication.into_row(Stamp::new(change, review.id));
    let row = store::insert(change, row).await?;
    record_append(change, &row)?;
    Ok(row)
}

/// Amends a communication: a new revision with a reason; the old one stays readable.
pub async fn amend(
    change: &Change,
    communication: (&str, Uuid),
    precondition: &Precondition,
    amendment: AmendCommunication,
) -> Result<Model> {
    let held = hold::<Model>(change, communication, precondition).await?;
    let given = amendment
        .changes
        .apply(&AppendCommunication::from(&held.old))?;
    check(change, held.review.id, &given, "/changes").await?;
    let row = given.into_row(held.old.stamp());
    let row = append_only::service::amend(change, &held, row, &amendment.reason).await?;
    references::cite(change, row.id, &row.event_ids.0).await?;
    Ok(row)
}

/// Retracts a communication: it stays, struck out.
pub async fn retract(
    change: &Change,
    communication: (&str, Uuid),
    precondition: &Precondition,
    reason: &str,
) -> Result<Model> {
    let held = hold::<Model>(change, communication, precondition).await?;
    append_only::service::retract(change, &held, reason).await
}

async fn check(
    change: &Change,
    review: Uuid,
    communication: &AppendCommunication,
    under: &str,
) -> Result<()> {
    let mut faults = rules::check(communication, change.now);
    let events = &communication.event_ids;
    let known = chronology::store::existing(&**change, review, events).await?;
    faults.extend(unknown("/event_ids", events, &known, "event"));
    if faults.is_empty() {
        return Ok(());
    }
    let faults = faults.into_iter().map(|fault| fault.under(under));
    Err(Error::invalid(faults.collect()))
}

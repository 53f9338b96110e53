//! What is said about the response, and how it is said better.

use uuid::Uuid;

use super::Order;
use crate::kernel::call::Change;
use crate::kernel::error::Result;
use crate::kernel::etag::Precondition;
use crate::kernel::reply::Put;
use crate::{
    assessments, chronology, communications, decisions, findings, impacts, reviews, wording_notes,
};

/// Calls the operation; the id of what it made.
pub(super) async fn perform(change: &Change, order: Order<'_>) -> Result<Option<Uuid>> {
    let (review, any, unsaid) = (order.review, Precondition::any(), Precondition::unsaid());
    Ok(match order.deed.operation.as_str() {
        "append_decision" => {
            let made = decisions::service::append(change, review, order.body()?).await?;
            Some(made.id)
        }
        "append_communication" => {
            let made = communications::service::append(change, review, order.body()?).await?;
            Some(made.id)
        }
        "put_assessment" => {
            let which = (review, order.term(0)?);
            match assessments::service::put(change, which, &unsaid, order.body()?).await? {
                Put::Created(row) | Put::Stored(row) => Some(row.id),
            }
        }
        "put_impact" => {
            let which = (review, (order.term(0)?, order.term(1)?));
            match impacts::service::put(change, which, &unsaid, order.body()?).await? {
                Put::Created(row) | Put::Stored(row) => Some(row.id),
            }
        }
        "amend_event" => {
            chronology::service::amend(change, order.named()?, &any, order.body()?).await?;
            None
        }
        "amend_decision" => {
            decisions::service::amend(change, order.named()?, &any, order.body()?).await?;
            None
        }
        "amend_communication" => {
            communications::service::amend(change, order.named()?, &any, order.body()?).await?;
            None
        }
        "amend_finding" => {
            findings::service::amend(change, order.named()?, &any, order.body()?).await?;
            None
        }
        "acknowledge_wording_notes" => {
            let held = reviews::store::find(&**change, &change.caller, review).await?;
            let open = wording_notes::store::open(&**change, &held).await?;
            let ids: Vec<Uuid> = open.into_iter().map(|note| note.id).collect();
            let reason = Some(order.reason()?);
            wording_notes::service::acknowledge_all(change, review, &ids, reason).await?;
            None
        }
        _ => return Err(order.unknown()),
    })
}

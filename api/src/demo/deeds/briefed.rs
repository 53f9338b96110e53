//! What leaders and others are told, and that they took note.

use uuid::Uuid;

use super::Order;
use crate::briefings::{delivery, service};
use crate::kernel::call::Change;
use crate::kernel::error::Result;
use crate::kernel::etag::Precondition;

/// Calls the operation; the id of what it made.
pub(super) async fn perform(change: &Change, order: Order<'_>) -> Result<Option<Uuid>> {
    let any = Precondition::any();
    match order.deed.operation.as_str() {
        "draft_briefing" => {
            let made = service::create(change, order.review, order.body()?).await?;
            return Ok(Some(made.id));
        }
        "issue_briefing" => {
            service::issue(change, order.id(0)?, &any).await?;
        }
        "deliver_briefing" => {
            delivery::deliver(change, order.id(0)?, &any, order.body()?).await?;
        }
        "acknowledge_briefing" => {
            delivery::acknowledge(change, order.id(0)?, &order.body()?).await?;
        }
        _ => return Err(order.unknown()),
    }
    Ok(None)
}

//! What is to be better, and what is to be remembered.

use uuid::Uuid;

use super::Order;
use crate::kernel::call::Change;
use crate::kernel::error::Result;
use crate::kernel::etag::Precondition;
use crate::{lessons, library, recommendations};

/// Calls the operation; the id of what it made.
pub(super) async fn perform(change: &Change, order: Order<'_>) -> Result<Option<Uuid>> {
    use recommendations::{accept, decide, service};
    let any = Precondition::any();
    Ok(match order.deed.operation.as_str() {
        "add_recommendation_template" => {
            Some(library::service::create(change, order.body()?).await?.id)
        }
        "propose_recommendation" => Some(
            service::create(change, order.review, order.body()?)
                .await?
                .id,
        ),
        "accept_recommendation" => {
            accept::accept(change, order.named()?, &any, order.body()?).await?;
            None
        }
        "defer_recommendation" => {
            decide::defer(change, order.named()?, &any, order.body()?).await?;
            None
        }
        "reject_recommendation" => {
            decide::reject(change, order.named()?, &any, order.reason()?).await?;
            None
        }
        "accept_recommendation_risk" => {
            decide::accept_risk(change, order.named()?, &any, order.body()?).await?;
            None
        }
        "record_lesson" => Some(
            lessons::service::create(change, order.review, order.body()?)
                .await?
                .id,
        ),
        "validate_lesson" => {
            let reason = order.deed.with["reason"].as_str().map(str::to_owned);
            lessons::service::validate(change, order.named()?, &any, reason).await?;
            None
        }
        "retire_lesson" => {
            lessons::service::retire(change, order.named()?, &any, order.reason()?).await?;
            None
        }
        _ => return Err(order.unknown()),
    })
}

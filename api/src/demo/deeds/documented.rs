//! What is written down for good.

use uuid::Uuid;

use super::Order;
use crate::documents;
use crate::kernel::call::Change;
use crate::kernel::error::Result;

/// Calls the operation; the id of what it made.
pub(super) async fn perform(change: &Change, order: Order<'_>) -> Result<Option<Uuid>> {
    Ok(match order.deed.operation.as_str() {
        "add_document" => Some(documents::service::create(change, order.body()?).await?.id),
        "publish_document_revision" => {
            let document = order.id(0)?;
            let made =
                documents::revisions::service::publish(change, document, order.body()?).await?;
            Some(made.id)
        }
        "acknowledge_document_revision" => {
            let named = (order.id(0)?, order.id(1)?);
            let given = order.body()?;
            documents::acknowledgements::service::acknowledge(change, named, given).await?;
            None
        }
        _ => return Err(order.unknown()),
    })
}

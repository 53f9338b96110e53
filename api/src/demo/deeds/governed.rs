//! What is settled for the organisation, and the clocks of the law.

use uuid::Uuid;

use super::Order;
use crate::kernel::call::Change;
use crate::kernel::error::Result;
use crate::kernel::etag::Precondition;
use crate::{calendars, incidents, measures, obligations, policies};

/// Calls the operation; the id of what it made.
pub(super) async fn perform(change: &Change, order: Order<'_>) -> Result<Option<Uuid>> {
    let any = Precondition::any();
    Ok(match order.deed.operation.as_str() {
        "define_calendar" => Some(calendars::service::define(change, order.body()?).await?.id),
        "define_policy" => Some(policies::service::define(change, order.body()?).await?.id),
        "record_obligation" => {
            let (made, _) =
                obligations::service::record(change, order.review, order.body()?).await?;
            Some(made.id)
        }
        "submit_obligation" => {
            obligations::service::submit(change, order.named()?, &any, order.body()?).await?;
            None
        }
        "waive_obligation" => {
            obligations::service::waive(change, order.named()?, &any, order.reason()?).await?;
            None
        }
        "define_improvement_measure" => {
            let made = measures::service::define(change, order.review, order.body()?).await?;
            Some(made.id)
        }
        "evaluate_improvement_measure" => {
            let seen = (&**change, &*change.caller);
            let looked =
                measures::service::look(seen.0, seen.1, order.named()?, change.now).await?;
            let (row, result) = looked.answer();
            measures::service::keep(change, order.review, &any, (&row, &result)).await?;
            None
        }
        "update_incident" => {
            let id = order.id(0)?;
            incidents::service::update(change, id, &any, &order.body()?).await?;
            None
        }
        _ => return Err(order.unknown()),
    })
}

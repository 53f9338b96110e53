//! What happens in and around a session.

use uuid::Uuid;

use super::Order;
use crate::kernel::call::Change;
use crate::kernel::error::Result;
use crate::kernel::etag::Precondition;
use crate::{sessions, workshops};

/// Calls the operation; the id of what it made.
pub(super) async fn perform(change: &Change, order: Order<'_>) -> Result<Option<Uuid>> {
    use workshops::{invitations, life, service};
    let any = Precondition::any();
    Ok(match order.deed.operation.as_str() {
        "plan_workshop" => Some(service::plan(change, order.review, order.body()?).await?.id),
        "invite_participant" => {
            let (made, _) =
                invitations::service::invite(change, order.id(0)?, order.body()?).await?;
            Some(made.id)
        }
        "answer_invitation" => {
            let named = (order.id(0)?, order.id(1)?);
            invitations::service::answer(change, named, &any, order.body()?).await?;
            None
        }
        "generate_workshop_agenda" => {
            sessions::service::generate(change, order.id(0)?, &any, false).await?;
            None
        }
        "acknowledge_ground_rules" => {
            let given = order.body()?;
            invitations::service::acknowledge(change, order.id(0)?, &given).await?;
            None
        }
        "reschedule_workshop" => {
            life::reschedule(change, order.id(0)?, &any, order.body()?).await?;
            None
        }
        "hold_workshop" => {
            life::hold(change, order.id(0)?, &any, order.body()?).await?;
            None
        }
        _ => return Err(order.unknown()),
    })
}

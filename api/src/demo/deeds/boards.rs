//! What is said, grouped and voted on around a session.

use entity::contribution::Outcomes;
use uuid::Uuid;

use super::Order;
use crate::contributions::body::{ArrangeContribution, Contribute};
use crate::contributions::{ballots, board, groups, sealed, service};
use crate::kernel::access::Caller;
use crate::kernel::call::{Change, Unsigned};
use crate::kernel::error::Result;
use crate::kernel::etag::Precondition;

/// Calls the operation; the id of what it made.
pub(super) async fn perform(change: &Change, order: Order<'_>) -> Result<Option<Uuid>> {
    let (id, any) = (order.id(0)?, Precondition::any());
    match order.deed.operation.as_str() {
        "set_board" => {
            board::service::set(change, id, &Precondition::unsaid(), order.body()?).await?;
        }
        "open_board" => {
            board::service::open(change, id, &any).await?;
        }
        "close_board" => {
            board::service::close(change, id, &any).await?;
        }
        "open_board_voting" => {
            board::service::open_voting(change, id, &any).await?;
        }
        "close_board_voting" => {
            board::service::close_voting(change, id, &any).await?;
        }
        "add_contribution" => {
            let made = service::contribute(change, id, order.body()?).await?;
            return Ok(Some(made.id));
        }
        "create_contribution_group" => {
            let made = groups::service::create(change, id, order.body()?).await?;
            return Ok(Some(made.id));
        }
        "arrange_contribution" => {
            let ArrangeContribution { group_id } = order.body()?;
            service::arrange(change, id, &any, group_id).await?;
        }
        "link_contribution" => {
            service::link(change, id, &any, order.body::<Outcomes>()?).await?;
        }
        "link_contribution_group" => {
            groups::service::link(change, id, &any, order.body::<Outcomes>()?).await?;
        }
        _ => return Err(order.unknown()),
    }
    Ok(None)
}

/// Whether nobody is to know who does it: ballots, and what is said on a board that is anonymous.
pub(super) async fn is_unsigned(order: Order<'_>) -> Result<bool> {
    match order.deed.operation.as_str() {
        "cast_ballot" => Ok(true),
        "add_contribution" => {
            let board = board::store::of(&order.state.database, order.id(0)?).await?;
            Ok(board.is_some_and(|board| board.anonymous))
        }
        _ => Ok(false),
    }
}

/// The same for what leaves no trace of who did it.
pub(super) async fn perform_unsigned(
    tx: &Unsigned,
    caller: &Caller,
    order: Order<'_>,
) -> Result<Option<Uuid>> {
    let workshop = order.id(0)?;
    if order.deed.operation == "cast_ballot" {
        let given = order.body()?;
        ballots::service::cast(tx, caller, workshop, &Precondition::unsaid(), &given).await?;
        return Ok(None);
    }
    let given: Contribute = order.body()?;
    let made = sealed::contribute(tx, caller, workshop, given).await?;
    Ok(Some(made.body.contribution.id()))
}

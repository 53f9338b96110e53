//! Carrying the open actions of a review through a follow-up session.

use entity::action::Model as Action;
use entity::carried_action::Model;
use entity::vocabulary::{WorkshopKind, WorkshopStatus};
use entity::{JsonColumn, workshop};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::body::{CarriedActionBody, CarryOverBody};
use super::{rules, store};
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids;

/// Carries every open action of a review over into a follow-up.
pub async fn start(change: &Change, workshop: &workshop::Model) -> Result<()> {
    let actions = store::actions(&**change, workshop).await?;
    let open = actions
        .iter()
        .filter(|one| rules::is_carried_over(one.status));
    let rows = open.map(|action| Model {
        at_start: Some(JsonColumn(rules::state(action))),
        ..blank(workshop, action.id)
    });
    store::insert(change, rows.collect()).await
}

/// Forgets what was carried over into a session that is no follow-up any more.
pub async fn forget(change: &Change, workshop: &workshop::Model) -> Result<()> {
    store::remove(change, workshop.id).await
}

/// Keeps how a follow-up that was held leaves the actions: those that it carried over, and those
/// that came up or were taken up again since.
pub async fn freeze(change: &Change, workshop: &workshop::Model) -> Result<()> {
    let pairs = store::gone_through(&**change, workshop).await?;
    let rows = pairs.into_iter().map(|(action, carried)| Model {
        at_end: Some(JsonColumn(rules::state(&action))),
        ..carried.unwrap_or_else(|| blank(workshop, action.id))
    });
    let rows: Vec<Model> = rows.collect();
    store::remove(change, workshop.id).await?;
    store::insert(change, rows).await
}

/// What a follow-up carries over and what became of it; once it was held, as the session left it.
pub async fn read(
    connection: &impl ConnectionTrait,
    workshop: &workshop::Model,
) -> Result<CarryOverBody> {
    if workshop.kind != WorkshopKind::FollowUp {
        let detail = "carry-over: the workshop is not a follow-up";
        return Err(Error::not_found(detail));
    }
    let held = workshop.status == WorkshopStatus::Held;
    let pairs = store::gone_through(connection, workshop).await?;
    let actions = pairs
        .into_iter()
        .filter_map(|(action, carried)| shown(action, carried, held));
    Ok(CarryOverBody::of(workshop, actions.collect()))
}

/// An action as a session shows it. What came up after one that was held is the next one's.
fn shown(action: Action, carried: Option<Model>, held: bool) -> Option<CarriedActionBody> {
    let (start, end) = match carried {
        Some(carried) => (carried.at_start, carried.at_end),
        None => (None, None),
    };
    let end = if held { end?.0 } else { rules::state(&action) };
    let start = start.map(|column| column.0);
    Some(CarriedActionBody::of(action, start, end))
}

fn blank(workshop: &workshop::Model, action: Uuid) -> Model {
    Model {
        id: ids::next(),
        organization_id: workshop.organization_id,
        workshop_id: workshop.id,
        action_id: action,
        at_start: None,
        at_end: None,
    }
}

//! Queries of what follow-ups carry over.

use std::collections::HashMap;

use entity::action::Model as Action;
use entity::carried_action::{Column, Entity, Model};
use entity::workshop;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
};
use uuid::Uuid;

use super::rules;
use crate::actions;
use crate::kernel::database::Tx;
use crate::kernel::error::Result;

/// How many rows one statement takes.
const CHUNK: usize = 500;

/// Every action of a follow-up's review, the oldest first.
pub async fn actions(
    connection: &impl ConnectionTrait,
    workshop: &workshop::Model,
) -> Result<Vec<Action>> {
    let (organization, review) = (workshop.organization_id, workshop.review_id);
    actions::store::for_review(connection, organization, review).await
}

/// The actions that a follow-up goes through: what it carried over, and what is open or came up
/// since; two queries.
pub async fn gone_through(
    connection: &impl ConnectionTrait,
    workshop: &workshop::Model,
) -> Result<Vec<(Action, Option<Model>)>> {
    let carried = Entity::find()
        .filter(Column::WorkshopId.eq(workshop.id))
        .all(connection)
        .await?;
    let mut carried: HashMap<Uuid, Model> = carried
        .into_iter()
        .map(|row| (row.action_id, row))
        .collect();
    let pairs = actions(connection, workshop).await?.into_iter();
    let pairs = pairs.filter_map(|action| {
        let row = carried.remove(&action.id);
        let since = action.created_at >= workshop.created_at;
        let belongs = row.is_some() || since || rules::is_carried_over(action.status);
        belongs.then_some((action, row))
    });
    Ok(pairs.collect())
}

/// Adds what a follow-up carries over.
pub async fn insert(tx: &Tx, rows: Vec<Model>) -> Result<()> {
    for chunk in rows.chunks(CHUNK) {
        let rows = chunk.iter().cloned();
        let rows = rows.map(|row| row.into_active_model().reset_all());
        Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Removes what a session carries over.
pub async fn remove(tx: &Tx, workshop: Uuid) -> Result<()> {
    Entity::delete_many()
        .filter(Column::WorkshopId.eq(workshop))
        .exec(tx)
        .await?;
    Ok(())
}

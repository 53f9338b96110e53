//! Queries of groups. Every one is bound to the reviews that exist for the caller.

use entity::contribution::Outcomes;
use entity::contribution_group::{Column, Entity, Model};
use entity::review;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    JoinType, PaginatorTrait as _, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::body::{GroupSort, ListGroups};
use super::searched;
use crate::contributions::store::{led_to, link, ungroup};
use crate::kernel::access::Caller;
use crate::kernel::database::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, page};
use crate::reviews::store::visible;

/// The kind of resource in audit records.
pub const RESOURCE: &str = "contribution_group";

/// The group of that id; 404 when it does not exist for the caller.
pub async fn find(connection: &impl ConnectionTrait, caller: &Caller, id: Uuid) -> Result<Model> {
    let review = Entity::belongs_to(review::Entity)
        .from(Column::ReviewId)
        .to(review::Column::Id)
        .into();
    let found = Entity::find_by_id(id)
        .join(JoinType::InnerJoin, review)
        .filter(Column::OrganizationId.eq(caller.organization))
        .filter(visible(caller))
        .one(connection)
        .await?;
    found.ok_or_else(|| Error::not_found("contribution group"))
}

/// A group of a workshop, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, workshop: Uuid, id: Uuid) -> Result<Model> {
    let found = Entity::find_by_id(id)
        .filter(Column::WorkshopId.eq(workshop))
        .lock_exclusive()
        .one(tx)
        .await?;
    found.ok_or_else(|| Error::not_found("contribution group"))
}

/// How many groups a workshop has.
pub async fn count(connection: &impl ConnectionTrait, workshop: Uuid) -> Result<usize> {
    let count = Entity::find()
        .filter(Column::WorkshopId.eq(workshop))
        .count(connection);
    Ok(usize::try_from(count.await?).unwrap_or(usize::MAX))
}

/// Every group of a workshop, the oldest first.
pub async fn for_workshop(connection: &impl ConnectionTrait, workshop: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::WorkshopId.eq(workshop))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

/// Those of some ids that are groups of a workshop.
pub async fn among(
    connection: &impl ConnectionTrait,
    workshop: Uuid,
    ids: &[Uuid],
) -> Result<Vec<Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(Entity::find()
        .filter(Column::WorkshopId.eq(workshop))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?)
}

/// One page of a workshop's groups.
pub async fn list(
    connection: &impl ConnectionTrait,
    workshop: Uuid,
    filter: &ListGroups,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let outcomes = led_to(&filter.outcome_id);
    let condition = Condition::all()
        .add(Column::WorkshopId.eq(workshop))
        .add_option(outcomes.map(|links| Column::Id.in_subquery(links)));
    let select = Entity::find().filter(condition);
    page::<Entity, GroupSort>(select, filter.sort, request, connection).await
}

/// Adds a group.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().insert(tx).await?;
    tx.index(searched::text(&row));
    Ok(row)
}

/// Replaces a group.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().update(tx).await?;
    tx.index(searched::text(&row));
    Ok(row)
}

/// Removes a group with its links; its contributions are in none then.
pub async fn remove(tx: &Tx, id: Uuid) -> Result<()> {
    ungroup(tx, id).await?;
    link(tx, id, &Outcomes::default()).await?;
    Entity::delete_by_id(id).exec(tx).await?;
    tx.forget(id);
    Ok(())
}

//! Queries of impacts, always within a review that exists for the caller.

use entity::impact::{Column, Entity, Model};
use entity::review;
use entity::vocabulary::{ImpactDimension, ImpactSnapshot};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    ModelTrait, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use super::body::{ImpactSort, ListImpacts};
use crate::kernel::database::{Tx, only};
use crate::kernel::error::Result;
use crate::kernel::page::{Page, PageRequest, any, page};

/// The kind of resource in audit records.
pub const RESOURCE: &str = "impact";

/// The impact in a dimension as one estimate has it, if there is one.
pub async fn find(
    connection: &impl ConnectionTrait,
    review: &review::Model,
    (snapshot, dimension): (ImpactSnapshot, ImpactDimension),
) -> Result<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::ReviewId.eq(review.id))
        .filter(Column::Snapshot.eq(snapshot))
        .filter(Column::Dimension.eq(dimension))
        .one(connection)
        .await?)
}

/// Every impact of a review, of every estimate, oldest first.
pub async fn for_review(connection: &impl ConnectionTrait, review: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::ReviewId.eq(review))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

/// The dimensions of a review's impact of which there is an estimate, whichever it is.
pub async fn dimensions(
    connection: &impl ConnectionTrait,
    review: Uuid,
) -> Result<Vec<ImpactDimension>> {
    let estimated = Entity::find().filter(Column::ReviewId.eq(review));
    let mut dimensions: Vec<ImpactDimension> =
        only(estimated, Column::Dimension).all(connection).await?;
    dimensions.sort_unstable();
    dimensions.dedup();
    Ok(dimensions)
}

/// One page of a review's impacts.
pub async fn list(
    connection: &impl ConnectionTrait,
    review: Uuid,
    filter: &ListImpacts,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let condition = Condition::all()
        .add(Column::ReviewId.eq(review))
        .add_option(any(&filter.id, Column::Id))
        .add_option(any(&filter.snapshot, Column::Snapshot))
        .add_option(any(&filter.dimension, Column::Dimension))
        .add_option(any(&filter.rating, Column::Rating));
    let select = Entity::find().filter(condition);
    page::<Entity, ImpactSort>(select, filter.sort, request, connection).await
}

/// Adds an impact.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().insert(tx).await?)
}

/// Replaces an impact.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

/// Removes an impact.
pub async fn remove(tx: &Tx, row: Model) -> Result<()> {
    row.delete(tx).await?;
    Ok(())
}

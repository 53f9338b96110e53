//! Queries of assessments, always within a review that exists for the caller.

use entity::assessment::{Column, Entity, Model};
use entity::review;
use entity::vocabulary::AssessmentDimension;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    ModelTrait, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use super::body::{AssessmentSort, ListAssessments};
use crate::kernel::database::{Tx, only};
use crate::kernel::error::Result;
use crate::kernel::page::{Page, PageRequest, any, page};

/// The kind of resource in audit records.
pub const RESOURCE: &str = "assessment";

/// The assessment of a dimension, if there is one.
pub async fn find(
    connection: &impl ConnectionTrait,
    review: &review::Model,
    dimension: AssessmentDimension,
) -> Result<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::ReviewId.eq(review.id))
        .filter(Column::Dimension.eq(dimension))
        .one(connection)
        .await?)
}

/// Every assessment of a review, oldest first.
pub async fn for_review(connection: &impl ConnectionTrait, review: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::ReviewId.eq(review))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

/// The dimensions of a review that are assessed, those that do not apply among them.
pub async fn dimensions(
    connection: &impl ConnectionTrait,
    review: Uuid,
) -> Result<Vec<AssessmentDimension>> {
    let assessed = Entity::find().filter(Column::ReviewId.eq(review));
    let mut dimensions: Vec<AssessmentDimension> =
        only(assessed, Column::Dimension).all(connection).await?;
    dimensions.sort_unstable();
    Ok(dimensions)
}

/// One page of a review's assessments.
pub async fn list(
    connection: &impl ConnectionTrait,
    review: Uuid,
    filter: &ListAssessments,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let condition = Condition::all()
        .add(Column::ReviewId.eq(review))
        .add_option(any(&filter.id, Column::Id))
        .add_option(any(&filter.dimension, Column::Dimension))
        .add_option(any(&filter.rating, Column::Rating));
    let select = Entity::find().filter(condition);
    page::<Entity, AssessmentSort>(select, filter.sort, request, connection).await
}

/// Adds an assessment.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().insert(tx).await?)
}

/// Replaces an assessment.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

/// Removes an assessment.
pub async fn remove(tx: &Tx, row: Model) -> Result<()> {
    row.delete(tx).await?;
    Ok(())
}

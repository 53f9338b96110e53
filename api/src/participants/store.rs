//! Queries of participants, always within a review that exists for the caller.

use entity::participant::{Column, Entity, Model};
use entity::{action, review};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    ModelTrait, PaginatorTrait, QueryFilter,
};
use uuid::Uuid;

use super::http::{ListParticipants, ParticipantSort};
use crate::kernel::database::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::text;

/// The kind of resource in audit records.
pub const RESOURCE: &str = "participant";

/// A participant of the review.
pub async fn find(
    connection: &impl ConnectionTrait,
    review: &review::Model,
    id: Uuid,
) -> Result<Model> {
    let found = Entity::find_by_id(id)
        .filter(Column::ReviewId.eq(review.id))
        .one(connection)
        .await?;
    found.ok_or_else(|| Error::not_found("participant"))
}

/// Every participant of a review.
pub async fn for_review(connection: &impl ConnectionTrait, review: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::ReviewId.eq(review))
        .all(connection)
        .await?)
}

/// One page of a review's participants.
pub async fn list(
    connection: &impl ConnectionTrait,
    review: Uuid,
    filter: &ListParticipants,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let condition = Condition::all()
        .add(Column::ReviewId.eq(review))
        .add_option(any(&filter.function, Column::Function))
        .add_option(
            filter
                .involved_in_response
                .map(|flag| Column::InvolvedInResponse.eq(flag)),
        )
        .add_option(
            filter
                .q
                .as_ref()
                .map(|words| text::holds_every_word(Column::SearchText, words)),
        );
    page::<Entity, ParticipantSort>(
        Entity::find().filter(condition),
        filter.sort,
        request,
        connection,
    )
    .await
}

/// Whether an action is owned by the participant.
pub async fn owns_an_action(connection: &impl ConnectionTrait, id: Uuid) -> Result<bool> {
    let owned = action::Entity::find().filter(action::Column::OwnerParticipantId.eq(id));
    Ok(owned.count(connection).await? > 0)
}

/// Adds a participant.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().insert(tx).await?)
}

/// Replaces a participant.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

/// Removes a participant to whom nothing refers.
pub async fn remove(tx: &Tx, row: Model) -> Result<()> {
    row.delete(tx).await?;
    Ok(())
}

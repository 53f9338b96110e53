//! Queries of participants, always within a review that exists for the caller.

use std::collections::HashSet;

use entity::participant::{Column, Entity, Model};
use entity::vocabulary::StakeholderFunction;
use entity::{action, decision, invitation, review, workshop};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    ModelTrait, PaginatorTrait, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::http::{ListParticipants, ParticipantSort};
use crate::kernel::database::{Tx, only};
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

/// Whether a review has the participant.
pub async fn is_there(connection: &impl ConnectionTrait, review: Uuid, id: Uuid) -> Result<bool> {
    let found = Entity::find_by_id(id).filter(Column::ReviewId.eq(review));
    Ok(found.count(connection).await? > 0)
}

/// Every participant of a review.
pub async fn for_review(connection: &impl ConnectionTrait, review: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::ReviewId.eq(review))
        .all(connection)
        .await?)
}

/// The subjects by which participants of a review are known.
pub async fn subjects(connection: &impl ConnectionTrait, review: Uuid) -> Result<HashSet<String>> {
    let participants = Entity::find()
        .filter(Column::ReviewId.eq(review))
        .filter(Column::Subject.is_not_null());
    let subjects: Vec<String> = only(participants, Column::Subject).all(connection).await?;
    Ok(subjects.into_iter().collect())
}

/// The functions that a review's participants stand for.
pub async fn functions(
    connection: &impl ConnectionTrait,
    review: Uuid,
) -> Result<Vec<StakeholderFunction>> {
    let participants = Entity::find()
        .filter(Column::ReviewId.eq(review))
        .distinct();
    Ok(only(participants, Column::Function).all(connection).await?)
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

/// Whether the participant leads a workshop or is invited to one.
pub async fn is_in_a_workshop(connection: &impl ConnectionTrait, id: Uuid) -> Result<bool> {
    let led = workshop::Entity::find().filter(workshop::Column::FacilitatorParticipantId.eq(id));
    let invited = invitation::Entity::find().filter(invitation::Column::ParticipantId.eq(id));
    Ok(led.count(connection).await? + invited.count(connection).await? > 0)
}

/// Shows a participant's name and subject in the workshops that they lead.
pub async fn show_in_workshops(tx: &Tx, row: &Model) -> Result<()> {
    use workshop::Column as Workshop;
    let key = row.subject.as_ref().unwrap_or(&row.name);
    workshop::Entity::update_many()
        .col_expr(Workshop::FacilitatorName, Expr::value(row.name.clone()))
        .col_expr(
            Workshop::FacilitatorSubject,
            Expr::value(row.subject.clone()),
        )
        .col_expr(Workshop::FacilitatorKey, Expr::value(key.clone()))
        .col_expr(Workshop::Version, Expr::col(Workshop::Version).add(1))
        .col_expr(Workshop::UpdatedAt, Expr::value(row.updated_at.0))
        .filter(Workshop::FacilitatorParticipantId.eq(row.id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Whether a decision names the participant, retracted or not.
pub async fn took_a_decision(connection: &impl ConnectionTrait, id: Uuid) -> Result<bool> {
    let taken = decision::Entity::find().filter(decision::Column::DeciderParticipantId.eq(id));
    Ok(taken.count(connection).await? > 0)
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

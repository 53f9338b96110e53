//! Queries of the texts of a review and of what was acknowledged of them.

use std::collections::HashMap;

use entity::wording_acknowledgement::{Column, Entity, Model};
use entity::{briefing, contribution, contribution_group, improvement_measure, obligation, review};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::rules::{self, Note};
use super::texts::Texts;
use crate::kernel::database::Tx;
use crate::kernel::error::Result;
use crate::{
    actions, assessments, chronology, communications, decisions, findings, impacts, lessons,
    recommendations, workshops,
};

/// The kind of resource in audit records.
pub const RESOURCE: &str = "wording_acknowledgement";

/// The rows of a table that are a review's.
macro_rules! of_review {
    ($connection:ident, $table:ident, $review:expr) => {
        $table::Entity::find()
            .filter($table::Column::ReviewId.eq($review))
            .all($connection)
            .await?
    };
}

/// Every note on the texts of a review, as many queries however many there are. What an anonymous board
/// still hides has none.
pub async fn notes(connection: &impl ConnectionTrait, review: &review::Model) -> Result<Vec<Note>> {
    let (organization, id) = (review.organization_id, review.id);
    let mut notes = Texts {
        review,
        events: &chronology::store::for_review(connection, id).await?,
        decisions: &decisions::store::for_review(connection, id).await?,
        communications: &communications::store::for_review(connection, id).await?,
        assessments: &assessments::store::for_review(connection, id).await?,
        impacts: &impacts::store::for_review(connection, id).await?,
        findings: &findings::store::for_review(connection, id).await?,
        recommendations: &recommendations::store::for_review(connection, id).await?,
        actions: &actions::store::for_review(connection, organization, id).await?,
        lessons: &lessons::store::for_review(connection, id).await?,
        workshops: &workshops::store::for_review(connection, id).await?,
        progress: &actions::noted::progress(connection, review).await?,
        verifications: &actions::noted::verifications(connection, review).await?,
        contributions: &of_review!(connection, contribution, id),
        groups: &of_review!(connection, contribution_group, id),
        obligations: &of_review!(connection, obligation, id),
        measures: &of_review!(connection, improvement_measure, id),
        briefings: &of_review!(connection, briefing, id),
    }
    .notes();
    rules::sort(&mut notes);
    Ok(notes)
}

/// What was acknowledged in a review, by note.
pub async fn acknowledged(
    connection: &impl ConnectionTrait,
    review: Uuid,
) -> Result<HashMap<Uuid, Model>> {
    let rows = Entity::find()
        .filter(Column::ReviewId.eq(review))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// The notes that stand against a publication: neither reworded nor acknowledged.
pub async fn open(connection: &impl ConnectionTrait, review: &review::Model) -> Result<Vec<Note>> {
    let mut notes = notes(connection, review).await?;
    if notes.is_empty() {
        return Ok(notes);
    }
    let acknowledged = acknowledged(connection, review.id).await?;
    notes.retain(|note| !acknowledged.contains_key(&note.id));
    Ok(notes)
}

/// Keeps acknowledgements; one that is there already stays as it is.
pub async fn insert(tx: &Tx, rows: Vec<Model>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = rows
        .into_iter()
        .map(|row| entity::wording_acknowledgement::ActiveModel {
            id: Set(row.id),
            organization_id: Set(row.organization_id),
            review_id: Set(row.review_id),
            resource_type: Set(row.resource_type),
            resource_id: Set(row.resource_id),
            pointer: Set(row.pointer),
            phrase: Set(row.phrase),
            reason: Set(row.reason),
            acknowledged_at: Set(row.acknowledged_at),
            acknowledged_by: Set(row.acknowledged_by),
            acknowledged_by_name: Set(row.acknowledged_by_name),
        });
    Entity::insert_many(rows)
        .on_conflict(OnConflict::column(Column::Id).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

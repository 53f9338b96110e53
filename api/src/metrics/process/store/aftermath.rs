//! What outlives reviews: their lessons and obligations.

use entity::vocabulary::LessonStatus;
use entity::{Timestamp, lesson, obligation};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::ids;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::metrics::process::body::ReviewFilter;

/// What is needed of a lesson.
#[derive(Debug, FromQueryResult)]
pub(in super::super) struct LessonRow {
    pub(in super::super) review_id: Uuid,
    pub(in super::super) status: LessonStatus,
    pub(in super::super) created_at: Timestamp,
}

/// The lessons of the reviews of the filter.
pub(in super::super) async fn lessons(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    filter: &ReviewFilter,
) -> Result<Vec<LessonRow>> {
    use lesson::Column;
    Ok(lesson::Entity::find()
        .select_only()
        .columns([Column::ReviewId, Column::Status, Column::CreatedAt])
        .filter(Column::ReviewId.in_subquery(ids(caller, filter)))
        .into_model()
        .all(connection)
        .await?)
}

/// What is needed of an obligation.
#[derive(Debug, FromQueryResult)]
pub(in super::super) struct ObligationRow {
    pub(in super::super) review_id: Uuid,
    pub(in super::super) due_at: Timestamp,
    pub(in super::super) submitted_at: Option<Timestamp>,
    pub(in super::super) in_time: Option<bool>,
    pub(in super::super) waived_at: Option<Timestamp>,
}

/// The obligations of the reviews of the filter.
pub(in super::super) async fn obligations(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    filter: &ReviewFilter,
) -> Result<Vec<ObligationRow>> {
    use obligation::Column;
    Ok(obligation::Entity::find()
        .select_only()
        .columns([
            Column::ReviewId,
            Column::DueAt,
            Column::SubmittedAt,
            Column::InTime,
            Column::WaivedAt,
        ])
        .filter(Column::ReviewId.in_subquery(ids(caller, filter)))
        .into_model()
        .all(connection)
        .await?)
}

//! The workshops of reviews that were held, and who was invited to them.

use entity::vocabulary::{WorkshopKind, WorkshopStatus};
use entity::{Timestamp, invitation, workshop};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::ids;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::metrics::as_text;
use crate::metrics::process::body::ReviewFilter;
use crate::workshops::invitations::store::SeatRow;

/// What is needed of a workshop that was held; what it keeps as JSON is read as its text.
#[derive(Debug, FromQueryResult)]
pub(in super::super) struct SessionRow {
    pub(in super::super) id: Uuid,
    pub(in super::super) review_id: Uuid,
    pub(in super::super) kind: WorkshopKind,
    pub(in super::super) held_at: Option<Timestamp>,
    pub(in super::super) created_at: Timestamp,
    pub(in super::super) facilitator_name: Option<String>,
    pub(in super::super) facilitator_conflicted: bool,
    pub(in super::super) neutrality_override: Option<String>,
    pub(in super::super) excused_functions: String,
}

/// The workshops of the reviews of the filter that were held, the first first.
pub(in super::super) async fn held(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    filter: &ReviewFilter,
) -> Result<Vec<SessionRow>> {
    use workshop::Column;
    Ok(workshop::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::ReviewId,
            Column::Kind,
            Column::HeldAt,
            Column::CreatedAt,
            Column::FacilitatorName,
            Column::FacilitatorConflicted,
        ])
        .expr_as(as_text(Column::NeutralityOverride), "neutrality_override")
        .expr_as(as_text(Column::ExcusedFunctions), "excused_functions")
        .filter(Column::ReviewId.in_subquery(ids(caller, filter)))
        .filter(Column::Status.eq(WorkshopStatus::Held))
        .order_by_asc(Column::HeldAt)
        .order_by_asc(Column::Id)
        .into_model()
        .all(connection)
        .await?)
}

/// The invitations to these workshops.
pub(in super::super) async fn seats(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    filter: &ReviewFilter,
) -> Result<Vec<SeatRow>> {
    use invitation::Column;
    Ok(invitation::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::WorkshopId,
            Column::Function,
            Column::Rsvp,
            Column::Attendance,
            Column::AttendanceReason,
            Column::AcknowledgedRulesSha256,
        ])
        .filter(Column::WorkshopId.in_subquery(held_ids(caller, filter)))
        .into_model()
        .all(connection)
        .await?)
}

fn held_ids(caller: &Caller, filter: &ReviewFilter) -> SelectStatement {
    use workshop::Column;
    Query::select()
        .column(Column::Id)
        .from(workshop::Entity)
        .and_where(Column::ReviewId.in_subquery(ids(caller, filter)))
        .and_where(Column::Status.eq(WorkshopStatus::Held))
        .to_owned()
}

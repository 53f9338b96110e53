//! Queries of invitations, always to workshops that exist for the caller.

use entity::Timestamp;
use entity::invitation::{Column, Entity, Model};
use entity::vocabulary::{Attendance, Rsvp, StakeholderFunction};
use entity::{participant, workshop};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    IntoActiveModel, ModelTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::body::{InvitationSort, ListInvitations};
use crate::kernel::database::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::workshops::presence::Seat;

/// The kind of resource in audit records.
pub const RESOURCE: &str = "invitation";

/// What counts of an invitation when a workshop is shown.
#[derive(Debug, FromQueryResult)]
pub struct SeatRow {
    /// The invitation.
    pub id: Uuid,
    /// The workshop.
    pub workshop_id: Uuid,
    /// The function it is for.
    pub function: StakeholderFunction,
    /// What was answered.
    pub rsvp: Rsvp,
    /// Whether they came.
    pub attendance: Option<Attendance>,
    /// Why they are excused.
    pub attendance_reason: Option<String>,
    /// SHA-256 of the ground rules that they acknowledged.
    pub acknowledged_rules_sha256: Option<String>,
}

impl From<&Model> for SeatRow {
    fn from(row: &Model) -> Self {
        Self {
            id: row.id,
            workshop_id: row.workshop_id,
            function: row.function,
            rsvp: row.rsvp,
            attendance: row.attendance,
            attendance_reason: row.attendance_reason.clone(),
            acknowledged_rules_sha256: row.acknowledged_rules_sha256.clone(),
        }
    }
}

impl From<SeatRow> for Seat {
    fn from(row: SeatRow) -> Self {
        Self {
            invitation_id: row.id,
            function: row.function,
            rsvp: row.rsvp,
            attendance: row.attendance,
            reason: row.attendance_reason,
        }
    }
}

/// What counts of the invitations to workshops, of a page of them at most.
pub async fn seats(connection: &impl ConnectionTrait, workshops: &[Uuid]) -> Result<Vec<SeatRow>> {
    if workshops.is_empty() {
        return Ok(Vec::new());
    }
    Ok(Entity::find()
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
        .filter(Column::WorkshopId.is_in(workshops.iter().copied()))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .into_model()
        .all(connection)
        .await?)
}

/// An invitation to a workshop.
pub async fn find(
    connection: &impl ConnectionTrait,
    workshop: &workshop::Model,
    id: Uuid,
) -> Result<Model> {
    let found = Entity::find_by_id(id)
        .filter(Column::WorkshopId.eq(workshop.id))
        .one(connection)
        .await?;
    found.ok_or_else(|| Error::not_found("invitation"))
}

/// Every invitation to a workshop, the oldest first.
pub async fn for_workshop(connection: &impl ConnectionTrait, workshop: Uuid) -> Result<Vec<Model>> {
    for_workshops(connection, &[workshop]).await
}

/// Every invitation to workshops of one review, the oldest first.
pub async fn for_workshops(
    connection: &impl ConnectionTrait,
    workshops: &[Uuid],
) -> Result<Vec<Model>> {
    if workshops.is_empty() {
        return Ok(Vec::new());
    }
    Ok(Entity::find()
        .filter(Column::WorkshopId.is_in(workshops.iter().copied()))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

/// How many are invited to a workshop.
pub async fn count(connection: &impl ConnectionTrait, workshop: Uuid) -> Result<u64> {
    let all = Entity::find().filter(Column::WorkshopId.eq(workshop));
    Ok(all.count(connection).await?)
}

/// One page of the invitations to a workshop.
pub async fn list(
    connection: &impl ConnectionTrait,
    workshop: Uuid,
    filter: &ListInvitations,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let condition = Condition::all()
        .add(Column::WorkshopId.eq(workshop))
        .add_option(any(&filter.function, Column::Function))
        .add_option(filter.required.map(|flag| Column::Required.eq(flag)))
        .add_option(any(&filter.rsvp, Column::Rsvp))
        .add_option(any(&filter.attendance, Column::Attendance));
    let select = Entity::find().filter(condition);
    page::<Entity, InvitationSort>(select, filter.sort, request, connection).await
}

/// Those who are invited by some invitations, of a page of them at most.
pub async fn participants(
    connection: &impl ConnectionTrait,
    invitations: &[Model],
) -> Result<Vec<participant::Model>> {
    if invitations.is_empty() {
        return Ok(Vec::new());
    }
    let ids = invitations.iter().map(|one| one.participant_id);
    Ok(participant::Entity::find()
        .filter(participant::Column::Id.is_in(ids))
        .all(connection)
        .await?)
}

/// Who is invited by an invitation.
pub async fn participant(
    connection: &impl ConnectionTrait,
    invitation: &Model,
) -> Result<participant::Model> {
    let found = participant::Entity::find_by_id(invitation.participant_id)
        .one(connection)
        .await?;
    found.ok_or_else(|| Error::Internal("an invitation invites nobody".to_owned()))
}

/// The invitation of whoever has this subject.
pub async fn of_subject(
    connection: &impl ConnectionTrait,
    workshop: &workshop::Model,
    subject: &str,
) -> Result<Option<Model>> {
    let own = participant::Entity::find()
        .filter(participant::Column::ReviewId.eq(workshop.review_id))
        .filter(participant::Column::Subject.eq(subject))
        .one(connection)
        .await?;
    let Some(own) = own else { return Ok(None) };
    Ok(Entity::find()
        .filter(Column::WorkshopId.eq(workshop.id))
        .filter(Column::ParticipantId.eq(own.id))
        .one(connection)
        .await?)
}

/// Adds an invitation.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().insert(tx).await?)
}

/// Replaces an invitation.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

/// Removes an invitation.
pub async fn remove(tx: &Tx, row: Model) -> Result<()> {
    row.delete(tx).await?;
    Ok(())
}

/// Takes every answer to a workshop back: it was for another time.
pub async fn ask_again(tx: &Tx, workshop: Uuid, now: Timestamp) -> Result<()> {
    let nothing = Expr::value(None::<String>);
    Entity::update_many()
        .col_expr(Column::Rsvp, Expr::value(Rsvp::Pending.as_str()))
        .col_expr(Column::RsvpNote, nothing.clone())
        .col_expr(
            Column::RsvpAt,
            Expr::value(None::<chrono::DateTime<chrono::Utc>>),
        )
        .col_expr(Column::RsvpBy, nothing)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now.0))
        .filter(Column::WorkshopId.eq(workshop))
        .filter(Column::Rsvp.ne(Rsvp::Pending))
        .exec(tx)
        .await?;
    Ok(())
}

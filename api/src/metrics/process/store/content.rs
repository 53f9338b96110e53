//! What reviews hold: events, findings, feedback, briefings.

use entity::vocabulary::{BriefingAudience, FeedbackOccasion, FindingKind};
use entity::{Timestamp, briefing, event, feedback_box, feedback_round, finding};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::ids;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::metrics::as_text;
use crate::metrics::process::body::ReviewFilter;

/// How many events of a review have evidence, or have none.
#[derive(Debug, FromQueryResult)]
pub(in super::super) struct EventCount {
    pub(in super::super) review_id: Uuid,
    pub(in super::super) has_evidence: bool,
    pub(in super::super) n: i64,
}

/// The events of the reviews of the filter, without the retracted; counted in the index.
pub(in super::super) async fn events(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    filter: &ReviewFilter,
) -> Result<Vec<EventCount>> {
    use event::Column;
    Ok(event::Entity::find()
        .select_only()
        .columns([Column::ReviewId, Column::HasEvidence])
        .column_as(Column::ReviewId.count(), "n")
        .filter(Column::ReviewId.in_subquery(ids(caller, filter)))
        .filter(Column::RetractedAt.is_null())
        .group_by(Column::ReviewId)
        .group_by(Column::HasEvidence)
        .into_model()
        .all(connection)
        .await?)
}

/// How many findings of a kind a review has.
#[derive(Debug, FromQueryResult)]
pub(in super::super) struct FindingCount {
    pub(in super::super) review_id: Uuid,
    pub(in super::super) kind: FindingKind,
    pub(in super::super) n: i64,
}

/// The findings of the reviews of the filter, without the retracted; counted in the index.
pub(in super::super) async fn findings(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    filter: &ReviewFilter,
) -> Result<Vec<FindingCount>> {
    use finding::Column;
    Ok(finding::Entity::find()
        .select_only()
        .columns([Column::ReviewId, Column::Kind])
        .column_as(Column::ReviewId.count(), "n")
        .filter(Column::ReviewId.in_subquery(ids(caller, filter)))
        .filter(Column::RetractedAt.is_null())
        .group_by(Column::ReviewId)
        .group_by(Column::Kind)
        .into_model()
        .all(connection)
        .await?)
}

/// What is needed of a round of feedback that was answered.
#[derive(Debug, FromQueryResult)]
pub(in super::super) struct RoundRow {
    pub(in super::super) id: Uuid,
    pub(in super::super) review_id: Uuid,
    pub(in super::super) occasion: FeedbackOccasion,
    pub(in super::super) opens_at: Timestamp,
    pub(in super::super) closes_at: Timestamp,
    pub(in super::super) closed_at: Option<Timestamp>,
    pub(in super::super) minimum_group: i32,
    pub(in super::super) n: i32,
    pub(in super::super) tallies: String,
}

/// The rounds of feedback of the reviews of the filter, without the cancelled and the unanswered.
pub(in super::super) async fn rounds(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    filter: &ReviewFilter,
) -> Result<Vec<RoundRow>> {
    use feedback_box::Column as Kept;
    use feedback_round::Column;
    let kept = feedback_round::Entity::belongs_to(feedback_box::Entity)
        .from(Column::Id)
        .to(Kept::RoundId)
        .into();
    Ok(feedback_round::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::ReviewId,
            Column::Occasion,
            Column::OpensAt,
            Column::ClosesAt,
            Column::ClosedAt,
            Column::MinimumGroup,
        ])
        .column(Kept::N)
        .expr_as(as_text(Kept::Tallies), "tallies")
        .join(JoinType::InnerJoin, kept)
        .filter(Column::ReviewId.in_subquery(ids(caller, filter)))
        .filter(Column::CancelledAt.is_null())
        .order_by_asc(Column::OpensAt)
        .into_model()
        .all(connection)
        .await?)
}

/// When a briefing of a review was issued.
#[derive(Debug, FromQueryResult)]
pub(in super::super) struct BriefedRow {
    pub(in super::super) review_id: Uuid,
    pub(in super::super) issued_at: Option<Timestamp>,
}

/// The briefings for leadership of the reviews of the filter that were issued, the first first.
pub(in super::super) async fn briefed(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    filter: &ReviewFilter,
) -> Result<Vec<BriefedRow>> {
    use briefing::Column;
    Ok(briefing::Entity::find()
        .select_only()
        .columns([Column::ReviewId, Column::IssuedAt])
        .filter(Column::ReviewId.in_subquery(ids(caller, filter)))
        .filter(Column::Audience.eq(BriefingAudience::Leadership))
        .filter(Column::IssuedAt.is_not_null())
        .order_by_asc(Column::IssuedAt)
        .into_model()
        .all(connection)
        .await?)
}

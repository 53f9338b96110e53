//! Incidents, where their reviews stand, and which policies there were.

use entity::vocabulary::{
    DetectionSource, IncidentCategory, IncidentCertainty, IncidentStatus, ReviewStatus, Severity,
};
use entity::{Timestamp, incident, policy_version, review};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::metrics::as_text;
use crate::reviews::store::visible;

/// What is needed of an incident.
#[derive(Debug, FromQueryResult)]
pub(in super::super) struct IncidentRow {
    pub(in super::super) id: Uuid,
    pub(in super::super) title: String,
    pub(in super::super) severity: Severity,
    pub(in super::super) category: IncidentCategory,
    pub(in super::super) detection_source: DetectionSource,
    pub(in super::super) certainty: IncidentCertainty,
    pub(in super::super) backfilled: bool,
    pub(in super::super) status: IncidentStatus,
    pub(in super::super) closed_at: Option<Timestamp>,
    pub(in super::super) tags: String,
    pub(in super::super) timestamps: String,
    pub(in super::super) created_at: Timestamp,
}

/// Every incident of the organisation.
pub(in super::super) async fn incidents(
    connection: &impl ConnectionTrait,
    caller: &Caller,
) -> Result<Vec<IncidentRow>> {
    use incident::Column;
    Ok(incident::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::Title,
            Column::Severity,
            Column::Category,
            Column::DetectionSource,
            Column::Certainty,
            Column::Backfilled,
            Column::Status,
            Column::ClosedAt,
            Column::CreatedAt,
        ])
        .expr_as(as_text(Column::Tags), "tags")
        .expr_as(as_text(Column::Timestamps), "timestamps")
        .filter(Column::OrganizationId.eq(caller.organization))
        .into_model()
        .all(connection)
        .await?)
}

/// A review's state, incidents and policy, for every review that exists for the caller.
#[derive(Debug, FromQueryResult)]
pub(in super::super) struct ReviewState {
    pub(in super::super) id: Uuid,
    pub(in super::super) key: String,
    pub(in super::super) status: ReviewStatus,
    pub(in super::super) incident_ids: String,
    pub(in super::super) transitions: String,
    pub(in super::super) policy_snapshot: Option<String>,
}

/// Where every review that exists for the caller stands, the oldest first.
pub(in super::super) async fn states(
    connection: &impl ConnectionTrait,
    caller: &Caller,
) -> Result<Vec<ReviewState>> {
    use review::Column;
    Ok(review::Entity::find()
        .select_only()
        .columns([Column::Id, Column::Key, Column::Status])
        .expr_as(as_text(Column::IncidentIds), "incident_ids")
        .expr_as(as_text(Column::Transitions), "transitions")
        .expr_as(as_text(Column::PolicySnapshot), "policy_snapshot")
        .filter(visible(caller))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .into_model()
        .all(connection)
        .await?)
}

/// What a policy said from a moment on.
#[derive(Debug, FromQueryResult)]
pub(in super::super) struct PolicyVersionRow {
    pub(in super::super) policy_id: Uuid,
    pub(in super::super) body: String,
    pub(in super::super) created_at: Timestamp,
}

/// Every version of every policy of the organisation, each policy's in their order.
pub(in super::super) async fn policy_versions(
    connection: &impl ConnectionTrait,
    caller: &Caller,
) -> Result<Vec<PolicyVersionRow>> {
    use policy_version::Column;
    Ok(policy_version::Entity::find()
        .select_only()
        .columns([Column::PolicyId, Column::Body, Column::CreatedAt])
        .filter(Column::OrganizationId.eq(caller.organization))
        .order_by_asc(Column::PolicyId)
        .order_by_asc(Column::Version)
        .into_model()
        .all(connection)
        .await?)
}

//! Reads reviews with their findings, incidents and actions: four queries, whatever their number.

use entity::finding::Control;
use entity::incident::Milestones;
use entity::review::Transition;
use entity::vocabulary::{
    CauseCategory, DetectionSource, FactorArea, FindingKind, GapCategory, IncidentCategory,
    Severity, StakeholderFunction,
};
use entity::{JsonColumn, Timestamp, finding, incident, review, review_incident};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::metrics::{owner_function, remediation};
use crate::reviews::store::visible;

/// A review that exists for the caller.
#[derive(Debug, FromQueryResult)]
pub(super) struct ReviewRow {
    pub(super) id: Uuid,
    pub(super) key: String,
    pub(super) title: String,
    pub(super) severity: Severity,
    pub(super) tags: JsonColumn<Vec<String>>,
    pub(super) incident_ids: JsonColumn<Vec<Uuid>>,
    pub(super) transitions: JsonColumn<Vec<Transition>>,
    pub(super) owner_subject: Option<String>,
    pub(super) owner_function: Option<StakeholderFunction>,
    pub(super) created_at: Timestamp,
    /// The facts of its actions, joined with commas; absent when there is none.
    pub(super) facts: Option<String>,
}

/// Every review that exists for the caller, oldest first.
pub(super) async fn reviews(
    connection: &impl ConnectionTrait,
    caller: &Caller,
) -> Result<Vec<ReviewRow>> {
    use review::Column;
    Ok(review::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::Key,
            Column::Title,
            Column::Severity,
            Column::Tags,
            Column::IncidentIds,
            Column::Transitions,
            Column::OwnerSubject,
            Column::CreatedAt,
        ])
        .expr_as(owner_function(), "owner_function")
        .expr_as(remediation::store::joined(caller), "facts")
        .filter(visible(caller))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .into_model()
        .all(connection)
        .await?)
}

/// An incident in a review.
#[derive(Debug, FromQueryResult)]
pub(super) struct IncidentRow {
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) severity: Severity,
    pub(super) category: IncidentCategory,
    pub(super) detection_source: DetectionSource,
    pub(super) tags: JsonColumn<Vec<String>>,
    pub(super) attack_techniques: JsonColumn<Vec<String>>,
    pub(super) timestamps: JsonColumn<Milestones>,
    pub(super) created_at: Timestamp,
}

/// Every incident of a review that exists for the caller.
pub(super) async fn incidents(
    connection: &impl ConnectionTrait,
    caller: &Caller,
) -> Result<Vec<IncidentRow>> {
    use incident::Column;
    let reviewed = Query::select()
        .column((review_incident::Entity, review_incident::Column::IncidentId))
        .from(review_incident::Entity)
        .inner_join(
            review::Entity,
            Expr::col((review::Entity, review::Column::Id))
                .equals((review_incident::Entity, review_incident::Column::ReviewId)),
        )
        .cond_where(visible(caller))
        .to_owned();
    Ok(incident::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::Title,
            Column::Severity,
            Column::Category,
            Column::DetectionSource,
            Column::Tags,
            Column::AttackTechniques,
            Column::Timestamps,
            Column::CreatedAt,
        ])
        .filter(Column::OrganizationId.eq(caller.organization))
        .filter(Column::Id.in_subquery(reviewed))
        .into_model()
        .all(connection)
        .await?)
}

/// A finding that stands.
#[derive(Debug, FromQueryResult)]
pub(super) struct FindingRow {
    pub(super) review_id: Uuid,
    pub(super) kind: FindingKind,
    pub(super) cause_category: Option<CauseCategory>,
    pub(super) factor_area: Option<FactorArea>,
    pub(super) gap_category: Option<GapCategory>,
    pub(super) control: Option<JsonColumn<Control>>,
    pub(super) attack_techniques: JsonColumn<Vec<String>>,
}

/// Every finding of the organisation that stands; whose review exists for the caller is theirs to say.
pub(super) async fn findings(
    connection: &impl ConnectionTrait,
    caller: &Caller,
) -> Result<Vec<FindingRow>> {
    use finding::Column;
    Ok(finding::Entity::find()
        .select_only()
        .columns([
            Column::ReviewId,
            Column::Kind,
            Column::CauseCategory,
            Column::FactorArea,
            Column::GapCategory,
            Column::Control,
            Column::AttackTechniques,
        ])
        .filter(Column::OrganizationId.eq(caller.organization))
        .filter(Column::RetractedAt.is_null())
        .into_model()
        .all(connection)
        .await?)
}

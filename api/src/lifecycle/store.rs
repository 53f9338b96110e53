//! What the conditions look at, and the frozen snapshots.

use entity::organization::OrganizationId;
use entity::{action, event, finding, participant, review, review_snapshot};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use uuid::Uuid;

use super::rules::{ActionFact, Facts, FindingFact};
use crate::chronology;
use crate::kernel::access::Caller;
use crate::kernel::database::Tx;
use crate::kernel::error::Result;

/// The facts of a review, in three queries whatever its size.
pub async fn facts(
    connection: &impl ConnectionTrait,
    review: &review::Model,
    caller: &Caller,
) -> Result<Facts> {
    let findings = finding::Entity::find()
        .filter(finding::Column::ReviewId.eq(review.id))
        .filter(finding::Column::RetractedAt.is_null())
        .all(connection)
        .await?;
    let actions = actions(connection, review.id).await?;
    let subject = Some(caller.subject.as_str());
    Ok(Facts {
        status: review.status,
        has_owner: review.owner.is_some(),
        asked_by_owner: review.owner_subject.as_deref() == subject,
        has_summary: review
            .summary
            .as_deref()
            .is_some_and(|text| !text.trim().is_empty()),
        has_events: chronology::store::any_stands(connection, review.id).await?,
        findings: findings
            .into_iter()
            .map(|row| FindingFact {
                id: row.id,
                kind: row.kind,
                cause_category: row.cause_category,
                factor_kind: row.factor_kind,
                has_evidence: !row.event_ids.0.is_empty() || !row.evidence.0.is_empty(),
                has_reason_for_none: row.no_recommendation_reason.is_some(),
            })
            .collect(),
        actions: actions
            .into_iter()
            .map(|row| ActionFact {
                id: row.id,
                status: row.status,
                is_complete: row.owner_name.is_some()
                    && row.due_on.is_some()
                    && row.closure_criteria.is_some(),
                is_approved: row
                    .ended
                    .as_ref()
                    .is_some_and(|end| end.0.approver.is_some() && end.0.expires_on.is_some()),
                finding_ids: row.finding_ids.0,
            })
            .collect(),
    })
}

/// Every action of a review, oldest first.
pub async fn actions(
    connection: &impl ConnectionTrait,
    review: Uuid,
) -> Result<Vec<action::Model>> {
    Ok(action::Entity::find()
        .filter(action::Column::ReviewId.eq(review))
        .order_by_asc(action::Column::CreatedAt)
        .order_by_asc(action::Column::Id)
        .all(connection)
        .await?)
}

/// Everything that a snapshot freezes.
#[derive(Debug)]
pub struct Whole {
    /// The participants.
    pub participants: Vec<participant::Model>,
    /// The chronology.
    pub events: Vec<event::Model>,
    /// The findings.
    pub findings: Vec<finding::Model>,
    /// The actions.
    pub actions: Vec<action::Model>,
}

/// Reads the whole of a review.
pub async fn whole(connection: &impl ConnectionTrait, review: Uuid) -> Result<Whole> {
    Ok(Whole {
        participants: crate::participants::store::for_review(connection, review).await?,
        events: chronology::store::for_review(connection, review).await?,
        findings: crate::findings::store::for_review(connection, review).await?,
        actions: actions(connection, review).await?,
    })
}

/// Keeps a snapshot.
pub async fn keep(tx: &Tx, row: review_snapshot::Model) -> Result<()> {
    row.into_active_model().reset_all().insert(tx).await?;
    Ok(())
}

/// The newest snapshot of a review.
pub async fn newest(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    review: Uuid,
) -> Result<Option<review_snapshot::Model>> {
    use review_snapshot::Column;
    Ok(review_snapshot::Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ReviewId.eq(review))
        .order_by_desc(Column::PublishedAt)
        .order_by_desc(Column::Id)
        .one(connection)
        .await?)
}

//! Queries behind a score: the organisation's weights and the risk of findings.

use std::collections::HashMap;

use entity::Timestamp;
use entity::finding::{self, Column};
use entity::organization::{self, OrganizationId, PriorityWeights};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::rules::{FindingRisk, risk_of};
use crate::kernel::database::Tx;
use crate::kernel::error::Result;

/// How an organisation weighs the inputs, held against a change of it. Whoever locks actions as
/// well asks for this first.
pub async fn weights(tx: &Tx, organization: OrganizationId) -> Result<PriorityWeights> {
    let row = organization::Entity::find_by_id(organization)
        .lock_shared()
        .one(tx)
        .await?;
    Ok(row.map(|row| row.priority_weights.0).unwrap_or_default())
}

#[derive(Debug, FromQueryResult)]
struct Risk {
    id: Uuid,
    review_id: Uuid,
    retracted_at: Option<Timestamp>,
    likelihood: Option<i32>,
    severity_score: Option<i32>,
}

/// An organisation's findings by their ids.
pub async fn findings(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, FindingRisk>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = finding::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::ReviewId,
            Column::RetractedAt,
            Column::Likelihood,
            Column::SeverityScore,
        ])
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .into_model::<Risk>()
        .all(connection)
        .await?;
    let known = rows.into_iter().map(|row| {
        let finding = FindingRisk {
            review_id: row.review_id,
            retracted: row.retracted_at.is_some(),
            risk: risk_of(row.likelihood, row.severity_score),
        };
        (row.id, finding)
    });
    Ok(known.collect())
}

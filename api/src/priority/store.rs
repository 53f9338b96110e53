//! Queries behind a score: the organisation's weights and the risk of findings.

use std::collections::HashMap;

use entity::Timestamp;
use entity::finding::{self, Column};
use entity::organization::{self, OrganizationId, PriorityWeights};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
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
        .into_tuple::<(Uuid, Uuid, Option<Timestamp>, Option<i32>, Option<i32>)>()
        .all(connection)
        .await?;
    let known = rows
        .into_iter()
        .map(|(id, review_id, retracted_at, likelihood, severity)| {
            let finding = FindingRisk {
                review_id,
                retracted: retracted_at.is_some(),
                risk: risk_of(likelihood, severity),
            };
            (id, finding)
        });
    Ok(known.collect())
}

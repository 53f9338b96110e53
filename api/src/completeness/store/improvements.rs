//! Reads what the criteria look at in recommendations, actions and lessons.

use std::collections::HashMap;

use entity::vocabulary::{ActionStatus, ActionType, Audience, Disposition};
use entity::{JsonColumn, action, lesson, recommendation};
use sea_orm::sea_query::{ExprTrait as _, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::flag;
use crate::completeness::facts::{ActionFact, Facts, LessonFact, RecommendationFact};
use crate::kernel::error::Result;

#[derive(Debug, FromQueryResult)]
struct RecommendationRow {
    id: Uuid,
    review_id: Uuid,
    disposition: Disposition,
    duplicate_of_id: Option<Uuid>,
    finding_ids: JsonColumn<Vec<Uuid>>,
    action_ids: JsonColumn<Vec<Uuid>>,
}

#[derive(Debug, FromQueryResult)]
struct ActionRow {
    id: Uuid,
    review_id: Uuid,
    status: ActionStatus,
    action_type: ActionType,
    finding_ids: JsonColumn<Vec<Uuid>>,
    priority_inputs: JsonColumn<action::PriorityInputs>,
    effort_days: Option<f64>,
    is_complete: i64,
}

#[derive(Debug, FromQueryResult)]
struct LessonRow {
    id: Uuid,
    review_id: Uuid,
    audience: JsonColumn<Vec<Audience>>,
    finding_ids: JsonColumn<Vec<Uuid>>,
}

/// Adds what the reviews want to be better.
pub(super) async fn read(
    connection: &impl ConnectionTrait,
    set: &SelectStatement,
    all: &mut HashMap<Uuid, Facts>,
) -> Result<()> {
    for row in recommendations(connection, set).await? {
        if let Some(facts) = all.get_mut(&row.review_id) {
            facts.recommendations.push(RecommendationFact {
                id: row.id,
                disposition: row.disposition,
                duplicate_of: row.duplicate_of_id,
                findings: row.finding_ids.0,
                actions: row.action_ids.0,
            });
        }
    }
    for row in actions(connection, set).await? {
        if let Some(facts) = all.get_mut(&row.review_id) {
            facts.actions.push(ActionFact {
                id: row.id,
                status: row.status,
                kind: row.action_type,
                is_complete: row.is_complete == 1,
                has_effort: row.effort_days.is_some() || row.priority_inputs.0.effort.is_some(),
                findings: row.finding_ids.0,
            });
        }
    }
    for row in lessons(connection, set).await? {
        if let Some(facts) = all.get_mut(&row.review_id) {
            facts.lessons.push(LessonFact {
                id: row.id,
                has_findings: !row.finding_ids.0.is_empty(),
                is_shared: row
                    .audience
                    .0
                    .iter()
                    .any(|one| matches!(one, Audience::Suppliers | Audience::Industry)),
            });
        }
    }
    Ok(())
}

async fn recommendations(
    connection: &impl ConnectionTrait,
    set: &SelectStatement,
) -> Result<Vec<RecommendationRow>> {
    use recommendation::Column;
    Ok(recommendation::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::ReviewId,
            Column::Disposition,
            Column::DuplicateOfId,
            Column::FindingIds,
            Column::ActionIds,
        ])
        .filter(Column::ReviewId.in_subquery(set.clone()))
        .into_model()
        .all(connection)
        .await?)
}

async fn actions(
    connection: &impl ConnectionTrait,
    set: &SelectStatement,
) -> Result<Vec<ActionRow>> {
    use action::Column;
    let complete = Column::OwnerName
        .is_not_null()
        .and(Column::DueOn.is_not_null())
        .and(Column::ClosureCriteria.is_not_null());
    Ok(action::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::ReviewId,
            Column::Status,
            Column::ActionType,
            Column::FindingIds,
            Column::PriorityInputs,
            Column::EffortDays,
        ])
        .expr_as(flag(complete), "is_complete")
        .filter(Column::ReviewId.in_subquery(set.clone()))
        .into_model()
        .all(connection)
        .await?)
}

async fn lessons(
    connection: &impl ConnectionTrait,
    set: &SelectStatement,
) -> Result<Vec<LessonRow>> {
    use lesson::Column;
    Ok(lesson::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::ReviewId,
            Column::Audience,
            Column::FindingIds,
        ])
        .filter(Column::ReviewId.in_subquery(set.clone()))
        .into_model()
        .all(connection)
        .await?)
}

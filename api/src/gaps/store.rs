//! Queries of the register, always within reviews that exist for the caller.

use std::collections::HashMap;

use entity::gap::{Column, Entity, Model};
use entity::vocabulary::Severity;
use entity::{finding, review};
use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::answers;
use super::body::{GapBody, GapSort, ListGaps};
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::reviews::store::visible;
use crate::text;

/// One page of the gaps of every review that exists for the caller.
pub async fn list(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    filter: &ListGaps,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let review = Entity::belongs_to(review::Entity)
        .from(Column::ReviewId)
        .to(review::Column::Id)
        .into();
    let select = Entity::find()
        .join(JoinType::InnerJoin, review)
        .filter(Column::OrganizationId.eq(caller.organization))
        .filter(visible(caller))
        .filter(condition(filter));
    page::<Entity, GapSort>(select, filter.sort, request, connection).await
}

fn condition(filter: &ListGaps) -> Condition {
    let named = filter.q.as_ref().map(|words| {
        let named = Query::select()
            .column(finding::Column::Id)
            .from(finding::Entity)
            .cond_where(text::holds_every_word(finding::Column::SearchText, words))
            .to_owned();
        Column::FindingId.in_subquery(named)
    });
    Condition::all()
        .add_option(any(&filter.state, Column::State))
        .add_option(any(&filter.gap_category, Column::GapCategory))
        .add_option(any(&filter.control_id, Column::ControlId))
        .add_option(any(&filter.control_state, Column::ControlState))
        .add_option(any(&filter.review_id, Column::ReviewId))
        .add_option(any(&filter.review_severity, review::Column::Severity))
        .add_option(
            filter
                .severity_score_from
                .map(|least| Column::SeverityScore.gte(least)),
        )
        .add_option(
            filter
                .severity_score_to
                .map(|above| Column::SeverityScore.lt(above)),
        )
        .add_option(
            filter
                .risk_score_from
                .map(|least| Column::RiskScore.gte(least)),
        )
        .add_option(
            filter
                .risk_score_to
                .map(|above| Column::RiskScore.lt(above)),
        )
        .add_option(filter.created_at_from.map(|at| Column::CreatedAt.gte(at)))
        .add_option(filter.created_at_to.map(|at| Column::CreatedAt.lt(at)))
        .add_option(named)
}

/// The gaps of a review, oldest first.
pub async fn for_review(connection: &impl ConnectionTrait, review: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::ReviewId.eq(review))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::FindingId)
        .all(connection)
        .await?)
}

/// What a gap shows of its review.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ReviewNames {
    id: Uuid,
    /// Its key.
    pub key: String,
    /// What it is about.
    pub title: String,
    /// How bad what it reviews was.
    pub severity: Severity,
}

/// Gaps as they are shown: five queries, however many they are.
pub async fn shown(connection: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<GapBody>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.finding_id).collect();
    let mut reviews: Vec<Uuid> = rows.iter().map(|row| row.review_id).collect();
    reviews.sort_unstable();
    reviews.dedup();
    let findings = finding::Entity::find()
        .filter(finding::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?;
    let mut findings: HashMap<Uuid, _> = findings.into_iter().map(|one| (one.id, one)).collect();
    let names: Vec<ReviewNames> = review::Entity::find()
        .select_only()
        .columns([
            review::Column::Id,
            review::Column::Key,
            review::Column::Title,
            review::Column::Severity,
        ])
        .filter(review::Column::Id.is_in(reviews))
        .into_model()
        .all(connection)
        .await?;
    let names: HashMap<Uuid, _> = names.into_iter().map(|one| (one.id, one)).collect();
    let mut answers = answers::of(connection, &ids).await?;
    let shown = rows.into_iter().filter_map(|row| {
        let finding = findings.remove(&row.finding_id)?;
        let review = names.get(&row.review_id)?.clone();
        let answers = answers.remove(&row.finding_id).unwrap_or_default();
        Some(GapBody::of(row, finding, review, answers))
    });
    Ok(shown.collect())
}

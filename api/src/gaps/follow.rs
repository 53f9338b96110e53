//! Keeping the register with the changes of findings, actions and recommendations, for the features
//! that own those. Each calls it in the transaction of its change, after it has locked what it locks.

use std::collections::HashMap;

use entity::finding::Model as Finding;
use entity::gap::{Column, Entity, Model};
use entity::vocabulary::{FindingKind, GapState};
use entity::{action, finding, recommendation, recommendation_finding};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, FromQueryResult, IntoActiveModel,
    JoinType, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::answers;
use crate::kernel::database::{Tx, only};
use crate::kernel::error::Result;

/// Two changes that each see half of what answers a gap would leave it with a state that neither
/// means. So they take turns, review by review.
async fn take_turns(tx: &Tx, review: Uuid) -> Result<()> {
    Ok(tx.serialize_on("gaps", review.as_bytes()).await?)
}

/// Enters a finding, brings its entry up to date, or strikes it out.
pub async fn finding(tx: &Tx, before: Option<&Finding>, row: &Finding) -> Result<()> {
    let is_gap = |row: &Finding| row.kind == FindingKind::Gap && row.retracted_at.is_none();
    if !is_gap(row) {
        if before.is_some_and(is_gap) {
            take_turns(tx, row.review_id).await?;
            Entity::delete_by_id(row.id).exec(tx).await?;
        }
        return Ok(());
    }
    take_turns(tx, row.review_id).await?;
    let mut known = answers::of(tx, &[row.id]).await?;
    let own = known.remove(&row.id).unwrap_or_default();
    let entry = Model {
        finding_id: row.id,
        organization_id: row.organization_id,
        review_id: row.review_id,
        state: own.state(row.no_recommendation_reason.is_some()),
        gap_category: row.gap_category,
        control_id: row
            .control
            .as_ref()
            .and_then(|control| control.0.id.clone()),
        control_state: row.control_state,
        severity_score: row.severity_score,
        risk_score: row.risk_score,
        created_at: row.created_at,
    };
    let replace = OnConflict::column(Column::FindingId)
        .update_columns([
            Column::State,
            Column::GapCategory,
            Column::ControlId,
            Column::ControlState,
            Column::SeverityScore,
            Column::RiskScore,
        ])
        .to_owned();
    Entity::insert(entry.into_active_model().reset_all())
        .on_conflict(replace)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Follows an action that was added, that moved, or that answers other findings than before.
pub async fn action(tx: &Tx, before: Option<&action::Model>, after: &action::Model) -> Result<()> {
    let unmoved = before.is_some_and(|before| {
        before.status == after.status && before.finding_ids == after.finding_ids
    });
    if unmoved {
        return Ok(());
    }
    let mut findings = after.finding_ids.0.clone();
    findings.extend(before.into_iter().flat_map(|before| &before.finding_ids.0));
    findings.extend(named_by(tx, &after.recommendation_ids.0).await?);
    self::findings(tx, after.review_id, findings).await
}

/// Follows a recommendation that was added, decided about, or that names other findings than before.
pub async fn recommendation(
    tx: &Tx,
    before: Option<&recommendation::Model>,
    after: &recommendation::Model,
) -> Result<()> {
    let mut findings = named_by(tx, &[after.id]).await?;
    findings.extend(&after.finding_ids.0);
    findings.extend(before.into_iter().flat_map(|before| &before.finding_ids.0));
    self::findings(tx, after.review_id, findings).await
}

/// The findings that recommendations or their duplicates name.
async fn named_by(tx: &Tx, recommendations: &[Uuid]) -> Result<Vec<Uuid>> {
    use recommendation_finding::Column as Link;
    if recommendations.is_empty() {
        return Ok(Vec::new());
    }
    let duplicates = Query::select()
        .column(recommendation::Column::Id)
        .from(recommendation::Entity)
        .and_where(recommendation::Column::DuplicateOfId.is_in(recommendations.iter().copied()))
        .to_owned();
    let named = Condition::any()
        .add(Link::RecommendationId.is_in(recommendations.iter().copied()))
        .add(Link::RecommendationId.in_subquery(duplicates));
    let links = recommendation_finding::Entity::find().filter(named);
    Ok(only(links, Link::FindingId).all(tx).await?)
}

/// An entry of the register with what its finding says.
#[derive(Debug, FromQueryResult)]
struct Entered {
    finding_id: Uuid,
    state: GapState,
    no_recommendation_reason: Option<String>,
}

/// Follows whatever else may answer some findings of a review; those that are no gaps are passed
/// over.
pub async fn findings(tx: &Tx, review: Uuid, mut findings: Vec<Uuid>) -> Result<()> {
    findings.sort_unstable();
    findings.dedup();
    if findings.is_empty() {
        return Ok(());
    }
    take_turns(tx, review).await?;
    let entered = entered(tx, &findings).await?;
    let ids: Vec<Uuid> = entered.iter().map(|one| one.finding_id).collect();
    let answers = answers::of(tx, &ids).await?;
    let nothing = answers::Answers::default();
    let mut moved: HashMap<GapState, Vec<Uuid>> = HashMap::new();
    for one in entered {
        let own = answers.get(&one.finding_id).unwrap_or(&nothing);
        let state = own.state(one.no_recommendation_reason.is_some());
        if state != one.state {
            moved.entry(state).or_default().push(one.finding_id);
        }
    }
    for (state, gaps) in moved {
        Entity::update_many()
            .col_expr(Column::State, Expr::value(state))
            .filter(Column::FindingId.is_in(gaps))
            .exec(tx)
            .await?;
    }
    Ok(())
}

async fn entered(tx: &Tx, findings: &[Uuid]) -> Result<Vec<Entered>> {
    let own = Entity::belongs_to(finding::Entity)
        .from(Column::FindingId)
        .to(finding::Column::Id)
        .into();
    Ok(Entity::find()
        .select_only()
        .columns([Column::FindingId, Column::State])
        .column(finding::Column::NoRecommendationReason)
        .join(JoinType::InnerJoin, own)
        .filter(Column::FindingId.is_in(findings.iter().copied()))
        .into_model()
        .all(tx)
        .await?)
}

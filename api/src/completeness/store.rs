//! Reads what the criteria look at, of one review or of many in the same number of queries.

use std::collections::{HashMap, HashSet};

use entity::incident::Milestones;
use entity::vocabulary::{
    CauseCategory, FactorKind, FindingKind, GapCategory, ImpactDimension, ImpactRating,
    ImpactSnapshot, Milestone, ReviewStatus,
};
use entity::{
    JsonColumn, assessment, event, finding, finding_event, impact, incident, review,
    review_incident,
};
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoSimpleExpr as _,
    JoinType, QueryFilter, QuerySelect,
};
use uuid::Uuid;

mod improvements;
mod logs;

use super::facts::{AssessmentFact, Facts, FindingFact, ImpactFact, IncidentFact};
use crate::incidents::rules::effective;
use crate::kernel::database::only;
use crate::kernel::error::Result;

/// The facts of one review.
pub async fn of(connection: &impl ConnectionTrait, review: &review::Model) -> Result<Facts> {
    let set = Query::select()
        .column(review::Column::Id)
        .from(review::Entity)
        .and_where(review::Column::Id.eq(review.id))
        .to_owned();
    let own = [(review.id, review.status)];
    let mut all = of_all(connection, &set, own).await?;
    let empty = || Facts::of(review.id, review.status);
    let mut facts = all.remove(&review.id).unwrap_or_else(empty);
    facts.put_in_order();
    Ok(facts)
}

/// The facts of reviews: `set` selects their ids, `reviews` are the same with where they stand.
pub async fn of_all(
    connection: &impl ConnectionTrait,
    set: &SelectStatement,
    reviews: impl IntoIterator<Item = (Uuid, ReviewStatus)>,
) -> Result<HashMap<Uuid, Facts>> {
    let all = reviews.into_iter();
    let mut all: HashMap<Uuid, Facts> = all
        .map(|(id, status)| (id, Facts::of(id, status)))
        .collect();
    logs::read(connection, set, &mut all).await?;
    incidents(connection, set, &mut all).await?;
    judgements(connection, set, &mut all).await?;
    findings(connection, set, &mut all).await?;
    improvements::read(connection, set, &mut all).await?;
    Ok(all)
}

/// Whether something holds of a row, as a number that both databases read alike.
fn flag(condition: impl Into<SimpleExpr>) -> SimpleExpr {
    let condition = Condition::all().add(condition.into());
    Expr::case(condition, 1_i64).finally(0_i64).into()
}

/// How many rows it holds of.
fn count_of(condition: Condition) -> SimpleExpr {
    let case: SimpleExpr = Expr::case(condition, 1_i64).into();
    Func::count(case).into()
}

/// Whether a list that is kept as JSON has anything in it.
fn holds_any(column: impl ColumnTrait) -> SimpleExpr {
    flag(column.into_simple_expr().cast_as("text").ne("[]"))
}

#[derive(Debug, FromQueryResult)]
struct ReviewIncident {
    review_id: Uuid,
    incident_id: Uuid,
}

#[derive(Debug, FromQueryResult)]
struct IncidentRow {
    id: Uuid,
    timestamps: JsonColumn<Milestones>,
    attack_techniques: JsonColumn<Vec<String>>,
}

async fn incidents(
    connection: &impl ConnectionTrait,
    set: &SelectStatement,
    all: &mut HashMap<Uuid, Facts>,
) -> Result<()> {
    use incident::Column;
    use review_incident::Column as Link;
    let links: Vec<ReviewIncident> = review_incident::Entity::find()
        .select_only()
        .columns([Link::ReviewId, Link::IncidentId])
        .filter(Link::ReviewId.in_subquery(set.clone()))
        .into_model()
        .all(connection)
        .await?;
    let named = Query::select()
        .column(Link::IncidentId)
        .from(review_incident::Entity)
        .and_where(Link::ReviewId.in_subquery(set.clone()))
        .to_owned();
    let rows: Vec<IncidentRow> = incident::Entity::find()
        .select_only()
        .columns([Column::Id, Column::Timestamps, Column::AttackTechniques])
        .filter(Column::Id.in_subquery(named))
        .into_model()
        .all(connection)
        .await?;
    let known: HashMap<Uuid, IncidentFact> = rows.into_iter().map(incident_fact).collect();
    for link in links {
        let facts = all.get_mut(&link.review_id);
        if let (Some(facts), Some(fact)) = (facts, known.get(&link.incident_id)) {
            facts.incidents.push(fact.clone());
        }
    }
    Ok(())
}

fn incident_fact(row: IncidentRow) -> (Uuid, IncidentFact) {
    let knows = |milestone: Milestone| {
        let time = row.timestamps.0.get(&milestone);
        time.and_then(effective).is_some()
    };
    let ends = [
        Milestone::Contained,
        Milestone::Eradicated,
        Milestone::Recovered,
        Milestone::ImpactEnded,
    ];
    let fact = IncidentFact {
        id: row.id,
        has_detection: knows(Milestone::Detected),
        has_end: ends.into_iter().any(knows),
        has_techniques: !row.attack_techniques.0.is_empty(),
    };
    (row.id, fact)
}

#[derive(Debug, FromQueryResult)]
struct ImpactRow {
    id: Uuid,
    review_id: Uuid,
    snapshot: ImpactSnapshot,
    dimension: ImpactDimension,
    rating: ImpactRating,
}

async fn judgements(
    connection: &impl ConnectionTrait,
    set: &SelectStatement,
    all: &mut HashMap<Uuid, Facts>,
) -> Result<()> {
    use impact::Column;
    let rows = assessment::Entity::find()
        .filter(assessment::Column::ReviewId.in_subquery(set.clone()))
        .all(connection)
        .await?;
    for row in rows {
        if let Some(facts) = all.get_mut(&row.review_id) {
            facts.assessments.push(assessment_fact(&row));
        }
    }
    let rows: Vec<ImpactRow> = impact::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::ReviewId,
            Column::Snapshot,
            Column::Dimension,
            Column::Rating,
        ])
        .filter(Column::ReviewId.in_subquery(set.clone()))
        .into_model()
        .all(connection)
        .await?;
    for row in rows {
        if let Some(facts) = all.get_mut(&row.review_id) {
            facts.impacts.push(ImpactFact {
                id: row.id,
                snapshot: row.snapshot,
                dimension: row.dimension,
                rating: row.rating,
            });
        }
    }
    Ok(())
}

fn assessment_fact(row: &assessment::Model) -> AssessmentFact {
    let mut points = row.strengths.0.iter().chain(&row.weaknesses.0);
    AssessmentFact {
        id: row.id,
        dimension: row.dimension,
        score: row.rating.score(),
        has_weaknesses: !row.weaknesses.0.is_empty(),
        names_events: points.any(|point| !point.event_ids.is_empty()),
        followed: row.procedures_followed,
        adequate: row.procedures_adequate,
    }
}

#[derive(Debug, FromQueryResult)]
struct FindingRow {
    id: Uuid,
    review_id: Uuid,
    kind: FindingKind,
    cause_category: Option<CauseCategory>,
    factor_kind: Option<FactorKind>,
    gap_category: Option<GapCategory>,
    control: Option<JsonColumn<finding::Control>>,
    parent_id: Option<Uuid>,
    risk_score: Option<i32>,
    has_evidence: i64,
    has_reason: i64,
    has_techniques: i64,
}

async fn findings(
    connection: &impl ConnectionTrait,
    set: &SelectStatement,
    all: &mut HashMap<Uuid, Facts>,
) -> Result<()> {
    use finding::Column;
    let rows: Vec<FindingRow> = finding::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::ReviewId,
            Column::Kind,
            Column::CauseCategory,
            Column::FactorKind,
            Column::GapCategory,
            Column::Control,
            Column::ParentId,
            Column::RiskScore,
        ])
        .expr_as(holds_any(Column::Evidence), "has_evidence")
        .expr_as(
            flag(Column::NoRecommendationReason.is_not_null()),
            "has_reason",
        )
        .expr_as(holds_any(Column::AttackTechniques), "has_techniques")
        .filter(Column::ReviewId.in_subquery(set.clone()))
        .filter(Column::RetractedAt.is_null())
        .into_model()
        .all(connection)
        .await?;
    let resting = resting(connection, set).await?;
    for row in rows {
        let Some(facts) = all.get_mut(&row.review_id) else {
            continue;
        };
        facts.findings.push(FindingFact {
            id: row.id,
            kind: row.kind,
            cause: row.cause_category,
            factor: row.factor_kind,
            gap: row.gap_category,
            control: row.control.map(|column| column.0.function),
            parent: row.parent_id,
            has_evidence: row.has_evidence == 1 || resting.contains(&row.id),
            has_risk: row.risk_score.is_some(),
            has_reason_for_none: row.has_reason == 1,
            has_techniques: row.has_techniques == 1,
        });
    }
    Ok(())
}

/// The findings that rest on an event that stands.
async fn resting(
    connection: &impl ConnectionTrait,
    set: &SelectStatement,
) -> Result<HashSet<Uuid>> {
    let stands = finding_event::Entity::find()
        .join(JoinType::InnerJoin, event_of_link())
        .filter(event::Column::ReviewId.in_subquery(set.clone()))
        .filter(event::Column::RetractedAt.is_null());
    let ids: Vec<Uuid> = only(stands, finding_event::Column::FindingId)
        .all(connection)
        .await?;
    Ok(ids.into_iter().collect())
}

/// From a link to its event.
fn event_of_link() -> sea_orm::RelationDef {
    finding_event::Entity::belongs_to(event::Entity)
        .from(finding_event::Column::EventId)
        .to(event::Column::Id)
        .into()
}

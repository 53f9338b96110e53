//! What the conditions look at, and the frozen snapshots.

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::organization::OrganizationId;
use entity::{action, finding, recommendation, review, review_snapshot};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable as _,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::body::SnapshotSort;
use super::policy::PolicyFacts;
use super::rules::{ActionFact, Facts, FindingFact, LessonFact, RecommendationFact};
use crate::kernel::access::Caller;
use crate::kernel::database::Tx;
use crate::kernel::error::Result;
use crate::kernel::page::{Page, PageRequest, page};
use crate::{
    assessments, chronology, impacts, lessons, recommendations, reviews, wording_notes, workshops,
};

/// The facts of a review on a day, in a number of queries that depends on its policy only.
pub async fn facts(
    connection: &impl ConnectionTrait,
    review: &review::Model,
    caller: &Caller,
    today: NaiveDate,
) -> Result<Facts> {
    let findings = finding::Entity::find()
        .filter(finding::Column::ReviewId.eq(review.id))
        .filter(finding::Column::RetractedAt.is_null())
        .all(connection)
        .await?;
    let cited: HashSet<Uuid> = findings
        .iter()
        .flat_map(|row| row.event_ids.0.iter().copied())
        .collect();
    let cited: Vec<Uuid> = cited.into_iter().collect();
    let standing: HashSet<Uuid> = chronology::store::cited(connection, review.id, &cited)
        .await?
        .into_iter()
        .filter_map(|event| event.retracted_at.is_none().then_some(event.id))
        .collect();
    let actions = actions(connection, review.id).await?;
    let owners = reviews::service::owners(review);
    let recommendations = recommendations::store::for_review(connection, review.id).await?;
    let lessons = lessons::store::for_review(connection, review.id).await?;
    let policy = policy_facts(connection, review).await?;
    Ok(Facts {
        status: review.status,
        has_owner: review.owner.is_some(),
        asked_by_owner: owners
            .iter()
            .any(|owner| owner.are_of(&caller.name, Some(caller.subject.as_str()))),
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
                has_evidence: row.event_ids.0.iter().any(|id| standing.contains(id))
                    || !row.evidence.0.is_empty(),
                has_reason_for_none: row.no_recommendation_reason.is_some(),
            })
            .collect(),
        actions: actions
            .into_iter()
            .map(|row| action_fact(row, today))
            .collect(),
        recommendations: recommendations
            .into_iter()
            .map(|row| recommendation_fact(row, today))
            .collect(),
        lessons: lessons
            .into_iter()
            .map(|row| LessonFact {
                id: row.id,
                status: row.status,
            })
            .collect(),
        workshops: workshops::facts::of(connection, review).await?,
        policy,
        wording: wording_notes::store::open(connection, review).await?,
    })
}

/// What the review's policy asks for, and what of that is there.
async fn policy_facts(
    connection: &impl ConnectionTrait,
    review: &review::Model,
) -> Result<PolicyFacts> {
    let rules = reviews::policy::rules(review);
    let required_functions = if rules.workshop_required {
        Vec::new()
    } else {
        rules.required_functions
    };
    let represented = if required_functions.is_empty() {
        Vec::new()
    } else {
        crate::participants::store::functions(connection, review.id).await?
    };
    let assessed = if rules.required_assessments.is_empty() {
        Vec::new()
    } else {
        assessments::store::dimensions(connection, review.id).await?
    };
    let stated = if rules.required_impact_dimensions.is_empty() {
        Vec::new()
    } else {
        impacts::store::dimensions(connection, review.id).await?
    };
    Ok(PolicyFacts {
        required_assessments: rules.required_assessments,
        assessed,
        required_impacts: rules.required_impact_dimensions,
        stated,
        required_functions,
        represented,
    })
}

fn action_fact(row: action::Model, today: NaiveDate) -> ActionFact {
    ActionFact {
        id: row.id,
        status: row.status,
        is_complete: row.owner_name.is_some()
            && row.due_on.is_some()
            && row.closure_criteria.is_some(),
        is_approved: row
            .ended
            .as_ref()
            .is_some_and(|end| end.0.approver.is_some() && end.0.expires_on.is_some()),
        has_expired: row
            .ended
            .as_ref()
            .is_some_and(|end| end.0.expires_on.is_some_and(|last| last < today)),
        finding_ids: row.finding_ids.0,
    }
}

fn recommendation_fact(row: recommendation::Model, today: NaiveDate) -> RecommendationFact {
    let approved = row.history.0.last();
    let approved = approved.is_some_and(|step| step.approver.is_some());
    RecommendationFact {
        id: row.id,
        disposition: row.disposition,
        is_approved: approved && row.expires_on.is_some(),
        has_expired: row.expires_on.is_some_and(|last| last < today),
        duplicate_of_id: row.duplicate_of_id,
        finding_ids: row.finding_ids.0,
        action_ids: row.action_ids.0,
    }
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

/// One page of the snapshots of a review, without what they hold.
pub async fn snapshots(
    connection: &impl ConnectionTrait,
    (organization, review): (OrganizationId, Uuid),
    sort: SnapshotSort,
    request: &PageRequest<'_>,
) -> Result<Page<review_snapshot::Model>> {
    use review_snapshot::Column;
    let columns = Column::iter().filter(|column| !matches!(column, Column::Content));
    let select = review_snapshot::Entity::find()
        .select_only()
        .columns(columns)
        .expr_as(Expr::cust("''"), "content")
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ReviewId.eq(review));
    page::<review_snapshot::Entity, SnapshotSort>(select, sort, request, connection).await
}

/// The snapshot of a review that has this hash.
pub async fn snapshot(
    connection: &impl ConnectionTrait,
    (organization, review): (OrganizationId, Uuid),
    sha256: &str,
) -> Result<Option<review_snapshot::Model>> {
    use review_snapshot::Column;
    Ok(review_snapshot::Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ReviewId.eq(review))
        .filter(Column::Sha256.eq(sha256))
        .order_by_desc(Column::PublishedAt)
        .one(connection)
        .await?)
}

//! Reads the actions to be planned, what they wait for, and the findings that they answer.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::action::{Column, Entity};
use entity::organization::OrganizationId;
use entity::vocabulary::{ActionStatus, FindingKind, GapCategory, Priority, StakeholderFunction};
use entity::{JsonColumn, action_finding, finding, review};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::input::PlanFilter;
use crate::actions::rules::UNFINISHED;
use crate::kernel::access::Caller;
use crate::kernel::database::only;
use crate::kernel::error::Result;
use crate::kernel::page::any;
use crate::{references, reviews};

/// How many ids one statement names.
const CHUNK: usize = 1000;

/// What a plan needs of an action.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) review_id: Uuid,
    pub(super) review_key: String,
    pub(super) title: String,
    pub(super) owner_name: Option<String>,
    pub(super) owner_subject: Option<String>,
    pub(super) owner_function: Option<StakeholderFunction>,
    pub(super) due_on: Option<NaiveDate>,
    pub(super) effort_days: Option<f64>,
    pub(super) percent: Option<i32>,
    pub(super) priority: Priority,
    pub(super) priority_score: f64,
    pub(super) depends_on: JsonColumn<Vec<Uuid>>,
    pub(super) finding_ids: JsonColumn<Vec<Uuid>>,
}

/// The unfinished actions of the filter that exist for the caller, at most so many.
pub(super) async fn unfinished(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    filter: &PlanFilter,
    limit: usize,
) -> Result<Vec<Row>> {
    let exists = Query::select()
        .expr(Expr::val(1))
        .from(review::Entity)
        .and_where(
            Expr::col((review::Entity, review::Column::Id)).equals((Entity, Column::ReviewId)),
        )
        .cond_where(
            reviews::store::visible(caller)
                .add_option(any(&filter.review_severities, review::Column::Severity)),
        )
        .to_owned();
    let mut condition = Condition::all()
        .add(Column::OrganizationId.eq(caller.organization))
        .add(Column::Status.is_in(UNFINISHED))
        .add(Expr::exists(exists))
        .add_option(any(&filter.action_ids, Column::Id))
        .add_option(any(&filter.review_ids, Column::ReviewId))
        .add_option(any(&filter.priorities, Column::Priority));
    if filter.committed_only {
        condition = condition.add(Column::Status.ne(ActionStatus::Proposed));
    }
    if !filter.tags.is_empty() {
        let tagged = references::tagged_with(caller.organization, &filter.tags);
        condition = condition.add(Column::Id.in_subquery(tagged));
    }
    Ok(Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::ReviewId,
            Column::ReviewKey,
            Column::Title,
            Column::OwnerName,
            Column::OwnerSubject,
            Column::OwnerFunction,
            Column::DueOn,
            Column::EffortDays,
            Column::Percent,
            Column::Priority,
            Column::PriorityScore,
            Column::DependsOn,
            Column::FindingIds,
        ])
        .filter(condition)
        .order_by_asc(Column::Id)
        .limit(limit as u64)
        .into_model()
        .all(connection)
        .await?)
}

/// Which of these actions are unfinished.
pub(super) async fn still_unfinished(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    ids: &[Uuid],
) -> Result<HashSet<Uuid>> {
    let mut found = HashSet::new();
    for chunk in ids.chunks(CHUNK) {
        let unfinished = Entity::find()
            .filter(Column::OrganizationId.eq(organization))
            .filter(Column::Id.is_in(chunk.iter().copied()))
            .filter(Column::Status.is_in(UNFINISHED));
        let unfinished = only::<_, Uuid>(unfinished, Column::Id);
        found.extend(unfinished.all(connection).await?);
    }
    Ok(found)
}

/// What is at risk with a finding.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct FindingRow {
    pub(super) id: Uuid,
    pub(super) review_id: Uuid,
    pub(super) kind: FindingKind,
    pub(super) gap_category: Option<GapCategory>,
    pub(super) statement: String,
    pub(super) risk_score: Option<i32>,
}

/// Those of these findings that stand.
pub(super) async fn findings(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    ids: &[Uuid],
) -> Result<Vec<FindingRow>> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<FindingRow> = finding::Entity::find()
            .select_only()
            .columns([
                finding::Column::Id,
                finding::Column::ReviewId,
                finding::Column::Kind,
                finding::Column::GapCategory,
                finding::Column::Statement,
                finding::Column::RiskScore,
            ])
            .filter(finding::Column::OrganizationId.eq(organization))
            .filter(finding::Column::Id.is_in(chunk.iter().copied()))
            .filter(finding::Column::RetractedAt.is_null())
            .into_model()
            .all(connection)
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// An action that answers a finding.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Answer {
    pub(super) finding_id: Uuid,
    pub(super) action_id: Uuid,
    pub(super) status: ActionStatus,
}

/// All actions that answer these findings.
pub(super) async fn answers(
    connection: &impl ConnectionTrait,
    findings: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Answer>>> {
    use action_finding::Column as Link;
    let mut found: HashMap<Uuid, Vec<Answer>> = HashMap::new();
    let action = || {
        let link = action_finding::Entity::belongs_to(Entity);
        link.from(Link::ActionId).to(Column::Id).into()
    };
    for chunk in findings.chunks(CHUNK) {
        let rows: Vec<Answer> = action_finding::Entity::find()
            .select_only()
            .columns([Link::FindingId, Link::ActionId])
            .column_as(Column::Status, "status")
            .join(JoinType::InnerJoin, action())
            .filter(Link::FindingId.is_in(chunk.iter().copied()))
            .into_model()
            .all(connection)
            .await?;
        for row in rows {
            found.entry(row.finding_id).or_default().push(row);
        }
    }
    Ok(found)
}

//! Reads incidents as metrics need them: few columns, in chunks, each bound to the caller.

use entity::incident::{Column, Entity, Milestones};
use entity::vocabulary::{
    CauseCategory, DetectionSource, IncidentCategory, IncidentStatus, Severity,
};
use entity::{JsonColumn, Timestamp, finding, review, review_incident};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, Order, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use super::body::IncidentFilter;
use super::owners;
use crate::incidents::store::RESOURCE as INCIDENT;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::kernel::page::any;
use crate::{references, reviews};

/// How many incidents are read at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk(u64);

impl Chunk {
    /// When all of them are needed: large, and still bounded in memory.
    pub(super) const ALL: Self = Self(5000);

    /// When a page is to be filled: little more than it, if most rows will be on it.
    pub(super) fn of_page(limit: usize, most: bool) -> Self {
        if most {
            Self(limit as u64 + 1)
        } else {
            Self(1000)
        }
    }
}

/// What a metric needs of an incident.
#[derive(Debug, FromQueryResult)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) severity: Severity,
    pub(super) category: IncidentCategory,
    pub(super) status: IncidentStatus,
    pub(super) detection_source: DetectionSource,
    pub(super) tags: JsonColumn<Vec<String>>,
    pub(super) backfilled: bool,
    pub(super) created_at: Timestamp,
    pub(super) timestamps: JsonColumn<Milestones>,
}

/// Where a walk through the incidents stands: behind the row created then, with that id.
pub(super) type Position = (Timestamp, Uuid);

/// Hands every incident of the filter to `take`, newest first, until it answers `false`.
///
/// The filter's window is not applied here: it is judged by times inside the row.
pub(super) async fn walk(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    filter: &IncidentFilter,
    chunk: Chunk,
    begin: Option<Position>,
    mut take: impl FnMut(Row) -> bool,
) -> Result<()> {
    let select = select(caller, filter);
    let mut position = begin;
    loop {
        let rows: Vec<Row> = behind(select.clone(), position)
            .limit(chunk.0)
            .into_model()
            .all(connection)
            .await?;
        let full = rows.len() as u64 == chunk.0;
        for row in rows {
            position = Some((row.created_at, row.id));
            if !take(row) {
                return Ok(());
            }
        }
        if !full {
            return Ok(());
        }
    }
}

fn behind(select: Select<Entity>, position: Option<Position>) -> Select<Entity> {
    let order = [Column::CreatedAt, Column::Id];
    let select = match position {
        None => select,
        Some((at, id)) => {
            let left = Expr::tuple(order.map(sea_orm::IntoSimpleExpr::into_simple_expr));
            select.filter(left.lt(Expr::tuple([Expr::value(at), Expr::value(id)])))
        }
    };
    select
        .order_by(Column::CreatedAt, Order::Desc)
        .order_by(Column::Id, Order::Desc)
}

fn select(caller: &Caller, filter: &IncidentFilter) -> Select<Entity> {
    let mut condition = Condition::all()
        .add(Column::OrganizationId.eq(caller.organization))
        .add_option(any(&filter.severity, Column::Severity))
        .add_option(any(&filter.category, Column::Category))
        .add_option(any(&filter.certainty, Column::Certainty))
        .add_option(any(&filter.detection_source, Column::DetectionSource))
        .add_option(any(&filter.incident_status, Column::Status))
        .add_option(filter.backfilled.map(|flag| Column::Backfilled.eq(flag)));
    if !filter.tag.is_empty() {
        let tagged = references::tagged_with(caller.organization, &filter.tag);
        condition = condition.add(Column::Id.in_subquery(tagged));
    }
    if let Some(tagged) = filter.tagged {
        let any_tag = references::tagged(caller.organization);
        condition = condition.add(if tagged {
            Column::Id.in_subquery(any_tag)
        } else {
            Column::Id.not_in_subquery(any_tag)
        });
    }
    if !filter.attack_technique.is_empty() {
        let techniques = &filter.attack_technique;
        let used = references::with_technique(caller.organization, INCIDENT, techniques);
        condition = condition.add(Column::Id.in_subquery(used));
    }
    if !filter.cause_category.is_empty() {
        condition = condition.add(Column::Id.in_subquery(caused(caller, &filter.cause_category)));
    }
    condition = condition.add_option(owners::condition(caller, filter));
    Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::Title,
            Column::Severity,
            Column::Category,
            Column::Status,
            Column::DetectionSource,
            Column::Tags,
            Column::Backfilled,
            Column::CreatedAt,
            Column::Timestamps,
        ])
        .filter(condition)
}

/// The incidents of the reviews that exist for the caller.
pub(super) fn in_reviews(caller: &Caller) -> SelectStatement {
    Query::select()
        .column((review_incident::Entity, review_incident::Column::IncidentId))
        .from(review_incident::Entity)
        .inner_join(
            review::Entity,
            Expr::col((review::Entity, review::Column::Id))
                .equals((review_incident::Entity, review_incident::Column::ReviewId)),
        )
        .cond_where(reviews::store::visible(caller))
        .to_owned()
}

/// Those whose reviews found a cause of these categories.
fn caused(caller: &Caller, categories: &[CauseCategory]) -> SelectStatement {
    in_reviews(caller)
        .inner_join(
            finding::Entity,
            Expr::col((finding::Entity, finding::Column::ReviewId))
                .equals((review::Entity, review::Column::Id)),
        )
        .and_where(finding::Column::CauseCategory.is_in(categories.iter().copied()))
        .and_where(finding::Column::RetractedAt.is_null())
        .to_owned()
}

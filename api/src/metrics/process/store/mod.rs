//! Reads reviews and what belongs to them, in a fixed number of queries.

pub(super) mod aftermath;
pub(super) mod content;
pub(super) mod incidents;
pub(super) mod sessions;

use entity::vocabulary::{ReviewKind, ReviewStatus, Severity, StakeholderFunction};
use entity::{Timestamp, review};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::body::ReviewFilter;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::kernel::page::any;
use crate::metrics::{as_text, owner_function};
use crate::reviews::store::visible;

/// What is needed of a review; what it keeps as JSON is read as its text.
#[derive(Debug, FromQueryResult)]
pub(super) struct ReviewRow {
    pub(super) id: Uuid,
    pub(super) key: String,
    pub(super) title: String,
    pub(super) kind: ReviewKind,
    pub(super) severity: Severity,
    pub(super) status: ReviewStatus,
    pub(super) tags: String,
    pub(super) incident_ids: String,
    pub(super) transitions: String,
    pub(super) policy_snapshot: Option<String>,
    pub(super) workshop_due_at: Option<Timestamp>,
    pub(super) publish_due_at: Option<Timestamp>,
    pub(super) owner_subject: Option<String>,
    pub(super) owner_function: Option<StakeholderFunction>,
    pub(super) created_at: Timestamp,
}

fn condition(caller: &Caller, filter: &ReviewFilter) -> Condition {
    use review::Column;
    let known = |column: Expr, is: bool| {
        if is {
            column.is_not_null()
        } else {
            column.is_null()
        }
    };
    let owner = || Expr::col((review::Entity, Column::OwnerSubject));
    let functions = filter.function.iter().copied();
    visible(caller)
        .add(filter.having().condition(caller.organization))
        .add_option(any(&filter.severity, Column::Severity))
        .add_option(any(&filter.kind, Column::Kind))
        .add_option(any(&filter.status, Column::Status))
        .add_option(any(&filter.review_id, Column::Id))
        .add_option(any(&filter.owner, Column::OwnerSubject))
        .add_option(any(&filter.facilitator, Column::FacilitatorSubject))
        .add_option(filter.from.map(|at| Column::CreatedAt.gte(at)))
        .add_option(filter.to.map(|at| Column::CreatedAt.lt(at)))
        .add_option(filter.with_owner.map(|is| known(owner(), is)))
        .add_option((!filter.function.is_empty()).then(|| owner_function().is_in(functions)))
        .add_option(filter.with_function.map(|is| known(owner_function(), is)))
}

/// The reviews of the filter that exist for the caller, newest first.
pub(super) async fn reviews(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    filter: &ReviewFilter,
) -> Result<Vec<ReviewRow>> {
    use review::Column;
    Ok(review::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::Key,
            Column::Title,
            Column::Kind,
            Column::Severity,
            Column::Status,
            Column::WorkshopDueAt,
            Column::PublishDueAt,
            Column::OwnerSubject,
            Column::CreatedAt,
        ])
        .expr_as(owner_function(), "owner_function")
        .expr_as(as_text(Column::Tags), "tags")
        .expr_as(as_text(Column::IncidentIds), "incident_ids")
        .expr_as(as_text(Column::Transitions), "transitions")
        .expr_as(as_text(Column::PolicySnapshot), "policy_snapshot")
        .filter(condition(caller, filter))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .into_model()
        .all(connection)
        .await?)
}

/// The ids of the reviews of the filter.
pub(super) fn ids(caller: &Caller, filter: &ReviewFilter) -> SelectStatement {
    Query::select()
        .column((review::Entity, review::Column::Id))
        .from(review::Entity)
        .cond_where(condition(caller, filter))
        .to_owned()
}

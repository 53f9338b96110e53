//! Reads the facts of actions: one query, one row per review that exists for the caller.

use entity::vocabulary::Severity;
use entity::{action_fact, review};
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
};

use super::body::ActionFilter;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::kernel::page::any;
use crate::reviews;

/// A review and the facts of its actions.
#[derive(Debug, FromQueryResult)]
pub(super) struct Row {
    pub(super) severity: Severity,
    /// The facts, joined with commas; absent when the review has no action.
    pub(super) facts: Option<String>,
}

/// The reviews of the filter that exist for the caller, with the facts of their actions.
pub(super) async fn facts(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    filter: &ActionFilter,
) -> Result<Vec<Row>> {
    use review::Column;
    let condition = reviews::store::visible(caller)
        .add_option(any(&filter.severity, Column::Severity))
        .add_option(any(&filter.review_id, Column::Id));
    Ok(review::Entity::find()
        .select_only()
        .column(Column::Severity)
        .expr_as(joined(caller), "facts")
        .filter(condition)
        .into_model()
        .all(connection)
        .await?)
}

/// A review's facts from the index that covers them, without sorting: on both databases faster
/// than grouping a join.
fn joined(caller: &Caller) -> SimpleExpr {
    use action_fact::Column;
    let facts = Query::select()
        .expr(Func::cust("string_agg").args([
            Expr::col((action_fact::Entity, Column::Facts)),
            Expr::val(","),
        ]))
        .from(action_fact::Entity)
        .and_where(Column::OrganizationId.eq(caller.organization))
        .and_where(
            Expr::col((action_fact::Entity, Column::ReviewId))
                .equals((review::Entity, review::Column::Id)),
        )
        .to_owned();
    SimpleExpr::SubQuery(None, Box::new(facts.into()))
}

//! Reads the facts of actions, one row per review that exists for the caller, some reviews at a
//! time: the texts of all of them at once would take more memory than everything else.

use entity::vocabulary::Severity;
use entity::{Timestamp, action_fact, incident, review, review_incident};
use sea_orm::sea_query::{
    BinOper, Expr, ExprTrait as _, Func, FunctionCall, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, Order, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use uuid::Uuid;

use super::query::{ActionFilter, RemediationGroupBy};
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::kernel::page::any;
use crate::metrics::as_text;
use crate::reviews;

/// How many reviews are read first, and at least and at most.
const FIRST: u64 = 200;
const FEWEST: u64 = 20;
const MOST: u64 = 1_000;
/// About how many bytes of facts are read at once: little enough to be read at one go.
const BYTES: u64 = 400_000;

/// A review and the facts of its actions.
#[derive(Debug, FromQueryResult)]
pub(super) struct Row {
    id: Uuid,
    created_at: Timestamp,
    pub(super) severity: Severity,
    /// The tags as JSON, where groups are made by them.
    pub(super) tags: Option<String>,
    /// Category and detection source of each of its incidents, where groups are made by them:
    /// `intrusion/audit,intrusion/cert`.
    pub(super) incidents: Option<String>,
    /// The facts, joined with commas; absent when the review has no action.
    pub(super) facts: Option<String>,
}

/// A walk through the reviews of a filter, newest first.
#[derive(Debug)]
pub(super) struct Walk {
    select: Select<review::Entity>,
    /// Behind the review created then, with that id.
    position: Option<(Timestamp, Uuid)>,
    /// How many reviews come next; none when it is over.
    next: u64,
}

impl Walk {
    /// Through the reviews of the filter that exist for the caller, with what groups are made by.
    pub(super) fn new(
        caller: &Caller,
        filter: &ActionFilter,
        group_by: &[RemediationGroupBy],
    ) -> Self {
        use review::Column;
        let condition = reviews::store::visible(caller)
            .add(filter.having().condition(caller.organization))
            .add_option(any(&filter.severity, Column::Severity))
            .add_option(any(&filter.review_id, Column::Id));
        let nothing = || Expr::cust("NULL");
        let by = |wanted: fn(&RemediationGroupBy) -> bool| group_by.iter().any(wanted);
        let tags = if by(|field| *field == RemediationGroupBy::Tag) {
            as_text(Column::Tags)
        } else {
            nothing()
        };
        let incidents = if by(|field| field.is_of_incidents()) {
            incidents(caller)
        } else {
            nothing()
        };
        let select = review::Entity::find()
            .select_only()
            .columns([Column::Id, Column::CreatedAt, Column::Severity])
            .expr_as(tags, "tags")
            .expr_as(incidents, "incidents")
            .expr_as(joined(caller), "facts")
            .filter(condition)
            .order_by(Column::CreatedAt, Order::Desc)
            .order_by(Column::Id, Order::Desc);
        Self {
            select,
            position: None,
            next: FIRST,
        }
    }

    /// The next reviews; none when there are no more.
    pub(super) async fn next(&mut self, connection: &impl ConnectionTrait) -> Result<Vec<Row>> {
        if self.next == 0 {
            return Ok(Vec::new());
        }
        let select = behind(self.select.clone(), self.position).limit(self.next);
        let rows: Vec<Row> = select.into_model().all(connection).await?;
        self.position = rows.last().map(|row| (row.created_at, row.id));
        let full = rows.len() as u64 == self.next;
        let facts = rows.iter().filter_map(|row| row.facts.as_ref());
        let bytes: u64 = facts.map(|facts| facts.len() as u64).sum();
        self.next = if full {
            (self.next * BYTES / (bytes + 1)).clamp(FEWEST, MOST)
        } else {
            0
        };
        Ok(rows)
    }
}

fn behind(
    select: Select<review::Entity>,
    position: Option<(Timestamp, Uuid)>,
) -> Select<review::Entity> {
    use review::Column;
    let Some((at, id)) = position else {
        return select;
    };
    let last = Expr::tuple([Expr::value(at), Expr::value(id)]);
    let order = [Column::CreatedAt, Column::Id].map(sea_orm::IntoSimpleExpr::into_simple_expr);
    select.filter(Expr::tuple(order).lt(last))
}

/// A review's facts from the index that covers them, without sorting: on both databases faster
/// than grouping a join.
pub(in crate::metrics) fn joined(caller: &Caller) -> SimpleExpr {
    use action_fact::Column;
    let facts = Query::select()
        .expr(together(Expr::col((action_fact::Entity, Column::Facts))))
        .from(action_fact::Entity)
        .and_where(Column::OrganizationId.eq(caller.organization))
        .and_where(
            Expr::col((action_fact::Entity, Column::ReviewId))
                .equals((review::Entity, review::Column::Id)),
        )
        .to_owned();
    subquery(facts)
}

/// What a review's incidents are and what found them.
fn incidents(caller: &Caller) -> SimpleExpr {
    use incident::Column;
    let concatenated =
        |left: SimpleExpr, right: SimpleExpr| left.binary(BinOper::Custom("||"), right);
    let category = concatenated(
        Expr::col((incident::Entity, Column::Category)),
        Expr::val("/"),
    );
    let source = Expr::col((incident::Entity, Column::DetectionSource));
    let found = Query::select()
        .expr(together(concatenated(category, source)))
        .from(review_incident::Entity)
        .inner_join(
            incident::Entity,
            Expr::col((incident::Entity, Column::Id))
                .equals((review_incident::Entity, review_incident::Column::IncidentId)),
        )
        .and_where(Column::OrganizationId.eq(caller.organization))
        .and_where(
            Expr::col((review_incident::Entity, review_incident::Column::ReviewId))
                .equals((review::Entity, review::Column::Id)),
        )
        .to_owned();
    subquery(found)
}

/// Texts of several rows, joined with commas.
fn together(text: SimpleExpr) -> FunctionCall {
    Func::cust("string_agg").args([text, Expr::val(",")])
}

fn subquery(select: SelectStatement) -> SimpleExpr {
    SimpleExpr::SubQuery(None, Box::new(select.into()))
}

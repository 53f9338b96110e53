//! Queries of what actions have among each other: their ranks, and what waits for what.

use std::collections::{HashMap, HashSet};

use entity::action::{Column, Entity, Model};
use entity::action_dependency;
use sea_orm::sea_query::{
    Alias, CommonTableExpression, Expr, ExprTrait, Func, JoinType, Order, Query, SelectStatement,
    UnionType, WindowStatement, WithClause,
};
use sea_orm::{ColumnTrait, ConnectionTrait};
use uuid::Uuid;

use super::rules::UNFINISHED;
use super::store;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;

/// What an action shows that its own row does not hold.
#[derive(Clone, Debug, Default)]
pub struct Computed {
    /// Place among the unfinished actions of its review.
    pub rank: Option<i64>,
    /// The unfinished actions it waits for.
    pub blocked_by: Vec<Uuid>,
    /// Those of its dependencies that do not exist for the caller.
    pub hidden: Vec<Uuid>,
}

/// The ranks and blockers of actions, and what of them is hidden from the caller: at most three
/// queries, however many they are.
pub async fn of(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    actions: &[Model],
) -> Result<HashMap<Uuid, Computed>> {
    let mut computed: HashMap<Uuid, Computed> = HashMap::with_capacity(actions.len());
    let unfinished = || {
        let open = |row: &&Model| UNFINISHED.contains(&row.status);
        actions.iter().filter(open)
    };
    if unfinished().next().is_some() {
        let mut in_reviews: Vec<Uuid> = unfinished().map(|row| row.review_id).collect();
        in_reviews.sort_unstable();
        in_reviews.dedup();
        let ranks = ranks(in_reviews, unfinished().map(|row| row.id).collect());
        for row in connection.query_all(&ranks).await? {
            let id: Uuid = row.try_get("", "id")?;
            computed.entry(id).or_default().rank = Some(row.try_get("", "place")?);
        }
    }
    let waiting: Vec<Uuid> = actions
        .iter()
        .filter(|row| !row.depends_on.0.is_empty())
        .map(|row| row.id)
        .collect();
    for (id, blocker) in blockers(connection, waiting).await? {
        computed.entry(id).or_default().blocked_by.push(blocker);
    }
    if !caller.sees_restricted() {
        let named = actions.iter().flat_map(|row| row.depends_on.0.iter());
        let hidden = hidden(connection, caller, named.copied().collect()).await?;
        for row in actions {
            let own = row.depends_on.0.iter().filter(|id| hidden.contains(id));
            let own: Vec<Uuid> = own.copied().collect();
            if !own.is_empty() {
                computed.entry(row.id).or_default().hidden = own;
            }
        }
    }
    Ok(computed)
}

/// Which of these actions do not exist for the caller.
pub async fn hidden(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    mut actions: HashSet<Uuid>,
) -> Result<HashSet<Uuid>> {
    if !caller.sees_restricted() {
        let named: Vec<Uuid> = actions.iter().copied().collect();
        for id in store::existing(connection, caller, &named).await? {
            actions.remove(&id);
        }
        return Ok(actions);
    }
    Ok(HashSet::new())
}

fn ranks(reviews: Vec<Uuid>, actions: Vec<Uuid>) -> SelectStatement {
    let by_score = WindowStatement::partition_by(Column::ReviewId)
        .order_by(Column::PriorityScore, Order::Desc)
        .to_owned();
    let ranked = Query::select()
        .column(Column::Id)
        .expr_window_as(Func::cust("RANK"), by_score, "place")
        .from(Entity)
        .and_where(Column::ReviewId.is_in(reviews))
        .and_where(Column::Status.is_in(UNFINISHED))
        .to_owned();
    Query::select()
        .columns(["id", "place"])
        .from_subquery(ranked, "ranked")
        .and_where(Expr::col("id").is_in(actions))
        .to_owned()
}

async fn blockers(
    connection: &impl ConnectionTrait,
    waiting: Vec<Uuid>,
) -> Result<Vec<(Uuid, Uuid)>> {
    if waiting.is_empty() {
        return Ok(Vec::new());
    }
    let unfinished = Query::select()
        .column((
            action_dependency::Entity,
            action_dependency::Column::ActionId,
        ))
        .column((
            action_dependency::Entity,
            action_dependency::Column::DependsOnId,
        ))
        .from(action_dependency::Entity)
        .join(
            JoinType::InnerJoin,
            Entity,
            Expr::col((Entity, Column::Id)).equals((
                action_dependency::Entity,
                action_dependency::Column::DependsOnId,
            )),
        )
        .and_where(action_dependency::Column::ActionId.is_in(waiting))
        .and_where(Column::Status.is_in(UNFINISHED))
        .order_by(
            (
                action_dependency::Entity,
                action_dependency::Column::DependsOnId,
            ),
            Order::Asc,
        )
        .to_owned();
    edges(connection.query_all(&unfinished).await?)
}

fn edges(rows: Vec<sea_orm::QueryResult>) -> Result<Vec<(Uuid, Uuid)>> {
    let pair = |row: sea_orm::QueryResult| {
        Ok((
            row.try_get("", "action_id")?,
            row.try_get("", "depends_on_id")?,
        ))
    };
    rows.into_iter().map(pair).collect()
}

/// Every dependency that can be reached from some actions, in one query.
pub async fn reachable(
    connection: &impl ConnectionTrait,
    from: &[Uuid],
) -> Result<Vec<(Uuid, Uuid)>> {
    use action_dependency::{Column as Edge, Entity as Edges};
    let reached = Alias::new("reached");
    let first = Query::select()
        .column((Edges, Edge::ActionId))
        .column((Edges, Edge::DependsOnId))
        .from(Edges)
        .and_where(Edge::ActionId.is_in(from.iter().copied()))
        .to_owned();
    let further = Query::select()
        .column((Edges, Edge::ActionId))
        .column((Edges, Edge::DependsOnId))
        .from(Edges)
        .join(
            JoinType::InnerJoin,
            reached.clone(),
            Expr::col((Edges, Edge::ActionId)).equals((reached.clone(), Edge::DependsOnId)),
        )
        .to_owned();
    // UNION without ALL forgets what was reached before, so that it ends.
    let steps = first.clone().union(UnionType::Distinct, further).to_owned();
    let table = CommonTableExpression::new()
        .table_name(reached.clone())
        .columns([Edge::ActionId, Edge::DependsOnId])
        .query(steps)
        .to_owned();
    let all = Query::select()
        .columns([Edge::ActionId, Edge::DependsOnId])
        .from(reached)
        .to_owned();
    let walk = WithClause::new().recursive(true).cte(table).to_owned();
    edges(connection.query_all(&all.with(walk)).await?)
}

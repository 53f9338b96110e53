//! Queries of what reviews have in common, as far as they exist for the caller.

use std::collections::HashSet;

use entity::search_trait::{Column, Entity};
use entity::{review, review_incident};
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, JoinType, Order, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait,
    QueryFilter,
};
use uuid::Uuid;

use super::rules::Has;
use crate::kernel::access::{Caller, Scope};
use crate::kernel::error::Result;
use crate::reviews::store::visible;

/// How many traits of a review are compared: within the values that one statement binds.
const MOST_TRAITS: u64 = 500;
/// How many matches are weighed, those of the newest reviews first.
const MOST_MATCHES: u64 = 20_000;

#[derive(Debug, FromQueryResult)]
struct Own {
    value: String,
}

#[derive(Debug, FromQueryResult)]
struct Match {
    review_id: Uuid,
    value: String,
}

/// The incidents of a review, if the caller may read incidents.
fn of_incidents(caller: &Caller, review: Uuid) -> Option<sea_orm::sea_query::SimpleExpr> {
    let incidents = Query::select()
        .column(review_incident::Column::IncidentId)
        .from(review_incident::Entity)
        .and_where(review_incident::Column::ReviewId.eq(review))
        .to_owned();
    let readable = caller.scopes.contains(Scope::IncidentsRead);
    readable.then(|| Column::ResourceId.in_subquery(incidents))
}

/// What a review has, and which reviews have the same: itself among them.
pub async fn having(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    review: Uuid,
) -> Result<HashSet<Has>> {
    let mut own = Query::select();
    own.distinct()
        .column(Column::Value)
        .from(Entity)
        .and_where(Column::OrganizationId.eq(caller.organization))
        .cond_where(
            Condition::any()
                .add(Column::ReviewId.eq(review))
                .add_option(of_incidents(caller, review)),
        )
        .order_by(Column::Value, Order::Asc)
        .limit(MOST_TRAITS);
    let own = connection.get_database_backend().build(&own);
    let own = Own::find_by_statement(own).all(connection).await?;
    if own.is_empty() {
        return Ok(HashSet::new());
    }
    let values = own.into_iter().map(|own| own.value).collect();
    let matches = matches(caller, values);
    let matches = connection.get_database_backend().build(&matches);
    let found = Match::find_by_statement(matches).all(connection).await?;
    let has = |found: Match| Has {
        review: found.review_id,
        what: found.value,
    };
    Ok(found.into_iter().map(has).collect())
}

/// Which reviews have any of these. What an incident has, the reviews about it have.
fn matches(caller: &Caller, values: Vec<String>) -> sea_orm::sea_query::SelectStatement {
    let own = || Expr::col((Entity, Column::ReviewId));
    let about = || Expr::col((review_incident::Entity, review_incident::Column::ReviewId));
    let with = || Expr::from(Func::coalesce([own(), about()]));
    let link = Condition::all().add(own().is_null()).add(
        Expr::col((review_incident::Entity, review_incident::Column::IncidentId))
            .equals((Entity, Column::ResourceId)),
    );
    let mut matches = Query::select();
    matches
        .distinct()
        .expr_as(Expr::col((review::Entity, review::Column::Id)), "review_id")
        .column((Entity, Column::Value))
        .from(Entity)
        .join(JoinType::LeftJoin, review_incident::Entity, link)
        .join(
            JoinType::InnerJoin,
            review::Entity,
            Expr::col((review::Entity, review::Column::Id)).eq(with()),
        )
        .and_where(Expr::col((Entity, Column::OrganizationId)).eq(caller.organization))
        .and_where(Expr::col((Entity, Column::Value)).is_in(values))
        .cond_where(visible(caller))
        .order_by((review::Entity, review::Column::Id), Order::Desc)
        .limit(MOST_MATCHES);
    if !caller.scopes.contains(Scope::IncidentsRead) {
        matches.and_where(own().is_not_null());
    }
    matches
}

/// How many reviews exist for the caller.
pub async fn count(connection: &impl ConnectionTrait, caller: &Caller) -> Result<u64> {
    let all = review::Entity::find().filter(visible(caller));
    Ok(all.count(connection).await?)
}

/// Some reviews, if they exist for the caller.
pub async fn reviews(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    ids: &[Uuid],
) -> Result<Vec<review::Model>> {
    Ok(review::Entity::find()
        .filter(review::Column::Id.is_in(ids.iter().copied()))
        .filter(visible(caller))
        .all(connection)
        .await?)
}

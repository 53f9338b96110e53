//! The newest texts that hold what is sought: as many as are asked for, however many there are.

use entity::organization::OrganizationId;
use entity::{Timestamp, review, search_text};
use sea_orm::sea_query::{
    Alias, Condition, Expr, ExprTrait as _, Func, IntoColumnRef as _, JoinType, Order, Query,
    SelectStatement, SimpleExpr,
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult};
use uuid::Uuid;

use super::index::{self, Asked, NUMBER, TABLE};
use crate::kernel::words::Expression;

/// How many characters of a body are read for its rank.
pub const BEGINNING: u16 = 2_000;
/// How many of an organisation's newest texts PostgreSQL looks at one by one. Words that many of
/// them hold are found there; for others it asks the index, which cannot stop early.
const LOOKED_AT: u64 = 20_000;

/// What is sought.
#[derive(Clone, Debug)]
pub struct Sought<'a> {
    /// Whose texts.
    pub organization: OrganizationId,
    /// What they hold.
    pub expression: &'a Expression,
    /// Of any of these kinds; of all when none is named.
    pub kinds: &'a [&'static str],
    /// Of none of these kinds.
    pub hidden: &'a [&'static str],
    /// In any of these reviews; in all when none is named.
    pub reviews: &'a [Uuid],
    /// What else holds of `search_texts` and of their `reviews`, where they are in one.
    pub also: Condition,
    /// Older than the text with this number.
    pub below: Option<i64>,
    /// How many at most.
    pub most: u64,
}

/// A text that was found.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Found {
    /// Its number: the larger, the newer.
    pub number: i64,
    /// What kind of resource it is of.
    pub resource_type: String,
    /// Which one.
    pub resource_id: Uuid,
    /// In which review.
    pub review_id: Option<Uuid>,
    /// What that is called.
    pub review_key: Option<String>,
    /// What the resource is part of.
    pub parent_id: Option<Uuid>,
    /// What it is called, or says first.
    pub title: String,
    /// The beginning of what else it says.
    pub beginning: String,
    /// When it happened, or was recorded.
    pub at: Timestamp,
}

/// The newest texts that hold what is sought, the newest first.
pub async fn newest(
    connection: &impl ConnectionTrait,
    sought: &Sought<'_>,
) -> Result<Vec<Found>, DbErr> {
    if connection.get_database_backend() == DbBackend::Sqlite {
        return found(connection, &by_table(sought)).await;
    }
    let mut all = found(connection, &among_newest(sought)).await?;
    let missing = sought.most.saturating_sub(all.len() as u64);
    if missing > 0 {
        all.extend(found(connection, &behind_them(sought, missing)).await?);
    }
    Ok(all)
}

async fn found(
    connection: &impl ConnectionTrait,
    select: &SelectStatement,
) -> Result<Vec<Found>, DbErr> {
    let statement = connection.get_database_backend().build(select);
    Found::find_by_statement(statement).all(connection).await
}

fn column(column: search_text::Column) -> SimpleExpr {
    Expr::col((search_text::Entity, column).into_column_ref())
}

fn number() -> SimpleExpr {
    Expr::col((search_text::Entity, Alias::new("id")))
}

/// What is read of texts, beside their number.
fn columns() -> SelectStatement {
    use search_text::Column;
    let mut select = Query::select();
    for name in [
        Column::ResourceType,
        Column::ResourceId,
        Column::ReviewId,
        Column::ParentId,
        Column::Title,
        Column::At,
    ] {
        select.column((search_text::Entity, name));
    }
    let beginning = Func::cust(Alias::new("substr")).args([
        column(Column::Body),
        Expr::val(1),
        Expr::val(i32::from(BEGINNING)),
    ]);
    select
        .expr_as(beginning, Alias::new("beginning"))
        .expr_as(
            Expr::col((review::Entity, review::Column::Key)),
            Alias::new("review_key"),
        )
        .to_owned()
}

/// The reviews of texts, and what must hold of both.
fn restrict(select: &mut SelectStatement, sought: &Sought<'_>) {
    use search_text::Column;
    let own = Expr::col((review::Entity, review::Column::Id))
        .equals((search_text::Entity, Column::ReviewId));
    select
        .join(JoinType::LeftJoin, review::Entity, own)
        .and_where(column(Column::OrganizationId).eq(sought.organization))
        .cond_where(sought.also.clone());
}

fn asked<'a>(sought: &Sought<'a>) -> Asked<'a> {
    Asked {
        organization: sought.organization,
        kinds: sought.kinds,
        hidden: sought.hidden,
        reviews: sought.reviews,
        expression: sought.expression,
    }
}

/// SQLite: its table of words tells the numbers, the largest first, and stops when it may.
fn by_table(sought: &Sought<'_>) -> SelectStatement {
    let row = || Expr::col((Alias::new(TABLE), Alias::new("rowid")));
    let mut select = columns();
    select
        .expr_as(row().cast_as(Alias::new("bigint")), Alias::new(NUMBER))
        .from(Alias::new(TABLE))
        // In this order and no other.
        .cross_join(search_text::Entity)
        .and_where(index::matches(&asked(sought)))
        .and_where(number().eq(row()));
    if let Some(below) = sought.below {
        select.and_where(row().lt(below));
    }
    restrict(&mut select, sought);
    select
        .order_by_expr(row(), Order::Desc)
        .limit(sought.most)
        .to_owned()
}

/// The organisation's texts, the newest first.
fn of_organization(sought: &Sought<'_>) -> SelectStatement {
    let mut select = Query::select();
    select
        .from(search_text::Entity)
        .and_where(column(search_text::Column::OrganizationId).eq(sought.organization))
        .order_by_expr(number(), Order::Desc);
    if let Some(below) = sought.below {
        select.and_where(number().lt(below));
    }
    select
}

/// PostgreSQL: among the newest texts, looked at one by one.
fn among_newest(sought: &Sought<'_>) -> SelectStatement {
    let newest = of_organization(sought)
        .expr(Expr::cust("*"))
        .limit(LOOKED_AT)
        .to_owned();
    let mut select = columns();
    select
        .expr_as(number(), Alias::new(NUMBER))
        .from_subquery(newest, Alias::new("search_texts"))
        .and_where(index::holds(&asked(sought)));
    restrict(&mut select, sought);
    select
        .order_by_expr(number(), Order::Desc)
        .limit(sought.most)
        .to_owned()
}

/// PostgreSQL: all texts behind those, by the index of words.
fn behind_them(sought: &Sought<'_>, most: u64) -> SelectStatement {
    let last = of_organization(sought)
        .expr(number())
        .offset(LOOKED_AT - 1)
        .limit(1)
        .to_owned();
    let last = SimpleExpr::SubQuery(None, Box::new(last.into()));
    let mut select = columns();
    select
        .expr_as(number(), Alias::new(NUMBER))
        .from(search_text::Entity)
        .and_where(index::holds(&asked(sought)))
        .and_where(number().lt(last));
    restrict(&mut select, sought);
    select
        // Computed, so that no index of numbers is gone through instead.
        .order_by_expr(number().add(0), Order::Desc)
        .limit(most)
        .to_owned()
}

//! Queries of texts. Every one is bound to the caller: to their organisation, and to what is visible to
//! them.

use std::collections::HashMap;

use entity::Timestamp;
use entity::search_fill;
use entity::search_text::{Column, Entity};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait,
    QueryFilter, QuerySelect,
};
use uuid::Uuid;

use crate::kernel::access::Caller;
use crate::kernel::database::search::{Found, Sought, newest};
use crate::kernel::error::Result;
use crate::kernel::words::Expression;
use crate::resources::ResourceKind;
use crate::reviews::store::visible;

/// How many texts are ranked at once.
pub const WINDOW: usize = 1_000;

/// What is sought.
#[derive(Clone, Debug)]
pub struct Filter {
    /// What texts hold.
    pub expression: Expression,
    /// Of any of these kinds; of all when none is named.
    pub kinds: Vec<ResourceKind>,
    /// In this review.
    pub review: Option<Uuid>,
    /// Happened at or after.
    pub from: Option<Timestamp>,
    /// Happened before.
    pub until: Option<Timestamp>,
}

/// The newest texts that hold what is sought and exist for the caller, older than the one with that
/// number.
pub async fn window(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    filter: &Filter,
    below: Option<i64>,
) -> Result<Vec<Found>> {
    let names =
        |kinds: &[ResourceKind]| -> Vec<&str> { kinds.iter().map(|kind| kind.as_str()).collect() };
    let all = ResourceKind::ALL.iter().copied();
    let hidden: Vec<_> = all.filter(|kind| !kind.is_readable_by(caller)).collect();
    let in_sight = Condition::any()
        .add(Column::ReviewId.is_null())
        .add(visible(caller));
    let also = Condition::all()
        .add(in_sight)
        .add_option(filter.from.map(|at| Column::At.gte(at)))
        .add_option(filter.until.map(|at| Column::At.lt(at)));
    let sought = Sought {
        organization: caller.organization,
        expression: &filter.expression,
        kinds: &names(&filter.kinds),
        hidden: &names(&hidden),
        reviews: filter.review.as_slice(),
        also,
        below,
        most: WINDOW as u64,
    };
    Ok(newest(connection, &sought).await?)
}

#[derive(Debug, FromQueryResult)]
struct Body {
    resource_id: Uuid,
    body: String,
}

/// The whole bodies of texts that were found.
pub async fn bodies(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let bodies: Vec<Body> = Entity::find()
        .select_only()
        .columns([Column::ResourceId, Column::Body])
        .filter(Column::OrganizationId.eq(caller.organization))
        .filter(Column::ResourceId.is_in(ids.iter().copied()))
        .into_model()
        .all(connection)
        .await?;
    let bodies = bodies.into_iter();
    Ok(bodies.map(|one| (one.resource_id, one.body)).collect())
}

/// Whether all that was there before search has been filled in.
pub async fn is_filled(connection: &impl ConnectionTrait) -> Result<bool> {
    let done = search_fill::Entity::find()
        .filter(search_fill::Column::Done.eq(true))
        .count(connection)
        .await?;
    Ok(done >= ResourceKind::ALL.len() as u64)
}

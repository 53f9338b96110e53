//! Queries of deadlines. What a caller sees of them is the reviews' to say.

use entity::Timestamp;
use entity::deadline::{Column, Entity, Model};
use entity::organization::OrganizationId;
use entity::review;
use entity::vocabulary::{DeadlineKind, DeadlineState};
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    ModelTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::body::{DeadlineSort, ListDeadlines};
use crate::kernel::access::Caller;
use crate::kernel::database::{Tx, only};
use crate::kernel::error::Result;
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::reviews;

/// The kind of resource in audit records.
pub const RESOURCE: &str = "deadline";

/// The deadlines that exist for the caller: those of hidden reviews do not.
fn visible(caller: &Caller) -> Condition {
    let own = Condition::all().add(Column::OrganizationId.eq(caller.organization));
    if caller.sees_restricted() {
        return own;
    }
    let seen = review::Entity::find()
        .select_only()
        .column(review::Column::Id)
        .filter(reviews::store::visible(caller))
        .into_query();
    own.add(
        Condition::any()
            .add(Column::ReviewId.is_null())
            .add(Column::ReviewId.in_subquery(seen)),
    )
}

/// The deadlines that stand somewhere at a moment.
fn standing(state: DeadlineState, now: Timestamp) -> Condition {
    let open = Condition::all().add(Column::Outcome.is_null());
    match state {
        DeadlineState::Due => open.add(Column::DueAt.gte(now)),
        DeadlineState::Overdue => open.add(Column::DueAt.lt(now)),
        met => Condition::all().add(Column::Outcome.eq(met)),
    }
}

/// One page of the deadlines that exist for the caller.
pub async fn list(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    filter: &ListDeadlines,
    now: Timestamp,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let mut condition = visible(caller)
        .add_option(any(&filter.id, Column::Id))
        .add_option(any(&filter.kind, Column::Kind))
        .add_option(any(&filter.review_id, Column::ReviewId))
        .add_option(any(&filter.resource_id, Column::ResourceId))
        .add_option(any(&filter.owner, Column::Owner))
        .add_option(filter.due_at_from.map(|at| Column::DueAt.gte(at)))
        .add_option(filter.due_at_to.map(|at| Column::DueAt.lt(at)));
    if !filter.state.is_empty() {
        let states = filter.state.iter();
        let either = states.fold(Condition::any(), |either, state| {
            either.add(standing(*state, now))
        });
        condition = condition.add(either);
    }
    let select = Entity::find().filter(condition);
    page::<Entity, DeadlineSort>(select, filter.sort, request, connection).await
}

/// The deadline of a kind that a resource has, held until the transaction ends.
pub async fn lock(
    tx: &Tx,
    organization: OrganizationId,
    kind: DeadlineKind,
    resource: Uuid,
) -> Result<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::ResourceId.eq(resource))
        .filter(Column::Kind.eq(kind))
        .filter(Column::OrganizationId.eq(organization))
        .lock_exclusive()
        .one(tx)
        .await?)
}

/// Every deadline that a resource has, held until the transaction ends.
pub async fn lock_all(tx: &Tx, organization: OrganizationId, resource: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::ResourceId.eq(resource))
        .filter(Column::OrganizationId.eq(organization))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?)
}

/// Adds a deadline.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().insert(tx).await?)
}

/// Replaces a deadline.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

/// Removes a deadline.
pub async fn remove(tx: &Tx, row: Model) -> Result<()> {
    row.delete(tx).await?;
    Ok(())
}

/// Whether there is anything to announce, of whomever: one look into an index.
pub async fn any_to_announce(connection: &impl ConnectionTrait, now: Timestamp) -> Result<bool> {
    let due = Entity::find().filter(Column::AnnounceAt.lte(now));
    let first: Option<Uuid> = only(due, Column::Id).one(connection).await?;
    Ok(first.is_some())
}

/// The next deadlines to announce something of, of whomever, held until the transaction ends.
///
/// Those that somebody is changing are left for the next time: whoever announces waits for no one,
/// and so no one for them.
pub async fn lock_to_announce(tx: &Tx, now: Timestamp, limit: u64) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::AnnounceAt.lte(now))
        .order_by_asc(Column::AnnounceAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx)
        .await?)
}

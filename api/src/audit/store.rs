//! Queries of the audit log. None can be asked without naming whose.

use entity::audit_record::{Column, Entity, Model};
use entity::organization::OrganizationId;
use entity::review;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

use super::http::{AuditRecordSort, ListAuditRecords};
use crate::kernel::access::Caller;
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::reviews;

/// The records that exist for the caller: those of reviews that are hidden from them do not.
fn visible(caller: &Caller) -> Condition {
    let own = Condition::all().add(Column::OrganizationId.eq(caller.organization));
    if caller.sees_restricted() {
        return own;
    }
    let reviews = review::Entity::find()
        .select_only()
        .column(review::Column::Id)
        .filter(reviews::store::visible(caller))
        .into_query();
    own.add(
        Condition::any()
            .add(Column::ReviewId.is_null())
            .add(Column::ReviewId.in_subquery(reviews)),
    )
}

/// One page of the records that exist for the caller.
pub async fn list(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    filter: &ListAuditRecords,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let condition = visible(caller)
        .add_option(any(&filter.actor, Column::ActorSubject))
        .add_option(any(&filter.action, Column::Action))
        .add_option(any(&filter.resource_type, Column::ResourceType))
        .add_option(any(&filter.resource_id, Column::ResourceId))
        .add_option(any(&filter.review_id, Column::ReviewId))
        .add_option(filter.at_from.map(|at| Column::At.gte(at)))
        .add_option(filter.at_to.map(|at| Column::At.lt(at)));
    let select = Entity::find().filter(condition);
    page::<Entity, AuditRecordSort>(select, filter.sort, request, connection).await
}

/// A record, if it exists for the caller.
pub async fn find(connection: &impl ConnectionTrait, caller: &Caller, id: Uuid) -> Result<Model> {
    Entity::find_by_id(id)
        .filter(visible(caller))
        .one(connection)
        .await?
        .ok_or_else(|| Error::not_found("audit record"))
}

/// Some of an organisation's records, in the order of the chain, whoever may see them.
pub async fn chunk(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    after: i64,
    until: i64,
    limit: u64,
) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Sequence.gt(after))
        .filter(Column::Sequence.lte(until))
        .order_by_asc(Column::Sequence)
        .limit(limit)
        .all(connection)
        .await?)
}

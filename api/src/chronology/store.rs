//! Queries of events.

use entity::event::{Column, Entity, Model};
use entity::organization::OrganizationId;
use entity::review;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    JoinType, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::body::{EventSort, ListEvents};
use crate::kernel::access::Caller;
use crate::kernel::database::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::reviews::store::visible;
use crate::text;

/// The kind of resource in audit records and revisions.
pub const RESOURCE: &str = "event";
/// How many rows one statement of a batch inserts.
const CHUNK: usize = 200;

/// An event of a review that exists for the caller.
pub async fn find(
    connection: &impl ConnectionTrait,
    review: &review::Model,
    id: Uuid,
) -> Result<Model> {
    let found = Entity::find_by_id(id)
        .filter(Column::ReviewId.eq(review.id))
        .one(connection)
        .await?;
    found.ok_or_else(|| Error::not_found("event"))
}

/// The same, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, review: &review::Model, id: Uuid) -> Result<Model> {
    let found = Entity::find_by_id(id)
        .filter(Column::ReviewId.eq(review.id))
        .lock_exclusive()
        .one(tx)
        .await?;
    found.ok_or_else(|| Error::not_found("event"))
}

/// The event that a source calls so.
pub async fn find_by_external_id(
    connection: &impl ConnectionTrait,
    review: Uuid,
    source: &str,
    external_id: &str,
) -> Result<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::ReviewId.eq(review))
        .filter(Column::Source.eq(source))
        .filter(Column::ExternalId.eq(external_id))
        .one(connection)
        .await?)
}

/// Ids of a review's events by source and external id, for the pairs of a batch.
pub async fn ids_by_external_id(
    connection: &impl ConnectionTrait,
    review: Uuid,
    external_ids: &[&str],
) -> Result<Vec<(Option<String>, Option<String>, Uuid)>> {
    let mut found = Vec::new();
    for chunk in external_ids.chunks(1_000) {
        found.extend(
            Entity::find()
                .select_only()
                .columns([Column::Source, Column::ExternalId, Column::Id])
                .filter(Column::ReviewId.eq(review))
                .filter(Column::ExternalId.is_in(chunk.iter().copied()))
                .into_tuple::<(Option<String>, Option<String>, Uuid)>()
                .all(connection)
                .await?,
        );
    }
    Ok(found)
}

/// Which of these ids are events of the review.
pub async fn existing(
    connection: &impl ConnectionTrait,
    review: Uuid,
    ids: &[Uuid],
) -> Result<Vec<Uuid>> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::ReviewId.eq(review))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(connection)
        .await?)
}

/// Adds an event unless its source has sent it before; says whether it did.
pub async fn insert(tx: &Tx, row: Model) -> Result<bool> {
    let inserted = Entity::insert(row.into_active_model().reset_all())
        .on_conflict(unless_repeated())
        .exec_without_returning(tx)
        .await?;
    Ok(inserted > 0)
}

/// Adds the rows of a batch, none of which its source has sent before.
pub async fn insert_all(tx: &Tx, rows: Vec<Model>) -> Result<()> {
    let mut rows = rows
        .into_iter()
        .map(|row| row.into_active_model().reset_all())
        .peekable();
    while rows.peek().is_some() {
        let chunk: Vec<_> = rows.by_ref().take(CHUNK).collect();
        Entity::insert_many(chunk)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

fn unless_repeated() -> OnConflict {
    OnConflict::columns([Column::ReviewId, Column::Source, Column::ExternalId])
        .do_nothing()
        .to_owned()
}

/// Replaces an event by its new revision.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

/// Every event of a review in order, the retracted too.
pub async fn for_review(connection: &impl ConnectionTrait, review: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::ReviewId.eq(review))
        .order_by_asc(Column::OccurredAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

/// Whether a review has an event that stands.
pub async fn any_stands(connection: &impl ConnectionTrait, review: Uuid) -> Result<bool> {
    let first: Option<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::ReviewId.eq(review))
        .filter(Column::RetractedAt.is_null())
        .into_tuple()
        .one(connection)
        .await?;
    Ok(first.is_some())
}

fn condition(filter: &ListEvents) -> Condition {
    let retracted = filter.retracted.map(|retracted| {
        if retracted {
            Column::RetractedAt.is_not_null()
        } else {
            Column::RetractedAt.is_null()
        }
    });
    Condition::all()
        .add_option(any(&filter.kind, Column::Kind))
        .add_option(any(&filter.phase, Column::Phase))
        .add_option(any(&filter.actor_side, Column::ActorSide))
        .add_option(any(&filter.source, Column::Source))
        .add_option(filter.is_key.map(|flag| Column::IsKey.eq(flag)))
        .add_option(filter.has_marks.map(|flag| Column::HasMarks.eq(flag)))
        .add_option(retracted)
        .add_option(filter.occurred_at_from.map(|at| Column::OccurredAt.gte(at)))
        .add_option(filter.occurred_at_to.map(|at| Column::OccurredAt.lt(at)))
        .add_option(
            filter
                .q
                .as_ref()
                .map(|words| text::holds_every_word(Column::SearchText, words)),
        )
}

/// One page of a review's chronology.
pub async fn list(
    connection: &impl ConnectionTrait,
    review: Uuid,
    filter: &ListEvents,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let select = Entity::find()
        .filter(Column::ReviewId.eq(review))
        .filter(condition(filter));
    page::<Entity, EventSort>(select, filter.sort, request, connection).await
}

/// One page of the events of every review that exists for the caller.
pub async fn list_across(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    reviews: &[Uuid],
    filter: &ListEvents,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let organization: OrganizationId = caller.organization;
    let review = Entity::belongs_to(review::Entity)
        .from(Column::ReviewId)
        .to(review::Column::Id)
        .into();
    let select = Entity::find()
        .join(JoinType::InnerJoin, review)
        .filter(Column::OrganizationId.eq(organization))
        .filter(visible(caller))
        .filter(Condition::all().add_option(any(reviews, Column::ReviewId)))
        .filter(condition(filter));
    page::<Entity, EventSort>(select, filter.sort, request, connection).await
}

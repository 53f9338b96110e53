//! Queries of events.

use std::collections::HashSet;

use entity::event::{Column, Entity, Model};
use entity::{Timestamp, review};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter,
    QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::body::EventBody;
use super::list::ListEvents;
use crate::append_only::row::append_only;
use crate::append_only::store::retracted;
use crate::kernel::access::Caller;
use crate::kernel::database::{Inserts, Tx, only};
use crate::kernel::error::Result;
use crate::kernel::page::{Page, PageRequest, any};
use crate::reviews::store::visible;
use crate::{append_only, text};

append_only!(event by OccurredAt, told as EventBody, called "event", moves review true);

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

/// An event by the name that it has at its source.
#[derive(Debug, FromQueryResult)]
pub struct Named {
    /// The system it comes from.
    pub source: Option<String>,
    /// Its id there.
    pub external_id: Option<String>,
    /// Its id here.
    pub id: Uuid,
}

/// Ids of a review's events by source and external id, for the pairs of a batch.
pub async fn ids_by_external_id(
    connection: &impl ConnectionTrait,
    review: Uuid,
    external_ids: &[&str],
) -> Result<Vec<Named>> {
    let mut found = Vec::new();
    for chunk in external_ids.chunks(1_000) {
        found.extend(
            Entity::find()
                .select_only()
                .columns([Column::Source, Column::ExternalId, Column::Id])
                .filter(Column::ReviewId.eq(review))
                .filter(Column::ExternalId.is_in(chunk.iter().copied()))
                .into_model()
                .all(connection)
                .await?,
        );
    }
    Ok(found)
}

/// Which of these events belong to reviews that exist for the caller.
pub async fn visible_among(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    ids: &[Uuid],
) -> Result<Vec<Uuid>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(1_000) {
        let reviews = review::Entity::find()
            .select_only()
            .column(review::Column::Id)
            .filter(visible(caller))
            .into_query();
        let seen = Entity::find()
            .filter(Column::OrganizationId.eq(caller.organization))
            .filter(Column::Id.is_in(chunk.iter().copied()))
            .filter(Column::ReviewId.in_subquery(reviews));
        let seen: Vec<Uuid> = only(seen, Column::Id).all(connection).await?;
        found.extend(seen);
    }
    Ok(found)
}

/// An event that something refers to.
#[derive(Debug, FromQueryResult)]
pub struct Cited {
    /// Its id.
    pub id: Uuid,
    /// When it was retracted, if it was.
    pub retracted_at: Option<Timestamp>,
}

/// Those of these ids that are events of the review.
pub async fn cited(
    connection: &impl ConnectionTrait,
    review: Uuid,
    ids: &[Uuid],
) -> Result<Vec<Cited>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(1_000) {
        found.extend(
            Entity::find()
                .select_only()
                .columns([Column::Id, Column::RetractedAt])
                .filter(Column::ReviewId.eq(review))
                .filter(Column::Id.is_in(chunk.iter().copied()))
                .into_model()
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
) -> Result<HashSet<Uuid>> {
    let cited = cited(connection, review, ids).await?;
    Ok(cited.into_iter().map(|event| event.id).collect())
}

/// Adds an event unless its source has sent it before; says whether it did.
pub async fn insert(tx: &Tx, row: Model) -> Result<bool> {
    static ONE: Inserts = Inserts::unless(repeated_at_its_source);
    Ok(ONE.run::<Entity>(tx, &[row]).await? > 0)
}

/// Adds the rows of a batch, none of which its source has sent before: in the order of their time, so
/// that the indexes by it are gone through once.
pub async fn insert_all(tx: &Tx, mut rows: Vec<Model>) -> Result<()> {
    static MANY: Inserts = Inserts::new();
    rows.sort_by_key(|row| row.occurred_at);
    MANY.run::<Entity>(tx, &rows).await?;
    Ok(())
}

fn repeated_at_its_source() -> OnConflict {
    OnConflict::columns([Column::ReviewId, Column::Source, Column::ExternalId])
        .do_nothing()
        .to_owned()
}

/// Every event of a review in order, the retracted too.
pub async fn for_review(connection: &impl ConnectionTrait, review: Uuid) -> Result<Vec<Model>> {
    append_only::store::for_review(connection, review).await
}

/// Whether a review has an event that stands.
pub async fn any_stands(connection: &impl ConnectionTrait, review: Uuid) -> Result<bool> {
    let first: Option<Uuid> = only(
        Entity::find()
            .filter(Column::ReviewId.eq(review))
            .filter(Column::RetractedAt.is_null()),
        Column::Id,
    )
    .one(connection)
    .await?;
    Ok(first.is_some())
}

/// The events that mark a milestone: in the words of the index that holds no others.
pub fn marks() -> Expr {
    Expr::col((Entity, Column::HasMarks))
}

fn condition(filter: &ListEvents) -> Condition {
    Condition::all()
        .add_option(any(&filter.kind, Column::Kind))
        .add_option(any(&filter.phase, Column::Phase))
        .add_option(any(&filter.actor_side, Column::ActorSide))
        .add_option(any(&filter.source, Column::Source))
        .add_option(filter.is_key.map(|flag| Column::IsKey.eq(flag)))
        .add_option(
            filter
                .has_marks
                .map(|flag| if flag { marks() } else { marks().not() }),
        )
        .add_option(retracted::<Model>(filter.retracted))
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
    append_only::store::list(connection, review, condition(filter), filter.sort, request).await
}

/// One page of the events of every review that exists for the caller.
pub async fn list_across(
    connection: &impl ConnectionTrait,
    whose: (&Caller, &[Uuid]),
    filter: &ListEvents,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let condition = condition(filter);
    append_only::store::list_across(connection, whose, condition, filter.sort, request).await
}

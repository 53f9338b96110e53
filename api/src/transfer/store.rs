//! Queries of what a document may meet here, each within one organisation.

use std::collections::HashSet;

use entity::organization::OrganizationId;
use entity::review::{Column, Entity, Model};
use entity::{
    action, calendar, document, document_revision, event, organization, recommendation_template,
};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use crate::kernel::database::{Tx, only};
use crate::kernel::error::Result;

/// Whether several organisations share this service.
pub async fn is_shared(connection: &impl ConnectionTrait) -> Result<bool> {
    let some = organization::Entity::find().limit(2);
    let some: Vec<OrganizationId> = only(some, organization::Column::Id).all(connection).await?;
    Ok(some.len() > 1)
}

/// The organisation's review that has one of these ids.
pub async fn with_id(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    ids: [Uuid; 2],
) -> Result<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Id.is_in(ids))
        .order_by_asc(Column::Id)
        .one(connection)
        .await?)
}

/// Whether the organisation has a review of that key.
pub async fn has_key(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    key: &str,
) -> Result<bool> {
    let named = Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Key.eq(key));
    let found: Option<Uuid> = only(named, Column::Id).one(connection).await?;
    Ok(found.is_some())
}

/// Lets the numbers of a year go on behind one that was given elsewhere.
pub async fn count_from(
    tx: &Tx,
    organization: OrganizationId,
    (year, number): (i32, i32),
) -> Result<()> {
    use entity::review_counter::{ActiveModel, Column as Counter, Entity as Counters};
    use sea_orm::sea_query::{Expr, ExprTrait};
    let first = ActiveModel {
        organization_id: Set(organization),
        year: Set(year),
        last: Set(number),
    };
    let last = Expr::col((Counters, Counter::Last));
    let further = Expr::case(last.clone().lt(number), Expr::val(number)).finally(last);
    Counters::insert(first)
        .on_conflict(
            OnConflict::columns([Counter::OrganizationId, Counter::Year])
                .value(Counter::Last, further)
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Which of some ids are an organisation's, of one table.
macro_rules! owned {
    ($($(#[doc = $doc:literal])+ $name:ident: $table:ident;)+) => {
        $($(#[doc = $doc])+
        pub async fn $name(
            connection: &impl ConnectionTrait,
            organization: OrganizationId,
            ids: &HashSet<Uuid>,
        ) -> Result<HashSet<Uuid>> {
            use $table::{Column, Entity};
            let ids: Vec<Uuid> = ids.iter().copied().collect();
            let mut known = HashSet::with_capacity(ids.len());
            for some in ids.chunks(1_000) {
                let own = Entity::find()
                    .filter(Column::OrganizationId.eq(organization))
                    .filter(Column::Id.is_in(some.iter().copied()));
                let found: Vec<Uuid> = only(own, Column::Id).all(connection).await?;
                known.extend(found);
            }
            Ok(known)
        })+
    };
}

owned! {
    /// Which of some ids are actions of the organisation.
    actions: action;
    /// Which of some ids are recommendations of its library.
    templates: recommendation_template;
    /// Which of some ids are events of it.
    events: event;
    /// Which of some ids are calendars that it works by.
    calendars: calendar;
    /// Which of some ids are documents of it.
    documents: document;
}

/// The organisation's document of that kind and title, the oldest where there are several.
pub async fn document_called(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    row: &document::Model,
) -> Result<Option<Uuid>> {
    use document::Column;
    let named = document::Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Kind.eq(row.kind))
        .filter(Column::Title.eq(row.title.as_str()))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id);
    Ok(only(named, Column::Id).one(connection).await?)
}

/// Those of an organisation's documents that have these ids.
pub async fn documents_with(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    ids: &HashSet<Uuid>,
) -> Result<Vec<document::Model>> {
    use document::Column;
    Ok(document::Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?)
}

/// The revisions of a document.
pub async fn revisions_of(
    connection: &impl ConnectionTrait,
    document: Uuid,
) -> Result<Vec<document_revision::Model>> {
    use document_revision::Column;
    Ok(document_revision::Entity::find()
        .filter(Column::DocumentId.eq(document))
        .all(connection)
        .await?)
}

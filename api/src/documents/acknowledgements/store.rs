//! Queries of acknowledgements, always within a revision of a document of the organisation.

use entity::document_acknowledgement::{Column, Entity, Model};
use entity::document_revision;
use entity::shared::Person;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter,
};
use uuid::Uuid;

use super::body::AcknowledgementSort;
use super::rules;
use crate::kernel::database::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, page};

/// The kind of resource in audit records.
pub const RESOURCE: &str = "document_acknowledgement";

/// One page of a revision's acknowledgements.
pub async fn list(
    connection: &impl ConnectionTrait,
    revision: &document_revision::Model,
    sort: AcknowledgementSort,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let own = Entity::find().filter(Column::RevisionId.eq(revision.id));
    page::<Entity, AcknowledgementSort>(own, sort, request, connection).await
}

/// An acknowledgement of a revision.
pub async fn find(
    connection: &impl ConnectionTrait,
    revision: &document_revision::Model,
    id: Uuid,
) -> Result<Model> {
    let found = Entity::find_by_id(id)
        .filter(Column::RevisionId.eq(revision.id))
        .one(connection)
        .await?;
    found.ok_or_else(|| Error::not_found("acknowledgement"))
}

/// A reader's acknowledgement of a revision.
pub async fn find_by_reader(
    connection: &impl ConnectionTrait,
    revision: &document_revision::Model,
    reader_key: &str,
) -> Result<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::RevisionId.eq(revision.id))
        .filter(Column::ReaderKey.eq(reader_key))
        .one(connection)
        .await?)
}

/// Those who have read a revision, of some who have to, and perhaps others of the same name.
pub async fn among(
    connection: &impl ConnectionTrait,
    revision: &document_revision::Model,
    readers: &[Person],
) -> Result<Vec<Person>> {
    if readers.is_empty() {
        return Ok(Vec::new());
    }
    let known = Condition::any()
        .add(Column::ReaderKey.is_in(readers.iter().map(rules::key)))
        .add(Column::ReaderName.is_in(readers.iter().map(rules::name)));
    let found = Entity::find()
        .filter(Column::RevisionId.eq(revision.id))
        .filter(known)
        .all(connection)
        .await?;
    Ok(found.into_iter().map(|row| row.reader.0).collect())
}

/// Adds an acknowledgement unless the reader has one; says whether it did.
pub async fn insert(tx: &Tx, row: Model) -> Result<bool> {
    let unless_repeated = OnConflict::columns([Column::RevisionId, Column::ReaderKey])
        .do_nothing()
        .to_owned();
    let inserted = Entity::insert(row.into_active_model().reset_all())
        .on_conflict(unless_repeated)
        .exec_without_returning(tx)
        .await?;
    Ok(inserted > 0)
}

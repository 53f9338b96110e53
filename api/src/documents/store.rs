//! Queries of documents. None can be asked without naming whose.

use entity::document::{Column, Entity, Model};
use entity::document_revision;
use entity::organization::OrganizationId;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    ModelTrait, PaginatorTrait, QueryFilter, QuerySelect, Select,
};
use uuid::Uuid;

use super::body::{DocumentSort, ListDocuments};
use super::searched;
use crate::kernel::database::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::{references, text};

/// The kind of resource in references and audit records.
pub const RESOURCE: &str = "document";

fn one(organization: OrganizationId, id: Uuid) -> Select<Entity> {
    Entity::find_by_id(id).filter(Column::OrganizationId.eq(organization))
}

/// An organisation's document; 404 when there is none.
pub async fn find(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    id: Uuid,
) -> Result<Model> {
    let found = one(organization, id).one(connection).await?;
    found.ok_or_else(|| Error::not_found("document"))
}

/// The same, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, organization: OrganizationId, id: Uuid) -> Result<Model> {
    let found = one(organization, id).lock_exclusive().one(tx).await?;
    found.ok_or_else(|| Error::not_found("document"))
}

/// One page of an organisation's documents.
pub async fn list(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    filter: &ListDocuments,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let called = references::called(organization, RESOURCE, &filter.external_ref);
    let condition = Condition::all()
        .add(Column::OrganizationId.eq(organization))
        .add_option(any(&filter.kind, Column::Kind))
        .add_option(any(&filter.owner, Column::OwnerSubject))
        .add_option(filter.archived.map(|archived| {
            if archived {
                Column::ArchivedAt.is_not_null()
            } else {
                Column::ArchivedAt.is_null()
            }
        }))
        .add_option(
            filter
                .review_due_on_from
                .map(|on| Column::ReviewDueOn.gte(on)),
        )
        .add_option(filter.review_due_on_to.map(|on| Column::ReviewDueOn.lt(on)))
        .add_option(called.map(|ids| Column::Id.in_subquery(ids)))
        .add_option(filter.created_at_from.map(|at| Column::CreatedAt.gte(at)))
        .add_option(filter.created_at_to.map(|at| Column::CreatedAt.lt(at)))
        .add_option(filter.updated_at_from.map(|at| Column::UpdatedAt.gte(at)))
        .add_option(filter.updated_at_to.map(|at| Column::UpdatedAt.lt(at)))
        .add_option((!filter.tag.is_empty()).then(|| {
            let tagged = references::tagged_with(organization, &filter.tag);
            Column::Id.in_subquery(tagged)
        }))
        .add_option(
            filter
                .q
                .as_ref()
                .map(|words| text::holds_every_word(Column::SearchText, words)),
        );
    let select = Entity::find().filter(condition);
    page::<Entity, DocumentSort>(select, filter.sort, request, connection).await
}

/// Whether a document has ever had a revision.
pub async fn has_revisions(connection: &impl ConnectionTrait, id: Uuid) -> Result<bool> {
    let own = document_revision::Entity::find();
    let own = own.filter(document_revision::Column::DocumentId.eq(id));
    Ok(own.count(connection).await? > 0)
}

/// Adds a document with its references and tags.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().insert(tx).await?;
    attach(tx, &row).await?;
    tx.index(searched::text(&row));
    Ok(row)
}

/// Replaces a document with its references and tags.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    let row = save_alone(tx, row).await?;
    attach(tx, &row).await?;
    tx.index(searched::text(&row));
    Ok(row)
}

/// Replaces a document whose references and tags are as they were.
pub async fn save_alone(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

/// Removes a document that has had no revision.
pub async fn remove(tx: &Tx, row: Model) -> Result<()> {
    let organization = row.organization_id;
    references::replace_refs(tx, organization, RESOURCE, row.id, &[]).await?;
    references::replace_tags(tx, organization, row.id, &[]).await?;
    tx.forget(row.id);
    row.delete(tx).await?;
    Ok(())
}

async fn attach(tx: &Tx, row: &Model) -> Result<()> {
    let (organization, id) = (row.organization_id, row.id);
    references::replace_refs(tx, organization, RESOURCE, id, &row.external_refs.0).await?;
    references::replace_tags(tx, organization, id, &row.tags.0).await
}

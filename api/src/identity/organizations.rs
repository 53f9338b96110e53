//! Organisations: creating, changing and finding them.

use entity::organization::{Column, Entity, Model, OrganizationId, PriorityWeights};
use entity::{JsonColumn, Timestamp};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::http::organizations::{OrganizationBody, OrganizationSort};
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::database::Tx;
use crate::kernel::error::{Code, Error, Fault, Result};
use crate::kernel::ids;
use crate::kernel::page::{Page, PageRequest, page};

/// The kind of resource in audit records.
pub const RESOURCE: &str = "organization";

/// Creates an organisation; the record of it is in the chain of whoever creates it.
pub async fn create(change: &Change, slug: String, name: String) -> Result<Model> {
    let row = insert(change, slug, name, change.now).await?;
    change.record(creation(&row)?);
    Ok(row)
}

/// The record of an organisation's creation.
pub fn creation(row: &Model) -> Result<Entry> {
    Entry::new("organization.create", RESOURCE, row.id.0).after(&OrganizationBody::from(row))
}

/// Whether a text can be a short name.
pub fn is_slug(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && !text.starts_with('-')
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Adds an organisation.
pub async fn insert(tx: &Tx, slug: String, name: String, now: Timestamp) -> Result<Model> {
    let row = Model {
        id: OrganizationId(ids::next()),
        slug,
        name,
        priority_weights: JsonColumn(PriorityWeights::default()),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    row.into_active_model()
        .reset_all()
        .insert(tx)
        .await
        .map_err(|error| {
            let error = Error::from(error);
            if !error.is_unique_violation() {
                return error;
            }
            let detail = "another organisation has this slug";
            Code::Conflict
                .because(detail)
                .with_faults(vec![Fault::at("/slug", "taken", detail)])
                .into()
        })
}

/// Replaces an organisation.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

/// The organisation of that short name.
pub async fn find_by_slug(connection: &impl ConnectionTrait, slug: &str) -> Result<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::Slug.eq(slug))
        .one(connection)
        .await?)
}

/// The organisation of that id.
pub async fn find(connection: &impl ConnectionTrait, id: OrganizationId) -> Result<Model> {
    let found = Entity::find_by_id(id).one(connection).await?;
    found.ok_or_else(|| Error::not_found("organisation"))
}

/// The organisation of that id, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, id: OrganizationId) -> Result<Model> {
    let found = Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    found.ok_or_else(|| Error::not_found("organisation"))
}

/// One page of the installation's organisations.
pub async fn list(
    connection: &impl ConnectionTrait,
    sort: OrganizationSort,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    page(Entity::find(), sort, request, connection).await
}

/// Every organisation, by short name.
pub async fn all(connection: &impl ConnectionTrait) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .order_by_asc(Column::Slug)
        .all(connection)
        .await?)
}

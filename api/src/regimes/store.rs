//! Queries of regimes: an organisation's own, and those that came with the service.

use entity::obligation;
use entity::organization::OrganizationId;
use entity::regime::{Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    ModelTrait, QueryFilter, QuerySelect, Select,
};
use uuid::Uuid;

use super::body::{ListRegimes, RegimeSort};
use super::searched;
use crate::kernel::database::{Tx, only};
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::text;

/// The kind of resource in audit records.
pub const RESOURCE: &str = "regime";

fn known(organization: OrganizationId) -> Select<Entity> {
    let own = Column::OrganizationId.eq(organization.0);
    let everybody = Column::OrganizationId.is_null();
    Entity::find().filter(Condition::any().add(own).add(everybody))
}

/// A regime that the organisation sees.
pub async fn find(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    id: Uuid,
) -> Result<Model> {
    let found = known(organization).filter(Column::Id.eq(id));
    let found = found.one(connection).await?;
    found.ok_or_else(|| Error::not_found("regime"))
}

/// The regime of that id or else of that key, if the organisation sees one; its own comes first.
pub async fn like(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    (id, key): (Option<Uuid>, Option<&str>),
) -> Result<Option<Uuid>> {
    let like = Condition::any()
        .add_option(id.map(|id| Column::Id.eq(id)))
        .add_option(key.map(|key| Column::Key.eq(key)));
    if like.is_empty() {
        return Ok(None);
    }
    let found = known(organization).filter(like).all(connection).await?;
    let named = found.iter().find(|row| Some(row.id) == id);
    let own = found.iter().find(|row| row.organization_id.is_some());
    Ok(named.or(own).or(found.first()).map(|row| row.id))
}

/// The same, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, organization: OrganizationId, id: Uuid) -> Result<Model> {
    let found = known(organization).filter(Column::Id.eq(id));
    let found = found.lock_exclusive().one(tx).await?;
    found.ok_or_else(|| Error::not_found("regime"))
}

/// A regime that an obligation may name from now on, held so that it stays; nothing when there is
/// none such.
pub async fn nameable(tx: &Tx, organization: OrganizationId, id: Uuid) -> Result<Option<Model>> {
    Ok(known(organization)
        .filter(Column::Id.eq(id))
        .filter(Column::ArchivedAt.is_null())
        .lock_shared()
        .one(tx)
        .await?)
}

/// Whether an obligation names it.
pub async fn is_in_use(connection: &impl ConnectionTrait, id: Uuid) -> Result<bool> {
    use obligation::Column as Obligation;
    let named = obligation::Entity::find().filter(Obligation::RegimeId.eq(id));
    let named: Option<Uuid> = only(named, Obligation::Id).one(connection).await?;
    Ok(named.is_some())
}

/// One page of the regimes that the organisation sees.
pub async fn list(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    filter: &ListRegimes,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let is = |wanted: bool, column: Column| {
        if wanted {
            column.is_not_null()
        } else {
            column.is_null()
        }
    };
    let condition = Condition::all()
        .add_option(any(&filter.key, Column::Key))
        .add_option(
            filter
                .is_built_in
                .map(|built_in| is(!built_in, Column::OrganizationId)),
        )
        .add_option(filter.archived.map(|yes| is(yes, Column::ArchivedAt)))
        .add_option(
            filter
                .q
                .as_ref()
                .map(|words| text::holds_every_word(Column::SearchText, words)),
        );
    let select = known(organization).filter(condition);
    page::<Entity, RegimeSort>(select, filter.sort, request, connection).await
}

/// Adds a regime.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    tx.index_or_forget(row.id, searched::text(&row));
    Ok(row.into_active_model().reset_all().insert(tx).await?)
}

/// Replaces a regime.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    tx.index_or_forget(row.id, searched::text(&row));
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

/// Removes a regime that no obligation names.
pub async fn remove(tx: &Tx, row: Model) -> Result<()> {
    tx.forget(row.id);
    row.delete(tx).await?;
    Ok(())
}

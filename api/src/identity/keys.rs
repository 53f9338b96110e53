//! API keys: made, found, rotated, revoked. Only digests are kept.

use entity::Timestamp;
use entity::api_key::{Column, Entity, Model};
use entity::organization::OrganizationId;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::http::keys::{ApiKeyBody, ApiKeySettings, ApiKeySort, ListApiKeys};
use super::rules;
use crate::kernel::access::ScopeSet;
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::credential::{KEY_PREFIX, fingerprint};
use crate::kernel::database::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids;
use crate::kernel::page::{Page, PageRequest, page};

/// The kind of resource in audit records.
pub const RESOURCE: &str = "api_key";
/// The longest that a rotated key works on: a week.
pub const MAX_OVERLAP_SECONDS: u32 = 604_800;

/// A new key's row, and the key itself, which is shown once.
#[derive(Debug)]
pub struct NewKey {
    /// The row.
    pub row: Model,
    /// The key.
    pub key: String,
}

/// A new random key.
pub fn generate() -> String {
    format!("{KEY_PREFIX}{}", ids::secret())
}

/// Creates a key of the caller's organisation.
pub async fn create(
    change: &Change,
    name: String,
    scopes: ScopeSet,
    expires_at: Option<Timestamp>,
) -> Result<NewKey> {
    let key = generate();
    let row = install(change, name, &key, scopes, expires_at).await?;
    Ok(NewKey { row, key })
}

/// Installs a key whose text is known already.
pub async fn install(
    change: &Change,
    name: String,
    key: &str,
    scopes: ScopeSet,
    expires_at: Option<Timestamp>,
) -> Result<Model> {
    let row = Model {
        expires_at,
        ..filled(change, change.organization(), name, key, scopes)
    };
    let row = insert(change, row).await?;
    change.record(creation(&row, change.now)?);
    Ok(row)
}

/// Creates a key of another organisation, whose chain the caller then writes.
pub async fn insert_in(
    change: &Change,
    organization: OrganizationId,
    name: String,
    scopes: ScopeSet,
) -> Result<NewKey> {
    let key = generate();
    let row = insert(change, filled(change, organization, name, &key, scopes)).await?;
    Ok(NewKey { row, key })
}

/// The record of a key's creation.
pub fn creation(row: &Model, now: Timestamp) -> Result<Entry> {
    Entry::new("api_key.create", RESOURCE, row.id).after(&ApiKeyBody::at(row, now))
}

fn filled(
    change: &Change,
    organization: OrganizationId,
    name: String,
    key: &str,
    scopes: ScopeSet,
) -> Model {
    Model {
        id: ids::next(),
        organization_id: organization,
        name,
        digest: fingerprint(key).to_vec(),
        previous_digest: None,
        previous_expires_at: None,
        rotated_at: None,
        prefix: shown(key),
        scopes: scopes.to_names(),
        expires_at: None,
        last_used_at: None,
        revoked_at: None,
        version: 1,
        created_at: change.now,
        created_by: change.caller.subject.clone(),
        updated_at: change.now,
    }
}

/// The part of a key that is kept to recognise it by: 8 of at least 32 random characters.
fn shown(key: &str) -> String {
    key.chars().take(KEY_PREFIX.len() + 8).collect()
}

/// Changes the name and the end of a key.
pub async fn update(change: &Change, old: Model, settings: ApiKeySettings) -> Result<Model> {
    let row = Model {
        name: settings.name,
        expires_at: settings.expires_at,
        ..old.clone()
    };
    save(change, "api_key.update", &old, row).await
}

/// Gives a key a new secret; the old one works on for the overlap.
pub async fn rotate(change: &Change, old: Model, overlap_seconds: u32) -> Result<NewKey> {
    rules::check_working(&old, change.now)?;
    let key = generate();
    let row = Model {
        digest: fingerprint(&key).to_vec(),
        previous_digest: Some(old.digest.clone()),
        previous_expires_at: Some(change.now.plus_seconds(overlap_seconds.into())),
        rotated_at: Some(change.now),
        prefix: shown(&key),
        ..old.clone()
    };
    let row = save(change, "api_key.rotate", &old, row).await?;
    Ok(NewKey { row, key })
}

/// Revokes a key; one that was revoked already stays as it is.
pub async fn revoke(change: &Change, old: Model) -> Result<Model> {
    if old.revoked_at.is_some() {
        return Ok(old);
    }
    let row = Model {
        revoked_at: Some(change.now),
        ..old.clone()
    };
    save(change, "api_key.revoke", &old, row).await
}

async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().insert(tx).await?)
}

/// Stores the next version of a key and puts the change on record.
async fn save(change: &Change, action: &'static str, old: &Model, row: Model) -> Result<Model> {
    let row = Model {
        version: old.version + 1,
        updated_at: change.now,
        ..row
    };
    let row = row
        .into_active_model()
        .reset_all()
        .update(&**change)
        .await?;
    change.record(
        Entry::new(action, RESOURCE, row.id)
            .before(&ApiKeyBody::at(old, change.now))?
            .after(&ApiKeyBody::at(&row, change.now))?,
    );
    Ok(row)
}

/// An organisation's key.
pub async fn find(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    id: Uuid,
) -> Result<Model> {
    Entity::find_by_id(id)
        .filter(Column::OrganizationId.eq(organization))
        .one(connection)
        .await?
        .ok_or_else(|| Error::not_found("API key"))
}

/// An organisation's key, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, organization: OrganizationId, id: Uuid) -> Result<Model> {
    Entity::find_by_id(id)
        .filter(Column::OrganizationId.eq(organization))
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or_else(|| Error::not_found("API key"))
}

/// One page of an organisation's keys.
pub async fn list(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    filter: &ListApiKeys,
    now: Timestamp,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let active = Condition::all().add(Column::RevokedAt.is_null()).add(
        Condition::any()
            .add(Column::ExpiresAt.is_null())
            .add(Column::ExpiresAt.gt(now)),
    );
    let ended = Condition::any()
        .add(Column::RevokedAt.is_not_null())
        .add(Column::ExpiresAt.lte(now));
    let standing = filter
        .active
        .map(|wanted| if wanted { active } else { ended });
    let condition = Condition::all()
        .add(Column::OrganizationId.eq(organization))
        .add_option(standing);
    let select = Entity::find().filter(condition);
    page::<Entity, ApiKeySort>(select, filter.sort, request, connection).await
}

/// The key of that text, whatever its state: its own, or the one before its last rotation.
pub async fn find_by_text(connection: &impl ConnectionTrait, key: &str) -> Result<Option<Model>> {
    let digest = fingerprint(key).to_vec();
    let either = Condition::any()
        .add(Column::Digest.eq(digest.clone()))
        .add(Column::PreviousDigest.eq(digest));
    Ok(Entity::find().filter(either).one(connection).await?)
}

/// Every key of an organisation, oldest first.
pub async fn all(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

/// How many keys the installation has.
pub async fn count(connection: &impl ConnectionTrait) -> Result<u64> {
    Ok(Entity::find().count(connection).await?)
}

//! What can be done with keys and organisations by a request.

use entity::JsonColumn;
use entity::organization;
use uuid::Uuid;

use super::http::keys::{ApiKeySettings, CreateApiKey, RotateApiKey};
use super::http::organizations::{CreateOrganization, OrganizationBody, OrganizationSettings};
use super::keys::{self, NewKey};
use super::{organizations, rules};
use crate::actions;
use crate::kernel::access::{Role, ScopeSet};
use crate::kernel::audit::Entry;
use crate::kernel::body::Patch;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::etag::Precondition;
use entity::api_key::Model as ApiKey;

/// Creates a key that can do no more than its creator.
pub async fn create_key(change: &Change, key: CreateApiKey) -> Result<NewKey> {
    let scopes = rules::together(&key.roles, &key.scopes);
    accept(rules::check_new_key(scopes, key.expires_at, change.now))?;
    rules::check_within(change.caller.scopes, scopes)?;
    keys::create(change, key.name, scopes, key.expires_at).await
}

/// Changes the name or the end of a key.
pub async fn update_key(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    patch: &Patch<ApiKeySettings>,
) -> Result<ApiKey> {
    let row = lock_within(change, id, precondition).await?;
    let settings = patch.apply(&ApiKeySettings::from(&row))?;
    rules::check_not_revoked(&row)?;
    if settings.expires_at != row.expires_at {
        accept(rules::check_end(settings.expires_at, change.now))?;
    }
    keys::update(change, row, settings).await
}

/// Gives a key a new secret.
pub async fn rotate_key(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    how: &RotateApiKey,
) -> Result<NewKey> {
    let row = lock_within(change, id, precondition).await?;
    keys::rotate(change, row, how.overlap_seconds).await
}

/// Ends a key. Whoever manages keys may do that to any: it gives them nothing.
pub async fn revoke_key(change: &Change, id: Uuid, precondition: &Precondition) -> Result<ApiKey> {
    let row = keys::lock(change, change.organization(), id).await?;
    precondition.check(row.version)?;
    keys::revoke(change, row).await
}

/// A key that can do no more than the caller: whoever could rotate a stronger one would have it.
async fn lock_within(change: &Change, id: Uuid, precondition: &Precondition) -> Result<ApiKey> {
    let row = keys::lock(change, change.organization(), id).await?;
    precondition.check(row.version)?;
    let scopes = ScopeSet::from_names(row.scopes.split(' '));
    rules::check_within(change.caller.scopes, scopes)?;
    Ok(row)
}

fn accept(faults: Vec<Fault>) -> Result<()> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(faults))
    }
}

/// Creates an organisation with an admin key; its own chain begins with both, and the caller's
/// chain has its creation too.
pub async fn create_organization(
    change: &Change,
    organization: CreateOrganization,
) -> Result<(organization::Model, NewKey)> {
    let CreateOrganization { slug, name } = organization;
    let row = organizations::create(change, slug, name).await?;
    let name = "first admin key".to_owned();
    let key = keys::insert_in(change, row.id, name, Role::Admin.scopes()).await?;
    change.record_in(row.id, organizations::creation(&row)?);
    change.record_in(row.id, keys::creation(&key.row, change.now)?);
    Ok((row, key))
}

/// Changes the caller's organisation.
pub async fn update_organization(
    change: &Change,
    precondition: &Precondition,
    patch: &Patch<OrganizationSettings>,
) -> Result<organization::Model> {
    let old = organizations::lock(change, change.organization()).await?;
    precondition.check(old.version)?;
    let OrganizationSettings {
        name,
        priority_weights,
    } = patch.apply(&OrganizationSettings::from(&old))?;
    let row = organization::Model {
        name,
        priority_weights: JsonColumn(priority_weights.into()),
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    };
    let row = organizations::save(change, row).await?;
    if row.priority_weights != old.priority_weights {
        actions::rescore::for_organization(change).await?;
    }
    let entry = Entry::new("organization.update", organizations::RESOURCE, row.id.0);
    change.record(
        entry
            .before(&OrganizationBody::from(&old))?
            .after(&OrganizationBody::from(&row))?,
    );
    Ok(row)
}

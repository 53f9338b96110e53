//! The first organisation and its first key, so that a fresh installation can be called at all.

use std::sync::Arc;

use entity::Timestamp;
use entity::organization::{Model, OrganizationId};

use super::{keys, organizations};
use crate::kernel::access::{Caller, CredentialKind, Role, Scope, ScopeSet};
use crate::kernel::call::Change;
use crate::kernel::credential::fingerprint;
use crate::kernel::database::Tx;
use crate::kernel::error::Result;
use crate::kernel::state::State;

/// Short name of the organisation that a fresh installation has.
pub const DEFAULT_ORGANIZATION: &str = "default";

/// The rights of the installation's first key: admin of its organisation and of the platform.
pub fn first_key_scopes() -> ScopeSet {
    Role::Admin.scopes().with(Scope::PlatformAdmin)
}

/// The service's own command line, acting in an organisation.
pub fn command_line(organization: OrganizationId) -> Arc<Caller> {
    Arc::new(Caller {
        organization,
        subject: "cli".to_owned(),
        name: "command line".to_owned(),
        scopes: ScopeSet::all(),
        kind: CredentialKind::CommandLine,
        key: None,
        expires_at: None,
    })
}

/// Installs the configured admin key, or makes one when the database holds none at all.
///
/// Returns the key that was made, to be shown once; the configured one is never shown.
pub async fn ensure_key(state: &State, configured: Option<&str>) -> Result<Option<String>> {
    match configured {
        Some(key) => {
            if let Some(row) = keys::find_by_text(&state.database, key).await? {
                if row.revoked_at.is_some() {
                    tracing::warn!("DEBRIEF_ADMIN_KEY was revoked and stays so");
                } else if row.digest != fingerprint(key) {
                    tracing::warn!("DEBRIEF_ADMIN_KEY was rotated and stays so");
                }
                return Ok(None);
            }
            let tx = alone(state).await?;
            if keys::find_by_text(&tx, key).await?.is_none() {
                install(state, tx, key).await?;
            }
            Ok(None)
        }
        None if keys::count(&state.database).await? == 0 => {
            let tx = alone(state).await?;
            if keys::count(&tx).await? > 0 {
                return Ok(None);
            }
            let key = keys::generate();
            install(state, tx, &key).await?;
            Ok(Some(key))
        }
        None => Ok(None),
    }
}

/// A transaction that no other instance installs a first key beside: what was read before it may
/// have changed meanwhile.
async fn alone(state: &State) -> Result<Tx> {
    let tx = state.database.begin().await?;
    tx.serialize_on("bootstrap", &[]).await?;
    Ok(tx)
}

/// Installs a key for the default organisation.
async fn install(state: &State, tx: Tx, key: &str) -> Result<()> {
    let known = organizations::find_by_slug(&tx, DEFAULT_ORGANIZATION).await?;
    let is_new = known.is_none();
    let organization = match known {
        Some(known) => known,
        None => default_organization(&tx, state.clock.now()).await?,
    };
    let change = Change::new(tx, command_line(organization.id), state.clock.now());
    if is_new {
        change.record(organizations::creation(&organization)?);
    }
    keys::install(
        &change,
        "first admin key".to_owned(),
        key,
        first_key_scopes(),
        None,
    )
    .await?;
    change.commit().await
}

async fn default_organization(tx: &Tx, now: Timestamp) -> Result<Model> {
    let name = "Default organisation".to_owned();
    organizations::insert(tx, DEFAULT_ORGANIZATION.to_owned(), name, now).await
}

/// The organisation that the command line names.
pub async fn named(state: &State, slug: &str) -> Result<Model, anyhow::Error> {
    if let Some(found) = organizations::find_by_slug(&state.database, slug).await? {
        return Ok(found);
    }
    if organizations::all(&state.database).await?.is_empty() {
        anyhow::bail!(
            "this database has no organisation yet: start the service once, which makes \
             '{DEFAULT_ORGANIZATION}' and a first key, or run `debrief organization create {slug}`"
        );
    }
    anyhow::bail!("there is no organisation '{slug}'; `debrief organization list` lists them")
}

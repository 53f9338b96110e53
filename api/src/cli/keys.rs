//! `debrief key …`: API keys from the command line.

use clap::Subcommand;
use entity::Timestamp;
use entity::api_key::Model;
use entity::organization::Model as Organization;

use super::print;
use crate::config::Config;
use crate::identity::bootstrap::{self, command_line, named};
use crate::identity::http::keys::ApiKeyBody;
use crate::identity::keys::{self, NewKey};
use crate::kernel::access::{Role, Scope, ScopeSet};
use crate::kernel::call::Change;
use crate::kernel::clock::Clock;
use crate::kernel::state::State;
use crate::server;

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Create a key and print it, this once.
    Create {
        /// Whose it is, by short name.
        #[arg(long, default_value = bootstrap::DEFAULT_ORGANIZATION)]
        organization: String,
        /// Its name to show: 1 to 200 characters.
        #[arg(long, value_parser = super::name)]
        name: String,
        /// A role: reader, contributor, facilitator, auditor, admin. May be repeated.
        #[arg(long)]
        role: Vec<String>,
        /// A scope such as `events:write`. May be repeated.
        #[arg(long)]
        scope: Vec<String>,
        /// When it ends, as RFC 3339, in the future.
        #[arg(long)]
        expires_at: Option<String>,
        /// Let it administer the installation: create and list organisations.
        #[arg(long)]
        platform: bool,
    },
    /// List an organisation's keys: id, first characters, standing, end, last use, rights, name.
    List {
        /// Whose, by short name.
        #[arg(long, default_value = bootstrap::DEFAULT_ORGANIZATION)]
        organization: String,
        /// As JSON, as the API tells them, every scope included.
        #[arg(long)]
        json: bool,
    },
    /// Give a key a new secret and print it, this once.
    Rotate {
        /// Its id.
        id: uuid::Uuid,
        /// Whose it is, by short name.
        #[arg(long, default_value = bootstrap::DEFAULT_ORGANIZATION)]
        organization: String,
        /// For how many seconds the old secret still works.
        #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=i64::from(keys::MAX_OVERLAP_SECONDS)))]
        overlap_seconds: u32,
    },
    /// Revoke a key.
    Revoke {
        /// Its id.
        id: uuid::Uuid,
        /// Whose it is, by short name.
        #[arg(long, default_value = bootstrap::DEFAULT_ORGANIZATION)]
        organization: String,
    },
}

/// Runs the command.
pub(super) async fn run(command: KeyCommand, config: &Config) -> Result<(), anyhow::Error> {
    let state = server::open(config, Clock::System).await?;
    match command {
        KeyCommand::Create {
            organization,
            name,
            role,
            scope,
            expires_at,
            platform,
        } => {
            let scopes = scopes(&role, &scope, platform)?;
            let now = state.clock.now();
            let expires_at = expires_at.map(|text| end(&text, now)).transpose()?;
            let owner = named(&state, &organization).await?;
            let change = begin(&state, &owner).await?;
            let made = keys::create(&change, name, scopes, expires_at).await?;
            change.commit().await?;
            show(&made)?;
        }
        KeyCommand::List { organization, json } => {
            let owner = named(&state, &organization).await?;
            let rows = keys::all(&state.database, owner.id).await?;
            let now = state.clock.now();
            if json {
                let all: Vec<_> = rows.iter().map(|row| ApiKeyBody::at(row, now)).collect();
                print(&(serde_json::to_string_pretty(&all)? + "\n"))?;
            } else {
                print(&rows.iter().map(|row| line(row, now)).collect::<String>())?;
            }
        }
        KeyCommand::Rotate {
            id,
            organization,
            overlap_seconds,
        } => {
            let owner = named(&state, &organization).await?;
            let change = begin(&state, &owner).await?;
            let row = keys::lock(&change, owner.id, id).await?;
            let rotated = keys::rotate(&change, row, overlap_seconds).await?;
            change.commit().await?;
            show(&rotated)?;
        }
        KeyCommand::Revoke { id, organization } => {
            let owner = named(&state, &organization).await?;
            let change = begin(&state, &owner).await?;
            let row = keys::lock(&change, owner.id, id).await?;
            keys::revoke(&change, row).await?;
            change.commit().await?;
            print("revoked\n")?;
        }
    }
    Ok(state.database.clone().close().await?)
}

async fn begin(state: &State, owner: &Organization) -> Result<Change, anyhow::Error> {
    let tx = state.database.begin().await?;
    Ok(Change::new(tx, command_line(owner.id), state.clock.now()))
}

fn show(new: &NewKey) -> Result<(), anyhow::Error> {
    print(&format!("id:  {}\nkey: {}\n", new.row.id, new.key))
}

/// The end of a new key.
fn end(text: &str, now: Timestamp) -> Result<Timestamp, anyhow::Error> {
    let end = Timestamp::parse(text).ok_or_else(|| {
        anyhow::anyhow!("--expires-at must be RFC 3339, such as 2027-11-24T00:00:00Z")
    })?;
    anyhow::ensure!(end > now, "--expires-at must be in the future");
    Ok(end)
}

fn line(row: &Model, now: Timestamp) -> String {
    let standing = match (row.revoked_at, row.expires_at) {
        (Some(at), _) => format!("revoked {at}"),
        (None, Some(at)) if at <= now => format!("expired {at}"),
        (None, Some(at)) => format!("active until {at}"),
        (None, None) => "active".to_owned(),
    };
    let used = match row.last_used_at {
        Some(at) => format!("used {at}"),
        None => "never used".to_owned(),
    };
    let rights = rights(ScopeSet::from_names(row.scopes.split(' ')));
    let (id, prefix, name) = (row.id, &row.prefix, &row.name);
    format!("{id}  {prefix}…  {standing}  {used}  {rights}  {name}\n")
}

/// The roles that a key has, and the scopes that are in none of them.
fn rights(scopes: ScopeSet) -> String {
    let in_roles = scopes
        .roles()
        .fold(ScopeSet::default(), |all, role| all.union(role.scopes()));
    let others = scopes.iter().filter(|scope| !in_roles.contains(*scope));
    let names = scopes
        .roles()
        .map(Role::as_str)
        .chain(others.map(Scope::as_str));
    names.collect::<Vec<_>>().join(",")
}

fn scopes(roles: &[String], names: &[String], platform: bool) -> Result<ScopeSet, anyhow::Error> {
    let mut set = ScopeSet::default();
    for name in roles {
        let role = Role::from_name(name).ok_or_else(|| {
            anyhow::anyhow!(
                "--role {name} is not one of reader, contributor, facilitator, auditor, admin"
            )
        })?;
        set = set.union(role.scopes());
    }
    for name in names {
        let scope = Scope::from_name(name)
            .ok_or_else(|| anyhow::anyhow!("--scope {name} is not a scope"))?;
        set = set.with(scope);
    }
    if platform {
        set = set.with(Scope::PlatformAdmin);
    }
    anyhow::ensure!(!set.is_empty(), "a key needs --role or --scope");
    Ok(set)
}

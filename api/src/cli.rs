//! Subcommands of the binary.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::config::Config;
use crate::identity::bootstrap::{self, command_line};
use crate::identity::organizations;
use crate::kernel::call::Change;
use crate::kernel::clock::Clock;
use crate::kernel::error::Error;
use crate::kernel::{database, telemetry};
use crate::{openapi, server};
use entity::organization::Model as Organization;

mod keys;

/// Post-incident reviews as structured facts behind a JSON API.
///
/// Settings are `DEBRIEF_*` variables or a TOML file that `DEBRIEF_CONFIG` names; `debrief settings`
/// lists them all with their defaults.
#[derive(Debug, Parser)]
#[command(name = "debrief", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API (the default).
    Serve,
    /// Serve a fresh temporary database filled with two real incidents.
    Demo,
    /// Bring the database's schema up to date, take migrations back, or list them.
    Migrate {
        #[command(subcommand)]
        command: Migrate,
    },
    /// Print the OpenAPI document.
    Openapi {
        /// As YAML instead of JSON.
        #[arg(long)]
        yaml: bool,
    },
    /// Print every setting with its default, as Markdown.
    Settings,
    /// Ask a running service whether it is ready; the exit status tells.
    Healthcheck {
        /// Where it listens; by default as `DEBRIEF_LISTEN` says.
        #[arg(long)]
        url: Option<String>,
    },
    /// Create or list organisations.
    Organization {
        #[command(subcommand)]
        command: OrganizationCommand,
    },
    /// Create, list, rotate or revoke API keys.
    Key {
        #[command(subcommand)]
        command: keys::KeyCommand,
    },
}

#[derive(Debug, Subcommand)]
enum Migrate {
    /// Apply every pending migration.
    Up,
    /// Take the newest migrations back, with the data they hold.
    Down {
        /// How many.
        #[arg(long, default_value_t = 1)]
        steps: u32,
    },
    /// List the migrations with their state.
    Status,
}

#[derive(Debug, Subcommand)]
enum OrganizationCommand {
    /// Create an organisation.
    Create {
        /// Its short name: lower-case letters, digits and dashes.
        slug: String,
        /// Its name to show; by default the short name.
        #[arg(long, value_parser = name)]
        name: Option<String>,
    },
    /// List the organisations.
    List,
}

/// How long the service waits at its start for a database server that starts with it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs the command.
pub async fn run(cli: Cli) -> Result<(), anyhow::Error> {
    carry_out(cli.command.unwrap_or(Command::Serve))
        .await
        .map_err(plain)
}

/// A refusal in words for people: codes are for programs.
fn plain(error: anyhow::Error) -> anyhow::Error {
    match error.downcast::<Error>() {
        Ok(Error::Refused(refusal)) => {
            let faults = refusal.faults.iter().map(|fault| fault.detail.as_str());
            let faults: Vec<_> = faults.filter(|fault| *fault != refusal.detail).collect();
            let colon = if faults.is_empty() { "" } else { ": " };
            anyhow::anyhow!("{}{colon}{}", refusal.detail, faults.join("; "))
        }
        Ok(other) => other.into(),
        Err(other) => other,
    }
}

async fn carry_out(command: Command) -> Result<(), anyhow::Error> {
    match command {
        Command::Serve => serve(&Config::load()?).await,
        Command::Demo => crate::demo::serve(Config::load()?).await,
        Command::Migrate { command } => migrate(command, &Config::load()?).await,
        Command::Openapi { yaml } => {
            let text = if yaml {
                openapi::yaml().into()
            } else {
                openapi::json()
            };
            print(&text)
        }
        Command::Settings => print(&crate::config::reference()),
        Command::Healthcheck { url } => healthcheck(url, &Config::load()?).await,
        Command::Organization { command } => organization(command, &Config::load()?).await,
        Command::Key { command } => keys::run(command, &Config::load()?).await,
    }
}

/// A name to show, as the API takes it.
fn name(text: &str) -> Result<String, String> {
    let letters = text.chars().count();
    if text.trim().is_empty() || letters > 200 || text.contains('\0') {
        return Err("a name has 1 to 200 characters".to_owned());
    }
    Ok(text.to_owned())
}

fn print(text: &str) -> Result<(), anyhow::Error> {
    Ok(std::io::stdout().lock().write_all(text.as_bytes())?)
}

async fn serve(config: &Config) -> Result<(), anyhow::Error> {
    let _telemetry = telemetry::start(config)?;
    database::reach(config.database_url.expose(), PATIENCE).await?;
    let state = server::open(config, Clock::System).await?;
    let admin_key = config.admin_key.as_ref().map(crate::config::Secret::expose);
    let listener = server::listen(config)?;
    let first_key = bootstrap::ensure_key(&state, admin_key).await?;
    let service = server::serve(config, state, listener)?;
    if let Some(key) = first_key {
        print(&welcome(reachable(service.address), &key))?;
    }
    service.finished().await
}

/// Where whoever listens everywhere is reached from here.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

/// What the first start says, once.
fn welcome(address: SocketAddr, key: &str) -> String {
    format!(
        "\nThis database held no API key, so the organisation 'default' now has an admin key.\n\
         It is shown this once:\n\n    {key}\n\n\
         Documentation: http://{address}/docs/\n\
         First call:    curl -s -H 'Authorization: Bearer {key}' http://{address}/api/v1/me\n\n"
    )
}

async fn migrate(command: Migrate, config: &Config) -> Result<(), anyhow::Error> {
    let url = config.database_url.expose();
    match command {
        Migrate::Up => database::up(url).await?,
        Migrate::Down { steps } => database::down(url, steps).await?,
        Migrate::Status => {}
    }
    let states = database::status(url).await?;
    let lines = states.iter().map(|state| {
        format!(
            "{}  {}\n",
            if state.applied { "applied" } else { "pending" },
            state.name
        )
    });
    print(&lines.collect::<String>())
}

async fn healthcheck(url: Option<String>, config: &Config) -> Result<(), anyhow::Error> {
    crate::kernel::token::install();
    let url = url.unwrap_or_else(|| format!("http://{}", reachable(config.listen)));
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(4))
        .build()?;
    let answer = client
        .get(format!("{}/readyz", url.trim_end_matches('/')))
        .send()
        .await?;
    anyhow::ensure!(
        answer.status().is_success(),
        "not ready: {}",
        answer.status()
    );
    print("ready\n")
}

async fn organization(command: OrganizationCommand, config: &Config) -> Result<(), anyhow::Error> {
    let state = server::open(config, Clock::System).await?;
    match command {
        OrganizationCommand::Create { slug, name } => {
            anyhow::ensure!(
                organizations::is_slug(&slug),
                "a short name has 1 to 64 lower-case letters, digits and dashes, and begins with a letter or digit"
            );
            let name = name.unwrap_or_else(|| slug.clone());
            let tx = state.database.begin().await?;
            let row = organizations::insert(&tx, slug, name, state.clock.now()).await?;
            let change = Change::new(tx, command_line(row.id), state.clock.now());
            change.record(organizations::creation(&row)?);
            change.commit().await?;
            print(&line(&row))?;
        }
        OrganizationCommand::List => {
            for row in organizations::all(&state.database).await? {
                print(&line(&row))?;
            }
        }
    }
    Ok(state.database.clone().close().await?)
}

fn line(organization: &Organization) -> String {
    format!(
        "{}  {}  {}\n",
        organization.id.0, organization.slug, organization.name
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_listens_everywhere_is_reached_from_here() {
        for (listens, reached) in [
            ("0.0.0.0:8080", "127.0.0.1:8080"),
            ("[::]:8080", "[::1]:8080"),
            ("192.0.2.1:80", "192.0.2.1:80"),
        ] {
            let listens = listens.parse().expect("an address");
            assert_eq!(reachable(listens).to_string(), reached);
        }
    }
}

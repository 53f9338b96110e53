//! The first connection to PostgreSQL: tried again while the server may still be starting, and told in
//! plain words when there is none.

use std::str::FromStr as _;
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{Connection as _, Error};

/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(5);
/// How long to wait between two.
const PAUSE: Duration = Duration::from_secs(1);

/// Waits until the database of a URL can be reached, but no longer than `patience`. A SQLite file needs
/// no waiting for.
pub async fn reach(url: &str, patience: Duration) -> Result<(), anyhow::Error> {
    if url.starts_with("sqlite:") {
        return Ok(());
    }
    let options = PgConnectOptions::from_str(url)?;
    let (begun, place) = (Instant::now(), place(&options));
    loop {
        let Err(failure) = attempt(&options).await else {
            return Ok(());
        };
        if !failure.may_heal || begun.elapsed() + PAUSE > patience {
            let why = failure.why;
            anyhow::bail!("DEBRIEF_DATABASE_URL: cannot connect to {place}: {why}");
        }
        tracing::warn!(%place, why = failure.why, "cannot connect to PostgreSQL; trying again");
        tokio::time::sleep(PAUSE).await;
    }
}

/// Where the server is, without who asks.
fn place(options: &PgConnectOptions) -> String {
    match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    }
}

/// Why there is no connection, without secrets.
struct Failure {
    why: String,
    /// Whether the server may only be starting.
    may_heal: bool,
}

async fn attempt(options: &PgConnectOptions) -> Result<(), Failure> {
    let connection = PgConnection::connect_with(options);
    match tokio::time::timeout(ATTEMPT, connection).await {
        Ok(Ok(connection)) => {
            // That it can be closed is not what was asked.
            let _ = connection.close().await;
            Ok(())
        }
        Ok(Err(error)) => Err(failure(&error, options)),
        Err(_) => Err(Failure {
            why: format!("no answer within {} seconds", ATTEMPT.as_secs()),
            may_heal: true,
        }),
    }
}

fn failure(error: &Error, options: &PgConnectOptions) -> Failure {
    match error {
        Error::Database(told) => {
            let code = told.code().unwrap_or_default();
            let why = match (&*code, options.get_database()) {
                ("3D000", Some(name)) => {
                    format!(
                        "there is no database \"{name}\"; create it first, as with `createdb {name}`"
                    )
                }
                _ => told.message().to_owned(),
            };
            // It starts or stops, or has no place for one more.
            let may_heal = code.starts_with("57P") || code.starts_with("53");
            Failure { why, may_heal }
        }
        Error::Io(cause) => Failure {
            why: cause.to_string(),
            may_heal: true,
        },
        other => Failure {
            why: other.to_string(),
            may_heal: false,
        },
    }
}

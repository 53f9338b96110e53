//! Bringing the schema up to date, safely when several instances start at once.

use std::fs::File;
use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, SqlxPostgresConnector};
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::str::FromStr as _;

use super::sqlite::Migrations;

/// The advisory lock that migrating instances take on PostgreSQL.
const MIGRATION_LOCK: i64 = 0x0064_6562_7269_6566;

/// How long a command waits for PostgreSQL.
const BRIEFLY: Duration = Duration::from_secs(3);

/// One migration and whether it has been applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationState {
    /// Its name, which sorts by age.
    pub name: String,
    /// Whether the database has it.
    pub applied: bool,
}

/// Applies every pending migration.
pub async fn up(url: &str) -> Result<(), anyhow::Error> {
    let exclusive = Exclusive::take(url).await?;
    let done = apply_all(&exclusive.connection).await;
    let applied = exclusive.end(done).await?;
    for name in &applied {
        tracing::debug!(migration = name, "applied");
    }
    if !applied.is_empty() {
        let (count, newest) = (applied.len(), applied.last());
        tracing::info!(count, newest, "{count} migrations applied");
    }
    Ok(())
}

/// Applies what is pending; the names, oldest first.
async fn apply_all(connection: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let pending = Migrator::get_pending_migrations(connection).await?;
    Migrator::up(connection, None).await?;
    let names = pending.iter().map(|migration| migration.name().to_owned());
    Ok(names.collect())
}

/// Takes the newest `steps` migrations back, with the data they hold.
pub async fn down(url: &str, steps: u32) -> Result<(), anyhow::Error> {
    let exclusive = Exclusive::take(url).await?;
    let done = Migrator::down(&exclusive.connection, Some(steps)).await;
    exclusive.end(done).await
}

/// Every migration with its state, oldest first.
pub async fn status(url: &str) -> Result<Vec<MigrationState>, anyhow::Error> {
    let exclusive = Exclusive::take(url).await?;
    let states = Migrator::get_migration_with_status(&exclusive.connection).await;
    let states = exclusive.end(states).await?;
    Ok(states
        .into_iter()
        .map(|migration| MigrationState {
            name: migration.name().to_owned(),
            applied: migration.status() == migration::MigrationStatus::Applied,
        })
        .collect())
}

/// One connection that no other migrating process has beside it.
struct Exclusive {
    connection: DatabaseConnection,
    guard: Guard,
}

/// What keeps the others away.
enum Guard {
    /// One transaction on the file, and the lock of a file beside it.
    Sqlite(Migrations, File),
    /// A lock of the session.
    Postgres,
}

impl Exclusive {
    async fn take(url: &str) -> Result<Self, anyhow::Error> {
        if url.starts_with("sqlite:") {
            Self::sqlite(url).await
        } else {
            Self::postgres(url).await
        }
    }

    async fn sqlite(url: &str) -> Result<Self, anyhow::Error> {
        let file = super::sqlite::file(url)?;
        let unusable = |why: &dyn std::fmt::Display| {
            let file = file.display();
            anyhow::anyhow!(
                "DEBRIEF_DATABASE_URL: {file} cannot be used as a SQLite database: {why}"
            )
        };
        anyhow::ensure!(!file.is_dir(), unusable(&"it is a folder"));
        super::sqlite::make_file(&file).map_err(|why| unusable(&why))?;
        let mut lock_name = file.clone().into_os_string();
        lock_name.push(".lock");
        let lock = File::create(lock_name).map_err(|why| unusable(&why))?;
        let lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await??;
        let migrations = Migrations::begin(&file).map_err(|why| unusable(&why))?;
        Ok(Self {
            connection: migrations.connection().await?,
            guard: Guard::Sqlite(migrations, lock),
        })
    }

    async fn postgres(url: &str) -> Result<Self, anyhow::Error> {
        super::reach(url, BRIEFLY).await?;
        let options = PgConnectOptions::from_str(url)?
            .application_name("debrief-migrate")
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await?;
        let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
        connection
            .execute_unprepared(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})"))
            .await?;
        Ok(Self {
            connection,
            guard: Guard::Postgres,
        })
    }

    /// Keeps what was done if all of it was, and lets the next one in.
    async fn end<T>(self, done: Result<T, DbErr>) -> Result<T, anyhow::Error> {
        match self.guard {
            Guard::Sqlite(migrations, _lock) => {
                let done = done?;
                migrations.commit()?;
                Ok(done)
            }
            Guard::Postgres => {
                let unlock = format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})");
                self.connection.execute_unprepared(&unlock).await?;
                self.connection.close().await?;
                Ok(done?)
            }
        }
    }
}

//! Bringing the schema up to date, safely when several instances start at once.

use std::fs::File;

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, SqlxPostgresConnector, SqlxSqliteConnector,
};
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use std::str::FromStr as _;

/// The advisory lock that migrating instances take on PostgreSQL.
const MIGRATION_LOCK: i64 = 0x0064_6562_7269_6566;

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
    let (connection, lock) = exclusive(url).await?;
    let done = Migrator::up(&connection, None).await;
    release(connection, lock).await?;
    Ok(done?)
}

/// Takes the newest `steps` migrations back, with the data they hold.
pub async fn down(url: &str, steps: u32) -> Result<(), anyhow::Error> {
    let (connection, lock) = exclusive(url).await?;
    let done = Migrator::down(&connection, Some(steps)).await;
    release(connection, lock).await?;
    Ok(done?)
}

/// Every migration with its state, oldest first.
pub async fn status(url: &str) -> Result<Vec<MigrationState>, anyhow::Error> {
    let (connection, lock) = exclusive(url).await?;
    let states = Migrator::get_migration_with_status(&connection).await;
    release(connection, lock).await?;
    Ok(states?
        .into_iter()
        .map(|migration| MigrationState {
            name: migration.name().to_owned(),
            applied: migration.status() == migration::MigrationStatus::Applied,
        })
        .collect())
}

/// One connection that no other migrating process has beside it.
async fn exclusive(url: &str) -> Result<(DatabaseConnection, Option<File>), anyhow::Error> {
    if url.starts_with("sqlite:") {
        exclusive_sqlite(url).await
    } else {
        exclusive_postgres(url).await
    }
}

async fn exclusive_sqlite(url: &str) -> Result<(DatabaseConnection, Option<File>), anyhow::Error> {
    let file = super::sqlite::file(url)?;
    if let Some(folder) = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder)?;
    }
    let mut lock_name = file.clone().into_os_string();
    lock_name.push(".lock");
    let lock = File::create(lock_name)?;
    let lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await??;
    let options = SqliteConnectOptions::new()
        .filename(&file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .foreign_keys(true)
        .disable_statement_logging();
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await?;
    Ok((SqlxSqliteConnector::from_sqlx_sqlite_pool(pool), Some(lock)))
}

async fn exclusive_postgres(
    url: &str,
) -> Result<(DatabaseConnection, Option<File>), anyhow::Error> {
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
    Ok((connection, None))
}

async fn release(connection: DatabaseConnection, lock: Option<File>) -> Result<(), anyhow::Error> {
    if connection.get_database_backend() == DbBackend::Postgres {
        connection
            .execute_unprepared(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})"))
            .await?;
    }
    connection.close().await?;
    drop(lock);
    Ok(())
}

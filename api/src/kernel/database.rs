//! The database: connections, transactions and the only lines that know which engine it is.
//!
//! Reads take any connection, writes take a [`Tx`], and a [`Tx`] comes from [`Database::begin`] alone.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, SqlxPostgresConnector, SqlxSqliteConnector, Statement, TransactionTrait,
};
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::runtime::Handle;

mod lane;
mod migrate;

pub use migrate::{MigrationState, down, status, up};

use lane::{Lane, LaneTx};

/// How to reach the database and how careful to be.
#[derive(Clone, Debug)]
pub struct DatabaseOptions {
    /// `sqlite://path` or `postgres://…`.
    pub url: String,
    /// Connections that read (SQLite) or that do everything (PostgreSQL).
    pub connections: u32,
    /// Whether a SQLite commit waits for the disk (`synchronous=FULL`).
    pub durable: bool,
    /// How long a request waits for a connection.
    pub acquire_timeout: Duration,
}

/// Reads and transactions on one database.
#[derive(Clone, Debug)]
pub struct Database {
    read: DatabaseConnection,
    engine: Engine,
}

#[derive(Clone, Debug)]
enum Engine {
    /// One writer lane beside the pool of readers.
    Sqlite(Lane),
    Postgres,
}

impl Database {
    /// Opens the database; a SQLite file and its folder are created when they are missing.
    pub async fn connect(options: &DatabaseOptions) -> Result<Self, anyhow::Error> {
        if options.url.starts_with("sqlite:") {
            Self::connect_sqlite(options).await
        } else {
            Self::connect_postgres(options)
        }
    }

    async fn connect_sqlite(options: &DatabaseOptions) -> Result<Self, anyhow::Error> {
        let file = sqlite_file(&options.url)?;
        if let Some(folder) = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder)?;
        }
        let synchronous = if options.durable {
            SqliteSynchronous::Full
        } else {
            SqliteSynchronous::Normal
        };
        let writer = SqliteConnectOptions::new()
            .filename(&file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .statement_cache_capacity(256)
            .pragma("cache_size", "-16000")
            .disable_statement_logging();
        let reader = writer
            .clone()
            .create_if_missing(false)
            .pragma("query_only", "on");
        let one = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .acquire_timeout(options.acquire_timeout)
            .connect_with(writer)
            .await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(options.connections)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .acquire_timeout(options.acquire_timeout)
            .connect_lazy_with(reader);
        Ok(Self {
            read: SqlxSqliteConnector::from_sqlx_sqlite_pool(readers),
            engine: Engine::Sqlite(Lane::new(
                SqlxSqliteConnector::from_sqlx_sqlite_pool(one),
                Handle::current(),
            )),
        })
    }

    fn connect_postgres(options: &DatabaseOptions) -> Result<Self, anyhow::Error> {
        let connect = PgConnectOptions::from_str(&options.url)?
            .application_name("debrief")
            .statement_cache_capacity(256)
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(options.connections)
            .idle_timeout(Duration::from_mins(5))
            .test_before_acquire(false)
            .acquire_timeout(options.acquire_timeout)
            .connect_lazy_with(connect);
        Ok(Self {
            read: SqlxPostgresConnector::from_sqlx_postgres_pool(pool),
            engine: Engine::Postgres,
        })
    }

    /// A connection to read with. On SQLite it refuses to write.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// The engine's name, for people: `SQLite` or `PostgreSQL`.
    pub fn engine_name(&self) -> &'static str {
        match self.engine {
            Engine::Sqlite(_) => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }
    }

    /// Begins the transaction of one operation.
    ///
    /// On SQLite it waits for the writer lane, whose operations share one commit; on PostgreSQL
    /// it is a transaction of its own.
    pub async fn begin(&self) -> Result<Tx, DbErr> {
        Ok(Tx(match &self.engine {
            Engine::Sqlite(lane) => Inner::Lane(lane.begin().await?),
            Engine::Postgres => Inner::Own(self.read.begin().await?),
        }))
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.read.execute_unprepared("SELECT 1").await.map(drop)
    }

    /// Closes every connection after the running statements.
    pub async fn close(self) -> Result<(), DbErr> {
        if let Engine::Sqlite(lane) = self.engine {
            lane.close().await?;
        }
        self.read.close().await
    }
}

/// The file behind a `sqlite:` URL.
fn sqlite_file(url: &str) -> Result<PathBuf, anyhow::Error> {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    let path = path.split('?').next().unwrap_or_default();
    anyhow::ensure!(
        !path.is_empty() && path != ":memory:",
        "the database URL must name a file, for example sqlite://data/debrief.db"
    );
    Ok(PathBuf::from(path))
}

/// One operation's transaction. Dropped without [`Tx::commit`], it leaves nothing behind.
#[derive(Debug)]
pub struct Tx(Inner);

#[derive(Debug)]
enum Inner {
    Lane(LaneTx),
    Own(DatabaseTransaction),
}

impl Tx {
    /// Makes the operation durable; returns only when it is.
    pub async fn commit(self) -> Result<(), DbErr> {
        match self.0 {
            Inner::Lane(tx) => tx.commit().await,
            Inner::Own(tx) => tx.commit().await,
        }
    }

    /// Holds every other transaction that asks for the same `subject` and `id` until this one ends.
    ///
    /// SQLite has one writer, so there nothing needs to be held.
    pub async fn serialize_on(&self, subject: &str, id: &[u8]) -> Result<(), DbErr> {
        if let Inner::Own(tx) = &self.0 {
            let lock = advisory_key(subject, id);
            tx.execute_raw(Statement::from_sql_and_values(
                DbBackend::Postgres,
                "SELECT pg_advisory_xact_lock($1)",
                [lock.into()],
            ))
            .await?;
        }
        Ok(())
    }

    /// Like [`Tx::serialize_on`], but answers `false` at once when somebody else holds it.
    pub async fn try_serialize_on(&self, subject: &str, id: &[u8]) -> Result<bool, DbErr> {
        let Inner::Own(tx) = &self.0 else {
            return Ok(true);
        };
        let lock = advisory_key(subject, id);
        let row = tx
            .query_one_raw(Statement::from_sql_and_values(
                DbBackend::Postgres,
                "SELECT pg_try_advisory_xact_lock($1) AS held",
                [lock.into()],
            ))
            .await?;
        row.map_or(Ok(false), |row| row.try_get("", "held"))
    }

    fn inner(&self) -> &DatabaseTransaction {
        match &self.0 {
            Inner::Lane(tx) => tx.connection(),
            Inner::Own(tx) => tx,
        }
    }
}

fn advisory_key(subject: &str, id: &[u8]) -> i64 {
    let mut digest = ring::digest::Context::new(&ring::digest::SHA256);
    digest.update(subject.as_bytes());
    digest.update(&[0]);
    digest.update(id);
    let digest = digest.finish();
    let mut key = [0; 8];
    key.copy_from_slice(&digest.as_ref()[..8]);
    i64::from_be_bytes(key)
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.inner().get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.inner().execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.inner().execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.inner().query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.inner().query_all_raw(statement).await
    }
}

//! SQLite as the service uses it: how its connections are opened, and the pool of those that read.
//!
//! A connection of sqlx is a thread that is sent statements. sqlx's own pool asks each connection
//! that comes back whether it still lives, which for a file costs as much as the read itself; so
//! the readers are pooled without that question.

use std::path::{Path, PathBuf};
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{Manager, Metrics, Object, Pool, PoolError, QueueMode, RecycleResult};
use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr,
    Statement,
};
use sea_query_sqlx::SqlxValues;
use sqlx::query::Query;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Sqlite};
use tokio::sync::Mutex;

use super::DatabaseOptions;

/// Pages that a connection keeps in memory, in KiB.
const CACHE_KIB: u32 = 1_000;
/// How many rows a connection reads ahead of whoever takes them.
const ROWS_AHEAD: usize = 500;

/// The file behind a `sqlite:` URL.
pub(super) fn file(url: &str) -> Result<PathBuf, anyhow::Error> {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    let path = path.split('?').next().unwrap_or_default();
    anyhow::ensure!(
        !path.is_empty() && path != ":memory:",
        "the database URL must name a file, for example sqlite://data/debrief.db"
    );
    Ok(PathBuf::from(path))
}

/// How the connection that writes is opened.
pub(super) fn writer(file: &Path, durable: bool) -> SqliteConnectOptions {
    let synchronous = if durable {
        SqliteSynchronous::Full
    } else {
        SqliteSynchronous::Normal
    };
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(256)
        .row_buffer_size(ROWS_AHEAD)
        .pragma("cache_size", format!("-{CACHE_KIB}"))
        .disable_statement_logging()
}

/// One connection as SeaORM takes it: statements one after the other.
#[derive(Debug)]
pub(super) struct Session(Mutex<Option<SqliteConnection>>);

impl Session {
    /// Opens it.
    pub(super) async fn open(options: &SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        Ok(Self(Mutex::new(Some(options.connect().await?))))
    }

    /// Closes it after the running statement; later ones are refused.
    pub(super) async fn close(&self) -> Result<(), DbErr> {
        match self.0.lock().await.take() {
            Some(connection) => connection
                .close()
                .await
                .map_err(|error| DbErr::Conn(failed(error))),
            None => Ok(()),
        }
    }
}

fn failed(error: sqlx::Error) -> RuntimeErr {
    RuntimeErr::SqlxError(error.into())
}

fn closed() -> DbErr {
    DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed)
}

#[async_trait::async_trait]
impl ConnectionTrait for Session {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Sqlite
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let mut held = self.0.lock().await;
        execute(held.as_mut().ok_or_else(closed)?, statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let mut held = self.0.lock().await;
        execute_text(held.as_mut().ok_or_else(closed)?, sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let mut held = self.0.lock().await;
        query_one(held.as_mut().ok_or_else(closed)?, statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let mut held = self.0.lock().await;
        query_all(held.as_mut().ok_or_else(closed)?, statement).await
    }
}

/// The connections that read, opened when they are needed; the last used is the next to be used.
#[derive(Clone)]
pub(super) struct Readers(Pool<Opener>);

impl std::fmt::Debug for Readers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Readers").field(&self.0.status()).finish()
    }
}

/// Opens connections that refuse to write.
struct Opener(SqliteConnectOptions);

impl Manager for Opener {
    type Type = SqliteConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<SqliteConnection, sqlx::Error> {
        self.0.connect().await
    }

    /// A file does not go away, and a statement that nobody waits for is finished by its thread.
    async fn recycle(&self, _: &mut SqliteConnection, _: &Metrics) -> RecycleResult<sqlx::Error> {
        Ok(())
    }
}

impl Readers {
    pub(super) fn new(file: &Path, options: &DatabaseOptions) -> Result<Self, anyhow::Error> {
        let opener = writer(file, options.durable)
            .create_if_missing(false)
            .pragma("query_only", "on");
        let pool = Pool::builder(Opener(opener))
            .max_size(options.connections.try_into()?)
            .queue_mode(QueueMode::Lifo)
            .wait_timeout(Some(options.acquire_timeout))
            .create_timeout(Some(options.acquire_timeout))
            .runtime(Runtime::Tokio1)
            .build()?;
        Ok(Self(pool))
    }

    async fn connection(&self) -> Result<Object<Opener>, DbErr> {
        self.0.get().await.map_err(|error| match error {
            PoolError::Timeout(_) => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
            PoolError::Backend(error) => DbErr::Conn(failed(error)),
            _ => closed(),
        })
    }

    /// Closes every connection that is not at work, and those as soon as they are done.
    pub(super) async fn close(&self) {
        let idle = self.0.retain(|_, _| false).removed;
        self.0.close();
        for connection in idle {
            if let Err(error) = connection.close().await {
                tracing::debug!(cause = %error, "a reader did not close");
            }
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Readers {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Sqlite
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        execute(&mut *self.connection().await?, statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        execute_text(&mut *self.connection().await?, sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        query_one(&mut *self.connection().await?, statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        query_all(&mut *self.connection().await?, statement).await
    }
}

fn prepared(statement: Statement) -> Query<'static, Sqlite, SqlxValues> {
    let values = statement.values.unwrap_or(sea_orm::Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql), SqlxValues(values))
}

async fn execute(
    connection: &mut SqliteConnection,
    statement: Statement,
) -> Result<ExecResult, DbErr> {
    let done = prepared(statement).execute(connection).await;
    done.map(ExecResult::from)
        .map_err(|error| DbErr::Exec(failed(error)))
}

async fn execute_text(connection: &mut SqliteConnection, sql: &str) -> Result<ExecResult, DbErr> {
    let text = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
    let done = text.execute(connection).await;
    done.map(ExecResult::from)
        .map_err(|error| DbErr::Exec(failed(error)))
}

async fn query_one(
    connection: &mut SqliteConnection,
    statement: Statement,
) -> Result<Option<QueryResult>, DbErr> {
    let found = prepared(statement).fetch_optional(connection).await;
    let row = found.map_err(|error| DbErr::Query(failed(error)))?;
    Ok(row.map(QueryResult::from))
}

async fn query_all(
    connection: &mut SqliteConnection,
    statement: Statement,
) -> Result<Vec<QueryResult>, DbErr> {
    let found = prepared(statement).fetch_all(connection).await;
    let rows = found.map_err(|error| DbErr::Query(failed(error)))?;
    Ok(rows.into_iter().map(QueryResult::from).collect())
}

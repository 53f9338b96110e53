//! The database: connections, transactions and the only lines that know which engine it is.
//!
//! Reads take the [`Database`] or a [`Tx`], writes take a [`Tx`], and that comes from
//! [`Database::begin`] alone and takes its audit records to be committed.

use std::collections::BTreeSet;
use std::str::FromStr;
use std::time::Duration;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, SqlxPostgresConnector, Statement, TransactionTrait,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _};
use uuid::Uuid;

mod lane;
mod migrate;
mod sqlite;

pub use migrate::{MigrationState, down, status, up};

use super::audit::{self, Record};
use lane::{Lane, LaneTx};
use sqlite::Readers;

/// How long a connection to PostgreSQL may have rested before it is asked whether it still lives: a
/// question costs as much as a short read, so busy connections are not asked.
const UNTESTED: Duration = Duration::from_millis(100);

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
///
/// It is itself a connection to read with; on SQLite that one refuses to write.
#[derive(Clone, Debug)]
pub struct Database(Engine);

#[derive(Clone, Debug)]
enum Engine {
    /// One writer lane beside the readers.
    Sqlite {
        readers: Readers,
        lane: Lane,
    },
    Postgres(DatabaseConnection),
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
        let file = sqlite::file(&options.url)?;
        if let Some(folder) = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder)?;
        }
        let lane = Lane::open(&sqlite::writer(&file, options.durable)).await?;
        let readers = Readers::new(&file, options)?;
        Ok(Self(Engine::Sqlite { readers, lane }))
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
            .before_acquire(|connection, past| {
                Box::pin(async move {
                    if past.idle_for >= UNTESTED {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .acquire_timeout(options.acquire_timeout)
            .connect_lazy_with(connect);
        let pool = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
        Ok(Self(Engine::Postgres(pool)))
    }

    /// The engine's name, for people: `SQLite` or `PostgreSQL`.
    pub fn engine_name(&self) -> &'static str {
        match self.0 {
            Engine::Sqlite { .. } => "SQLite",
            Engine::Postgres(_) => "PostgreSQL",
        }
    }

    /// Begins the transaction of one operation.
    ///
    /// On SQLite it waits for the writer lane, whose operations share one commit; on PostgreSQL
    /// it is a transaction of its own.
    pub async fn begin(&self) -> Result<Tx, DbErr> {
        Ok(Tx(match &self.0 {
            Engine::Sqlite { lane, .. } => Inner::Lane(lane.begin().await?),
            Engine::Postgres(pool) => Inner::Own(pool.begin().await?),
        }))
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.execute_unprepared("SELECT 1").await.map(drop)
    }

    /// Closes every connection after the running statements.
    pub async fn close(self) -> Result<(), DbErr> {
        match self.0 {
            Engine::Sqlite { readers, lane } => {
                readers.close().await;
                // The last to close, which leaves one file without a log beside it.
                lane.close().await
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }
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
    /// Puts the operation on record and makes it durable; returns only when it is.
    pub async fn commit(self, records: Vec<Record>) -> Result<(), DbErr> {
        if let Inner::Own(_) = &self.0 {
            // In one order, so that no two wait for each other.
            let chains: BTreeSet<Uuid> = records.iter().map(|one| one.organization().0).collect();
            for chain in chains {
                self.serialize_on("audit", chain.as_bytes()).await?;
            }
        }
        match self.0 {
            Inner::Lane(tx) => tx.commit(records).await,
            Inner::Own(tx) => {
                audit::append(&tx, records).await?;
                tx.commit().await
            }
        }
    }

    /// Undoes the operation and returns when what it held is free. The writer lane holds nothing that
    /// the next in it would not wait for.
    pub async fn roll_back(self) -> Result<(), DbErr> {
        match self.0 {
            Inner::Lane(tx) => drop(tx),
            Inner::Own(tx) => tx.rollback().await?,
        }
        Ok(())
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

/// Passes the statements of a connection on to the one of its engine.
macro_rules! passed_on {
    ($name:ty, $($engine:pat => $connection:ident),+) => {
        #[async_trait::async_trait]
        impl ConnectionTrait for $name {
            fn get_database_backend(&self) -> DbBackend {
                match &self.0 { $($engine => $connection.get_database_backend(),)+ }
            }

            async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
                match &self.0 { $($engine => $connection.execute_raw(statement).await,)+ }
            }

            async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
                match &self.0 { $($engine => $connection.execute_unprepared(sql).await,)+ }
            }

            async fn query_one_raw(
                &self,
                statement: Statement,
            ) -> Result<Option<QueryResult>, DbErr> {
                match &self.0 { $($engine => $connection.query_one_raw(statement).await,)+ }
            }

            async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
                match &self.0 { $($engine => $connection.query_all_raw(statement).await,)+ }
            }
        }
    };
}

passed_on!(Database, Engine::Sqlite { readers, .. } => readers, Engine::Postgres(pool) => pool);
passed_on!(Tx, Inner::Lane(tx) => tx, Inner::Own(tx) => tx);

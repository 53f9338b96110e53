//! The database: connections, transactions and the only lines that know which engine it is.
//!
//! Reads take the [`Database`] or a [`Tx`], writes take a [`Tx`], and that comes from
//! [`Database::begin`] alone and takes its audit records to be committed.

use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use entity::organization::OrganizationId;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    ExecResult, QueryResult, QuerySelect as _, Select, SelectGetableTuple, Selector,
    SqlxPostgresConnector, Statement, TransactionTrait, TryGetableMany,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _};
use uuid::Uuid;

mod erasure;
mod insert;
mod lane;
mod migrate;
mod notices;
mod once;
mod reach;
pub mod search;
mod sqlite;

pub use erasure::Erasure;
pub use insert::Inserts;
pub use migrate::{MigrationState, down, status, up};
pub use notices::{Notice, Notices};
pub use once::Once;
pub use reach::reach;

use super::audit::{self, Record};
use lane::{Lane, LaneTx};
use sqlite::Readers;

/// How long a connection to PostgreSQL may have rested before it is asked whether it still lives: a
/// question costs as much as a short read, so busy connections are not asked.
const UNTESTED: Duration = Duration::from_millis(100);

/// How long transactions that began before something was deleted may take to end, but for rare ones.
const LAST_READS: Duration = Duration::from_secs(1);

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
pub struct Database(Engine, Notices, Erasure, Statements);

/// How many statements were asked outside of transactions.
#[derive(Clone, Debug, Default)]
struct Statements(Arc<AtomicU64>);

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
    pub fn connect(options: &DatabaseOptions) -> Result<Self, anyhow::Error> {
        if options.url.starts_with("sqlite:") {
            Self::connect_sqlite(options)
        } else {
            Self::connect_postgres(options)
        }
    }

    fn connect_sqlite(options: &DatabaseOptions) -> Result<Self, anyhow::Error> {
        let file = sqlite::file(&options.url)?;
        sqlite::make_file(&file)?;
        let lane = Lane::open(&file, options.durable, options.acquire_timeout)?;
        let readers = Readers::new(&file, options)?;
        let engine = Engine::Sqlite { readers, lane };
        Ok(Self(
            engine,
            Notices::default(),
            Erasure::default(),
            Statements::default(),
        ))
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
        let engine = Engine::Postgres(pool);
        Ok(Self(
            engine,
            Notices::default(),
            Erasure::default(),
            Statements::default(),
        ))
    }

    /// The engine's name, for people: `SQLite` or `PostgreSQL`.
    pub fn engine_name(&self) -> &'static str {
        match self.0 {
            Engine::Sqlite { .. } => "SQLite",
            Engine::Postgres(_) => "PostgreSQL",
        }
    }

    /// How many statements were asked outside of transactions since it was opened.
    pub fn statements(&self) -> u64 {
        self.3.0.load(Ordering::Relaxed)
    }

    fn uncounted(&self) -> &Engine {
        &self.0
    }

    fn one_more(&self) -> &Engine {
        self.3.0.fetch_add(1, Ordering::Relaxed);
        &self.0
    }

    /// Begins the transaction of one operation.
    ///
    /// On SQLite it waits for the writer lane, whose operations share one commit; on PostgreSQL
    /// it is a transaction of its own.
    pub async fn begin(&self) -> Result<Tx, DbErr> {
        let inner = match &self.0 {
            Engine::Sqlite { lane, .. } => Inner::Lane(lane.begin().await?),
            Engine::Postgres(pool) => Inner::Own(pool.begin().await?),
        };
        Ok(Tx {
            inner,
            texts: Mutex::default(),
            notices: self.1.clone(),
            erasure: self.2.clone(),
            erases: AtomicBool::new(false),
        })
    }

    /// Who waits for records that are committed here.
    pub fn notices(&self) -> &Notices {
        &self.1
    }

    /// What has deleted things cleared away.
    pub fn erasure(&self) -> &Erasure {
        &self.2
    }

    /// Takes what was deleted out of the log of a SQLite file, and out of the dead rows of the tables
    /// of PostgreSQL that hold secrets; whether nobody was in the way.
    pub async fn clear_away(&self) -> Result<bool, DbErr> {
        match &self.0 {
            Engine::Sqlite { readers, lane } => {
                // Most of it is moved while others write.
                readers.move_log().await?;
                lane.empty_log().await
            }
            Engine::Postgres(pool) => {
                // Until then those have ended who may still see what was deleted.
                tokio::time::sleep(LAST_READS).await;
                let vacuum = "VACUUM sealed_boxes, ballots, feedback_boxes";
                pool.execute_unprepared(vacuum).await.map(|_| true)
            }
        }
    }

    /// Whether the database answers, and still is the one that was opened.
    pub async fn ping(&self) -> Result<(), DbErr> {
        if let Engine::Sqlite { readers, .. } = &self.0 {
            readers.check_file()?;
        }
        let any = "SELECT 1 FROM organizations LIMIT 1";
        self.execute_unprepared(any).await.map(drop)
    }

    /// Closes every connection after the running statements.
    pub async fn close(self) -> Result<(), DbErr> {
        match self.0 {
            Engine::Sqlite { readers, lane } => {
                readers.close();
                // The last to close, which leaves one file without a log beside it.
                lane.close().await;
                Ok(())
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }
}

/// One operation's transaction. Dropped without [`Tx::commit`], it leaves nothing behind.
#[derive(Debug)]
pub struct Tx {
    inner: Inner,
    texts: Mutex<Vec<search::Entry>>,
    notices: Notices,
    erasure: Erasure,
    erases: AtomicBool,
}

#[derive(Debug)]
enum Inner {
    Lane(LaneTx),
    Own(DatabaseTransaction),
}

impl Tx {
    /// What an operation asks of its own transaction is not counted.
    fn one_more(&self) -> &Inner {
        &self.inner
    }

    fn uncounted(&self) -> &Inner {
        &self.inner
    }

    /// Puts the operation on record, has its texts found, and makes all of it durable; returns only
    /// when it is, and tells who waits for its records.
    pub async fn commit(self, records: Vec<Record>) -> Result<(), DbErr> {
        let Self { inner, texts, .. } = self;
        let texts = texts.into_inner().unwrap_or_else(PoisonError::into_inner);
        // In one order, so that no two wait for each other.
        let chains: BTreeSet<Uuid> = records.iter().map(|one| one.organization().0).collect();
        match inner {
            Inner::Lane(tx) => tx.commit(records, texts).await?,
            Inner::Own(tx) => {
                search::append(&tx, texts).await?;
                for chain in &chains {
                    hold(&tx, "audit", chain.as_bytes()).await?;
                }
                audit::append(&tx, records).await?;
                tx.commit().await?;
            }
        }
        self.notices.tell(chains.into_iter().map(OrganizationId));
        if self.erases.into_inner() {
            self.erasure.ask();
        }
        Ok(())
    }

    /// Has what this operation deletes or overwrites cleared away soon after the commit, also from
    /// where the engine keeps earlier versions.
    pub fn erase(&self) {
        self.erases.store(true, Ordering::Relaxed);
    }

    /// Keeps a change of what is found until the commit.
    fn find_later(&self, entry: search::Entry) {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        texts.push(entry);
    }

    /// Undoes the operation and returns when what it held is free. The writer lane holds nothing that
    /// the next in it would not wait for.
    pub async fn roll_back(self) -> Result<(), DbErr> {
        match self.inner {
            Inner::Lane(tx) => drop(tx),
            Inner::Own(tx) => tx.rollback().await?,
        }
        Ok(())
    }

    /// Holds every other transaction that asks for the same `subject` and `id` until this one ends.
    ///
    /// SQLite has one writer, so there nothing needs to be held.
    pub async fn serialize_on(&self, subject: &str, id: &[u8]) -> Result<(), DbErr> {
        match &self.inner {
            Inner::Lane(_) => Ok(()),
            Inner::Own(tx) => hold(tx, subject, id).await,
        }
    }

    /// Like [`Tx::serialize_on`], but answers `false` at once when somebody else holds it.
    pub async fn try_serialize_on(&self, subject: &str, id: &[u8]) -> Result<bool, DbErr> {
        let Inner::Own(tx) = &self.inner else {
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

/// Waits for a lock that ends with the transaction.
async fn hold(tx: &DatabaseTransaction, subject: &str, id: &[u8]) -> Result<(), DbErr> {
    let lock = advisory_key(subject, id);
    let hold = Statement::from_sql_and_values(
        DbBackend::Postgres,
        "SELECT pg_advisory_xact_lock($1)",
        [lock.into()],
    );
    tx.execute_raw(hold).await.map(drop)
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
                match self.uncounted() { $($engine => $connection.get_database_backend(),)+ }
            }

            async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
                match self.one_more() { $($engine => $connection.execute_raw(statement).await,)+ }
            }

            async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
                match self.one_more() { $($engine => $connection.execute_unprepared(sql).await,)+ }
            }

            async fn query_one_raw(
                &self,
                statement: Statement,
            ) -> Result<Option<QueryResult>, DbErr> {
                match self.one_more() { $($engine => $connection.query_one_raw(statement).await,)+ }
            }

            async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
                match self.one_more() { $($engine => $connection.query_all_raw(statement).await,)+ }
            }
        }
    };
}

passed_on!(Database, Engine::Sqlite { readers, .. } => readers, Engine::Postgres(pool) => pool);
passed_on!(Tx, Inner::Lane(tx) => tx, Inner::Own(tx) => tx);

/// Finds the values of one column only. Several columns are read into a struct, by their names.
#[expect(clippy::disallowed_methods, reason = "one column has no order")]
pub fn only<E: EntityTrait, T: TryGetableMany>(
    query: Select<E>,
    column: E::Column,
) -> Selector<SelectGetableTuple<T>> {
    query.select_only().column(column).into_tuple()
}

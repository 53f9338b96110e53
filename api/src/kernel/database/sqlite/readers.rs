//! The connections that read.
//!
//! A read runs where it is asked for. One that takes long is interrupted and begun again on a
//! thread that keeps nobody waiting.

use std::fmt;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;
use std::time::Duration;

use rusqlite::Error;
use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::coop::consume_budget;

use super::super::DatabaseOptions;
use super::session::is_interrupted;
use super::{Purpose, Session, away, closed, failed, results};

/// Connections that refuse to write, opened when they are needed.
#[derive(Clone)]
pub(in super::super) struct Readers(Arc<Pool>);

struct Pool {
    file: PathBuf,
    /// Device and number of the file that was opened.
    identity: (u64, u64),
    durable: bool,
    /// The last used is the next to be used. Each keeps pages and statements in memory, so what only a
    /// rush needed is closed again.
    idle: Mutex<Vec<Session>>,
    /// As many as are kept open.
    kept: usize,
    /// As many as may read at once.
    places: Arc<Semaphore>,
    patience: Duration,
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let free = self.0.places.available_permits();
        f.debug_struct("Readers").field("free", &free).finish()
    }
}

impl Readers {
    pub(in super::super) fn new(
        file: &Path,
        options: &DatabaseOptions,
    ) -> Result<Self, anyhow::Error> {
        Ok(Self(Arc::new(Pool {
            file: file.to_owned(),
            identity: identity(file)?,
            durable: options.durable,
            idle: Mutex::default(),
            kept: available_parallelism().map_or(1, NonZero::get) + 1,
            places: Arc::new(Semaphore::new(options.connections.try_into()?)),
            patience: options.acquire_timeout,
        })))
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&Session) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, DbErr> {
        let place = self.0.place().await?;
        let session = self.0.session()?;
        let done = session.briefly(&work);
        if !matches!(&done, Err(error) if is_interrupted(error)) {
            self.0.give_back(session);
            return done.map_err(failed);
        }
        let pool = Arc::clone(&self.0);
        let done = tokio::task::spawn_blocking(move || {
            let done = work(&session);
            pool.give_back(session);
            drop(place);
            done
        });
        done.await.map_err(|_| closed())?.map_err(failed)
    }

    /// Moves the log beside the file into it as far as possible, on a thread that keeps nobody waiting.
    pub(in super::super) async fn move_log(&self) -> Result<(), DbErr> {
        let place = self.0.place().await?;
        let session = self.0.session()?;
        let pool = Arc::clone(&self.0);
        let done = tokio::task::spawn_blocking(move || {
            let done = session.move_log();
            pool.give_back(session);
            drop(place);
            done
        });
        done.await.map_err(|_| closed())?.map_err(failed)
    }

    /// Whether the file is still there: connections would go on with one that was removed.
    pub(in super::super) fn check_file(&self) -> Result<(), DbErr> {
        match identity(&self.0.file) {
            Ok(found) if found == self.0.identity => Ok(()),
            Ok(_) => Err(away("another file has its name")),
            Err(error) => Err(away(&error.to_string())),
        }
    }

    /// Closes every connection that is not at work, and those as soon as they are done.
    pub(in super::super) fn close(&self) {
        self.0.places.close();
        self.0.idle().clear();
    }
}

#[cfg(unix)]
fn identity(file: &Path) -> std::io::Result<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let about = std::fs::metadata(file)?;
    Ok((about.dev(), about.ino()))
}

#[cfg(not(unix))]
fn identity(file: &Path) -> std::io::Result<(u64, u64)> {
    std::fs::metadata(file).map(|_| (0, 0))
}

impl Pool {
    async fn place(&self) -> Result<OwnedSemaphorePermit, DbErr> {
        // Reads that never wait would keep everything else on this thread waiting.
        consume_budget().await;
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Ok(place);
        }
        let place = Arc::clone(&self.places).acquire_owned();
        match tokio::time::timeout(self.patience, place).await {
            Ok(place) => place.map_err(|_| closed()),
            Err(_) => Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)),
        }
    }

    fn session(&self) -> Result<Session, DbErr> {
        let idle = self.idle().pop();
        match idle {
            Some(session) => Ok(session),
            None => Session::open(&self.file, self.durable, Purpose::Read).map_err(failed),
        }
    }

    fn give_back(&self, session: Session) {
        let surplus = {
            let mut idle = self.idle();
            if !self.places.is_closed() && idle.len() < self.kept {
                idle.push(session);
                None
            } else {
                Some(session)
            }
        };
        // To close one takes a while.
        drop(surplus);
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Session>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Readers {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Sqlite
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let done = self.read(move |session| session.execute(&statement));
        Ok(done.await?.into())
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let sql = sql.to_owned();
        Ok(self.read(move |session| session.run(&sql)).await?.into())
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let found = self.read(move |session| session.query(&statement, 1));
        Ok(found.await?.pop().map(QueryResult::from))
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let found = self.read(move |session| session.query(&statement, usize::MAX));
        Ok(results(found.await?))
    }
}

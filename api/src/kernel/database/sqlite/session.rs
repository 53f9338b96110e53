//! One connection to the file, and its statements.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::{CachedStatement, Connection, Error, ErrorCode, OpenFlags};
use sea_orm::{ProxyExecResult, ProxyRow, Statement};

use super::log::Log;
use super::values::{Columns, Json, bind};

/// Pages that a connection keeps in memory, in KiB: one that writes keeps what a group of
/// operations changes, which would else be written more than once.
const CACHE_KIB: u32 = 1_000;
const WRITER_CACHE_KIB: u32 = 4_000;
/// Statements that a connection keeps prepared.
const STATEMENTS: usize = 256;
/// Statements with more values than this are too large to be kept.
const MOST_VALUES_KEPT: usize = 4_000;
/// How long to wait while another process holds the file, where nobody says how long.
pub(in super::super) const PATIENCE: Duration = Duration::from_secs(10);
/// How long a read takes that is waited for while nobody can write.
const MOMENT: Duration = Duration::from_millis(100);
/// How long a statement may keep the thread that serves others too.
const BRIEF: Duration = Duration::from_millis(5);
/// After how many steps of its program a statement looks at the clock.
const STEPS_UNWATCHED: i32 = 2_000;

thread_local! {
    /// How many pages the log held after the commit that runs on this thread: the engine tells it to a
    /// function that knows nothing else.
    static GREW_TO: Cell<Option<u32>> = const { Cell::new(None) };
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Purpose {
    /// Refuses to write; waits while another process recovers the file.
    Read,
    /// Makes the file when it is missing; waits for others only where it is told to.
    Write,
    /// As `Write`, for whoever takes JSON apart by itself instead of into what a column holds.
    Migrate,
}

impl Purpose {
    fn json(self) -> Json {
        match self {
            Self::Read | Self::Write => Json::Kept,
            Self::Migrate => Json::TakenApart,
        }
    }
}

/// A connection.
pub(in super::super) struct Session {
    connection: Connection,
    /// The columns that known statements find.
    columns: RefCell<HashMap<String, Arc<Columns>>>,
    /// How it tells JSON.
    json: Json,
    /// The log, as whoever writes knows it.
    log: Log,
    /// When the running statement is to give way, in microseconds since `opened`.
    gives_way_at: Arc<AtomicU64>,
    opened: Instant,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session")
    }
}

impl Session {
    /// Opens the file, in which what is deleted is overwritten, with commits that survive a loss of power when they are to be `durable`.
    pub(in super::super) fn open(
        file: &Path,
        durable: bool,
        purpose: Purpose,
    ) -> Result<Self, Error> {
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        if purpose != Purpose::Read {
            flags |= OpenFlags::SQLITE_OPEN_CREATE;
        }
        let connection = Connection::open_with_flags(file, flags)?;
        connection.busy_timeout(PATIENCE)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        let synchronous = if durable { "FULL" } else { "NORMAL" };
        let cache = match purpose {
            Purpose::Read => CACHE_KIB,
            Purpose::Write | Purpose::Migrate => WRITER_CACHE_KIB,
        };
        connection.execute_batch(&format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; \
             PRAGMA foreign_keys = ON; PRAGMA cache_size = -{cache}; PRAGMA secure_delete = ON"
        ))?;
        connection.execute_batch(match purpose {
            Purpose::Read => "PRAGMA query_only = ON",
            // What a savepoint would restore is kept in memory: in a file, it would cost each operation
            // more than its own statements.
            // A log that became very long is cut when it begins anew.
            Purpose::Write => "PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864",
            Purpose::Migrate => "",
        })?;
        if purpose == Purpose::Write {
            // Instead of the engine's own, which would move the log within the commit.
            connection.wal_hook(Some(|_, pages| {
                GREW_TO.set(u32::try_from(pages).ok());
                Ok(())
            }));
        }
        if purpose != Purpose::Read {
            connection.busy_timeout(Duration::ZERO)?;
        }
        let session = Self {
            connection,
            columns: RefCell::default(),
            json: purpose.json(),
            log: Log::default(),
            gives_way_at: Arc::new(AtomicU64::new(u64::MAX)),
            opened: Instant::now(),
        };
        session.watch()?;
        Ok(session)
    }

    fn watch(&self) -> Result<(), Error> {
        let (gives_way_at, opened) = (Arc::clone(&self.gives_way_at), self.opened);
        let is_late = move || micros(opened.elapsed()) > gives_way_at.load(Ordering::Relaxed);
        self.connection
            .progress_handler(STEPS_UNWATCHED, Some(is_late))
    }

    /// Does something that is interrupted when it takes long: see [`is_interrupted`].
    pub(super) fn briefly<T>(&self, work: impl FnOnce(&Self) -> T) -> T {
        let until = micros(self.opened.elapsed() + BRIEF);
        self.gives_way_at.store(until, Ordering::Relaxed);
        let done = work(self);
        self.gives_way_at.store(u64::MAX, Ordering::Relaxed);
        done
    }

    /// Waits for another process that holds the file, but no longer than this.
    pub(in super::super) fn patiently<T>(
        &self,
        patience: Duration,
        work: impl FnOnce(&Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        // The engine counts in whole milliseconds.
        let patience = patience + Duration::from_micros(999);
        self.connection.busy_timeout(patience)?;
        let done = work(self);
        self.connection.busy_timeout(Duration::ZERO)?;
        done
    }

    /// Whether a transaction is open.
    pub(in super::super) fn is_in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }

    /// Commits.
    pub(in super::super) fn commit(&self) -> Result<(), Error> {
        GREW_TO.take();
        self.command("COMMIT")?;
        if let Some(pages) = GREW_TO.take() {
            self.log.is_of(pages);
        }
        Ok(())
    }

    /// Whether the log beside the file has become so long that it is to be moved into it.
    pub(in super::super) fn log_is_long(&self) -> bool {
        self.log.is_long()
    }

    /// Moves the log into the file as far as nobody needs what it replaces, and waits for nobody. Where
    /// that fails, or somebody else moves it at this moment, it stays as long as it is.
    pub(in super::super) fn move_log(&self) -> Result<(), Error> {
        let (is_held, pages, moved) = self.checkpoint("PASSIVE")?;
        if !is_held {
            self.log.moved_but(pages.saturating_sub(moved));
        }
        Ok(())
    }

    /// Moves what is left of the log into the file and empties the log, in which earlier versions of
    /// what was changed lie; whether nobody was in the way. Whoever reads for but a moment is waited for.
    pub(in super::super) fn empty_log(&self) -> Result<bool, Error> {
        self.connection.busy_timeout(MOMENT)?;
        let emptied = self.checkpoint("TRUNCATE");
        self.connection.busy_timeout(Duration::ZERO)?;
        let (is_held, ..) = emptied?;
        Ok(!is_held)
    }

    /// Moves the log; whether somebody was in the way, its pages, and how many of them are in the file.
    fn checkpoint(&self, mode: &str) -> Result<(bool, u32, u32), Error> {
        let sql = format!("PRAGMA wal_checkpoint({mode})");
        self.connection.query_row(&sql, (), |row| {
            let pages = |at| row.get(at).map(|pages: i64| pages.try_into().unwrap_or(0));
            Ok((row.get(0)?, pages(1)?, pages(2)?))
        })
    }

    /// Runs a statement without values that is often used, such as `COMMIT`.
    pub(in super::super) fn command(&self, sql: &str) -> Result<(), Error> {
        self.connection.prepare_cached(sql)?.raw_execute().map(drop)
    }

    /// Runs statements as they stand, one after the other.
    pub(in super::super) fn run(&self, sql: &str) -> Result<ProxyExecResult, Error> {
        self.connection.execute_batch(sql)?;
        Ok(self.outcome())
    }

    /// Runs a statement for its effect.
    pub(in super::super) fn execute(
        &self,
        statement: &Statement,
    ) -> Result<ProxyExecResult, Error> {
        let mut prepared = self.prepared(statement)?;
        let mut rows = prepared.raw_query();
        while rows.next()?.is_some() {}
        drop(rows);
        finished(prepared, statement);
        Ok(self.outcome())
    }

    /// Runs a statement for its first rows, at most so many.
    pub(in super::super) fn query(
        &self,
        statement: &Statement,
        most: usize,
    ) -> Result<Vec<ProxyRow>, Error> {
        let mut prepared = self.prepared(statement)?;
        let columns = self.columns(&statement.sql, &prepared);
        let mut rows = prepared.raw_query();
        let mut found = Vec::new();
        while found.len() < most {
            let Some(row) = rows.next()? else { break };
            found.push(columns.read(row)?);
        }
        drop(rows);
        finished(prepared, statement);
        Ok(found)
    }

    fn prepared(&self, statement: &Statement) -> Result<CachedStatement<'_>, Error> {
        let mut prepared = self.connection.prepare_cached(&statement.sql)?;
        if let Some(values) = &statement.values {
            bind(&mut prepared, values)?;
        }
        Ok(prepared)
    }

    fn columns(&self, sql: &str, prepared: &CachedStatement<'_>) -> Arc<Columns> {
        let mut known = self.columns.borrow_mut();
        if let Some(columns) = known.get(sql) {
            return Arc::clone(columns);
        }
        if known.len() >= STATEMENTS {
            known.clear();
        }
        let columns = Arc::new(Columns::of(prepared, self.json));
        known.insert(sql.to_owned(), Arc::clone(&columns));
        columns
    }

    fn outcome(&self) -> ProxyExecResult {
        let id = self.connection.last_insert_rowid().cast_unsigned();
        ProxyExecResult::new(id, self.connection.changes())
    }
}

/// Keeps the statement prepared unless it is large.
fn finished(prepared: CachedStatement<'_>, statement: &Statement) {
    let values = statement.values.as_ref().map_or(0, |values| values.0.len());
    if values > MOST_VALUES_KEPT {
        prepared.discard();
    }
}

/// Whether a statement was interrupted because it took long.
pub(super) fn is_interrupted(error: &Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted)
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

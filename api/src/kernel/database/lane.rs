//! SQLite's writer lane: one connection, operations one after another, commits in groups.
//!
//! The first operation of a group opens the transaction; each that follows runs in a savepoint of its
//! own, so that its failure undoes itself alone. When the first has ended, a closer queues up behind the
//! operations that already wait: it puts all they did on record, commits, and only then is each
//! answered.
//!
//! Statements run where they are asked for. What may take long runs on the lane's own thread:
//! commits, large statements, moving the log, and waiting for another process.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rusqlite::{Error, ErrorCode};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::coop::consume_budget;

use super::super::audit::{self, Record};
use super::search;
use super::sqlite::{PATIENCE, Purpose, Session, failed, results};

#[cfg(test)]
mod tests;
mod turn;
mod writer;

use turn::{Turn, Turns};
use writer::Writer;

/// Statements with more values than this run on the lane's own thread.
const MOST_VALUES_AT_ONCE: usize = 2_000;

/// The queue in front of the one writing connection.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    writer: Writer,
    turns: Turns,
    thread: Handle,
    /// How long an operation waits for another process, from when it asks for its turn.
    patience: Duration,
    /// The thread ends when the last of these is gone.
    _thread_ends: Arc<oneshot::Sender<()>>,
}

/// The operations that share a transaction and wait for its commit.
#[derive(Debug, Default)]
struct Group {
    transaction_is_open: bool,
    waiting: Vec<oneshot::Sender<Result<(), DbErr>>>,
    records: Vec<Record>,
    texts: Vec<search::Entry>,
    closer_is_queued: bool,
}

/// One operation's turn in the lane.
#[derive(Debug)]
pub(super) struct LaneTx {
    lane: Lane,
    /// Taken by commit; still there when the operation is dropped.
    turn: Option<Turn>,
    /// Whether it opened the transaction, in which nothing is then but what it does: no savepoint needs
    /// to keep what was before.
    is_first: bool,
    /// Set by the first statement.
    has_begun: AtomicBool,
    /// Told to a large statement that has not begun when its operation is dropped.
    is_over: Arc<AtomicBool>,
}

/// The operations of a group with what came of it.
#[derive(Debug)]
struct Told(Vec<oneshot::Sender<Result<(), DbErr>>>, Result<(), DbErr>);

impl Default for Told {
    fn default() -> Self {
        Self(Vec::new(), Ok(()))
    }
}

impl Told {
    fn tell(self) {
        let Self(waiting, outcome) = self;
        for operation in waiting {
            // An operation that was dropped meanwhile does not listen any more.
            let _ = operation.send(outcome.clone());
        }
    }
}

impl Lane {
    pub(super) fn open(
        file: &Path,
        durable: bool,
        patience: Duration,
    ) -> Result<Self, anyhow::Error> {
        let session = Session::open(file, durable, Purpose::Write).map_err(failed)?;
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let thread = runtime.handle().clone();
        let (ends, ended) = oneshot::channel();
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || {
                // An error tells that the sender is gone, which is what is waited for.
                let _ = runtime.block_on(ended);
            })?;
        Ok(Self {
            writer: Writer::new(session),
            turns: Turns::new(thread.clone()),
            thread,
            patience,
            _thread_ends: Arc::new(ends),
        })
    }

    /// Waits for a turn, in the order of asking.
    pub(super) async fn begin(&self) -> Result<LaneTx, DbErr> {
        let asked = Instant::now();
        let mut turn = self.turns.next().await;
        let is_first = !turn.transaction_is_open;
        if !is_first || self.began_at_once()? {
            turn.transaction_is_open = true;
            return Ok(self.take(turn, is_first));
        }
        let lane = self.clone();
        let begun = self.thread.spawn(async move {
            let begin = |session: &Session| session.command("BEGIN IMMEDIATE");
            // Whoever has waited behind another that waited in vain has waited as well.
            let left = lane.patience.saturating_sub(asked.elapsed());
            lane.writer.with(|session| session.patiently(left, begin))?;
            turn.transaction_is_open = true;
            Ok(lane.take(turn, is_first))
        });
        begun.await.map_err(|_| lost())?
    }

    /// Begins the transaction unless another process has one.
    fn began_at_once(&self) -> Result<bool, DbErr> {
        let begun = self.writer.with(|session| {
            let begun = session.command("BEGIN IMMEDIATE");
            let busy = matches!(&begun, Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy));
            if busy {
                Ok(false)
            } else {
                begun.map(|()| true)
            }
        });
        if begun.is_err() {
            // Whatever was open keeps nobody from the next attempt.
            self.writer.roll_back();
        }
        begun
    }

    fn take(&self, turn: Turn, is_first: bool) -> LaneTx {
        LaneTx {
            lane: self.clone(),
            turn: Some(turn),
            is_first,
            has_begun: AtomicBool::new(false),
            is_over: Arc::default(),
        }
    }

    pub(super) async fn close(self) {
        let mut group = self.turns.last().await;
        let told = self.finish(&mut group).await;
        self.writer.close();
        drop(group);
        told.tell();
    }

    /// Empties the log beside the file between two groups; whether nobody was in the way.
    pub(super) async fn empty_log(&self) -> Result<bool, DbErr> {
        let lane = self.clone();
        let emptied = self.thread.spawn(async move {
            let mut group = lane.turns.last().await;
            lane.finish(&mut group).await.tell();
            lane.writer.with(Session::empty_log)
        });
        emptied.await.map_err(|_| lost())?
    }

    /// Queues the commit of the group behind the operations that wait now.
    fn queue_closer(&self, group: &mut Group) {
        if group.closer_is_queued {
            return;
        }
        group.closer_is_queued = true;
        let lane = self.clone();
        self.thread.spawn(async move {
            let mut group = lane.turns.last().await;
            let told = lane.finish(&mut group).await;
            if lane.writer.log_is_long() {
                told.tell();
                lane.writer.move_log();
                return;
            }
            // Whoever waits for the lane goes first: the others have only to answer.
            drop(group);
            told.tell();
        });
    }

    /// Commits a group; what came of it is still to be told.
    async fn finish(&self, group: &mut Group) -> Told {
        let group = std::mem::take(group);
        if !group.transaction_is_open {
            return Told::default();
        }
        let outcome = self.commit(group.records, group.texts).await;
        if outcome.is_err() {
            self.writer.roll_back();
        }
        Told(group.waiting, outcome)
    }

    async fn commit(&self, records: Vec<Record>, texts: Vec<search::Entry>) -> Result<(), DbErr> {
        self.writer.goes_on()?;
        search::append(&self.writer, texts).await?;
        audit::append(&self.writer, records).await?;
        self.writer
            .with(|session| session.patiently(PATIENCE, Session::commit))
    }

    /// Undoes one operation, whose turn this was: the first with the transaction that it opened.
    fn undo(&self, mut turn: Turn, is_first: bool) {
        if is_first {
            self.writer.roll_back();
            turn.transaction_is_open = false;
            return;
        }
        let undone = self.writer.with(|session| {
            session.command("ROLLBACK TO operation")?;
            session.command("RELEASE operation")
        });
        if undone.is_ok() {
            self.queue_closer(&mut turn);
            return;
        }
        // The engine has already given the whole transaction up: nobody is told it is safe.
        self.writer.roll_back();
        Told(std::mem::take(&mut *turn).waiting, Err(lost())).tell();
    }
}

impl LaneTx {
    /// Ends the operation and waits until the group's commit is durable.
    pub(super) async fn commit(
        mut self,
        records: Vec<Record>,
        texts: Vec<search::Entry>,
    ) -> Result<(), DbErr> {
        self.end()?;
        let (done, committed) = oneshot::channel();
        if let Some(mut group) = self.turn.take() {
            group.waiting.push(done);
            group.records.extend(records);
            group.texts.extend(texts);
            self.lane.queue_closer(&mut group);
        }
        committed.await.unwrap_or_else(|_| Err(lost()))
    }

    /// Opens the savepoint of an operation that follows others, before its first statement.
    fn begun(&self) -> Result<(), DbErr> {
        self.lane.writer.goes_on()?;
        if self.has_begun.load(Ordering::Relaxed) {
            return Ok(());
        }
        if !self.is_first {
            let savepoint = |session: &Session| session.command("SAVEPOINT operation");
            self.lane.writer.with(savepoint)?;
        }
        self.has_begun.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Gives its savepoint up, and with it the copies of what it changed.
    fn end(&self) -> Result<(), DbErr> {
        if self.is_first {
            return self.lane.writer.goes_on();
        }
        if self.has_begun.load(Ordering::Relaxed) {
            let release = |session: &Session| session.command("RELEASE operation");
            self.lane.writer.with(release)?;
        }
        Ok(())
    }

    async fn run<T: Send + 'static>(
        &self,
        statement: Statement,
        work: impl FnOnce(&Session, &Statement) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, DbErr> {
        // Statements that never wait would keep everything else on this thread waiting.
        consume_budget().await;
        self.begun()?;
        let writer = self.lane.writer.clone();
        let values = statement.values.as_ref().map_or(0, |values| values.0.len());
        if values <= MOST_VALUES_AT_ONCE {
            return writer.with(|session| work(session, &statement));
        }
        let is_over = Arc::clone(&self.is_over);
        let done = self.lane.thread.spawn(async move {
            writer.with(|session| {
                if is_over.load(Ordering::SeqCst) {
                    return Err(Error::InvalidQuery);
                }
                work(session, &statement)
            })
        });
        done.await.map_err(|_| lost())?
    }
}

impl Drop for LaneTx {
    fn drop(&mut self) {
        let Some(mut turn) = self.turn.take() else {
            return;
        };
        if !self.has_begun.load(Ordering::Relaxed) {
            self.lane.queue_closer(&mut turn);
            return;
        }
        self.is_over.store(true, Ordering::SeqCst);
        // A large statement may still run: what follows it waits on the same thread.
        let (lane, is_first) = (self.lane.clone(), self.is_first);
        self.lane
            .thread
            .spawn(async move { lane.undo(turn, is_first) });
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for LaneTx {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Sqlite
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        Ok(self.run(statement, Session::execute).await?.into())
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        consume_budget().await;
        self.begun()?;
        Ok(self.lane.writer.with(|session| session.run(sql))?.into())
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let found = self.run(statement, |session, statement| session.query(statement, 1));
        Ok(found.await?.pop().map(QueryResult::from))
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let all = |session: &Session, statement: &Statement| session.query(statement, usize::MAX);
        Ok(results(self.run(statement, all).await?))
    }
}

fn lost() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(
        "the commit of the group did not take place".to_owned(),
    ))
}

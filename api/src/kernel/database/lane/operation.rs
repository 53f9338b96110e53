//! One operation in the lane: its statements, and how it ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Error;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use tokio::sync::oneshot;
use tokio::task::coop::consume_budget;

use super::super::search;
use super::super::sqlite::{Session, results};
use super::turn::Turn;
use super::{Lane, lost};
use crate::kernel::audit::Record;

/// Statements with more values than this run on the lane's own thread.
const MOST_VALUES_AT_ONCE: usize = 2_000;

/// One operation's turn in the lane.
#[derive(Debug)]
pub(in super::super) struct LaneTx {
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

impl LaneTx {
    pub(super) fn new(lane: Lane, turn: Turn, is_first: bool) -> Self {
        Self {
            lane,
            turn: Some(turn),
            is_first,
            has_begun: AtomicBool::new(false),
            is_over: Arc::default(),
        }
    }

    /// Ends the operation and waits until the group's commit is durable.
    pub(in super::super) async fn commit(
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

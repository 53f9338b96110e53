//! SQLite's writer lane: one connection, operations one after another, commits in groups.
//!
//! The first operation of a group opens the transaction; each runs in a savepoint of its own, so
//! that its failure undoes itself alone. When the first has ended, a closer queues up behind the
//! operations that already wait: it puts all they did on record, commits, and only then is each
//! answered.
//!
//! Every statement runs to its end even when the request that sent it is gone, so that the lane
//! always knows what the connection has seen.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll};

use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sqlx::sqlite::SqliteConnectOptions;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::super::audit::{self, Record};
use super::sqlite::Session;

/// The queue in front of the one writing connection.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    session: Arc<Session>,
    group: Arc<Mutex<Group>>,
    /// Where what is begun ends, also when nobody waits for it any more.
    runtime: Handle,
}

/// The operations that share a transaction and wait for its commit.
#[derive(Debug, Default)]
struct Group {
    transaction_is_open: bool,
    waiting: Vec<oneshot::Sender<Result<(), DbErr>>>,
    records: Vec<Record>,
    closer_is_queued: bool,
}

/// One operation's turn in the lane.
#[derive(Debug)]
pub(super) struct LaneTx {
    lane: Lane,
    /// Taken by commit; still there when the operation is dropped.
    turn: Option<OwnedMutexGuard<Group>>,
    /// Set before the first statement, which opens the operation's savepoint.
    has_savepoint: AtomicBool,
    /// Statements that nobody waits for any more; whatever comes next in the operation ends them first.
    left: Left,
}

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

#[derive(Clone, Default)]
struct Left(Arc<std::sync::Mutex<Vec<Work>>>);

impl std::fmt::Debug for Left {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Left")
    }
}

impl Left {
    fn add(&self, work: Work) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        left.push(work);
    }

    async fn end(&self) {
        let left = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for work in left {
            work.await;
        }
    }
}

impl Lane {
    pub(super) async fn open(options: &SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        Ok(Self {
            session: Arc::new(Session::open(options).await?),
            group: Arc::default(),
            runtime: Handle::current(),
        })
    }

    /// Waits for a turn, in the order of asking.
    pub(super) async fn begin(&self) -> Result<LaneTx, DbErr> {
        let mut turn = Arc::clone(&self.group).lock_owned().await;
        if turn.transaction_is_open {
            return Ok(self.take(turn));
        }
        let lane = self.clone();
        let begun = self.runtime.spawn(async move {
            if let Err(error) = lane.session.execute_unprepared("BEGIN IMMEDIATE").await {
                // Whatever was open keeps nobody from the next attempt.
                lane.roll_back().await;
                return Err(error);
            }
            turn.transaction_is_open = true;
            Ok(lane.take(turn))
        });
        begun.await.map_err(|_| lost())?
    }

    fn take(&self, turn: OwnedMutexGuard<Group>) -> LaneTx {
        LaneTx {
            lane: self.clone(),
            turn: Some(turn),
            has_savepoint: AtomicBool::new(false),
            left: Left::default(),
        }
    }

    pub(super) async fn close(self) -> Result<(), DbErr> {
        let mut group = self.group.lock().await;
        self.finish(&mut group).await;
        self.session.close().await
    }

    /// Queues the commit of the group behind the operations that wait now.
    fn queue_closer(&self, group: &mut Group) {
        if group.closer_is_queued {
            return;
        }
        group.closer_is_queued = true;
        let lane = self.clone();
        self.runtime.spawn(async move {
            let mut group = lane.group.lock().await;
            lane.finish(&mut group).await;
        });
    }

    /// Commits a group and tells every operation in it.
    async fn finish(&self, group: &mut Group) {
        let group = std::mem::take(group);
        if !group.transaction_is_open {
            return;
        }
        let outcome = self.commit(group.records).await;
        if outcome.is_err() {
            self.roll_back().await;
        }
        for operation in group.waiting {
            // An operation that was dropped meanwhile does not listen any more.
            let _ = operation.send(outcome.clone());
        }
    }

    async fn commit(&self, records: Vec<Record>) -> Result<(), DbErr> {
        audit::append(&*self.session, records).await?;
        self.session.execute_unprepared("COMMIT").await?;
        Ok(())
    }

    async fn roll_back(&self) {
        // There is nothing to roll back where the engine has given the transaction up by itself.
        if let Err(error) = self.session.execute_unprepared("ROLLBACK").await {
            tracing::debug!(cause = %error, "nothing was rolled back");
        }
    }
}

/// A statement that is carried to its end also when nobody waits for it any more.
struct Finished<T: Send + 'static> {
    work: Option<Pin<Box<dyn Future<Output = T> + Send>>>,
    left: Left,
}

impl<T: Send + 'static> Future for Finished<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let Some(work) = &mut self.work else {
            return Poll::Pending;
        };
        let polled = work.as_mut().poll(context);
        if polled.is_ready() {
            self.work = None;
        }
        polled
    }
}

impl<T: Send + 'static> Drop for Finished<T> {
    fn drop(&mut self) {
        if let Some(work) = self.work.take() {
            self.left.add(Box::pin(async move {
                work.await;
            }));
        }
    }
}

impl LaneTx {
    /// Ends the operation and waits until the group's commit is durable.
    ///
    /// Its savepoint stays open: the group's commit releases them all, a later one of the same
    /// name covers it, and ending without a statement leaves no moment for a cancellation.
    pub(super) async fn commit(mut self, records: Vec<Record>) -> Result<(), DbErr> {
        let (done, committed) = oneshot::channel();
        if let Some(mut group) = self.turn.take() {
            group.waiting.push(done);
            group.records.extend(records);
            self.lane.queue_closer(&mut group);
        }
        committed.await.unwrap_or_else(|_| Err(lost()))
    }

    /// The statement, opening the operation's savepoint when it is the first.
    fn within(&self, sql: String) -> String {
        if self.has_savepoint.swap(true, Ordering::Relaxed) {
            sql
        } else {
            format!("SAVEPOINT operation; {sql}")
        }
    }

    fn prepared(&self, mut statement: Statement) -> (Arc<Session>, Statement) {
        statement.sql = self.within(statement.sql);
        (Arc::clone(&self.lane.session), statement)
    }

    async fn finished<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> T {
        self.left.end().await;
        let work = Finished {
            work: Some(Box::pin(work)),
            left: self.left.clone(),
        };
        work.await
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for LaneTx {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Sqlite
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let (session, statement) = self.prepared(statement);
        let work = async move { session.execute_raw(statement).await };
        self.finished(work).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let (session, sql) = (Arc::clone(&self.lane.session), self.within(sql.to_owned()));
        let work = async move { session.execute_unprepared(&sql).await };
        self.finished(work).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let (session, statement) = self.prepared(statement);
        let work = async move { session.query_one_raw(statement).await };
        self.finished(work).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let (session, statement) = self.prepared(statement);
        let work = async move { session.query_all_raw(statement).await };
        self.finished(work).await
    }
}

fn lost() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(
        "the commit of the group did not take place".to_owned(),
    ))
}

impl Drop for LaneTx {
    fn drop(&mut self) {
        let Some(mut group) = self.turn.take() else {
            return;
        };
        let lane = self.lane.clone();
        if !self.has_savepoint.load(Ordering::Relaxed) {
            lane.queue_closer(&mut group);
            return;
        }
        let left = self.left.clone();
        self.lane.runtime.spawn(async move {
            left.end().await;
            let undone = lane
                .session
                .execute_unprepared("ROLLBACK TO operation; RELEASE operation")
                .await;
            if undone.is_ok() {
                lane.queue_closer(&mut group);
                return;
            }
            // The engine has already given the whole transaction up: nobody is told it is safe.
            lane.roll_back().await;
            for operation in std::mem::take(&mut *group).waiting {
                let _ = operation.send(Err(lost()));
            }
        });
    }
}

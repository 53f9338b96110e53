//! SQLite's writer lane: one connection, operations one after another, commits in groups.
//!
//! The first operation of a group opens the transaction; each runs in a savepoint of its own, so
//! that its failure undoes itself alone. When the first has ended, a closer queues up behind the
//! operations that already wait: it commits them all at once, and only then is each answered.

use std::sync::Arc;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, RuntimeErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

/// The queue in front of the one writing connection.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    connection: DatabaseConnection,
    group: Arc<Mutex<Option<Group>>>,
    /// Where commits run, so that a cut connection cannot cancel them.
    runtime: Handle,
}

/// An open transaction with the operations that wait for its commit.
#[derive(Debug)]
struct Group {
    transaction: DatabaseTransaction,
    waiting: Vec<oneshot::Sender<Result<(), DbErr>>>,
    closer_is_queued: bool,
}

/// One operation's turn in the lane.
#[derive(Debug)]
pub(super) struct LaneTx {
    lane: Lane,
    /// Taken by commit; still there when the operation is dropped.
    turn: Option<OwnedMutexGuard<Option<Group>>>,
}

impl Lane {
    pub(super) fn new(connection: DatabaseConnection, runtime: Handle) -> Self {
        Self {
            connection,
            group: Arc::new(Mutex::new(None)),
            runtime,
        }
    }

    /// Waits for a turn, in the order of asking.
    pub(super) async fn begin(&self) -> Result<LaneTx, DbErr> {
        let mut turn = Arc::clone(&self.group).lock_owned().await;
        if turn.is_none() {
            let transaction = self
                .connection
                .begin_with_options(TransactionOptions {
                    sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                    ..TransactionOptions::default()
                })
                .await?;
            *turn = Some(Group {
                transaction,
                waiting: Vec::new(),
                closer_is_queued: false,
            });
        }
        let tx = LaneTx {
            lane: self.clone(),
            turn: Some(turn),
        };
        tx.connection()
            .execute_unprepared("SAVEPOINT operation")
            .await?;
        Ok(tx)
    }

    pub(super) async fn close(self) -> Result<(), DbErr> {
        let mut turn = self.group.lock().await;
        finish(turn.take()).await;
        drop(turn);
        self.connection.close().await
    }

    /// Queues the commit of the group behind the operations that wait now.
    fn queue_closer(&self, group: &mut Group) {
        if group.closer_is_queued {
            return;
        }
        group.closer_is_queued = true;
        let lane = Arc::clone(&self.group);
        self.runtime.spawn(async move {
            let mut turn = lane.lock_owned().await;
            finish(turn.take()).await;
        });
    }
}

/// Commits a group and tells every operation in it.
async fn finish(group: Option<Group>) {
    let Some(group) = group else { return };
    let outcome = group.transaction.commit().await;
    for operation in group.waiting {
        // An operation that was dropped meanwhile does not listen any more.
        let _ = operation.send(outcome.clone());
    }
}

impl LaneTx {
    #[expect(
        clippy::expect_used,
        reason = "begin fills both, and only commit and drop take them"
    )]
    pub(super) fn connection(&self) -> &DatabaseTransaction {
        let group = self.turn.as_ref().and_then(|turn| turn.as_ref());
        &group
            .expect("an operation has its turn until it ends")
            .transaction
    }

    /// Ends the operation and waits until the group's commit is durable.
    ///
    /// Its savepoint stays open: the group's commit releases them all, a later one of the same
    /// name covers it, and ending without a statement leaves no moment for a cancellation.
    pub(super) async fn commit(mut self) -> Result<(), DbErr> {
        let (done, committed) = oneshot::channel();
        if let Some(mut turn) = self.turn.take()
            && let Some(group) = turn.as_mut()
        {
            group.waiting.push(done);
            self.lane.queue_closer(group);
        }
        committed.await.unwrap_or_else(|_| Err(lost()))
    }
}

fn lost() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(
        "the commit of the group did not take place".to_owned(),
    ))
}

impl Drop for LaneTx {
    fn drop(&mut self) {
        let Some(mut turn) = self.turn.take() else {
            return;
        };
        let lane = self.lane.clone();
        self.lane.runtime.spawn(async move {
            let Some(group) = turn.as_mut() else { return };
            let undone = group
                .transaction
                .execute_unprepared("ROLLBACK TO operation; RELEASE operation")
                .await;
            if undone.is_ok() {
                lane.queue_closer(group);
            } else if let Some(group) = turn.take() {
                // The engine has already given the whole transaction up: nobody is told it is safe.
                for operation in group.waiting {
                    let _ = operation.send(Err(lost()));
                }
                drop(group.transaction);
            }
        });
    }
}

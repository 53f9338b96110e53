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

use rusqlite::{Error, ErrorCode, ffi};
use sea_orm::{DbErr, RuntimeErr};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::super::audit::{self, Record};
use super::search;
use super::sqlite::{PATIENCE, Purpose, Session, failed};

mod operation;
#[cfg(test)]
mod tests;
mod turn;
mod writer;

pub(super) use operation::LaneTx;
use turn::{Turn, Turns};
use writer::Writer;

/// How soon somebody whose patience has ended looks again whether another process holds the file.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The queue in front of the one writing connection.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    writer: Writer,
    turns: Turns,
    thread: Handle,
    /// How long an operation waits for another process, from when it asks for its turn.
    patience: Duration,
    /// Whether the one whose turn it is waits for another process.
    is_held_up: Arc<AtomicBool>,
    /// The thread ends when the last of these is gone.
    _thread_ends: Arc<oneshot::Sender<()>>,
}

/// Says for as long as it is there that another process is waited for.
struct HeldUp(Arc<AtomicBool>);

impl HeldUp {
    fn begin(said: &Arc<AtomicBool>) -> Self {
        said.store(true, Ordering::Relaxed);
        Self(Arc::clone(said))
    }
}

impl Drop for HeldUp {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
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
            is_held_up: Arc::default(),
            _thread_ends: Arc::new(ends),
        })
    }

    /// Waits for a turn; while another process holds the file, for no longer than an operation waits for
    /// that.
    pub(super) async fn begin(&self) -> Result<LaneTx, DbErr> {
        let asked = Instant::now();
        let mut turn = tokio::select! {
            biased;
            turn = self.turns.next() => turn,
            () = self.was_held_up() => return Err(busy()),
        };
        let is_first = !turn.transaction_is_open;
        if !is_first || self.began_at_once()? {
            turn.transaction_is_open = true;
            return Ok(self.take(turn, is_first));
        }
        let lane = self.clone();
        let begun = self.thread.spawn(async move {
            let begin = |session: &Session| session.command("BEGIN IMMEDIATE");
            // Whoever has waited behind another that waited in vain has waited as well, but may have
            // waited for this process's own work: a moment is left to everybody.
            let left = lane.patience.saturating_sub(asked.elapsed());
            let left = left.max(LOOK_AGAIN);
            let held_up = HeldUp::begin(&lane.is_held_up);
            lane.writer.with(|session| session.patiently(left, begin))?;
            drop(held_up);
            turn.transaction_is_open = true;
            Ok(lane.take(turn, is_first))
        });
        begun.await.map_err(|_| lost())?
    }

    /// Ends when the patience of whoever asks now has ended and another process still holds the file.
    async fn was_held_up(&self) {
        tokio::time::sleep(self.patience).await;
        while !self.is_held_up.load(Ordering::Relaxed) {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
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
        LaneTx::new(self.clone(), turn, is_first)
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
        // The file is held since the beginning: there is nobody to wait for but whoever recovers it.
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

/// What the engine says when another process holds the file.
fn busy() -> DbErr {
    failed(Error::SqliteFailure(
        ffi::Error::new(ffi::SQLITE_BUSY),
        None,
    ))
}

fn lost() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(
        "the commit of the group did not take place".to_owned(),
    ))
}

//! Whose turn it is in the lane.
//!
//! To wake another thread costs more than a short operation. So the operations that wait on one
//! thread stand in one line: their first waits for the lane and passes it on to the next of them,
//! until another thread's line has waited long enough.

use std::collections::{HashMap, VecDeque};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::ThreadId;

use tokio::runtime::Handle;
use tokio::sync::{Mutex as Queue, OwnedMutexGuard, oneshot};

use super::Group;

/// After how many operations of one thread the others come.
const MOST_IN_A_ROW: usize = 16;

/// The group that operations join one after the other, and the lines in front of it.
#[derive(Clone, Debug)]
pub(super) struct Turns {
    held: Arc<Queue<Group>>,
    lines: Arc<Mutex<HashMap<ThreadId, Arc<Line>>>>,
    /// Where a line waits whose first has gone away.
    thread: Handle,
}

/// The operations of one thread.
#[derive(Debug)]
struct Line(Mutex<Waiting>);

#[derive(Debug)]
struct Waiting {
    /// Whether one of them holds it or waits for it.
    is_led: bool,
    in_a_row: usize,
    next: VecDeque<oneshot::Sender<Turn>>,
}

impl Line {
    fn with<R>(&self, work: impl FnOnce(&mut Waiting) -> R) -> R {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Turns {
    pub(super) fn new(thread: Handle) -> Self {
        Self {
            held: Arc::default(),
            lines: Arc::default(),
            thread,
        }
    }

    /// Waits for a turn behind those who ask now.
    pub(super) async fn next(&self) -> Turn {
        let line = self.line();
        loop {
            let waits = line.with(|waiting| {
                if std::mem::replace(&mut waiting.is_led, true) {
                    let (pass, passed) = oneshot::channel();
                    waiting.next.push_back(pass);
                    return Some(passed);
                }
                waiting.in_a_row = 0;
                None
            });
            let Some(passed) = waits else {
                let mut first = First {
                    turns: self.clone(),
                    line: Some(Arc::clone(&line)),
                };
                let held = Arc::clone(&self.held).lock_owned().await;
                first.line = None;
                return self.turn(held, line);
            };
            if let Ok(turn) = passed.await {
                return turn;
            }
        }
    }

    /// Waits behind all who wait now, on whichever thread.
    pub(super) async fn last(&self) -> OwnedMutexGuard<Group> {
        Arc::clone(&self.held).lock_owned().await
    }

    fn line(&self) -> Arc<Line> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let here = lines.entry(std::thread::current().id());
        let line = here.or_insert_with(|| {
            Arc::new(Line(Mutex::new(Waiting {
                is_led: false,
                in_a_row: 0,
                next: VecDeque::new(),
            })))
        });
        Arc::clone(line)
    }

    fn turn(&self, held: OwnedMutexGuard<Group>, line: Arc<Line>) -> Turn {
        Turn {
            held: Some(held),
            turns: self.clone(),
            line,
        }
    }

    /// Lets a line wait whose first does not.
    fn lead(&self, line: Arc<Line>) {
        let turns = self.clone();
        self.thread.spawn(async move {
            let held = Arc::clone(&turns.held).lock_owned().await;
            drop(turns.turn(held, line));
        });
    }
}

/// The first of a line while it waits: when it goes away, the others still wait.
struct First {
    turns: Turns,
    line: Option<Arc<Line>>,
}

impl Drop for First {
    fn drop(&mut self) {
        if let Some(line) = self.line.take() {
            self.turns.lead(line);
        }
    }
}

/// A turn. When it is dropped, the next has it.
#[derive(Debug)]
pub(super) struct Turn {
    /// Gone only while it is dropped.
    held: Option<OwnedMutexGuard<Group>>,
    turns: Turns,
    line: Arc<Line>,
}

impl Deref for Turn {
    type Target = Group;

    #[expect(clippy::expect_used, reason = "it is there until the drop")]
    fn deref(&self) -> &Group {
        self.held.as_deref().expect("a turn holds its group")
    }
}

impl DerefMut for Turn {
    #[expect(clippy::expect_used, reason = "it is there until the drop")]
    fn deref_mut(&mut self) -> &mut Group {
        self.held.as_deref_mut().expect("a turn holds its group")
    }
}

/// Who comes after a turn.
enum After {
    /// The next of the line.
    Next(oneshot::Sender<Turn>),
    /// Others; the line has to wait again.
    Others,
    /// Others: nobody is left in the line.
    Nobody,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(held) = self.held.take() else { return };
        let line = Arc::clone(&self.line);
        let after = line.with(|waiting| {
            if waiting.in_a_row >= MOST_IN_A_ROW && !waiting.next.is_empty() {
                waiting.in_a_row = 0;
                return After::Others;
            }
            waiting.in_a_row += 1;
            let next = waiting.next.pop_front();
            waiting.is_led = next.is_some();
            next.map_or(After::Nobody, After::Next)
        });
        match after {
            // One that went away meanwhile leaves its turn, which then passes on again.
            After::Next(next) => drop(next.send(self.turns.turn(held, line))),
            After::Others => {
                drop(held);
                self.turns.lead(line);
            }
            After::Nobody => drop(held),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    /// Operations on several threads, of which every third goes away while it waits.
    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn everybody_has_a_turn_alone_and_those_who_go_away_keep_nobody() {
        let turns = Turns::new(Handle::current());
        let (inside, had) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut all = Vec::new();
        for number in 0..3_000 {
            let (turns, inside, had) = (turns.clone(), Arc::clone(&inside), Arc::clone(&had));
            all.push(tokio::spawn(async move {
                if number % 3 == 0 {
                    let soon = Duration::from_micros(number % 50);
                    let _ = tokio::time::timeout(soon, turns.next()).await;
                    return;
                }
                let turn = turns.next().await;
                assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "two have a turn");
                tokio::task::yield_now().await;
                inside.fetch_sub(1, Ordering::SeqCst);
                had.fetch_add(1, Ordering::SeqCst);
                drop(turn);
            }));
        }
        for one in all {
            one.await.expect("no operation fails");
        }
        assert_eq!(had.load(Ordering::SeqCst), 2_000);
        drop(turns.last().await);
    }
}

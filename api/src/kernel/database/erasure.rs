//! Taking what was deleted out of what lies beside the tables, soon after the commit that deleted it.
//!
//! What is deleted is not read any more, but it still lies where engines keep earlier versions: in the
//! log beside a SQLite file, in dead rows of PostgreSQL. Where it must not stay, whoever deletes it says
//! so, and it is cleared away beside everything else that goes on.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::Database;

/// How long to wait before the next attempt, where somebody was in the way.
const PAUSE: Duration = Duration::from_secs(2);

/// That something is to be cleared away; copies of it are the same.
#[derive(Clone, Debug, Default)]
pub struct Erasure(Arc<Notify>);

impl Erasure {
    /// Has it done soon.
    pub(super) fn ask(&self) {
        self.0.notify_one();
    }

    /// Does it whenever it is asked for, and at first: a process before may not have come to it.
    pub async fn run(self, database: Database) {
        loop {
            while !erased(&database).await {
                tokio::time::sleep(PAUSE).await;
            }
            self.0.notified().await;
        }
    }
}

async fn erased(database: &Database) -> bool {
    match database.clear_away().await {
        Ok(done) => done,
        Err(error) => {
            tracing::warn!(cause = %error, "what was deleted still lies in the files; tried again soon");
            false
        }
    }
}

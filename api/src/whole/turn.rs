//! How many whole reviews an instance reads at once: each may take tens of megabytes.

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::kernel::error::{Error, Result};

/// As many as read without keeping each other's memory.
const AT_ONCE: usize = 2;

static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);

/// Waits for a turn; who drops it gives it to the next.
pub async fn turn() -> Result<SemaphorePermit<'static>> {
    let turn = TURNS.acquire().await;
    turn.map_err(|_| Error::Internal("nobody is given a turn any more".to_owned()))
}

//! That the service is about to end, for answers that would go on.

use std::sync::Arc;

use tokio::sync::watch;

/// Whether the end has begun; copies of it are the same.
#[derive(Clone, Debug)]
pub struct Ending(Arc<watch::Sender<bool>>);

impl Default for Ending {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Ending {
    /// Begins the end.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Whether it has begun.
    pub fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it has begun.
    pub async fn begun(&self) {
        // The sender is held here, so that it cannot be gone.
        let _ = self.0.subscribe().wait_for(|begun| *begun).await;
    }

    /// Begins the end when the process is asked to end.
    pub async fn hear_signals(self) {
        if asked_to_end().await.is_ok() {
            self.begin();
        }
    }
}

#[cfg(unix)]
async fn asked_to_end() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    );
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn asked_to_end() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

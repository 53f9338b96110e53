//! Being asked to stop before the server listens for that itself.

use std::io;

#[cfg(unix)]
use futures_util::FutureExt as _;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that ask the process to stop; none ends it any more by itself.
#[derive(Debug)]
pub(super) struct Stop {
    #[cfg(unix)]
    signals: [Signal; 2],
}

impl Stop {
    /// Hears them from now on.
    pub(super) fn hear() -> io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            signals: [
                signal(SignalKind::interrupt())?,
                signal(SignalKind::terminate())?,
            ],
        })
    }

    /// Whether one came.
    #[cfg(unix)]
    pub(super) fn came(&mut self) -> bool {
        let mut signals = self.signals.iter_mut();
        signals.any(|signal| signal.recv().now_or_never().is_some())
    }

    /// Waits until one comes.
    #[cfg(unix)]
    pub(super) async fn asked(mut self) {
        let [interrupt, terminate] = &mut self.signals;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }

    /// Waits for ever: elsewhere there are none to hear.
    #[cfg(not(unix))]
    pub(super) async fn asked(self) {
        std::future::pending().await
    }

    /// Whether one came: elsewhere there are none to hear.
    #[cfg(not(unix))]
    pub(super) fn came(&mut self) -> bool {
        false
    }
}

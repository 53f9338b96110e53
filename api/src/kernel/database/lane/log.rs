//! The log beside the file, into which commits go first, and when its pages are moved into the file.
//!
//! The engine would move them within the commit that makes the log long, and whoever waits for that
//! commit would wait for all of it. Here the group is told first.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::DbErr;

/// Pages, of 4 KiB each, after which the log is moved: the more, the more often a page that is changed
/// again and again is moved but once.
const PAGES: u32 = 2_000;

/// How long the log is, and may become.
#[derive(Clone, Debug, Default)]
pub(super) struct Log(Arc<State>);

#[derive(Debug, Default)]
struct State {
    /// Its pages after the last commit.
    pages: AtomicU32,
    /// Pages that could not be moved, as somebody still reads what they replace.
    kept: AtomicU32,
}

impl Log {
    /// Takes note of its length after a commit.
    pub(super) fn is_of(&self, pages: u32) {
        self.0.pages.store(pages, Ordering::Relaxed);
    }

    /// Whether it is to be moved. Where nothing of it is kept, it begins anew after that.
    pub(super) fn is_long(&self) -> bool {
        let State { pages, kept } = &*self.0;
        pages.load(Ordering::Relaxed) > kept.load(Ordering::Relaxed) + PAGES
    }

    /// Takes note of whether all of it was moved.
    pub(super) fn moved(&self, outcome: Result<bool, DbErr>) {
        let State { pages, kept } = &*self.0;
        let all = outcome.unwrap_or_else(|error| {
            tracing::warn!(cause = %error, "the log beside the database stays long for now");
            false
        });
        if all {
            pages.store(0, Ordering::Relaxed);
        }
        kept.store(pages.load(Ordering::Relaxed), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_could_not_be_moved_is_moved_when_as_much_has_come_again() {
        let log = Log::default();
        for (pages, is_long, all) in [
            (2_000, false, false),
            (2_001, true, false),
            (4_001, false, false),
            (4_002, true, true),
            (2_000, false, false),
            (2_001, true, true),
        ] {
            log.is_of(pages);
            assert_eq!(log.is_long(), is_long, "{pages}");
            if is_long {
                log.moved(Ok(all));
            }
        }
    }
}

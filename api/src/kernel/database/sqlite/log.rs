//! The log beside the file, into which commits go first, and when its pages are moved into the file.
//!
//! The engine would move them within the commit that makes the log long, and whoever waits for that
//! commit would wait for all of it.

use std::cell::Cell;

/// Pages, of 4 KiB each, after which the log is moved: the more, the more often a page that is changed
/// again and again is moved but once.
const PAGES: u32 = 2_000;

/// How long the log is, and may become.
#[derive(Debug)]
pub(super) struct Log {
    /// Its pages after the last commit.
    pages: Cell<u32>,
    /// It is moved when it is longer than this.
    most: Cell<u32>,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            pages: Cell::new(0),
            most: Cell::new(PAGES),
        }
    }
}

impl Log {
    /// Takes note of its length after a commit. It is shorter than before when it began anew.
    pub(super) fn is_of(&self, pages: u32) {
        if pages < self.pages.replace(pages) {
            self.most.set(PAGES);
        }
    }

    /// Whether it is to be moved.
    pub(super) fn is_long(&self) -> bool {
        self.pages.get() > self.most.get()
    }

    /// Takes note of how much of it could not be moved, as somebody still reads what it replaces. Who
    /// reads for but a moment leaves little, which is tried again soon; who reads for long leaves more
    /// and more.
    pub(super) fn moved_but(&self, rest: u32) {
        let most = match rest {
            0 => PAGES,
            rest => self.pages.get().saturating_add(rest.min(PAGES)),
        };
        self.most.set(most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_of_which_something_is_left_is_moved_again_when_as_much_has_come() {
        let log = Log::default();
        for (pages, is_long, rest) in [
            (2_000, false, 0),
            // Somebody reads for a moment.
            (2_001, true, 5),
            (2_006, false, 0),
            // Somebody reads for long.
            (2_007, true, 4_000),
            (4_007, false, 0),
            (4_008, true, 0),
            // It could not begin anew, as somebody reads it.
            (4_009, true, 2_000),
            // It began anew, as somebody else moved all of it.
            (9, false, 0),
            (2_001, true, 0),
        ] {
            log.is_of(pages);
            assert_eq!(log.is_long(), is_long, "{pages}");
            if is_long {
                log.moved_but(rest);
            }
        }
    }
}

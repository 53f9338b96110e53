//! Which reviews take additions to their logs and changes of them. No HTTP, no SQL, no clock.

use entity::Timestamp;
use entity::vocabulary::ReviewStatus;

use crate::incidents::rules::FUTURE_SECONDS;
use crate::kernel::error::Fault;

/// What is done to a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Something new is put in.
    Append,
    /// Something in it is amended or retracted.
    Amend,
}

/// Whether a review in this state takes the step. What is published changes by amendment only.
pub fn takes(status: ReviewStatus, step: Step) -> bool {
    use ReviewStatus::{Cancelled, Closed, Draft, InProgress, InReview, Published, Waived};
    match (status, step) {
        (Draft | InProgress | InReview, _) | (Published | Closed, Step::Amend) => true,
        (Published | Closed, Step::Append) | (Waived | Cancelled, _) => false,
    }
}

/// The fault of a time that has not come yet, give or take how far ahead a clock may be.
pub fn in_the_future(pointer: &str, at: Timestamp, now: Timestamp) -> Option<Fault> {
    (at > now.plus_seconds(FUTURE_SECONDS))
        .then(|| Fault::at(pointer, "in_the_future", "lies in the future"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::vocabulary::ReviewStatus::{
        Cancelled, Closed, Draft, InProgress, InReview, Published, Waived,
    };

    #[test]
    fn every_state_says_what_its_logs_take() {
        let table = [
            (Draft, true, true),
            (InProgress, true, true),
            (InReview, true, true),
            (Published, false, true),
            (Closed, false, true),
            (Waived, false, false),
            (Cancelled, false, false),
        ];
        for (status, append, amend) in table {
            assert_eq!(takes(status, Step::Append), append, "{status}");
            assert_eq!(takes(status, Step::Amend), amend, "{status}");
        }
    }

    #[test]
    fn a_clock_that_is_a_little_ahead_is_not_in_the_future() {
        let now = Timestamp::parse("2026-01-01T00:00:00Z").expect("an instant");
        for (seconds, refused) in [(-1, false), (0, false), (300, false), (301, true)] {
            let fault = in_the_future("/at", now.plus_seconds(seconds), now);
            assert_eq!(fault.is_some(), refused, "{seconds}");
        }
    }
}

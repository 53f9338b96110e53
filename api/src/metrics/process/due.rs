//! When something of a review is due: by its policy, and by the review's own date. Pure.

use entity::Timestamp;

/// A due date, as the policy set it and as the review has it now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Due {
    /// What the policy set when it was last applied to the review or began to count.
    pub(super) by_policy: Option<Timestamp>,
    /// What the review says, which can be changed.
    pub(super) own: Option<Timestamp>,
}

impl Due {
    /// The date that is measured by: the policy's, wherever the review's own was moved to. Where the
    /// policy sets none, as while an incident is not closed, the review's own.
    pub(super) fn at(self) -> Option<Timestamp> {
        self.by_policy.or(self.own)
    }

    /// Whether the review's own date is later than the policy's, or was taken away.
    pub(super) fn is_put_off(self) -> bool {
        let later = |policy| self.own.is_none_or(|own| own > policy);
        self.by_policy.is_some_and(later)
    }
}

/// What became of something that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Done by its date.
    OnTime,
    /// Done after it.
    Late,
    /// Not done, and past its date.
    Overdue,
}

/// What became of it at a moment; nothing, where it has no date, or where it is not done and may
/// still be, or need not be any more.
pub(super) fn outcome(
    due: Due,
    done_at: Option<Timestamp>,
    is_expected: bool,
    now: Timestamp,
) -> Option<Outcome> {
    let due = due.at()?;
    match done_at {
        Some(at) if at <= due => Some(Outcome::OnTime),
        Some(_) => Some(Outcome::Late),
        None => (is_expected && due < now).then_some(Outcome::Overdue),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> Option<Timestamp> {
        Timestamp::from_micros(day * 86_400_000_000)
    }

    fn due(by_policy: i64, own: i64) -> Due {
        let date = |day: i64| at(day).filter(|_| day > 0);
        Due {
            by_policy: date(by_policy),
            own: date(own),
        }
    }

    #[test]
    fn the_policys_date_counts_wherever_the_own_one_was_moved_to() {
        for (dates, expected, put_off) in [
            (due(5, 5), at(5), false),
            (due(5, 9), at(5), true),
            (due(5, 3), at(5), false),
            (due(5, 0), at(5), true),
            (due(0, 9), at(9), false),
            (due(0, 0), None, false),
        ] {
            assert_eq!(
                (dates.at(), dates.is_put_off()),
                (expected, put_off),
                "{dates:?}"
            );
        }
    }

    #[test]
    fn what_is_done_is_in_time_or_late_and_what_is_not_may_be_overdue() {
        let now = at(10).expect("an instant");
        for (dates, done, expected, found) in [
            (due(5, 9), at(5), true, Some(Outcome::OnTime)),
            (due(5, 9), at(6), false, Some(Outcome::Late)),
            (due(9, 99), None, true, Some(Outcome::Overdue)),
            (due(9, 99), None, false, None),
            (due(10, 10), None, true, None),
            (due(0, 0), at(5), true, None),
        ] {
            assert_eq!(
                outcome(dates, done, expected, now),
                found,
                "{dates:?} {done:?}"
            );
        }
    }
}

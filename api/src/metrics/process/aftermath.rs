//! What one review leaves behind: lessons on their way to a document, obligations to authorities.
//! Pure.

use entity::Timestamp;
use entity::vocabulary::{LessonStatus, ObligationStatus, ReviewStatus};

use super::store::aftermath::{LessonRow, ObligationRow};
use crate::obligations::rules::{has_ended, standing};

/// A lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lesson {
    pub(super) status: LessonStatus,
    pub(super) created_at: Timestamp,
}

/// An obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Obligation {
    pub(super) status: ObligationStatus,
    /// Seconds that were left when it was met, or that were left or had passed at the moment of
    /// counting while it is not: negative past the due moment. None of what is waived.
    pub(super) margin: Option<i64>,
}

impl Lesson {
    /// Whether it still has to reach a document: neither there yet nor retired.
    pub(super) fn is_waiting(self) -> bool {
        matches!(
            self.status,
            LessonStatus::Proposed | LessonStatus::Validated
        )
    }

    /// How old it is, in seconds.
    pub(super) fn age(self, now: Timestamp) -> i64 {
        (now.seconds() - self.created_at.seconds()).max(0)
    }
}

impl From<LessonRow> for Lesson {
    fn from(row: LessonRow) -> Self {
        Self {
            status: row.status,
            created_at: row.created_at,
        }
    }
}

impl Obligation {
    /// An obligation at a moment, in a review that is in this state.
    pub(super) fn of(row: &ObligationRow, review: ReviewStatus, now: Timestamp) -> Self {
        let known = (row.waived_at.is_some(), row.in_time, row.due_at);
        let until = row.submitted_at.unwrap_or(now);
        let margin = row.due_at.seconds() - until.seconds();
        Self {
            status: standing(known, has_ended(review), now),
            margin: row.waived_at.is_none().then_some(margin),
        }
    }

    /// Whether its due moment has passed without it being met.
    pub(super) fn is_unmet(self) -> bool {
        matches!(
            self.status,
            ObligationStatus::Overdue | ObligationStatus::Missed
        )
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_micros(day * 86_400_000_000).expect("in range")
    }

    #[test]
    fn a_margin_is_what_was_left_or_what_has_passed() {
        use ObligationStatus::{Met, MetLate, Missed, NotApplicable, Overdue};
        let row = |submitted: Option<i64>, waived: bool| ObligationRow {
            review_id: Uuid::nil(),
            due_at: at(5),
            submitted_at: submitted.map(at),
            in_time: submitted.map(|day| day <= 5),
            waived_at: waived.then(|| at(6)),
        };
        for (row, review, status, days) in [
            (row(Some(3), false), ReviewStatus::Draft, Met, Some(2)),
            (row(Some(9), false), ReviewStatus::Draft, MetLate, Some(-4)),
            (row(None, false), ReviewStatus::Draft, Overdue, Some(-6)),
            (row(None, false), ReviewStatus::Closed, Missed, Some(-6)),
            (row(None, true), ReviewStatus::Closed, NotApplicable, None),
        ] {
            let found = Obligation::of(&row, review, at(11));
            let margin = days.map(|days: i64| days * 86_400);
            assert_eq!((found.status, found.margin), (status, margin));
            assert_eq!(found.is_unmet(), [Overdue, Missed].contains(&status));
        }
    }

    #[test]
    fn a_lesson_waits_until_it_is_embedded_or_retired() {
        use LessonStatus::{Embedded, Proposed, Retired, Validated};
        for (status, waits) in [
            (Proposed, true),
            (Validated, true),
            (Embedded, false),
            (Retired, false),
        ] {
            let lesson = Lesson {
                status,
                created_at: at(3),
            };
            assert_eq!(
                (lesson.is_waiting(), lesson.age(at(5))),
                (waits, 2 * 86_400)
            );
            assert_eq!(lesson.age(at(1)), 0);
        }
    }
}

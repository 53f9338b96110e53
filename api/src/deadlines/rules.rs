//! Where a deadline stands, and what time passing says of it and when. Pure.

use chrono::NaiveDate;
use entity::Timestamp;
use entity::deadline::Model;
use entity::vocabulary::{DeadlineKind, DeadlineState};

/// A day, in seconds.
pub const DAY: i64 = 86_400;

/// How far a deadline was announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Announced {
    /// Not at all.
    Nothing,
    /// That it approaches.
    Approaching,
    /// That its moment has passed.
    Passed,
}

impl Announced {
    /// As it is stored.
    pub const fn stored(self) -> i32 {
        match self {
            Self::Nothing => 0,
            Self::Approaching => 1,
            Self::Passed => 2,
        }
    }

    /// As it was stored.
    pub const fn read(stored: i32) -> Self {
        match stored {
            0 => Self::Nothing,
            1 => Self::Approaching,
            _ => Self::Passed,
        }
    }
}

/// What is told of a kind of deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Telling {
    /// The kind of resource that is due.
    pub resource: &'static str,
    /// How many seconds ahead it is told that it approaches, and under which name; not at all, where
    /// there is none.
    pub approaching: Option<(i64, &'static str)>,
    /// Under which name it is told that its moment has come or passed.
    pub passed: &'static str,
    /// Whether that is all that is to happen, so that nobody has to meet it.
    pub happens_by_itself: bool,
}

const APPROACHING: &str = "deadline.approaching";
const MISSED: &str = "deadline.missed";

/// What is told of each kind: a day ahead of workshops and regulatory clocks, a week ahead of the
/// rest, and when the moment has passed.
pub const fn telling(kind: DeadlineKind) -> Telling {
    let (resource, approaching, passed) = match kind {
        DeadlineKind::WorkshopDue => ("review", Some((DAY, APPROACHING)), MISSED),
        DeadlineKind::PublicationDue => ("review", Some((7 * DAY, APPROACHING)), MISSED),
        DeadlineKind::ActionDue => ("action", Some((7 * DAY, APPROACHING)), MISSED),
        // Due is the end of the day on which to look again, so this is when that day begins.
        DeadlineKind::VerificationRecheck => ("action", Some((DAY, "action.recheck_due")), MISSED),
        DeadlineKind::RiskExpiry => ("action", Some((7 * DAY, APPROACHING)), "risk.expired"),
        DeadlineKind::ObligationDue => ("obligation", Some((DAY, APPROACHING)), MISSED),
        DeadlineKind::FeedbackOpening => ("feedback_round", None, "feedback.opened"),
        DeadlineKind::RecommendationDeferred => (
            "recommendation",
            Some((7 * DAY, APPROACHING)),
            "recommendation.deferral_ended",
        ),
        DeadlineKind::RecommendationRiskExpiry => (
            "recommendation",
            Some((7 * DAY, APPROACHING)),
            "risk.expired",
        ),
        DeadlineKind::DocumentReview => ("document", Some((7 * DAY, APPROACHING)), MISSED),
    };
    Telling {
        resource,
        approaching,
        passed,
        happens_by_itself: matches!(kind, DeadlineKind::FeedbackOpening),
    }
}

/// The last moment of a day, which is what a date without a time is due at.
pub fn end_of(day: NaiveDate) -> Timestamp {
    let end = day.and_hms_micro_opt(23, 59, 59, 999_999);
    Timestamp(end.unwrap_or_default().and_utc())
}

/// Whether something that happened was in time.
pub fn outcome(due_at: Timestamp, met_at: Timestamp) -> DeadlineState {
    if met_at <= due_at {
        DeadlineState::Met
    } else {
        DeadlineState::Breached
    }
}

/// Where a deadline stands at a moment.
pub fn state(deadline: &Model, now: Timestamp) -> DeadlineState {
    match deadline.outcome {
        Some(outcome) => outcome,
        None if now > deadline.due_at => DeadlineState::Overdue,
        None => DeadlineState::Due,
    }
}

/// The first moment at which a deadline has passed.
fn passes_at(kind: DeadlineKind, due_at: Timestamp) -> Timestamp {
    if telling(kind).happens_by_itself {
        return due_at;
    }
    Timestamp::from_micros(due_at.micros().saturating_add(1)).unwrap_or(due_at)
}

/// When there is something to tell next of a deadline that is not met.
pub fn next(kind: DeadlineKind, due_at: Timestamp, announced: Announced) -> Option<Timestamp> {
    match (announced, telling(kind).approaching) {
        (Announced::Nothing, Some((ahead, _))) => Some(due_at.plus_seconds(-ahead)),
        (Announced::Nothing | Announced::Approaching, _) => Some(passes_at(kind, due_at)),
        (Announced::Passed, _) => None,
    }
}

/// What is to be told of a deadline at a moment, and how far it is announced then. What has passed
/// is not told to approach any more, also when nobody was there to tell it in time.
pub fn tell(deadline: &Model, now: Timestamp) -> Option<(&'static str, Announced)> {
    let announced = Announced::read(deadline.announced);
    if deadline.met_at.is_some() || announced == Announced::Passed {
        return None;
    }
    let telling = telling(deadline.kind);
    if now >= passes_at(deadline.kind, deadline.due_at) {
        return Some((telling.passed, Announced::Passed));
    }
    let (ahead, name) = telling.approaching?;
    let is_near = now >= deadline.due_at.plus_seconds(-ahead);
    (is_near && announced == Announced::Nothing).then_some((name, Announced::Approaching))
}

#[cfg(test)]
mod tests {
    use entity::organization::OrganizationId;
    use proptest::prelude::*;
    use sea_orm::Iterable as _;
    use uuid::Uuid;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000).expect("in range")
    }

    fn deadline(kind: DeadlineKind, due_at: Timestamp) -> Model {
        Model {
            id: Uuid::nil(),
            organization_id: OrganizationId(Uuid::nil()),
            review_id: None,
            kind,
            resource_id: Uuid::nil(),
            title: String::new(),
            owner: None,
            due_at,
            met_at: None,
            outcome: None,
            announce_at: next(kind, due_at, Announced::Nothing),
            announced: 0,
            created_at: at(0),
            updated_at: at(0),
        }
    }

    /// What is told when somebody looks at these moments, and only when there is something to tell.
    fn told(
        mut deadline: Model,
        moments: impl IntoIterator<Item = Timestamp>,
    ) -> Vec<&'static str> {
        let mut all = Vec::new();
        for now in moments {
            if deadline.announce_at.is_none_or(|next| next > now) {
                assert_eq!(tell(&deadline, now), None, "nobody would have looked");
                continue;
            }
            let (name, announced) = tell(&deadline, now).expect("somebody looks in vain");
            all.push(name);
            deadline.announced = announced.stored();
            deadline.announce_at = next(deadline.kind, deadline.due_at, announced);
        }
        all
    }

    #[test]
    fn each_kind_is_told_of_in_its_own_words() {
        let due = 100 * DAY;
        for kind in DeadlineKind::iter() {
            let every_hour = (0..200 * 24).map(|hour| at(hour * 3600));
            let expected: &[&str] = match kind {
                DeadlineKind::VerificationRecheck => &["action.recheck_due", MISSED],
                DeadlineKind::RiskExpiry | DeadlineKind::RecommendationRiskExpiry => {
                    &[APPROACHING, "risk.expired"]
                }
                DeadlineKind::FeedbackOpening => &["feedback.opened"],
                DeadlineKind::RecommendationDeferred => {
                    &[APPROACHING, "recommendation.deferral_ended"]
                }
                _ => &[APPROACHING, MISSED],
            };
            assert_eq!(
                told(deadline(kind, at(due)), every_hour),
                expected,
                "{kind}"
            );
        }
    }

    #[test]
    fn what_passed_while_nobody_looked_is_told_once_and_not_as_approaching() {
        let workshop = deadline(DeadlineKind::WorkshopDue, at(100 * DAY));
        let late = [at(105 * DAY), at(106 * DAY), at(200 * DAY)];
        assert_eq!(told(workshop, late), [MISSED]);
    }

    #[test]
    fn a_deadline_is_overdue_only_after_its_moment() {
        let due = end_of(NaiveDate::from_ymd_opt(2026, 6, 30).expect("a date"));
        assert_eq!(due.to_string(), "2026-06-30T23:59:59.999999Z");
        let action = deadline(DeadlineKind::ActionDue, due);
        let midnight = Timestamp::parse("2026-07-01T00:00:00Z").expect("an instant");
        assert_eq!(state(&action, due), DeadlineState::Due);
        assert_eq!(state(&action, midnight), DeadlineState::Overdue);
        let missed = |now| tell(&action, now).map(|(name, _)| name);
        assert_eq!(missed(due), Some(APPROACHING));
        assert_eq!(missed(midnight), Some(MISSED));
        for (met_at, outcome) in [
            (due, DeadlineState::Met),
            (midnight, DeadlineState::Breached),
        ] {
            let met = Model {
                met_at: Some(met_at),
                outcome: Some(super::outcome(due, met_at)),
                ..action.clone()
            };
            assert_eq!(state(&met, midnight), outcome);
            assert_eq!(tell(&met, midnight), None);
        }
    }

    proptest! {
        #[test]
        fn nothing_is_told_twice_and_what_passed_is_always_told(
            steps in proptest::collection::vec(1..20 * DAY, 1..40), due in DAY..200 * DAY,
            kind in proptest::sample::select(DeadlineKind::iter().collect::<Vec<_>>())
        ) {
            let mut now = 0;
            let moments: Vec<Timestamp> = steps.iter().map(|step| { now += step; at(now) }).collect();
            let all = told(deadline(kind, at(due)), moments);
            let mut once = all.clone();
            once.dedup();
            prop_assert_eq!(&once, &all);
            prop_assert!(all.len() <= 2);
            let passed = telling(kind).passed;
            prop_assert_eq!(all.contains(&passed), at(now) >= passes_at(kind, at(due)));
        }
    }
}

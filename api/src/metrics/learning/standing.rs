//! How the actions of a review stood on a day. Pure.

use entity::vocabulary::ActionStatus;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::actions::facts::ActionFact;
use crate::actions::rules::is_unfinished;
use crate::metrics::remediation::item::{Moment, status_at};

/// How a review's actions stood as a whole on the day on which something recurred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "overdue")]
pub enum ActionsStanding {
    /// There was none yet.
    None,
    /// At least one was unfinished and past its due date.
    Overdue,
    /// At least one was unfinished, none overdue.
    Open,
    /// All were done, at least one not proven.
    Implemented,
    /// All that were not given up were proven effective.
    Verified,
    /// All were given up: declined, their risk accepted, or cancelled.
    Ended,
}

impl ActionsStanding {
    /// Every standing, from the least to the most that was done.
    pub const ALL: [Self; 6] = [
        Self::None,
        Self::Overdue,
        Self::Open,
        Self::Implemented,
        Self::Verified,
        Self::Ended,
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Overdue => "overdue",
            Self::Open => "open",
            Self::Implemented => "implemented",
            Self::Verified => "verified",
            Self::Ended => "ended",
        }
    }
}

/// How many of a review's actions stood where on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ActionsThen {
    /// All that there were.
    #[schema(minimum = 0, example = 4)]
    pub(super) total: u64,
    /// Neither done nor ended, the overdue among them.
    #[schema(minimum = 0, example = 2)]
    pub(super) open: u64,
    /// Unfinished and past the due date that they have now.
    #[schema(minimum = 0, example = 1)]
    pub(super) overdue: u64,
    /// Done and not proven.
    #[schema(minimum = 0, example = 1)]
    pub(super) implemented: u64,
    /// Proven effective.
    #[schema(minimum = 0, example = 1)]
    pub(super) verified: u64,
    /// Declined, their risk accepted, or cancelled.
    #[schema(minimum = 0, example = 0)]
    pub(super) ended: u64,
}

impl ActionsThen {
    /// Counts actions as they were at a moment.
    pub(super) fn at(moment: Moment, facts: &[ActionFact<'_>]) -> Self {
        let mut then = Self::default();
        for fact in facts
            .iter()
            .filter(|fact| fact.created_at <= moment.seconds)
        {
            then.total += 1;
            match status_at(moment, fact) {
                status if is_unfinished(status) => {
                    then.open += 1;
                    let late = fact.due_on.is_some_and(|due| due < moment.today);
                    then.overdue += u64::from(late);
                }
                ActionStatus::Implemented => then.implemented += 1,
                ActionStatus::Verified => then.verified += 1,
                _ => then.ended += 1,
            }
        }
        then
    }

    /// How they stood as a whole.
    pub(super) fn standing(self) -> ActionsStanding {
        match self {
            Self { total: 0, .. } => ActionsStanding::None,
            Self { overdue: 1.., .. } => ActionsStanding::Overdue,
            Self { open: 1.., .. } => ActionsStanding::Open,
            Self {
                implemented: 1.., ..
            } => ActionsStanding::Implemented,
            Self { verified: 1.., .. } => ActionsStanding::Verified,
            _ => ActionsStanding::Ended,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Tz;
    use entity::Timestamp;

    fn standing(facts: &[&str], day: i64) -> ActionsStanding {
        let facts: Vec<ActionFact<'_>> = facts
            .iter()
            .map(|text| ActionFact::read(text).expect("facts"))
            .collect();
        let at = |day: i64| Timestamp::from_micros(day * 86_400_000_000).expect("in range");
        let moment = Moment::new(at(day), at(1000), Tz::UTC);
        ActionsThen::at(moment, &facts).standing()
    }

    /// An action created on day 10, due on day 20, with an end or two.
    fn fact(
        status: &str,
        implemented: Option<i64>,
        verified: Option<i64>,
        ended: Option<i64>,
    ) -> String {
        let second =
            |day: Option<i64>| day.map_or("null".to_owned(), |day| (day * 86_400).to_string());
        let (implemented, verified, ended) = (second(implemented), second(verified), second(ended));
        format!(
            r#"["{status}","high","detect","ada","it",864000,864000,20,{implemented},{verified},{ended},0,0,0,0,2.5,24.0,null]"#
        )
    }

    #[test]
    fn the_least_that_was_done_says_how_they_stood() {
        use ActionsStanding as S;
        let proven = fact("verified", Some(30), Some(40), None);
        let done = fact("implemented", Some(15), None, None);
        let given_up = fact("declined", None, None, Some(50));
        let all = [proven.as_str(), done.as_str(), given_up.as_str()];
        for (day, expected) in [
            (9, S::None),
            (10, S::Open),
            (20, S::Open),
            (21, S::Overdue),
            (30, S::Overdue),
            (49, S::Overdue),
            (50, S::Implemented),
        ] {
            assert_eq!(standing(&all, day), expected, "day {day}");
        }
        assert_eq!(standing(&all[..1], 40), S::Verified);
        assert_eq!(standing(&[&proven, &given_up], 60), S::Verified);
        assert_eq!(standing(&all[2..], 60), S::Ended);
        assert_eq!(standing(&[], 60), S::None);
    }
}

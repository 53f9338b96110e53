//! What metrics read of an action, as a compact JSON array: 100,000 of them in a fraction of a second.
//!
//! [`ActionFact`] names the places of the array. Both sides use it: the writer in this feature and
//! whoever reads `action_facts`.

use std::borrow::Cow;

use chrono::{Days, NaiveDate};
use entity::action::{Model, Spell};
use entity::vocabulary::{ActionStatus, ActionType, Priority, StakeholderFunction};
use entity::{Timestamp, action_fact};
use serde::ser::SerializeTuple as _;
use serde::{Deserialize, Serialize, Serializer};

use crate::kernel::error::{Error, Result};

/// How many places the array has; one more when the action was taken up again.
const PLACES: usize = 18;

/// What an action was for a while: `[status, from, until]`, in seconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastState(pub ActionStatus, pub i64, pub i64);

/// One action as metrics see it. It is written and read as an array in this order; times are
/// seconds since the epoch, dates are days since the epoch.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ActionFact<'a> {
    /// Where it stands.
    pub status: ActionStatus,
    /// The level that counts.
    pub priority: Priority,
    /// What it is meant to achieve.
    pub action_type: ActionType,
    /// The owner's subject, or their name where there is none; empty when nobody owns it.
    #[serde(borrow)]
    pub owner: Cow<'a, str>,
    /// The part of the organisation that the owner stands for.
    pub owner_function: Option<StakeholderFunction>,
    /// When it was created.
    pub created_at: i64,
    /// When somebody committed to it; absent while it is only proposed.
    pub committed_at: Option<i64>,
    /// When it is due.
    pub due_on: Option<i32>,
    /// When it was implemented; absent again after it was reopened.
    pub implemented_at: Option<i64>,
    /// When it was verified; absent again after it was reopened.
    pub verified_at: Option<i64>,
    /// When it ended without being done: declined, risk accepted or cancelled.
    pub ended_at: Option<i64>,
    /// How often its due date was moved later.
    pub slips: i32,
    /// How often its due date was changed.
    pub due_date_changes: i32,
    /// How often it was reopened.
    pub reopened: i32,
    /// How often a verification found it ineffective.
    pub ineffective: i32,
    /// How much work it is, in days.
    pub effort_days: Option<f64>,
    /// Its priority score.
    pub score: f64,
    /// How much of it is done, as last reported.
    pub percent: Option<i32>,
    /// For how long it was done or given up before it was taken up again; rarely anything, and then
    /// the array is as long as if it did not exist.
    #[serde(default)]
    pub past: Vec<PastState>,
}

impl Serialize for ActionFact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut places = serializer.serialize_tuple(PLACES + usize::from(!self.past.is_empty()))?;
        places.serialize_element(&self.status)?;
        places.serialize_element(&self.priority)?;
        places.serialize_element(&self.action_type)?;
        places.serialize_element(&self.owner)?;
        places.serialize_element(&self.owner_function)?;
        places.serialize_element(&self.created_at)?;
        places.serialize_element(&self.committed_at)?;
        places.serialize_element(&self.due_on)?;
        places.serialize_element(&self.implemented_at)?;
        places.serialize_element(&self.verified_at)?;
        places.serialize_element(&self.ended_at)?;
        places.serialize_element(&self.slips)?;
        places.serialize_element(&self.due_date_changes)?;
        places.serialize_element(&self.reopened)?;
        places.serialize_element(&self.ineffective)?;
        places.serialize_element(&self.effort_days)?;
        places.serialize_element(&self.score)?;
        places.serialize_element(&self.percent)?;
        if !self.past.is_empty() {
            places.serialize_element(&self.past)?;
        }
        places.end()
    }
}

impl From<&Spell> for PastState {
    fn from(spell: &Spell) -> Self {
        Self(spell.status, spell.from.seconds(), spell.until.seconds())
    }
}

impl<'a> ActionFact<'a> {
    /// The facts of an action.
    pub fn of(action: &'a Model) -> Self {
        Self {
            status: action.status,
            priority: action.priority,
            action_type: action.action_type,
            owner: Cow::Borrowed(action.owner_key.as_deref().unwrap_or_default()),
            owner_function: action.owner_function,
            created_at: action.created_at.seconds(),
            committed_at: action.committed_at.map(Timestamp::seconds),
            due_on: action.due_on.map(day),
            implemented_at: action.implemented_at.map(Timestamp::seconds),
            verified_at: action.verified_at.map(Timestamp::seconds),
            ended_at: action.ended_at.map(Timestamp::seconds),
            slips: action.slips,
            due_date_changes: action.due_date_changes,
            reopened: action.reopened_count,
            ineffective: action.ineffective_count,
            effort_days: action.effort_days,
            score: action.priority_score,
            percent: action.percent,
            past: action.spells.0.iter().map(PastState::from).collect(),
        }
    }

    /// Reads many: what the database joined with commas, without the brackets around it.
    pub fn read_joined(joined: &'a str) -> Result<Vec<Self>> {
        Self::each_joined(joined).collect()
    }

    /// Reads many, one after the other.
    pub fn each_joined(joined: &'a str) -> impl Iterator<Item = Result<Self>> {
        let mut rest = joined;
        std::iter::from_fn(move || {
            let mut stream = serde_json::Deserializer::from_str(rest).into_iter();
            let fact = stream.next()?;
            let behind = rest.get(stream.byte_offset()..).unwrap_or_default();
            // Behind what cannot be read nothing can be found.
            rest = match fact {
                Ok(_) => behind.strip_prefix(',').unwrap_or(behind),
                Err(_) => "",
            };
            Some(fact.map_err(unreadable))
        })
    }

    /// Reads one.
    pub fn read(text: &'a str) -> Result<Self> {
        serde_json::from_str(text).map_err(unreadable)
    }

    /// Whether it is neither done nor ended.
    pub fn is_unfinished(&self) -> bool {
        super::rules::is_unfinished(self.status)
    }

    /// Whether it is past its due date on a day and not finished.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.is_unfinished() && self.due_on.is_some_and(|due| due < day(today))
    }
}

fn unreadable(error: serde_json::Error) -> Error {
    Error::Internal(format!("facts cannot be read: {error}"))
}

/// The row that holds an action's facts.
pub fn row(action: &Model) -> Result<action_fact::Model> {
    let facts = serde_json::to_string(&ActionFact::of(action))
        .map_err(|error| Error::Internal(format!("facts cannot be written: {error}")))?;
    Ok(action_fact::Model {
        action_id: action.id,
        organization_id: action.organization_id,
        review_id: action.review_id,
        facts,
    })
}

/// A date as days since the epoch.
pub fn day(date: NaiveDate) -> i32 {
    let days = date.signed_duration_since(NaiveDate::default()).num_days();
    i32::try_from(days).unwrap_or(i32::MAX)
}

/// The date that many days after the epoch.
pub fn date(day: i32) -> NaiveDate {
    u64::try_from(day)
        .ok()
        .and_then(|days| NaiveDate::default().checked_add_days(Days::new(days)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"["in_progress","high","detect","ada@example.org","it",1779000000,1779000000,20612,null,null,null,1,2,0,0,2.5,24.0,40]"#;

    #[test]
    fn facts_are_written_and_read_as_the_same_array() {
        let fact = ActionFact::read(TEXT).unwrap();
        assert!(matches!(fact.owner, Cow::Borrowed("ada@example.org")));
        assert_eq!(serde_json::to_string(&fact).unwrap(), TEXT);
    }

    #[test]
    fn what_was_taken_up_again_has_one_place_more() {
        let text = TEXT.replace(",40]", r#",40,[["implemented",1779100000,1779200000]]]"#);
        let fact = ActionFact::read(&text).unwrap();
        let was = PastState(ActionStatus::Implemented, 1_779_100_000, 1_779_200_000);
        assert_eq!(fact.past, [was]);
        assert_eq!(serde_json::to_string(&fact).unwrap(), text);
        assert!(ActionFact::read(TEXT).unwrap().past.is_empty());
        let joined = format!("{TEXT},{text},{TEXT}");
        let facts = ActionFact::read_joined(&joined).unwrap();
        let past: Vec<usize> = facts.iter().map(|fact| fact.past.len()).collect();
        assert_eq!(past, [0, 1, 0]);
    }

    #[test]
    fn joined_facts_are_read_in_their_order() {
        let awkward = TEXT.replace("ada@example.org", r#"A \"b\", [c]"#);
        let joined = format!("{TEXT},{awkward},{TEXT}");
        let facts = ActionFact::read_joined(&joined).unwrap();
        assert_eq!(facts.len(), 3);
        assert_eq!(facts[1].owner, r#"A "b", [c]"#);
        assert!(ActionFact::read_joined("").unwrap().is_empty());
        assert!(ActionFact::read_joined("[1]").is_err());
    }

    #[test]
    fn days_count_from_the_epoch_and_back() {
        let date_of = |text: &str| entity::time::parse_date(text).unwrap();
        assert_eq!(day(date_of("1970-01-02")), 1);
        assert_eq!(date(day(date_of("2026-06-08"))), date_of("2026-06-08"));
        assert_eq!(date(day(date_of("9999-12-31"))), date_of("9999-12-31"));
    }

    #[test]
    fn what_is_due_today_is_not_overdue() {
        let fact = ActionFact::read(TEXT).unwrap();
        let due = date(20612);
        assert!(!fact.is_overdue(due));
        assert!(fact.is_overdue(due.succ_opt().unwrap()));
        let done = ActionFact {
            status: ActionStatus::Implemented,
            ..fact
        };
        assert!(!done.is_overdue(due.succ_opt().unwrap()));
    }
}

//! How a review's actions stand as a whole, counted from their facts. Pure.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use entity::Timestamp;
use entity::vocabulary::{ActionStatus, ActionType, Priority, Vocabulary};
use serde::Serialize;
use utoipa::ToSchema;

use super::facts::{self, ActionFact};

/// The numbers behind the progress of a review.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct ProgressCounts {
    /// All actions.
    #[schema(minimum = 0, example = 12)]
    total: u32,
    /// All actions by status, each status named.
    by_status: BTreeMap<ActionStatus, u32>,
    /// All actions by the level of priority that counts, each level named.
    by_priority: BTreeMap<Priority, u32>,
    /// All actions by type, each type named.
    by_type: BTreeMap<ActionType, u32>,
    /// Neither done nor ended: proposed, open, in progress or blocked.
    #[schema(minimum = 0, example = 5)]
    open: u32,
    /// Of the open: past their due date.
    #[schema(minimum = 0, example = 1)]
    overdue: u32,
    /// Of the open: due today or within the next 7 days.
    #[schema(minimum = 0, example = 2)]
    due_in_7_days: u32,
    /// Of the open: due today or within the next 30 days.
    #[schema(minimum = 0, example = 3)]
    due_in_30_days: u32,
    /// Of the open: owned by nobody.
    #[schema(minimum = 0, example = 0)]
    unowned: u32,
    /// Committed to and not ended without being done: open to verified.
    #[schema(minimum = 0, example = 10)]
    committed: u32,
    /// Of the committed: implemented or verified, in percent to one decimal; `null` without any.
    #[schema(minimum = 0, maximum = 100, example = 60.0)]
    implemented_percent: Option<f64>,
    /// Of the committed: verified, in percent to one decimal; `null` without any.
    #[schema(minimum = 0, maximum = 100, example = 40.0)]
    verified_percent: Option<f64>,
    /// How often due dates were moved later.
    #[schema(minimum = 0, example = 3)]
    slips: u32,
    /// How often due dates were changed.
    #[schema(minimum = 0, example = 4)]
    due_date_changes: u32,
    /// How often actions were reopened.
    #[schema(minimum = 0, example = 1)]
    reopened: u32,
    /// How often verifications found actions ineffective.
    #[schema(minimum = 0, example = 1)]
    ineffective: u32,
    /// The earliest due date of the open from today on.
    #[schema(example = "2026-06-30")]
    next_due_on: Option<NaiveDate>,
    /// Whole days since the oldest of the open was created.
    #[schema(minimum = 0, example = 41)]
    oldest_open_days: Option<i64>,
}

impl ProgressCounts {
    /// The numbers of some actions at a moment.
    pub fn of(facts: &[ActionFact<'_>], now: Timestamp) -> Self {
        let today = now.0.date_naive();
        let open: Vec<_> = facts.iter().filter(|fact| fact.is_unfinished()).collect();
        let due_within = |days: u64| {
            let last = today.checked_add_days(Days::new(days)).unwrap_or(today);
            let span = facts::day(today)..=facts::day(last);
            count(&open, |fact| {
                fact.due_on.is_some_and(|due| span.contains(&due))
            })
        };
        let all: Vec<_> = facts.iter().collect();
        let committed = count(&all, is_committed);
        let verified = count(&all, |fact| fact.status == ActionStatus::Verified);
        let implemented = count(&all, |fact| fact.status == ActionStatus::Implemented) + verified;
        let total = |field: fn(&ActionFact<'_>) -> i32| {
            facts
                .iter()
                .filter_map(|fact| u32::try_from(field(fact)).ok())
                .sum()
        };
        let today_or_later = |due: &i32| *due >= facts::day(today);
        let next_due = open
            .iter()
            .filter_map(|fact| fact.due_on)
            .filter(today_or_later)
            .min();
        let oldest = open.iter().map(|fact| fact.created_at).min();
        Self {
            total: count(&all, |_| true),
            by_status: counted(facts.iter().map(|fact| fact.status)),
            by_priority: counted(facts.iter().map(|fact| fact.priority)),
            by_type: counted(facts.iter().map(|fact| fact.action_type)),
            open: count(&open, |_| true),
            overdue: count(&open, |fact| fact.is_overdue(today)),
            due_in_7_days: due_within(7),
            due_in_30_days: due_within(30),
            unowned: count(&open, |fact| fact.owner.is_empty()),
            committed,
            implemented_percent: percent(implemented, committed),
            verified_percent: percent(verified, committed),
            slips: total(|fact| fact.slips),
            due_date_changes: total(|fact| fact.due_date_changes),
            reopened: total(|fact| fact.reopened),
            ineffective: total(|fact| fact.ineffective),
            next_due_on: next_due.map(facts::date),
            oldest_open_days: oldest.map(|created| (now.seconds() - created).max(0) / 86_400),
        }
    }
}

fn is_committed(fact: &ActionFact<'_>) -> bool {
    use ActionStatus::{Cancelled, Declined, Proposed, RiskAccepted};
    !matches!(fact.status, Proposed | Declined | RiskAccepted | Cancelled)
}

fn count(facts: &[&ActionFact<'_>], is_counted: impl Fn(&ActionFact<'_>) -> bool) -> u32 {
    let counted = facts.iter().filter(|fact| is_counted(fact)).count();
    u32::try_from(counted).unwrap_or(u32::MAX)
}

/// How often each term of a vocabulary occurs, those that do not with 0.
fn counted<V: Vocabulary + Ord>(terms: impl Iterator<Item = V>) -> BTreeMap<V, u32> {
    let mut counts: BTreeMap<V, u32> = V::iter().map(|term| (term, 0)).collect();
    for term in terms {
        *counts.entry(term).or_default() += 1;
    }
    counts
}

fn percent(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| (f64::from(part) / f64::from(whole) * 1000.0).round() / 10.0)
}

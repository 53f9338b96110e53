//! How much a review holds of what a session can go through. Pure.

use chrono::NaiveDate;
use entity::vocabulary::{ActionStatus, Confidence, Disposition, FindingKind};
use entity::{action, contribution, contribution_group, event, finding};

use crate::actions::rules::is_overdue;
use crate::lifecycle::rules::{Facts, Step, unmet};
use crate::workshops::carry_over::rules::is_carried_over;

/// The open actions of a review; each is counted where it is dealt with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ActionSubstance {
    /// Past their due date.
    pub overdue: usize,
    /// Held up, and not overdue.
    pub blocked: usize,
    /// Implemented, and not proven to work.
    pub unverified: usize,
    /// The other open ones.
    pub under_way: usize,
}

/// What is shown on the board of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BoardSubstance {
    /// Contributions.
    pub contributions: usize,
    /// Groups of them.
    pub groups: usize,
    /// What is talked about one after the other: groups, and contributions that are in none.
    pub topics: usize,
    /// How many votes they got, once those were counted.
    pub votes: usize,
}

/// What a review holds, in numbers. Events and findings that were retracted do not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Substance {
    /// Events.
    pub events: usize,
    /// Events that belong in a short chronology.
    pub key_events: usize,
    /// Events that were known only in hindsight, and are not key.
    pub hindsight_events: usize,
    /// Logged decisions.
    pub decisions: usize,
    /// Logged communications.
    pub communications: usize,
    /// Assessments of the response.
    pub assessments: usize,
    /// Impacts, by estimate and dimension.
    pub impacts: usize,
    /// The session's own board.
    pub board: BoardSubstance,
    /// Strengths.
    pub strengths: usize,
    /// Root causes and contributing factors.
    pub causes: usize,
    /// Gaps.
    pub gaps: usize,
    /// Gaps that nothing answers and for which no reason is given.
    pub unanswered_gaps: usize,
    /// Near misses and observations.
    pub other_findings: usize,
    /// Recommendations that nothing is decided about.
    pub recommendations: usize,
    /// The open actions.
    pub actions: ActionSubstance,
    /// What is not known or not settled: gaps without an answer and findings that nobody is sure of.
    pub open_questions: usize,
}

impl Substance {
    /// What the rows of a review amount to on a day, and what the conditions of its life say of them.
    pub fn of(
        events: &[event::Model],
        findings: &[finding::Model],
        actions: &[action::Model],
        (facts, today): (&Facts, NaiveDate),
    ) -> Self {
        let events: Vec<&event::Model> = standing(events, |one| one.retracted_at.is_none());
        let findings: Vec<&finding::Model> = standing(findings, |one| one.retracted_at.is_none());
        let count = |kinds: &[FindingKind]| {
            let counted = findings.iter().filter(|one| kinds.contains(&one.kind));
            counted.count()
        };
        let unanswered_gaps = unmet(Step::Publish, facts)
            .iter()
            .filter(|fault| fault.code == "gap_without_answer")
            .count();
        let undecided = facts
            .recommendations
            .iter()
            .filter(|one| one.disposition == Disposition::Proposed);
        let unsure = findings.iter().filter(|one| {
            let settled = one.kind == FindingKind::Strength;
            !settled && one.confidence == Confidence::Low
        });
        Self {
            events: events.len(),
            key_events: events.iter().filter(|one| one.is_key).count(),
            hindsight_events: events
                .iter()
                .filter(|one| one.hindsight_only && !one.is_key)
                .count(),
            strengths: count(&[FindingKind::Strength]),
            causes: count(&[FindingKind::RootCause, FindingKind::ContributingFactor]),
            gaps: count(&[FindingKind::Gap]),
            unanswered_gaps,
            recommendations: undecided.count(),
            other_findings: count(&[FindingKind::NearMiss, FindingKind::Observation]),
            actions: ActionSubstance::of(actions, today),
            open_questions: unanswered_gaps + unsure.count(),
            ..Self::default()
        }
    }
}

fn standing<T>(rows: &[T], stands: impl Fn(&T) -> bool) -> Vec<&T> {
    rows.iter().filter(|row| stands(row)).collect()
}

impl BoardSubstance {
    /// What is shown amounts to. What lies in a group was voted for with it.
    pub fn of(groups: &[contribution_group::Model], contributions: &[contribution::Model]) -> Self {
        let alone = contributions.iter().filter(|one| one.group_id.is_none());
        let votes = groups.iter().map(|one| one.votes);
        let votes = votes.chain(contributions.iter().map(|one| one.votes));
        let votes = votes
            .flatten()
            .map(|votes| usize::try_from(votes).unwrap_or(0));
        Self {
            contributions: contributions.len(),
            groups: groups.len(),
            topics: groups.len() + alone.count(),
            votes: votes.sum(),
        }
    }
}

impl ActionSubstance {
    fn of(actions: &[action::Model], today: NaiveDate) -> Self {
        let mut found = Self::default();
        for action in actions.iter().filter(|one| is_carried_over(one.status)) {
            let place = if is_overdue(action.status, action.due_on, today) {
                &mut found.overdue
            } else {
                match action.status {
                    ActionStatus::Blocked => &mut found.blocked,
                    ActionStatus::Implemented => &mut found.unverified,
                    _ => &mut found.under_way,
                }
            };
            *place += 1;
        }
        found
    }
}

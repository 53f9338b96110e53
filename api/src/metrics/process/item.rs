//! What one review contributes to the process metrics. Pure.

use std::collections::HashMap;

use entity::Timestamp;
use entity::policy::PolicySnapshot;
use entity::vocabulary::{
    FindingKind, IncidentCategory, ReviewKind, ReviewStatus, Severity, StakeholderFunction,
};
use serde::Deserialize;
use uuid::Uuid;

use super::aftermath::{Lesson, Obligation};
use super::answered::Answered;
use super::closures::{Closure, last};
use super::due::Due;
use super::incidents::Known;
use super::sessions::Session;
use super::store::ReviewRow;
use crate::kernel::error::{Error, Result};
use crate::workshops::policy::WorkshopPolicy;

/// A step of a review's life.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Step {
    pub(super) from: ReviewStatus,
    pub(super) to: ReviewStatus,
    pub(super) at: Timestamp,
    #[serde(default)]
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) approver: Option<String>,
}

/// What is counted of a review.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) id: Uuid,
    pub(super) key: String,
    pub(super) title: String,
    pub(super) kind: ReviewKind,
    pub(super) severity: Severity,
    pub(super) status: ReviewStatus,
    pub(super) tags: Vec<String>,
    pub(super) incidents: Vec<Uuid>,
    /// Whether an incident of it was recorded long after the fact.
    pub(super) backfilled: bool,
    /// Whether it is about tests only.
    pub(super) is_test: bool,
    /// The subject that owns it, and the function for which that one takes part in it.
    pub(super) owner: Option<String>,
    pub(super) function: Option<StakeholderFunction>,
    pub(super) created_at: Timestamp,
    pub(super) workshop_due: Due,
    pub(super) publication_due: Due,
    /// The functions that its policy wants in its workshop.
    pub(super) functions_wanted: Vec<StakeholderFunction>,
    /// When the last of its incidents was closed.
    pub(super) incidents_closed: Closure,
    pub(super) steps: Vec<Step>,
    pub(super) events: u64,
    pub(super) events_with_evidence: u64,
    /// How many findings of each kind, in the order of the vocabulary.
    pub(super) findings: [u64; FINDING_KINDS],
    /// How complete it is, from 0 to 100.
    pub(super) completeness: u32,
    /// The same of each objective and question, in their order.
    pub(super) completeness_of_parts: Vec<u32>,
    /// When a briefing for leadership was first issued.
    pub(super) briefed_at: Option<Timestamp>,
    /// What its rounds of feedback came to, of those whose summaries are shown.
    pub(super) feedback: Vec<Answered>,
    /// Its workshops that were held, the first first.
    pub(super) sessions: Vec<Session>,
    pub(super) lessons: Vec<Lesson>,
    pub(super) obligations: Vec<Obligation>,
}

/// How many kinds of finding there are.
pub(super) const FINDING_KINDS: usize = 6;

/// Reads JSON that was kept as text.
pub(super) fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T> {
    serde_json::from_str(text)
        .map_err(|error| Error::Internal(format!("a review cannot be read: {error}")))
}

impl Item {
    /// A review with what is known of its incidents and its policy; what belongs to it is counted in
    /// later.
    pub(super) fn of(row: ReviewRow, known: &HashMap<Uuid, Known>) -> Result<Self> {
        let incidents: Vec<Uuid> = read(&row.incident_ids)?;
        let kept = row.policy_snapshot.as_deref();
        let kept: Option<PolicySnapshot> = kept.map(read).transpose()?;
        let due = |by_policy: fn(&PolicySnapshot) -> Option<Timestamp>, own| Due {
            by_policy: kept.as_ref().and_then(by_policy),
            own,
        };
        let own: Vec<&Known> = incidents.iter().filter_map(|id| known.get(id)).collect();
        let closures = incidents.iter().map(|id| {
            let known = known.get(id);
            known.map_or(Closure::Unknown, |known| known.closure)
        });
        let is_test = |one: &&Known| one.category == IncidentCategory::Test;
        Ok(Self {
            incidents_closed: last(closures),
            workshop_due: due(|kept| kept.workshop_due_at, row.workshop_due_at),
            publication_due: due(|kept| kept.publish_due_at, row.publish_due_at),
            functions_wanted: WorkshopPolicy::of(kept.as_ref()).functions,
            backfilled: own.iter().any(|one| one.backfilled),
            is_test: !own.is_empty() && own.iter().all(is_test),
            tags: read(&row.tags)?,
            incidents,
            owner: row.owner_subject,
            function: row.owner_function,
            steps: read(&row.transitions)?,
            id: row.id,
            key: row.key,
            title: row.title,
            kind: row.kind,
            severity: row.severity,
            status: row.status,
            created_at: row.created_at,
            events: 0,
            events_with_evidence: 0,
            findings: [0; FINDING_KINDS],
            completeness: 0,
            completeness_of_parts: Vec::new(),
            briefed_at: None,
            feedback: Vec::new(),
            sessions: Vec::new(),
            lessons: Vec::new(),
            obligations: Vec::new(),
        })
    }

    /// When it first came to a state.
    pub(super) fn first(&self, to: ReviewStatus) -> Option<Timestamp> {
        self.steps
            .iter()
            .find(|step| step.to == to)
            .map(|step| step.at)
    }

    /// When it was first published.
    pub(super) fn published_at(&self) -> Option<Timestamp> {
        self.first(ReviewStatus::Published)
    }

    /// When it was last closed, if it is.
    pub(super) fn closed_at(&self) -> Option<Timestamp> {
        let closed = self.status == ReviewStatus::Closed;
        let last = self
            .steps
            .iter()
            .rfind(|step| step.to == ReviewStatus::Closed);
        last.filter(|_| closed).map(|step| step.at)
    }

    /// The step that waived or cancelled it, if one did.
    pub(super) fn ending(&self) -> Option<&Step> {
        ending(self.status, &self.steps)
    }

    /// When the workshop that its policy asks for was first held.
    pub(super) fn workshop_at(&self) -> Option<Timestamp> {
        let held = self.sessions.iter().filter(|one| one.is_the_workshop());
        held.map(|one| one.held_at).min()
    }

    /// How often it went back to work: before it was published, and after it was out or given up.
    pub(super) fn returns(&self) -> (u64, u64) {
        let back = self
            .steps
            .iter()
            .filter(|step| step.to == ReviewStatus::InProgress);
        let count =
            |it: fn(ReviewStatus) -> bool| back.clone().filter(|step| it(step.from)).count() as u64;
        let sent_back = count(|from| from == ReviewStatus::InReview);
        let reopened = count(|from| !matches!(from, ReviewStatus::Draft | ReviewStatus::InReview));
        (sent_back, reopened)
    }

    /// How many findings of a kind it has.
    pub(super) fn findings_of(&self, kind: FindingKind) -> u64 {
        self.findings[kind as usize]
    }
}

/// The step that waived or cancelled what is in this state, if one did.
pub(super) fn ending(status: ReviewStatus, steps: &[Step]) -> Option<&Step> {
    let given_up = matches!(status, ReviewStatus::Waived | ReviewStatus::Cancelled);
    let last = steps.iter().rfind(|step| step.to == status);
    last.filter(|_| given_up)
}

#[cfg(test)]
#[path = "item_tests.rs"]
mod tests;

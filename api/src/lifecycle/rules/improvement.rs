//! What publishing and closing ask of the improvements: gaps are answered, recommendations decided
//! about, actions complete and ended, lessons kept.

use std::collections::HashMap;

use entity::vocabulary::{ActionStatus, Disposition, FindingKind, LessonStatus};
use uuid::Uuid;

use super::Facts;
use crate::gaps::rules::{answers, is_answer};
use crate::kernel::error::Fault;

/// What the conditions look at in an action.
#[derive(Clone, Debug)]
pub struct ActionFact {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: ActionStatus,
    /// Whether it has an owner, a due date and closure criteria.
    pub is_complete: bool,
    /// Whether an accepted risk has an approver and an end.
    pub is_approved: bool,
    /// Whether the last day on which the risk is accepted has passed.
    pub has_expired: bool,
    /// The findings it answers.
    pub finding_ids: Vec<Uuid>,
}

/// What the conditions look at in a recommendation.
#[derive(Clone, Debug)]
pub struct RecommendationFact {
    /// Its id.
    pub id: Uuid,
    /// What was decided about it.
    pub disposition: Disposition,
    /// Whether an accepted risk has an approver and an end.
    pub is_approved: bool,
    /// Whether the last day on which the risk is accepted has passed.
    pub has_expired: bool,
    /// The recommendation that says the same.
    pub duplicate_of_id: Option<Uuid>,
    /// The findings it answers.
    pub finding_ids: Vec<Uuid>,
    /// The actions that carry it out.
    pub action_ids: Vec<Uuid>,
}

/// What the conditions look at in a lesson.
#[derive(Clone, Debug)]
pub struct LessonFact {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: LessonStatus,
}

/// What publishing asks for and does not find.
pub(super) fn publish(facts: &Facts) -> Vec<Fault> {
    let mut unmet = unanswered_gaps(facts);
    unmet.extend(undecided(facts));
    let nobody_at_work = facts.recommendations.iter().filter(|one| {
        let mut actions = facts.actions.iter();
        one.disposition == Disposition::Accepted
            && !actions.any(|action| one.action_ids.contains(&action.id) && answers(action.status))
    });
    unmet.extend(nobody_at_work.map(|one| {
        let detail = format!(
            "recommendation {} is accepted and no action carries it out",
            one.id
        );
        Fault::of("recommendation_without_action", detail)
    }));
    let actions = facts.actions.iter();
    let incomplete = actions.filter(|one| is_committed(one.status) && !one.is_complete);
    unmet.extend(incomplete.map(|action| {
        let detail = format!(
            "action {} lacks an owner, a due date or closure criteria",
            action.id
        );
        Fault::of("incomplete_action", detail)
    }));
    unmet
}

/// A rejected recommendation answers nothing, and a duplicate answers as its original does.
fn unanswered_gaps(facts: &Facts) -> Vec<Fault> {
    let dispositions: HashMap<Uuid, Disposition> = facts
        .recommendations
        .iter()
        .map(|one| (one.id, one.disposition))
        .collect();
    let counting = |one: &RecommendationFact| {
        let original = one.duplicate_of_id.and_then(|id| dispositions.get(&id));
        original.copied().unwrap_or(one.disposition)
    };
    let is_answered = |gap: Uuid| {
        let mut actions = facts.actions.iter();
        let mut recommendations = facts.recommendations.iter();
        actions.any(|one| answers(one.status) && one.finding_ids.contains(&gap))
            || recommendations.any(|one| is_answer(counting(one)) && one.finding_ids.contains(&gap))
    };
    let gaps = facts
        .findings
        .iter()
        .filter(|one| one.kind == FindingKind::Gap && !one.has_reason_for_none);
    gaps.filter(|gap| !is_answered(gap.id))
        .map(|gap| {
            let detail = format!(
                "gap {} has no recommendation, no action and no reason for none",
                gap.id
            );
            Fault::of("gap_without_answer", detail)
        })
        .collect()
}

fn undecided(facts: &Facts) -> impl Iterator<Item = Fault> {
    let proposed = facts
        .recommendations
        .iter()
        .filter(|one| one.disposition == Disposition::Proposed);
    proposed.map(|one| {
        let detail = format!("nothing is decided about recommendation {}", one.id);
        Fault::of("undecided_recommendation", detail)
    })
}

fn is_committed(status: ActionStatus) -> bool {
    !matches!(
        status,
        ActionStatus::Proposed
            | ActionStatus::Declined
            | ActionStatus::Cancelled
            | ActionStatus::RiskAccepted
    )
}

/// What closing asks for and does not find.
pub(super) fn close(facts: &Facts) -> Vec<Fault> {
    let mut unmet: Vec<Fault> = facts.actions.iter().filter_map(unfinished).collect();
    unmet.extend(undecided(facts));
    let borne = facts
        .recommendations
        .iter()
        .filter(|one| one.disposition == Disposition::RiskAccepted);
    unmet.extend(
        borne.filter_map(|one| unborne("recommendation", one.id, one.is_approved, one.has_expired)),
    );
    let waiting = facts.lessons.iter().filter(|lesson| {
        !matches!(
            lesson.status,
            LessonStatus::Embedded | LessonStatus::Retired
        )
    });
    unmet.extend(waiting.map(|lesson| {
        let detail = format!(
            "lesson {} is {}, neither embedded in a document nor retired",
            lesson.id, lesson.status
        );
        Fault::of("lesson_not_embedded", detail)
    }));
    unmet
}

/// Why nobody bears a risk that was accepted, if nobody does.
fn unborne(what: &str, id: Uuid, is_approved: bool, has_expired: bool) -> Option<Fault> {
    let (code, why) = match (is_approved, has_expired) {
        (false, _) => (
            "risk_without_approval",
            "was accepted without approver or end",
        ),
        (true, true) => ("risk_acceptance_expired", "is accepted no longer"),
        (true, false) => return None,
    };
    Some(Fault::of(code, format!("the risk of {what} {id} {why}")))
}

fn unfinished(action: &ActionFact) -> Option<Fault> {
    match action.status {
        ActionStatus::Verified | ActionStatus::Declined | ActionStatus::Cancelled => None,
        ActionStatus::RiskAccepted => {
            unborne("action", action.id, action.is_approved, action.has_expired)
        }
        status => {
            let detail = format!(
                "action {} is {status}, not verified, declined or risk-accepted",
                action.id
            );
            Some(Fault::of("unfinished_action", detail))
        }
    }
}

#[cfg(test)]
#[path = "improvement_tests.rs"]
mod tests;

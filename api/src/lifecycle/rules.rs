//! Which steps a review's state allows, and what else each step asks for. Pure.

use entity::vocabulary::{CauseCategory, FactorKind, FindingKind, ReviewStatus};
use uuid::Uuid;

use super::policy::{self, PolicyFacts};
use crate::kernel::error::Fault;
use crate::wording_notes::rules::{self as wording, Note};
use crate::workshops::readiness::{self, WorkshopFacts};

mod improvement;

pub use improvement::{ActionFact, LessonFact, RecommendationFact};

/// A step of a review's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Work begins.
    Start,
    /// The review is handed in for approval.
    Submit,
    /// It is approved and made known.
    Publish,
    /// Everything that followed from it is done.
    Close,
    /// It is decided that none is needed.
    Waive,
    /// It was opened in error.
    Cancel,
    /// It goes back to work.
    Reopen,
}

impl Step {
    /// Every step, in the order of a life.
    pub const ALL: [Self; 7] = [
        Self::Start,
        Self::Submit,
        Self::Publish,
        Self::Close,
        Self::Waive,
        Self::Cancel,
        Self::Reopen,
    ];

    /// Where the step leads.
    pub fn target(self) -> ReviewStatus {
        match self {
            Self::Start | Self::Reopen => ReviewStatus::InProgress,
            Self::Submit => ReviewStatus::InReview,
            Self::Publish => ReviewStatus::Published,
            Self::Close => ReviewStatus::Closed,
            Self::Waive => ReviewStatus::Waived,
            Self::Cancel => ReviewStatus::Cancelled,
        }
    }

    /// From which states it can be taken.
    pub fn sources(self) -> &'static [ReviewStatus] {
        use ReviewStatus::{Cancelled, Closed, Draft, InProgress, InReview, Published, Waived};
        match self {
            Self::Start => &[Draft],
            Self::Submit => &[InProgress],
            Self::Publish => &[InReview],
            Self::Close => &[Published],
            Self::Waive | Self::Cancel => &[Draft, InProgress, InReview],
            Self::Reopen => &[InReview, Published, Closed, Waived, Cancelled],
        }
    }

    /// Its name, as in the path.
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Submit => "submit",
            Self::Publish => "publish",
            Self::Close => "close",
            Self::Waive => "waive",
            Self::Cancel => "cancel",
            Self::Reopen => "reopen",
        }
    }

    /// What the audit log calls it.
    pub fn audit_name(self) -> &'static str {
        match self {
            Self::Start => "review.start",
            Self::Submit => "review.submit",
            Self::Publish => "review.publish",
            Self::Close => "review.close",
            Self::Waive => "review.waive",
            Self::Cancel => "review.cancel",
            Self::Reopen => "review.reopen",
        }
    }
}

/// What the conditions look at in a finding that stands.
#[derive(Clone, Debug)]
pub struct FindingFact {
    /// Its id.
    pub id: Uuid,
    /// Its kind.
    pub kind: FindingKind,
    /// Category of a cause.
    pub cause_category: Option<CauseCategory>,
    /// How a cause or factor worked.
    pub factor_kind: Option<FactorKind>,
    /// Whether an event that stands or other evidence supports it.
    pub has_evidence: bool,
    /// Whether it says why nothing is done about it.
    pub has_reason_for_none: bool,
}

/// What the conditions look at in a review.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Where it stands.
    pub status: ReviewStatus,
    /// Whether it has an owner.
    pub has_owner: bool,
    /// Whether whoever asks is its owner.
    pub asked_by_owner: bool,
    /// Whether it has a summary.
    pub has_summary: bool,
    /// Whether an event stands in its chronology.
    pub has_events: bool,
    /// Its findings that stand.
    pub findings: Vec<FindingFact>,
    /// Its actions.
    pub actions: Vec<ActionFact>,
    /// Its recommendations.
    pub recommendations: Vec<RecommendationFact>,
    /// Its lessons.
    pub lessons: Vec<LessonFact>,
    /// Its workshops.
    pub workshops: WorkshopFacts,
    /// What its policy asks for, and what of that it has.
    pub policy: PolicyFacts,
    /// The notes on its wording that nobody acknowledged.
    pub wording: Vec<Note>,
}

/// Every condition of the step that is not met; none when it can be taken.
pub fn unmet(step: Step, facts: &Facts) -> Vec<Fault> {
    let mut unmet = Vec::new();
    if !step.sources().contains(&facts.status) {
        let from: Vec<&str> = step
            .sources()
            .iter()
            .map(|status| status.as_str())
            .collect();
        unmet.push(Fault::of(
            "wrong_state",
            format!(
                "the review is {}; {} is possible from {}",
                facts.status,
                step.name(),
                from.join(", ")
            ),
        ));
    }
    match step {
        Step::Submit => submit(facts, &mut unmet),
        Step::Publish => publish(facts, &mut unmet),
        Step::Close => unmet.extend(improvement::close(facts)),
        Step::Waive => waive(facts, &mut unmet),
        Step::Start | Step::Cancel | Step::Reopen => {}
    }
    unmet
}

fn need(met: bool, code: &str, detail: &str, unmet: &mut Vec<Fault>) {
    if !met {
        unmet.push(Fault::of(code, detail));
    }
}

fn submit(facts: &Facts, unmet: &mut Vec<Fault>) {
    need(
        facts.has_owner,
        "no_owner",
        "the review has no owner",
        unmet,
    );
    need(
        facts.has_summary,
        "no_summary",
        "the review has no summary",
        unmet,
    );
    need(
        facts.has_events,
        "no_events",
        "the chronology has no event",
        unmet,
    );
    unmet.extend(readiness::unmet(&facts.workshops));
    unmet.extend(policy::unmet(&facts.policy));
}

/// The refusal that nobody approves what they own, or owned when it was submitted.
pub fn approver_is_owner() -> Fault {
    let detail = "whoever owns the review, or owned it when it was submitted, cannot approve it";
    Fault::of("approver_is_owner", detail)
}

fn waive(facts: &Facts, unmet: &mut Vec<Fault>) {
    if facts.asked_by_owner {
        unmet.push(approver_is_owner());
    }
}

fn is_cause(finding: &FindingFact) -> bool {
    matches!(
        finding.kind,
        FindingKind::RootCause | FindingKind::ContributingFactor
    )
}

fn publish(facts: &Facts, unmet: &mut Vec<Fault>) {
    if facts.asked_by_owner {
        unmet.push(approver_is_owner());
    }
    let causes: Vec<&FindingFact> = facts.findings.iter().filter(|one| is_cause(one)).collect();
    need(
        causes.iter().any(|cause| cause.has_evidence),
        "no_cause_with_evidence",
        "no root cause or contributing factor rests on an event or other evidence",
        unmet,
    );
    let systemic = |cause: &&&FindingFact| {
        cause.cause_category != Some(CauseCategory::HumanError)
            && (cause.kind == FindingKind::ContributingFactor
                || matches!(
                    cause.factor_kind,
                    Some(FactorKind::Systemic | FactorKind::Contributing)
                ))
    };
    let human = causes
        .iter()
        .any(|one| one.cause_category == Some(CauseCategory::HumanError));
    need(
        !human || causes.iter().any(|cause| systemic(&cause)),
        "only_human_error",
        "human error is never the only cause: record a systemic or contributing factor beside it",
        unmet,
    );
    unmet.extend(improvement::publish(facts));
    need(
        facts
            .findings
            .iter()
            .any(|one| one.kind == FindingKind::Strength),
        "no_strength",
        "no strength is recorded: something always went well",
        unmet,
    );
    unmet.extend(facts.wording.iter().map(wording::unmet));
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;

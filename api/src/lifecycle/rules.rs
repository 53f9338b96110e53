//! Which steps a review's state allows, and what else each step asks for. Pure.

use entity::vocabulary::{ActionStatus, CauseCategory, FactorKind, FindingKind, ReviewStatus};
use uuid::Uuid;

use crate::kernel::error::Fault;

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
    /// Whether an event or a document supports it.
    pub has_evidence: bool,
    /// Whether it says why nothing is done about it.
    pub has_reason_for_none: bool,
}

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
    /// The findings it answers.
    pub finding_ids: Vec<Uuid>,
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
        Step::Close => close(facts, &mut unmet),
        Step::Start | Step::Waive | Step::Cancel | Step::Reopen => {}
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
}

fn is_cause(finding: &FindingFact) -> bool {
    matches!(
        finding.kind,
        FindingKind::RootCause | FindingKind::ContributingFactor
    )
}

fn publish(facts: &Facts, unmet: &mut Vec<Fault>) {
    need(
        !facts.asked_by_owner,
        "approver_is_owner",
        "the owner cannot approve the review",
        unmet,
    );
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
                || cause.factor_kind.is_some()
                || cause.cause_category.is_some())
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
    for gap in facts
        .findings
        .iter()
        .filter(|one| one.kind == FindingKind::Gap)
    {
        let answered = facts.actions.iter().any(|action| {
            let given_up = matches!(
                action.status,
                ActionStatus::Declined | ActionStatus::Cancelled
            );
            !given_up && action.finding_ids.contains(&gap.id)
        });
        if !answered && !gap.has_reason_for_none {
            unmet.push(Fault::of(
                "gap_without_answer",
                format!("gap {} has neither an action nor a reason for none", gap.id),
            ));
        }
    }
    let committed = |status| {
        !matches!(
            status,
            ActionStatus::Proposed
                | ActionStatus::Declined
                | ActionStatus::Cancelled
                | ActionStatus::RiskAccepted
        )
    };
    for action in facts
        .actions
        .iter()
        .filter(|one| committed(one.status) && !one.is_complete)
    {
        unmet.push(Fault::of(
            "incomplete_action",
            format!(
                "action {} lacks an owner, a due date or closure criteria",
                action.id
            ),
        ));
    }
    need(
        facts
            .findings
            .iter()
            .any(|one| one.kind == FindingKind::Strength),
        "no_strength",
        "no strength is recorded: something always went well",
        unmet,
    );
}

fn close(facts: &Facts, unmet: &mut Vec<Fault>) {
    for action in &facts.actions {
        match action.status {
            ActionStatus::Verified | ActionStatus::Declined | ActionStatus::Cancelled => {}
            ActionStatus::RiskAccepted => need(
                action.is_approved,
                "risk_without_approval",
                &format!(
                    "action {} accepts a risk without approver or end",
                    action.id
                ),
                unmet,
            ),
            status => unmet.push(Fault::of(
                "unfinished_action",
                format!(
                    "action {} is {status}, not verified, declined or risk-accepted",
                    action.id
                ),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(status: ReviewStatus) -> Facts {
        Facts {
            status,
            has_owner: true,
            asked_by_owner: false,
            has_summary: true,
            has_events: true,
            findings: vec![
                finding(
                    1,
                    FindingKind::RootCause,
                    Some(CauseCategory::ProcessFailure),
                ),
                finding(2, FindingKind::Strength, None),
            ],
            actions: Vec::new(),
        }
    }

    fn finding(id: u128, kind: FindingKind, cause: Option<CauseCategory>) -> FindingFact {
        FindingFact {
            id: Uuid::from_u128(id),
            kind,
            cause_category: cause,
            factor_kind: None,
            has_evidence: true,
            has_reason_for_none: false,
        }
    }

    fn codes(step: Step, facts: &Facts) -> Vec<String> {
        unmet(step, facts)
            .into_iter()
            .map(|fault| fault.code)
            .collect()
    }

    #[test]
    fn every_state_allows_its_own_steps_only() {
        use ReviewStatus::{Cancelled, Closed, Draft, InProgress, InReview, Published, Waived};
        let table: [(ReviewStatus, &[Step]); 7] = [
            (Draft, &[Step::Start, Step::Waive, Step::Cancel]),
            (InProgress, &[Step::Submit, Step::Waive, Step::Cancel]),
            (
                InReview,
                &[Step::Publish, Step::Waive, Step::Cancel, Step::Reopen],
            ),
            (Published, &[Step::Close, Step::Reopen]),
            (Closed, &[Step::Reopen]),
            (Waived, &[Step::Reopen]),
            (Cancelled, &[Step::Reopen]),
        ];
        for (status, allowed) in table {
            for step in Step::ALL {
                let met = unmet(step, &facts(status)).is_empty();
                assert_eq!(met, allowed.contains(&step), "{status} {step:?}");
            }
        }
    }

    #[test]
    fn each_condition_has_its_own_code() {
        let mut submit = facts(ReviewStatus::InProgress);
        (submit.has_owner, submit.has_summary, submit.has_events) = (false, false, false);
        assert_eq!(
            codes(Step::Submit, &submit),
            ["no_owner", "no_summary", "no_events"]
        );

        let mut publish = facts(ReviewStatus::InReview);
        publish.asked_by_owner = true;
        publish.findings = vec![finding(1, FindingKind::Gap, None)];
        assert_eq!(
            codes(Step::Publish, &publish),
            [
                "approver_is_owner",
                "no_cause_with_evidence",
                "gap_without_answer",
                "no_strength"
            ]
        );
    }

    #[test]
    fn an_action_that_was_given_up_answers_no_gap() {
        let mut review = facts(ReviewStatus::InReview);
        review.findings.push(finding(3, FindingKind::Gap, None));
        for (status, answers) in [
            (ActionStatus::Proposed, true),
            (ActionStatus::Open, true),
            (ActionStatus::RiskAccepted, true),
            (ActionStatus::Declined, false),
            (ActionStatus::Cancelled, false),
        ] {
            review.actions = vec![ActionFact {
                id: Uuid::nil(),
                status,
                is_complete: true,
                is_approved: true,
                finding_ids: vec![Uuid::from_u128(3)],
            }];
            let unmet = codes(Step::Publish, &review);
            assert_eq!(unmet.is_empty(), answers, "{status} {unmet:?}");
        }
    }

    #[test]
    fn human_error_is_never_the_only_cause() {
        let mut review = facts(ReviewStatus::InReview);
        review.findings[0].cause_category = Some(CauseCategory::HumanError);
        assert_eq!(codes(Step::Publish, &review), ["only_human_error"]);
        review.findings.push(finding(
            3,
            FindingKind::ContributingFactor,
            Some(CauseCategory::SystemFailure),
        ));
        assert!(codes(Step::Publish, &review).is_empty());
    }

    #[test]
    fn a_review_closes_when_every_action_has_ended_well() {
        let mut review = facts(ReviewStatus::Published);
        for (status, approved, code) in [
            (ActionStatus::Verified, false, None),
            (ActionStatus::Declined, false, None),
            (ActionStatus::RiskAccepted, true, None),
            (
                ActionStatus::RiskAccepted,
                false,
                Some("risk_without_approval"),
            ),
            (ActionStatus::Implemented, false, Some("unfinished_action")),
            (ActionStatus::Open, false, Some("unfinished_action")),
        ] {
            review.actions = vec![ActionFact {
                id: Uuid::nil(),
                status,
                is_complete: true,
                is_approved: approved,
                finding_ids: Vec::new(),
            }];
            assert_eq!(
                codes(Step::Close, &review).first().map(String::as_str),
                code,
                "{status}"
            );
        }
    }
}

//! Every state with every step, and every condition of each.

use entity::Timestamp;

use super::*;
use crate::resources::ResourceKind;
use crate::wording::rules::Kind;
use crate::wording_notes::rules::Source;

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
        recommendations: Vec::new(),
        lessons: Vec::new(),
        workshops: WorkshopFacts::default(),
        policy: PolicyFacts::default(),
        wording: Vec::new(),
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
fn a_workshop_is_asked_for_when_handing_in_and_then_only() {
    for status in [ReviewStatus::InProgress, ReviewStatus::InReview] {
        let mut review = facts(status);
        review.workshops.required = true;
        let expected: &[&str] = match status {
            ReviewStatus::InProgress => &["no_workshop_held"],
            _ => &[],
        };
        let step = if status == ReviewStatus::InProgress {
            Step::Submit
        } else {
            Step::Publish
        };
        assert_eq!(codes(step, &review), expected, "{status}");
    }
}

#[test]
fn what_blames_is_reworded_or_acknowledged_before_it_is_made_known() {
    let mut review = facts(ReviewStatus::InReview);
    let note = Note {
        id: Uuid::from_u128(7),
        source: Source {
            kind: ResourceKind::Finding,
            id: Uuid::from_u128(1),
            parent: None,
            created_at: Timestamp::parse("2026-01-01T00:00:00Z").expect("an instant"),
        },
        pointer: "/statement".to_owned(),
        phrase: "should have".to_owned(),
        kind: Kind::Counterfactual,
    };
    review.wording = vec![note.clone(), note];
    let expected = ["blame_wording", "blame_wording"];
    assert_eq!(codes(Step::Publish, &review), expected);
    for step in Step::ALL.into_iter().filter(|step| *step != Step::Publish) {
        assert!(!codes(step, &review).contains(&expected[0].to_owned()));
    }
}

#[test]
fn human_error_is_never_the_only_cause() {
    use CauseCategory::{HumanError, SystemFailure};
    use FactorKind::{Causal, Contributing, Mitigating, Systemic};
    use FindingKind::{ContributingFactor, RootCause};
    let mut review = facts(ReviewStatus::InReview);
    review.findings[0].cause_category = Some(CauseCategory::HumanError);
    assert_eq!(codes(Step::Publish, &review), ["only_human_error"]);
    let beside = |kind, category, factor| FindingFact {
        factor_kind: factor,
        ..finding(3, kind, Some(category))
    };
    for (kind, category, factor, suffices) in [
        (ContributingFactor, SystemFailure, None, true),
        (ContributingFactor, HumanError, Some(Systemic), false),
        (RootCause, SystemFailure, Some(Systemic), true),
        (RootCause, SystemFailure, Some(Contributing), true),
        (RootCause, SystemFailure, Some(Causal), false),
        (RootCause, SystemFailure, Some(Mitigating), false),
        (RootCause, SystemFailure, None, false),
        (RootCause, HumanError, Some(Systemic), false),
    ] {
        let mut review = review.clone();
        review.findings.push(beside(kind, category, factor));
        let unmet = codes(Step::Publish, &review);
        assert_eq!(unmet.is_empty(), suffices, "{kind} {category} {factor:?}");
    }
}

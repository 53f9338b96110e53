//! What a review asks of its recommendations, actions and lessons.

use entity::vocabulary::ReviewStatus;
use sea_orm::Iterable as _;

use super::super::FindingFact;
use super::*;

const GAP: Uuid = Uuid::from_u128(1);

fn facts() -> Facts {
    Facts {
        status: ReviewStatus::InReview,
        has_owner: true,
        asked_by_owner: false,
        has_summary: true,
        has_events: true,
        findings: vec![FindingFact {
            id: GAP,
            kind: FindingKind::Gap,
            cause_category: None,
            factor_kind: None,
            has_evidence: false,
            has_reason_for_none: false,
        }],
        actions: Vec::new(),
        recommendations: Vec::new(),
        lessons: Vec::new(),
        workshops: crate::workshops::readiness::WorkshopFacts::default(),
        wording: Vec::new(),
        policy: crate::lifecycle::policy::PolicyFacts::default(),
    }
}

fn action(id: u128, status: ActionStatus, finding_ids: &[Uuid]) -> ActionFact {
    ActionFact {
        id: Uuid::from_u128(id),
        status,
        is_complete: true,
        is_approved: true,
        has_expired: false,
        finding_ids: finding_ids.to_vec(),
    }
}

fn recommendation(id: u128, disposition: Disposition) -> RecommendationFact {
    RecommendationFact {
        id: Uuid::from_u128(id),
        disposition,
        is_approved: true,
        has_expired: false,
        duplicate_of_id: None,
        finding_ids: vec![GAP],
        action_ids: Vec::new(),
    }
}

fn codes(unmet: Vec<Fault>) -> Vec<String> {
    unmet.into_iter().map(|fault| fault.code).collect()
}

#[test]
fn an_action_that_was_given_up_answers_no_gap() {
    let mut review = facts();
    assert_eq!(codes(publish(&review)), ["gap_without_answer"]);
    for status in ActionStatus::iter() {
        review.actions = vec![action(2, status, &[GAP])];
        let given_up = matches!(status, ActionStatus::Declined | ActionStatus::Cancelled);
        let expected: &[&str] = if given_up {
            &["gap_without_answer"]
        } else {
            &[]
        };
        assert_eq!(codes(publish(&review)), expected, "{status}");
    }
    review.actions = vec![action(2, ActionStatus::Open, &[Uuid::from_u128(9)])];
    assert_eq!(codes(publish(&review)), ["gap_without_answer"]);
    review.findings[0].has_reason_for_none = true;
    assert!(publish(&review).is_empty());
}

#[test]
fn every_recommendation_is_decided_about_and_a_rejected_one_answers_nothing() {
    let mut review = facts();
    for disposition in Disposition::iter() {
        review.recommendations = vec![recommendation(2, disposition)];
        let expected: &[&str] = match disposition {
            Disposition::Proposed => &["undecided_recommendation"],
            Disposition::Accepted => &["recommendation_without_action"],
            Disposition::Rejected | Disposition::Duplicate => &["gap_without_answer"],
            Disposition::Deferred | Disposition::RiskAccepted => &[],
        };
        assert_eq!(codes(publish(&review)), expected, "{disposition}");
    }
}

#[test]
fn a_duplicate_answers_as_its_original_does() {
    let mut review = facts();
    for (original, expected) in [
        (Disposition::Rejected, &["gap_without_answer"][..]),
        (Disposition::Deferred, &[]),
    ] {
        let duplicate = RecommendationFact {
            duplicate_of_id: Some(Uuid::from_u128(2)),
            ..recommendation(3, Disposition::Duplicate)
        };
        let original = RecommendationFact {
            finding_ids: Vec::new(),
            ..recommendation(2, original)
        };
        review.recommendations = vec![original, duplicate];
        assert_eq!(codes(publish(&review)), expected);
    }
}

#[test]
fn what_is_accepted_is_carried_out_by_a_complete_action() {
    let mut review = facts();
    review.recommendations = vec![RecommendationFact {
        action_ids: vec![Uuid::from_u128(3)],
        ..recommendation(2, Disposition::Accepted)
    }];
    assert_eq!(codes(publish(&review)), ["recommendation_without_action"]);
    review.actions = vec![action(3, ActionStatus::Declined, &[])];
    assert_eq!(codes(publish(&review)), ["recommendation_without_action"]);
    review.actions[0].status = ActionStatus::Open;
    assert!(publish(&review).is_empty());
    review.actions[0].is_complete = false;
    assert_eq!(codes(publish(&review)), ["incomplete_action"]);
    // Nobody is committed to what is only proposed.
    review.actions[0].status = ActionStatus::Proposed;
    assert!(publish(&review).is_empty());
}

#[test]
fn a_review_closes_when_every_action_has_ended_well() {
    use ActionStatus::{Cancelled, Declined, Implemented, Open, Proposed, RiskAccepted, Verified};
    let mut review = facts();
    for (status, approved, expired, code) in [
        (Verified, false, false, None),
        (Declined, false, false, None),
        // What ended otherwise since needs no acceptance.
        (Cancelled, true, true, None),
        (RiskAccepted, true, false, None),
        (RiskAccepted, true, true, Some("risk_acceptance_expired")),
        (RiskAccepted, false, false, Some("risk_without_approval")),
        (Implemented, false, false, Some("unfinished_action")),
        (Proposed, false, false, Some("unfinished_action")),
        (Open, false, false, Some("unfinished_action")),
    ] {
        review.actions = vec![ActionFact {
            is_approved: approved,
            has_expired: expired,
            ..action(2, status, &[])
        }];
        let found = codes(close(&review));
        assert_eq!(found.first().map(String::as_str), code, "{status}");
    }
}

#[test]
fn a_review_closes_when_every_recommendation_is_settled() {
    let mut review = facts();
    for disposition in Disposition::iter() {
        for (approved, expired) in [(true, false), (true, true), (false, false)] {
            review.recommendations = vec![RecommendationFact {
                is_approved: approved,
                has_expired: expired,
                ..recommendation(2, disposition)
            }];
            let expected: &[&str] = match (disposition, approved) {
                (Disposition::Proposed, _) => &["undecided_recommendation"],
                (Disposition::RiskAccepted, false) => &["risk_without_approval"],
                (Disposition::RiskAccepted, true) if expired => &["risk_acceptance_expired"],
                _ => &[],
            };
            assert_eq!(codes(close(&review)), expected, "{disposition} {approved}");
        }
    }
}

#[test]
fn a_review_closes_when_every_lesson_is_kept_or_retired() {
    let mut review = facts();
    for status in LessonStatus::iter() {
        let id = Uuid::from_u128(2);
        review.lessons = vec![LessonFact { id, status }];
        let kept = matches!(status, LessonStatus::Embedded | LessonStatus::Retired);
        let expected: &[&str] = if kept { &[] } else { &["lesson_not_embedded"] };
        let unmet = close(&review);
        assert!(unmet.iter().all(|one| one.detail.contains(&id.to_string())));
        assert_eq!(codes(unmet), expected, "{status}");
    }
}

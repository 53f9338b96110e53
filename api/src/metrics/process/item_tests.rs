//! Tests of what one review contributes.

use entity::vocabulary::{LessonStatus, ObligationStatus, WorkshopKind};

use super::super::durations::Span;
use super::super::records_body::{ProcessDuration, ProcessFlag};
use super::*;
use crate::workshops::presence::Presence;
use crate::workshops::readiness::Facilitation;
use ReviewStatus as S;

fn at(day: i64) -> Timestamp {
    Timestamp::from_micros(day * 86_400_000_000).expect("in range")
}

/// A review opened on day 10 that took steps, one a day, from a day on.
fn item(first: i64, states: &[ReviewStatus]) -> Item {
    let each = states.windows(2).zip(first..);
    let steps = each.map(|(two, day)| Step {
        from: two[0],
        to: two[1],
        at: at(day),
        reason: Some(format!("on day {day}")),
        approver: None,
    });
    Item {
        id: Uuid::nil(),
        key: String::new(),
        title: String::new(),
        kind: ReviewKind::Incident,
        severity: Severity::High,
        status: states.last().copied().unwrap_or(S::Draft),
        tags: Vec::new(),
        incidents: Vec::new(),
        backfilled: false,
        is_test: false,
        owner: None,
        function: None,
        created_at: at(10),
        workshop_due: Due::default(),
        publication_due: Due::default(),
        functions_wanted: Vec::new(),
        incidents_closed: Closure::At(at(8)),
        steps: steps.collect(),
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
    }
}

/// A workshop that was held on a day.
fn session(kind: WorkshopKind, day: i64, facilitation: Facilitation) -> Session {
    Session {
        id: Uuid::nil(),
        kind,
        held_at: at(day),
        facilitation,
        override_reason: None,
        required: Vec::new(),
        invited: Vec::new(),
    }
}

const DAY: i64 = 86_400;

#[test]
fn each_duration_goes_from_its_own_end_to_its_own() {
    use ProcessDuration as D;
    let life = [
        S::Draft,
        S::InProgress,
        S::InReview,
        S::Published,
        S::Closed,
    ];
    let mut whole = item(11, &life);
    whole.sessions = vec![
        session(WorkshopKind::Hotwash, 9, Facilitation::Neutral),
        session(WorkshopKind::LessonsLearned, 12, Facilitation::Neutral),
        session(WorkshopKind::LessonsLearned, 14, Facilitation::Neutral),
    ];
    for (which, days) in [
        (D::TimeToOpen, 2),
        (D::TimeToWorkshop, 4),
        (D::OpenedToWorkshop, 2),
        (D::WorkshopToPublished, 1),
        (D::TimeToPublish, 5),
        (D::OpenedToPublished, 3),
        (D::PublishedToClosed, 1),
    ] {
        assert_eq!(whole.duration(which), Span::Known(days * DAY), "{which:?}");
    }
    let early = Item {
        incidents_closed: Closure::At(at(13)),
        ..whole.clone()
    };
    for which in [D::TimeToOpen, D::TimeToWorkshop] {
        assert_eq!(early.duration(which), Span::Known(0), "before the closure");
    }
    let late = Item {
        incidents_closed: Closure::At(at(14)),
        ..whole.clone()
    };
    assert_eq!(late.duration(D::TimeToPublish), Span::Invalid);
    let rough = Item {
        incidents_closed: Closure::Roughly(at(8)),
        ..whole.clone()
    };
    assert_eq!(rough.duration(D::TimeToOpen), Span::Imprecise);
    let unknown = Item {
        incidents_closed: Closure::Unknown,
        ..whole
    };
    assert_eq!(unknown.duration(D::TimeToOpen), Span::Missing);
    let unpublished = item(11, &life[..3]);
    for which in [
        D::TimeToPublish,
        D::OpenedToPublished,
        D::PublishedToClosed,
        D::OpenedToWorkshop,
        D::WorkshopToPublished,
    ] {
        assert_eq!(unpublished.duration(which), Span::Missing, "{which:?}");
    }
}

#[test]
fn the_first_publication_and_the_last_closure_count() {
    let life = [
        S::Draft,
        S::InProgress,
        S::InReview,
        S::Published,
        S::InProgress,
        S::InReview,
        S::InProgress,
        S::InReview,
        S::Published,
        S::Closed,
    ];
    let twice = item(11, &life);
    assert_eq!(
        (twice.published_at(), twice.closed_at()),
        (Some(at(13)), Some(at(19)))
    );
    assert_eq!(twice.returns(), (1, 1));
    let mut reopened = life.to_vec();
    reopened.push(S::InProgress);
    let reopened = item(11, &reopened);
    assert_eq!((reopened.closed_at(), reopened.returns()), (None, (1, 2)));
}

#[test]
fn every_flag_holds_where_it_should() {
    use ProcessFlag as F;
    let published = [S::Draft, S::InProgress, S::InReview, S::Published];
    let flags = |item: &Item, now: i64| {
        let all = F::ALL.iter().copied();
        all.filter(|flag| item.is(*flag, at(now)))
            .collect::<Vec<F>>()
    };
    let due = |item: Item, day: i64| Item {
        publication_due: Due {
            by_policy: Some(at(day)),
            own: Some(at(day)),
        },
        ..item
    };
    let out = [F::Submitted, F::Finished, F::WithoutEvents];
    assert_eq!(
        flags(&due(item(11, &published), 13), 20),
        [&[F::PublishedOnTime, F::PublicationDue][..], &out].concat()
    );
    assert_eq!(
        flags(&due(item(11, &published), 12), 20),
        [&[F::PublishedLate, F::PublicationDue][..], &out].concat()
    );
    assert_eq!(flags(&item(11, &published), 20), out);
    let at_work = due(item(11, &published[..2]), 15);
    assert_eq!(flags(&at_work, 15), [F::WithoutEvents]);
    assert_eq!(
        flags(&at_work, 16),
        [F::PublicationOverdue, F::PublicationDue, F::WithoutEvents]
    );
    let sent_back = [S::Draft, S::InProgress, S::InReview, S::InProgress];
    assert_eq!(
        flags(&item(11, &sent_back), 20),
        [F::Submitted, F::SentBack, F::WithoutEvents]
    );
    let waived = due(item(11, &[S::Draft, S::Waived]), 15);
    assert_eq!(
        flags(&waived, 20),
        [F::Finished, F::Waived, F::WithoutEvents]
    );
    assert_eq!(
        waived.ending().and_then(|step| step.reason.as_deref()),
        Some("on day 11")
    );
    let again = item(11, &[S::Draft, S::Cancelled, S::InProgress]);
    assert_eq!(
        flags(&again, 20),
        [F::Finished, F::Reopened, F::WithoutEvents]
    );
    assert_eq!(again.ending(), None);
    let mut full = item(11, &[S::Draft, S::Cancelled]);
    full.events = 3;
    full.findings[FindingKind::ContributingFactor as usize] = 1;
    full.findings[FindingKind::Strength as usize] = 2;
    full.completeness = 99;
    let mut expected = vec![F::Finished, F::Cancelled, F::WithCause, F::WithStrength];
    assert_eq!(flags(&full, 20), expected);
    full.completeness = 100;
    expected.push(F::Complete);
    assert_eq!(flags(&full, 20), expected);
}

#[test]
fn what_holds_of_workshops_and_of_what_is_left_behind() {
    use ProcessFlag as F;
    let flags = |item: &Item| {
        let all = F::ALL.iter().copied();
        let holds = all.filter(|flag| item.is(*flag, at(20)));
        holds.collect::<Vec<F>>()
    };
    let mut one = item(11, &[S::Draft, S::InProgress]);
    one.events = 1;
    one.workshop_due = Due {
        by_policy: Some(at(12)),
        own: None,
    };
    assert_eq!(
        flags(&one),
        [F::WorkshopOverdue, F::WorkshopDue, F::WorkshopPutOff]
    );
    one.workshop_due.own = Some(at(99));
    one.sessions = vec![session(WorkshopKind::Hotwash, 12, Facilitation::Nobody)];
    let expected = [
        F::WorkshopOverdue,
        F::WorkshopDue,
        F::WorkshopPutOff,
        F::HadSession,
        F::LedByNobody,
    ];
    assert_eq!(flags(&one), expected, "a hotwash is not the workshop");
    let mut held = session(WorkshopKind::LessonsLearned, 13, Facilitation::Overridden);
    held.required = vec![
        (StakeholderFunction::It, Presence::Excused),
        (StakeholderFunction::Legal, Presence::Absent),
    ];
    one.sessions = vec![held];
    let expected = [
        F::WorkshopLate,
        F::WorkshopDue,
        F::WorkshopPutOff,
        F::HadSession,
        F::WorkshopHeld,
        F::FunctionAbsent,
        F::LedByOverride,
    ];
    assert_eq!(flags(&one), expected);
    assert!(one.lacked(&[StakeholderFunction::It, StakeholderFunction::Legal]));
    assert!(!one.lacked(&[StakeholderFunction::It]));
    one.sessions[0].held_at = at(12);
    one.sessions[0].required.clear();
    one.sessions[0].facilitation = Facilitation::Conflicted;
    one.workshop_due.own = Some(at(11));
    one.lessons = vec![Lesson {
        status: LessonStatus::Proposed,
        created_at: at(12),
    }];
    one.obligations = vec![Obligation {
        status: ObligationStatus::Missed,
        margin: Some(-1),
    }];
    let expected = [
        F::WorkshopOnTime,
        F::WorkshopDue,
        F::HadSession,
        F::WorkshopHeld,
        F::LedInConflict,
        F::LessonWaiting,
        F::ObligationUnmet,
    ];
    assert_eq!(flags(&one), expected);
}

#[test]
fn there_is_a_place_for_every_kind_of_finding() {
    use entity::vocabulary::Vocabulary as _;
    assert_eq!(FindingKind::TERMS.len(), FINDING_KINDS);
    let mut one = item(11, &[S::Draft]);
    one.findings[FindingKind::Observation as usize] = 4;
    assert_eq!(one.findings_of(FindingKind::Observation), 4);
}

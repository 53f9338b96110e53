//! A review that lacks nothing, and what it lacks when one thing after the other is taken from it.

use entity::vocabulary::{
    ActionStatus, ActionType, AssessmentDimension, CauseCategory, ControlFunction, Disposition,
    FactorKind, FindingKind, GapCategory, ImpactDimension, ImpactRating, ImpactSnapshot,
    ProcedureAnswer, ReviewStatus,
};
use proptest::prelude::*;

use super::*;
use crate::completeness::facts::{
    ActionFact, AssessmentFact, CommunicationFact, DecisionFact, EventFacts, FindingFact,
    ImpactFact, IncidentFact, LessonFact, RecommendationFact,
};

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn one(n: u128, kind: FindingKind) -> FindingFact {
    FindingFact {
        id: id(n),
        kind,
        cause: None,
        factor: None,
        gap: None,
        control: None,
        parent: None,
        has_evidence: true,
        has_risk: true,
        has_reason_for_none: false,
        has_techniques: false,
    }
}

fn assessment(n: u128, dimension: AssessmentDimension) -> AssessmentFact {
    AssessmentFact {
        id: id(n),
        dimension,
        score: Some(2),
        has_weaknesses: true,
        names_events: true,
        followed: ProcedureAnswer::Partly,
        adequate: ProcedureAnswer::No,
    }
}

fn impact(n: u128, dimension: ImpactDimension) -> ImpactFact {
    ImpactFact {
        id: id(n),
        snapshot: ImpactSnapshot::Final,
        dimension,
        rating: ImpactRating::Moderate,
    }
}

/// A review that lacks nothing.
fn complete() -> Facts {
    let root = FindingFact {
        cause: Some(CauseCategory::ProcessFailure),
        factor: Some(FactorKind::Causal),
        ..one(1, FindingKind::RootCause)
    };
    let gap = FindingFact {
        gap: Some(GapCategory::DetectionLogging),
        control: Some(ControlFunction::Detective),
        parent: Some(id(1)),
        has_techniques: true,
        ..one(2, FindingKind::Gap)
    };
    let impacts = [
        ImpactDimension::BusinessOperations,
        ImpactDimension::DataConfidentiality,
        ImpactDimension::DataIntegrity,
        ImpactDimension::DataAvailability,
        ImpactDimension::Reputation,
    ];
    Facts {
        incidents: vec![IncidentFact {
            id: id(9),
            has_detection: true,
            has_end: true,
            has_techniques: false,
        }],
        events: EventFacts {
            all: 12,
            key: 4,
            adversary: 3,
            signs: 2,
            late: 1,
            inhibiting: 1,
        },
        decisions: vec![DecisionFact {
            id: id(20),
            says_what_was_known: true,
            says_why: true,
            has_hindsight: true,
        }],
        communications: vec![CommunicationFact {
            id: id(30),
            is_external: true,
            timely: Some(false),
            effective: Some(true),
            has_issue: true,
        }],
        assessments: (40..)
            .zip(response::EVERY)
            .map(|(n, dimension)| assessment(n, dimension))
            .collect(),
        impacts: (50..).zip(impacts).map(|(n, one)| impact(n, one)).collect(),
        findings: vec![root, gap, one(3, FindingKind::Strength)],
        recommendations: vec![RecommendationFact {
            id: id(60),
            disposition: Disposition::Accepted,
            duplicate_of: None,
            findings: vec![id(2)],
            actions: vec![id(70)],
        }],
        actions: vec![ActionFact {
            id: id(70),
            status: ActionStatus::Open,
            kind: ActionType::Detect,
            is_complete: true,
            has_effort: true,
            findings: vec![id(2)],
        }],
        lessons: vec![LessonFact {
            id: id(80),
            has_findings: true,
            is_shared: false,
        }],
        ..Facts::of(id(0), ReviewStatus::InProgress)
    }
}

/// The criteria that are not met, each with the codes of what is missing.
fn unmet(facts: &Facts) -> Vec<(&'static str, Vec<&'static str>)> {
    let judged = PARTS.iter().flat_map(|parts| judge(parts, facts));
    let verdicts = judged.flat_map(|one| one.verdicts);
    let unmet = verdicts.filter(|(_, verdict)| verdict.outcome() == Outcome::Unmet);
    unmet
        .map(|(criterion, verdict)| {
            let codes = verdict.missing.iter().map(|one| one.code).collect();
            (criterion.code, codes)
        })
        .collect()
}

fn codes(facts: &Facts) -> Vec<&'static str> {
    unmet(facts).into_iter().map(|(code, _)| code).collect()
}

#[test]
fn what_lacks_nothing_comes_to_a_hundred_and_what_has_nothing_to_nothing() {
    assert_eq!(codes(&complete()), [""; 0]);
    let (total, parts) = scores(&complete());
    assert_eq!(total, 100);
    assert_eq!(parts.len(), 7 + 9);
    assert!(parts.iter().all(|(_, score)| *score == 100));

    let mut empty = Facts::of(id(0), ReviewStatus::Draft);
    empty.incidents = vec![IncidentFact {
        id: id(9),
        has_detection: false,
        has_end: false,
        has_techniques: false,
    }];
    let (total, parts) = scores(&empty);
    assert_eq!(total, 0);
    assert!(parts.iter().all(|(_, score)| *score == 0), "{parts:?}");
    assert!(unmet(&empty).iter().all(|(_, codes)| !codes.is_empty()));
}

#[test]
fn objectives_and_questions_weigh_alike_and_no_two_criteria_have_one_name() {
    let weigh = |parts: &[Part]| parts.iter().map(|one| one.weight).sum::<u32>();
    let [objectives, questions] = PARTS;
    assert_eq!((objectives.len(), questions.len()), (7, 9));
    assert_eq!(weigh(objectives), weigh(questions));
    let criteria = PARTS.iter().flat_map(|parts| parts.iter());
    let mut names: Vec<_> = criteria
        .flat_map(|part| part.criteria.iter().map(|one| one.code))
        .collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}

/// What is taken from the review, and the criteria that are not met then, each with what is missing.
type Case = (fn(&mut Facts), &'static [(&'static str, &'static str)]);

const CASES: &[Case] = &[
    (
        |facts| facts.findings.retain(|one| one.kind != FindingKind::Gap),
        &[
            ("reasons_behind_causes", "no_contributing_factor"),
            ("gap_recorded", "no_gap"),
            ("gaps_classified", "no_gap"),
            ("gaps_rated", "no_gap"),
            ("gaps_answered", "no_gap"),
            ("root_causes_answered", "root_cause_without_answer"),
            ("techniques_named", "no_technique"),
            ("needs_named", "no_need"),
        ],
    ),
    (
        |facts| {
            facts
                .findings
                .retain(|one| one.kind != FindingKind::RootCause);
        },
        &[
            ("root_cause_recorded", "no_root_cause"),
            ("causes_have_evidence", "no_root_cause"),
            ("beyond_human_error", "no_root_cause"),
            ("reasons_behind_causes", "no_contributing_factor"),
            ("root_causes_answered", "no_root_cause"),
        ],
    ),
    (
        |facts| facts.findings[0].has_evidence = false,
        &[("causes_have_evidence", "no_evidence")],
    ),
    (
        |facts| facts.findings[0].cause = Some(CauseCategory::HumanError),
        &[("beyond_human_error", "only_human_error")],
    ),
    (
        |facts| facts.findings[1].parent = None,
        &[
            ("reasons_behind_causes", "no_contributing_factor"),
            ("root_causes_answered", "root_cause_without_answer"),
        ],
    ),
    (
        |facts| {
            facts
                .assessments
                .retain(|one| one.dimension != AssessmentDimension::Eradication);
        },
        &[
            ("eradication_assessed", "not_assessed"),
            ("assessments_name_events", "not_assessed"),
            ("response_assessed", "not_assessed"),
            ("procedures_followed_answered", "not_assessed"),
            ("procedures_adequate_answered", "not_assessed"),
        ],
    ),
    (
        |facts| facts.assessments[2].names_events = false,
        &[("assessments_name_events", "no_events_named")],
    ),
    (
        |facts| facts.assessments[7].followed = ProcedureAnswer::Unknown,
        &[(
            "procedures_followed_answered",
            "procedures_followed_unknown",
        )],
    ),
    (
        |facts| facts.assessments[0].adequate = ProcedureAnswer::Unknown,
        &[(
            "procedures_adequate_answered",
            "procedures_adequate_unknown",
        )],
    ),
    (
        |facts| facts.decisions.clear(),
        &[
            ("decisions_logged", "no_decision"),
            ("knowledge_at_decisions", "no_decision"),
            ("decisions_in_hindsight", "no_decision"),
        ],
    ),
    (
        |facts| facts.decisions[0].says_why = false,
        &[("decisions_logged", "decision_unexplained")],
    ),
    (
        |facts| facts.decisions[0].says_what_was_known = false,
        &[
            ("decisions_logged", "decision_unexplained"),
            ("knowledge_at_decisions", "knowledge_missing"),
        ],
    ),
    (
        |facts| facts.decisions[0].has_hindsight = false,
        &[("decisions_in_hindsight", "hindsight_missing")],
    ),
    (
        |facts| facts.communications.clear(),
        &[
            ("communications_logged", "no_communication"),
            ("external_communications_judged", "no_communication"),
            ("sharing_improvement_named", "no_sharing_improvement"),
        ],
    ),
    (
        |facts| facts.communications[0].effective = None,
        &[
            ("communications_logged", "communication_not_judged"),
            ("external_communications_judged", "communication_not_judged"),
        ],
    ),
    (
        |facts| facts.communications[0].is_external = false,
        &[
            ("external_communications_judged", "no_communication"),
            ("sharing_improvement_named", "no_sharing_improvement"),
        ],
    ),
    (
        |facts| facts.impacts[0].rating = ImpactRating::Unknown,
        &[
            ("operations_settled", "impact_unknown"),
            ("estimates_settled", "impact_unknown"),
        ],
    ),
    (
        |facts| facts.impacts[2].snapshot = ImpactSnapshot::Initial,
        &[
            ("data_settled", "no_final_impact"),
            ("estimates_settled", "no_final_impact"),
        ],
    ),
    (
        |facts| facts.impacts.truncate(4),
        &[("reputation_settled", "no_final_impact")],
    ),
    (
        |facts| facts.impacts.clear(),
        &[
            ("operations_settled", "no_final_impact"),
            ("data_settled", "no_final_impact"),
            ("reputation_settled", "no_final_impact"),
            ("estimates_settled", "no_impact"),
        ],
    ),
    (
        |facts| facts.findings[1].gap = Some(GapCategory::Policy),
        &[("needs_named", "no_need")],
    ),
    (
        |facts| facts.findings[1].gap = None,
        &[
            ("gaps_classified", "no_gap_category"),
            ("needs_named", "no_need"),
        ],
    ),
    (
        |facts| facts.findings[1].has_risk = false,
        &[("gaps_rated", "no_risk")],
    ),
    (
        |facts| {
            facts.recommendations[0].findings.clear();
            facts.actions[0].findings.clear();
        },
        &[
            ("gaps_answered", "gap_without_answer"),
            ("root_causes_answered", "root_cause_without_answer"),
        ],
    ),
    (
        |facts| facts.recommendations.clear(),
        &[
            ("recommendation_made", "no_recommendation"),
            ("recommendations_decided", "no_recommendation"),
            ("accepted_have_actions", "no_recommendation"),
        ],
    ),
    (
        |facts| facts.recommendations[0].disposition = Disposition::Proposed,
        &[("recommendations_decided", "undecided_recommendation")],
    ),
    (
        |facts| facts.recommendations[0].actions.clear(),
        &[("accepted_have_actions", "recommendation_without_action")],
    ),
    (
        |facts| facts.actions[0].is_complete = false,
        &[("actions_complete", "incomplete_action")],
    ),
    (
        |facts| facts.actions[0].has_effort = false,
        &[("efforts_estimated", "no_effort")],
    ),
    (
        |facts| facts.actions[0].status = ActionStatus::Cancelled,
        &[
            ("accepted_have_actions", "recommendation_without_action"),
            ("actions_complete", "no_action"),
            ("action_agreed", "no_action"),
            ("efforts_estimated", "no_action"),
        ],
    ),
    (
        |facts| facts.findings.truncate(2),
        &[
            ("strength_recorded", "no_strength"),
            ("strengths_have_evidence", "no_strength"),
        ],
    ),
    (
        |facts| facts.events = EventFacts::default(),
        &[
            ("chronology_recorded", "no_event"),
            ("key_events_marked", "no_key_event"),
            ("signs_in_chronology", "no_sign"),
        ],
    ),
    (
        |facts| facts.incidents[0].has_detection = false,
        &[("detection_timed", "no_detection_time")],
    ),
    (
        |facts| facts.incidents[0].has_end = false,
        &[("end_timed", "no_end_time")],
    ),
    (
        |facts| {
            facts.events.late = 0;
            facts.communications[0].timely = None;
        },
        &[
            ("communications_logged", "communication_not_judged"),
            ("late_information_named", "no_late_information"),
            ("external_communications_judged", "communication_not_judged"),
        ],
    ),
    (
        |facts| {
            facts.events.inhibiting = 0;
            facts.assessments[4].has_weaknesses = false;
        },
        &[("inhibitors_named", "no_inhibitor")],
    ),
    (
        |facts| facts.lessons.clear(),
        &[
            ("lesson_recorded", "no_lesson"),
            ("lessons_rest_on_findings", "no_lesson"),
        ],
    ),
    (
        |facts| facts.lessons[0].has_findings = false,
        &[("lessons_rest_on_findings", "lesson_without_finding")],
    ),
    (
        |facts| facts.findings[1].has_techniques = false,
        &[("techniques_named", "no_technique")],
    ),
    (
        |facts| {
            facts.findings[1].gap = Some(GapCategory::Technology);
            facts.findings[1].control = None;
            facts.actions[0].kind = ActionType::Prevent;
        },
        &[("detection_improved", "no_detection_improvement")],
    ),
];

#[test]
fn each_thing_that_is_missing_is_named_where_it_is_asked_for() {
    for (number, (take, expected)) in CASES.iter().enumerate() {
        let mut facts = complete();
        take(&mut facts);
        let found: Vec<_> = unmet(&facts)
            .into_iter()
            .map(|(code, missing)| {
                assert!(missing.iter().all(|one| *one == missing[0]), "{missing:?}");
                (code, missing[0])
            })
            .collect();
        assert_eq!(found, *expected, "case {number}");
        assert!(scores(&facts).0 < 100, "case {number}");
    }
    let mut broken: Vec<_> = CASES
        .iter()
        .flat_map(|(_, codes)| codes.iter().map(|(code, _)| *code))
        .collect();
    broken.sort_unstable();
    broken.dedup();
    let criteria = PARTS.iter().flat_map(|parts| parts.iter());
    let of_assessments = |code: &str| code.ends_with("_assessed");
    let unbroken: Vec<_> = criteria
        .flat_map(|part| part.criteria.iter().map(|one| one.code))
        .filter(|code| !broken.contains(code) && !of_assessments(code))
        .collect();
    assert_eq!(unbroken, [""; 0]);
}

#[test]
fn what_honestly_does_not_apply_is_complete() {
    use AssessmentDimension::{Communication, DecisionMaking, Detection, Recovery};
    let none = |facts: &mut Facts, dimension: AssessmentDimension| {
        let own = facts.assessments.iter_mut();
        for own in own.filter(|one| one.dimension == dimension) {
            own.score = None;
            own.has_weaknesses = false;
            own.names_events = false;
        }
    };
    // Nobody had to decide or to tell anybody.
    let mut quiet = complete();
    quiet.decisions.clear();
    quiet.communications.clear();
    none(&mut quiet, DecisionMaking);
    none(&mut quiet, Communication);
    assert_eq!(codes(&quiet), [""; 0]);
    // It recovered and was detected well.
    let mut well = complete();
    well.events.inhibiting = 0;
    for own in &mut well.assessments {
        if matches!(own.dimension, Recovery | Detection) {
            (own.score, own.has_weaknesses) = (Some(4), false);
        }
    }
    well.findings[1].control = None;
    well.findings[1].gap = Some(GapCategory::Technology);
    well.actions[0].kind = ActionType::Prevent;
    assert_eq!(codes(&well), [""; 0]);
    // An exercise: no incident, no adversary.
    let mut exercise = complete();
    exercise.incidents.clear();
    exercise.events.adversary = 0;
    exercise.findings[1].has_techniques = false;
    assert_eq!(codes(&exercise), [""; 0]);
    // Everything came in time.
    let mut prompt = complete();
    prompt.events.late = 0;
    prompt.communications[0].timely = Some(true);
    prompt.communications[0].has_issue = false;
    assert_eq!(codes(&prompt), [""; 0]);
    // Nothing is done, for reasons that are on record.
    let mut borne = complete();
    borne.recommendations.clear();
    borne.actions.clear();
    for own in &mut borne.findings[..2] {
        own.has_reason_for_none = true;
    }
    assert_eq!(codes(&borne), [""; 0]);
    // What was rejected calls for nothing more.
    let mut rejected = complete();
    rejected.recommendations[0].disposition = Disposition::Rejected;
    assert_eq!(codes(&rejected), [""; 0]);
    // Nothing was lacking at all.
    let mut faultless = complete();
    for own in &mut faultless.assessments {
        own.score = Some(5);
        own.has_weaknesses = false;
        (own.followed, own.adequate) = (ProcedureAnswer::Yes, ProcedureAnswer::Yes);
    }
    faultless
        .findings
        .retain(|one| one.kind != FindingKind::Gap);
    faultless.findings[0].has_reason_for_none = true;
    faultless.incidents[0].has_techniques = true;
    faultless.recommendations.clear();
    faultless.actions.clear();
    assert_eq!(codes(&faultless), ["reasons_behind_causes"]);
}

#[test]
fn a_duplicate_answers_as_its_original_does() {
    let mut facts = complete();
    facts.actions[0].findings.clear();
    facts.recommendations[0].findings.clear();
    facts.recommendations.push(RecommendationFact {
        id: id(61),
        disposition: Disposition::Duplicate,
        duplicate_of: Some(id(60)),
        findings: vec![id(2)],
        actions: Vec::new(),
    });
    assert_eq!(codes(&facts), [""; 0]);
    facts.recommendations[0].disposition = Disposition::Rejected;
    assert_eq!(codes(&facts), ["gaps_answered", "root_causes_answered"]);
}

/// Whether what the cases name is still there.
fn can_be_taken_from(facts: &Facts) -> bool {
    let there = [
        facts.findings.len() >= 2,
        facts.assessments.len() == response::EVERY.len(),
        facts.impacts.len() >= 3,
        !facts.decisions.is_empty(),
        !facts.communications.is_empty(),
        !facts.recommendations.is_empty(),
        !facts.actions.is_empty(),
        !facts.lessons.is_empty(),
    ];
    there.into_iter().all(|one| one)
}

proptest! {
    #[test]
    fn a_hundred_is_what_lacks_nothing(taken in proptest::collection::vec(0..CASES.len(), 0..6)) {
        let mut facts = complete();
        for case in taken {
            let (take, _) = CASES[case];
            if can_be_taken_from(&facts) {
                take(&mut facts);
            }
        }
        let (total, parts) = scores(&facts);
        prop_assert_eq!(total == 100, codes(&facts).is_empty());
        prop_assert!(parts.iter().all(|(_, score)| *score <= 100));
        let lowest = parts.iter().map(|(_, score)| *score).min().unwrap_or_default();
        let highest = parts.iter().map(|(_, score)| *score).max().unwrap_or_default();
        prop_assert!(lowest <= total && total <= highest);
    }
}

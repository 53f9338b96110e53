//! An agenda fills its session, says nothing about nothing, and gives more time to what is more.

use proptest::prelude::*;
use sea_orm::Iterable as _;

use super::*;
use crate::sessions::substance::{ActionSubstance, BoardSubstance};

fn full() -> Substance {
    Substance {
        events: 12,
        key_events: 5,
        hindsight_events: 2,
        decisions: 3,
        communications: 4,
        assessments: 4,
        impacts: 3,
        board: BoardSubstance {
            contributions: 6,
            groups: 1,
            topics: 4,
            votes: 5,
        },
        strengths: 2,
        causes: 3,
        gaps: 2,
        unanswered_gaps: 1,
        other_findings: 1,
        recommendations: 4,
        actions: ActionSubstance {
            overdue: 1,
            blocked: 2,
            unverified: 1,
            under_way: 3,
        },
        open_questions: 2,
    }
}

fn kinds(topics: &[AgendaTopic]) -> Vec<&'static str> {
    topics.iter().map(|topic| topic.kind.as_str()).collect()
}

/// The topics of each kind of session, in their order.
const TOPICS: [(WorkshopKind, &str); 7] = [
    (
        WorkshopKind::LessonsLearned,
        "ground_rules chronology decisions communications effectiveness impact contributions \
         strengths causes gaps recommendations open_questions next_steps",
    ),
    (
        WorkshopKind::Hotwash,
        "ground_rules chronology contributions strengths causes gaps next_steps",
    ),
    (
        WorkshopKind::CausalAnalysis,
        "ground_rules chronology decisions contributions causes gaps open_questions \
         next_steps",
    ),
    (
        WorkshopKind::ActionPlanning,
        "ground_rules causes gaps contributions recommendations actions open_questions \
         next_steps",
    ),
    (
        WorkshopKind::FollowUp,
        "ground_rules actions actions actions actions contributions open_questions next_steps",
    ),
    (
        WorkshopKind::LeadershipReadout,
        "ground_rules chronology impact effectiveness contributions strengths causes gaps \
         actions next_steps",
    ),
    (
        WorkshopKind::ExerciseDebrief,
        "ground_rules chronology decisions communications effectiveness impact contributions \
         strengths causes gaps recommendations open_questions next_steps",
    ),
];

#[test]
fn each_kind_of_session_has_its_own_topics() {
    assert_eq!(TOPICS.len(), WorkshopKind::iter().count());
    for (kind, expected) in TOPICS {
        assert_eq!(
            kinds(&propose(kind, 90, &full())).join(" "),
            expected,
            "{kind}"
        );
    }
}

#[test]
fn what_the_review_does_not_hold_is_no_topic() {
    let bare = propose(WorkshopKind::LessonsLearned, 90, &Substance::default());
    assert_eq!(
        kinds(&bare),
        [
            "ground_rules",
            "chronology",
            "strengths",
            "causes",
            "recommendations",
            "next_steps"
        ]
    );
    assert!(bare.iter().all(|topic| topic.notes.is_none()), "{bare:?}");
    let follow_up = propose(WorkshopKind::FollowUp, 45, &Substance::default());
    assert_eq!(kinds(&follow_up), ["ground_rules", "actions", "next_steps"]);
}

#[test]
fn more_to_talk_about_takes_more_of_the_time() {
    let minutes = |holds: &Substance, kind| {
        let topics = propose(WorkshopKind::LessonsLearned, 90, holds);
        topics
            .iter()
            .find(|topic| topic.kind == kind)
            .map(|topic| topic.minutes)
    };
    let few = full();
    let many = Substance { causes: 20, ..few };
    let (less, more) = (
        minutes(&few, AgendaTopicKind::Causes),
        minutes(&many, AgendaTopicKind::Causes),
    );
    assert!(more > less, "{less:?} {more:?}");
    assert!(
        minutes(&many, AgendaTopicKind::Chronology) < minutes(&few, AgendaTopicKind::Chronology)
    );
}

#[test]
fn what_people_voted_for_takes_more_of_the_time() {
    let voted = full();
    let minutes = |votes: usize| {
        let board = BoardSubstance {
            votes,
            ..voted.board
        };
        let holds = Substance { board, ..voted };
        let topics = propose(WorkshopKind::LessonsLearned, 90, &holds);
        let kind = AgendaTopicKind::Contributions;
        let own = topics.into_iter().find(|topic| topic.kind == kind);
        let own = own.expect("the topic");
        (own.minutes, own.notes.unwrap_or_default())
    };
    let (without, with) = (minutes(0), minutes(30));
    assert!(with.0 > without.0, "{without:?} {with:?}");
    assert_eq!(without.1, "contributions: 6, groups: 1");
    assert_eq!(with.1, "contributions: 6, groups: 1, votes: 30");
}

#[test]
fn a_long_session_has_a_break_and_a_short_one_leaves_the_least_out() {
    let long = propose(WorkshopKind::CausalAnalysis, 180, &full());
    let at = long
        .iter()
        .position(|topic| topic.kind == AgendaTopicKind::Break);
    assert!(
        at.is_some_and(|at| at > 1 && at < long.len() - 1),
        "{long:?}"
    );
    let short = propose(WorkshopKind::LessonsLearned, 10, &full());
    assert_eq!(
        kinds(&short),
        ["ground_rules", "causes", "recommendations", "next_steps"]
    );
    assert_eq!(short[0].minutes, 1);
}

#[test]
fn the_notes_say_what_there_is_in_numbers() {
    let topics = propose(WorkshopKind::LessonsLearned, 90, &full());
    assert_eq!(
        topics[1].notes.as_deref(),
        Some("events: 12, of them key: 5, known only in hindsight: 2")
    );
}

fn substance() -> impl Strategy<Value = Substance> {
    let count = || 0..200_usize;
    (
        (count(), count(), count(), count(), count(), count()),
        (count(), count(), count(), count(), count(), count()),
        (count(), count(), count(), count(), count(), count()),
    )
        .prop_map(|(first, second, third)| Substance {
            events: first.0,
            key_events: first.1,
            hindsight_events: first.2,
            decisions: first.3,
            communications: first.4,
            assessments: third.3,
            impacts: third.4,
            board: BoardSubstance {
                contributions: third.5,
                groups: 0,
                topics: third.5,
                votes: third.3,
            },
            strengths: first.5,
            causes: second.0,
            gaps: second.1,
            unanswered_gaps: second.2,
            other_findings: second.3,
            recommendations: second.4,
            actions: ActionSubstance {
                overdue: second.5,
                blocked: third.0,
                unverified: third.1,
                under_way: third.2,
            },
            open_questions: first.0 / 10,
        })
}

proptest! {
    #[test]
    fn every_agenda_takes_just_as_long_as_its_session(
        holds in substance(),
        minutes in 5..=960_i32,
        kind in proptest::sample::select(WorkshopKind::iter().collect::<Vec<_>>()),
    ) {
        let topics = propose(kind, minutes, &holds);
        let whole: i32 = topics.iter().map(|topic| topic.minutes).sum();
        prop_assert_eq!(whole, minutes);
        prop_assert!(topics.iter().all(|topic| topic.minutes >= 1));
        prop_assert_eq!(topics.first().map(|one| one.kind), Some(AgendaTopicKind::GroundRules));
        prop_assert_eq!(topics.last().map(|one| one.kind), Some(AgendaTopicKind::NextSteps));
        let breaks = topics.iter().filter(|one| one.kind == AgendaTopicKind::Break).count();
        prop_assert_eq!(breaks, usize::from(minutes >= 120));
    }

    #[test]
    fn what_weighs_more_never_gets_less(
        weights in proptest::collection::vec(1..500_i32, 1..12),
        minutes in 36..=900_i32,
    ) {
        let parts: Vec<Part> = weights
            .iter()
            .map(|weight| Part {
                kind: AgendaTopicKind::Other,
                title: "",
                weight: *weight,
                notes: None,
            })
            .collect();
        let shares = share_out(minutes, &parts);
        prop_assert_eq!(shares.iter().sum::<i32>(), minutes);
        for (one, share) in weights.iter().zip(&shares) {
            for (other, others) in weights.iter().zip(&shares) {
                prop_assert!(one <= other || share >= others);
            }
        }
    }
}

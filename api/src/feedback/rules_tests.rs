use entity::JsonColumn;
use entity::organization::OrganizationId;
use proptest::prelude::*;

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000).expect("in range")
}

/// A round that is open from 1,000 to 2,000 seconds.
fn round() -> Model {
    Model {
        id: Uuid::nil(),
        organization_id: OrganizationId(Uuid::nil()),
        review_id: Uuid::nil(),
        review_key: String::new(),
        occasion: FeedbackOccasion::AfterWorkshop,
        workshop_id: None,
        place_id: Uuid::nil(),
        opens_at: at(1000),
        closes_at: at(2000),
        closed_at: None,
        cancelled_at: None,
        cancellation_reason: None,
        minimum_group: 5,
        questions: JsonColumn(Vec::new()),
        version: 1,
        created_at: at(0),
        created_by: String::new(),
        updated_at: at(0),
    }
}

#[test]
fn a_round_opens_and_closes_by_its_dates_to_the_second() {
    use FeedbackRoundStatus::{Cancelled, Closed, Open, Scheduled};
    for (now, expected) in [
        (999, Scheduled),
        (1000, Open),
        (1999, Open),
        (2000, Closed),
        (9000, Closed),
    ] {
        assert_eq!(status(&round(), at(now)), expected, "{now}");
        let closed = Model {
            closed_at: Some(at(1500)),
            ..round()
        };
        assert_eq!(status(&closed, at(now)), Closed, "{now}");
        let cancelled = Model {
            cancelled_at: Some(at(0)),
            ..closed
        };
        assert_eq!(status(&cancelled, at(now)), Cancelled, "{now}");
    }
}

#[test]
fn every_state_takes_its_own_steps_only() {
    use FeedbackRoundStatus::{Cancelled, Closed, Open, Scheduled};
    let steps = [
        Step::Open,
        Step::Answer,
        Step::Close,
        Step::Cancel,
        Step::Rewrite,
        Step::Extend,
    ];
    for state in FeedbackRoundStatus::iter() {
        let allowed: &[Step] = match state {
            Scheduled => &[Step::Open, Step::Cancel, Step::Rewrite, Step::Extend],
            Open => &[Step::Answer, Step::Close, Step::Cancel, Step::Extend],
            Closed | Cancelled => &[],
        };
        for step in steps {
            let taken = require(state, step).is_ok();
            assert_eq!(taken, allowed.contains(&step), "{state} {step:?}");
        }
    }
}

#[test]
fn nothing_is_shown_before_the_last_answer_can_have_come_in() {
    let open = round();
    let settled = 2000 + SETTLING_SECONDS;
    for (n, now, expected) in [
        (50, 1999, Some(Withheld::NotClosed)),
        (50, 2000, Some(Withheld::NotClosed)),
        (50, settled - 1, Some(Withheld::NotClosed)),
        (4, settled, Some(Withheld::TooFewAnswers)),
        (5, settled, None),
    ] {
        assert_eq!(withheld(&open, n, at(now)), expected, "{n} {now}");
    }
    // Whoever closes a round holds it, so that no answer is on its way then.
    let closed = Model {
        closed_at: Some(at(1500)),
        ..round()
    };
    assert_eq!(withheld(&closed, 5, at(1500)), None);
    assert_eq!(
        withheld(&closed, 4, at(1500)),
        Some(Withheld::TooFewAnswers)
    );
    let cancelled = Model {
        cancelled_at: Some(at(1600)),
        ..closed
    };
    assert_eq!(
        withheld(&cancelled, 50, at(9999)),
        Some(Withheld::Cancelled)
    );
}

#[test]
fn a_question_that_few_could_judge_is_not_shown_of_a_group_that_is_large_enough() {
    let tally = |counts| Tally {
        question: FeedbackQuestion::AdequateTools,
        counts,
    };
    assert_eq!(Numbers::of(&tally([1, 0, 0, 0, 0, 9]), 5), None);
    assert_eq!(Numbers::of(&tally([1, 1, 1, 1, 0, 6]), 5), None);
    let shown = Numbers::of(&tally([1, 1, 1, 1, 1, 5]), 5).expect("five judged it");
    assert_eq!((shown.n(), shown.not_applicable()), (5, 5));
}

#[test]
fn each_occasion_asks_its_own_questions_in_the_words_of_the_organisation() {
    let own = AskedQuestion {
        question: FeedbackQuestion::SafeToSpeak,
        text: "Could you speak up?".to_owned(),
    };
    let wording = [own.clone()];
    let after_workshop = questions(FeedbackOccasion::AfterWorkshop, &wording);
    assert_eq!((after_workshop.len(), &after_workshop[0]), (15, &own));
    assert_eq!(after_workshop[1].text, after_workshop[1].question.label());
    for later in [
        FeedbackOccasion::AfterThirtyDays,
        FeedbackOccasion::AfterNinetyDays,
    ] {
        let asked = questions(later, &wording);
        assert!(asked.iter().all(|one| one.question.group() == "follow_up"));
        assert_eq!(asked.len(), 3);
    }
}

#[test]
fn a_lock_is_another_for_every_round_person_receipt_and_place() {
    let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let locks = [
        lock(one, "ada", "receipt", "a"),
        lock(two, "ada", "receipt", "a"),
        lock(one, "adar", "eceipt", "a"),
        lock(one, "ada", "other", "a"),
        lock(one, "ada", "receipt", "b"),
    ];
    let different: BTreeSet<_> = locks.iter().collect();
    assert_eq!(different.len(), locks.len());
    assert_eq!(locks[0], lock(one, "ada", "receipt", "a"));
}

proptest! {
    #[test]
    fn numbers_are_those_of_a_naive_count(answers in prop::collection::vec(0_usize..6, 0..60)) {
        let slips: Vec<Slip> = answers
            .iter()
            .enumerate()
            .map(|(at, answer)| Slip {
                question: FeedbackQuestion::RightPeople,
                lock: at.to_string(),
                answer: FeedbackAnswer::iter().nth(*answer).expect("an answer"),
            })
            .collect();
        let counted = tallies(&slips);
        prop_assert_eq!(counted.len(), usize::from(!answers.is_empty()));
        let Some(tally) = counted.first() else { return Ok(()) };
        let numbers = Numbers::of(tally, 0).expect("none are enough for nothing");
        let mut scores: Vec<f64> = slips
            .iter()
            .filter_map(|slip| slip.answer.score().map(f64::from))
            .collect();
        scores.sort_unstable_by(f64::total_cmp);
        prop_assert_eq!(numbers.n() + numbers.not_applicable(), answers.len() as u64);
        let n = scores.len();
        if n == 0 {
            prop_assert_eq!((numbers.mean(), numbers.median()), (None, None));
            return Ok(());
        }
        let middle = f64::midpoint(scores[(n - 1) / 2], scores[n / 2]);
        prop_assert_eq!(numbers.median(), Some(middle));
        let mean = scores.iter().sum::<f64>() / f64::from(u32::try_from(n).expect("few"));
        prop_assert!((numbers.mean().expect("a mean") - mean).abs() < 1e-9);
    }
}

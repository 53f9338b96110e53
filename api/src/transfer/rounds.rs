//! What the rounds of feedback of a document and their results must be: above all, that nothing is in it
//! that people were promised nobody would be shown. Pure.

use std::collections::{HashMap, HashSet};

use entity::feedback_result::Model as Told;
use entity::feedback_round::Model;
use entity::vocabulary::{FeedbackOccasion, FeedbackQuestion};
use entity::{Timestamp, feedback_round, review};
use uuid::Uuid;

use crate::feedback::answers::MOST_COMMENTS;
use crate::feedback::rules::{self, Numbers, Withheld};
use crate::kernel::error::Fault;
use crate::references::repeated;
use crate::whole::rows::Rows;

/// How many people the smallest group may have that anything is shown of, as the body of a policy has it.
const GROUPS: std::ops::RangeInclusive<i32> = 3..=100;

/// How many questions are looked at together: more than there are.
const MOST_QUESTIONS: usize = 100;

/// Every fault of the rounds, as they stood when the document was written.
pub fn faults(review: &review::Model, rows: &Rows, written: Option<Timestamp>) -> Vec<Fault> {
    let Some(written) = written else {
        let detail = "is no moment";
        return vec![Fault::at("/exported_at", "invalid_format", detail)];
    };
    // Rounds that are held here promise what the policy of the review says.
    let policy = review.policy();
    let policy = policy.map(|kept| kept.rules.minimum_feedback_group);
    let pointer = "/review/policy_snapshot/rules/minimum_feedback_group";
    let mut faults: Vec<Fault> = policy
        .and_then(|group| out_of_range(pointer, group))
        .into_iter()
        .collect();
    let mut places = HashSet::new();
    for (at, round) in rows.feedback_rounds.iter().enumerate() {
        let pointer = format!("/feedback_rounds/{at}");
        let own = of_round(round).into_iter();
        faults.extend(own.map(|fault| fault.under(&pointer)));
        if !places.insert((rules::place(round), round.occasion)) {
            let detail = "another round has the same occasion";
            let at = format!("{pointer}/occasion");
            faults.push(Fault::at(at, "repeated_item", detail));
        }
    }
    let rounds = rows.feedback_rounds.iter().map(|round| (round.id, round));
    let rounds: HashMap<Uuid, &feedback_round::Model> = rounds.collect();
    for (at, result) in rows.feedback_results.iter().enumerate() {
        let Some(round) = rounds.get(&result.round_id) else {
            continue;
        };
        let own = of_result(round, result, written).into_iter();
        let pointer = format!("/feedback_results/{at}");
        faults.extend(own.map(|fault| fault.under(&pointer)));
    }
    faults
}

fn out_of_range(pointer: &str, group: i32) -> Option<Fault> {
    let detail = || format!("must be from {} to {}", GROUPS.start(), GROUPS.end());
    (!GROUPS.contains(&group)).then(|| Fault::at(pointer, "out_of_range", detail()))
}

fn of_round(round: &Model) -> Vec<Fault> {
    // More of them are a fault already.
    let questions = &round.questions.0;
    let mut faults = rules::check_questions(&questions[..questions.len().min(MOST_QUESTIONS)]);
    faults.extend(out_of_range("/minimum_group", round.minimum_group));
    if round.closes_at <= round.opens_at {
        let detail = "must be after the round opens";
        faults.push(Fault::at("/closes_at", "too_early", detail));
    }
    let follows = round.occasion == FeedbackOccasion::AfterWorkshop;
    if follows != round.workshop_id.is_some() {
        let detail = "a round after a workshop names it, and only such a round";
        let code = if follows { "required" } else { "not_allowed" };
        faults.push(Fault::at("/workshop_id", code, detail));
    }
    faults
}

/// The faults of a result, which must be one that the summary of its round would show.
fn of_result(round: &Model, result: &Told, written: Timestamp) -> Vec<Fault> {
    let n = u32::try_from(result.n).unwrap_or_default();
    let detail = "nothing of this round may be told";
    match rules::withheld(round, n, written) {
        Some(Withheld::TooFewAnswers) => {
            return vec![Fault::at("/n", "too_few_answers", detail)];
        }
        Some(Withheld::NotClosed) => return vec![Fault::at("/round_id", "not_closed", detail)],
        Some(Withheld::Cancelled) => return vec![Fault::at("/round_id", "cancelled", detail)],
        None => {}
    }
    let asked = round.questions.0.iter().take(MOST_QUESTIONS);
    let asked: Vec<FeedbackQuestion> = asked.map(|one| one.question).collect();
    let tallied: Vec<FeedbackQuestion> = result.tallies.0.iter().map(|one| one.question).collect();
    if tallied.len() > asked.len() {
        let detail = "are more than the questions of the round";
        return vec![Fault::at("/tallies", "too_many", detail)];
    }
    let mut faults = repeated("/tallies", &tallied);
    for (at, tally) in result.tallies.0.iter().enumerate() {
        faults.extend(unasked(
            &asked,
            Some(tally.question),
            &format!("/tallies/{at}"),
        ));
        let counts: u64 = tally.counts.iter().map(|count| u64::from(*count)).sum();
        if counts != u64::from(n) {
            let detail = "do not add up to those who have answered";
            faults.push(Fault::at(
                format!("/tallies/{at}/counts"),
                "not_equal",
                detail,
            ));
        } else if Numbers::of(tally, round.minimum_group).is_none() {
            let detail = "too few have judged this question for anything to be told of it";
            faults.push(Fault::at(
                format!("/tallies/{at}/counts"),
                "too_few_answers",
                detail,
            ));
        }
    }
    for (at, comment) in result.comments.0.iter().enumerate() {
        faults.extend(unasked(
            &asked,
            comment.question,
            &format!("/comments/{at}"),
        ));
    }
    let most = MOST_COMMENTS.saturating_mul(usize::try_from(n).unwrap_or_default());
    if result.comments.0.len() > most {
        let detail = format!("are more than the {MOST_COMMENTS} of each who answered");
        faults.push(Fault::at("/comments", "too_many", detail));
    }
    faults
}

fn unasked(
    asked: &[FeedbackQuestion],
    question: Option<FeedbackQuestion>,
    pointer: &str,
) -> Option<Fault> {
    let is_strange = question.is_some_and(|question| !asked.contains(&question));
    let at = || format!("{pointer}/question");
    is_strange.then(|| Fault::at(at(), "not_asked", "is not asked in this round"))
}

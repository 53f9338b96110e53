//! What is told of a round's answers, as far as `rules` lets anything be told.

use entity::Timestamp;
use entity::feedback_result::{Model as Told, Remark};
use entity::feedback_round::{AskedQuestion, Model};
use entity::vocabulary::{FeedbackAnswer, FeedbackOccasion, FeedbackQuestion, FeedbackRoundStatus};
use sea_orm::Iterable as _;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules::{self, Numbers, Withheld};
use crate::wording::body::{WordingNote, notes_on, within};

/// Why nothing is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "too_few_answers")]
pub enum FeedbackWithheld {
    /// Answers still come in or may be on their way: there is one summary, of all of them.
    NotClosed,
    /// The round was cancelled.
    Cancelled,
    /// Fewer than `minimum_group` have answered; how many is not told.
    TooFewAnswers,
}

impl From<Withheld> for FeedbackWithheld {
    fn from(why: Withheld) -> Self {
        match why {
            Withheld::NotClosed => Self::NotClosed,
            Withheld::Cancelled => Self::Cancelled,
            Withheld::TooFewAnswers => Self::TooFewAnswers,
        }
    }
}

/// How often one answer was given.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackCount {
    /// The answer.
    answer: FeedbackAnswer,
    /// How often it was given.
    #[schema(minimum = 0, example = 3)]
    n: u64,
}

/// Counts in the order of the scale.
pub fn counted(numbers: &Numbers) -> Vec<FeedbackCount> {
    let all = FeedbackAnswer::iter().zip(numbers.counts);
    all.map(|(answer, n)| FeedbackCount { answer, n }).collect()
}

/// What was answered to one question.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackQuestionSummary {
    /// What was asked.
    question: FeedbackQuestion,
    /// What it asks about: `workshop`, `response` or `follow_up`.
    #[schema(example = "workshop")]
    group: &'static str,
    /// As it was asked.
    #[schema(example = "I felt safe to speak openly")]
    text: String,
    /// How many judged it; null where fewer than `minimum_group` did, like everything below.
    #[schema(minimum = 0, example = 7)]
    n: Option<u64>,
    /// How many said that it does not apply to them.
    #[schema(minimum = 0, example = 1)]
    n_not_applicable: Option<u64>,
    /// How often each answer was given, those that nobody gave among them.
    distribution: Option<Vec<FeedbackCount>>,
    /// The median of those who judged it, 1 (strongly disagree) to 5 (strongly agree).
    #[schema(minimum = 1, maximum = 5, example = 4.0)]
    median: Option<f64>,
    /// Their mean, 1 to 5.
    #[schema(minimum = 1, maximum = 5, example = 3.86)]
    mean: Option<f64>,
}

impl FeedbackQuestionSummary {
    fn of(asked: &AskedQuestion, numbers: Option<Numbers>) -> Self {
        Self {
            question: asked.question,
            group: asked.question.group(),
            text: asked.text.clone(),
            n: numbers.map(|numbers| numbers.n()),
            n_not_applicable: numbers.map(|numbers| numbers.not_applicable()),
            distribution: numbers.as_ref().map(counted),
            median: numbers.and_then(|numbers| numbers.median()),
            mean: numbers.and_then(|numbers| numbers.mean()),
        }
    }
}

/// A comment, without anything that leads to who wrote it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackComment {
    /// The question that it is about; null, when it is about the whole.
    question: Option<FeedbackQuestion>,
    /// What it says.
    #[schema(example = "It helped that nobody asked who clicked.")]
    text: String,
}

/// What a round came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackSummary {
    /// The round.
    round_id: Uuid,
    /// The review that it is about.
    review_id: Uuid,
    /// When it was held.
    occasion: FeedbackOccasion,
    /// Where it stands now.
    status: FeedbackRoundStatus,
    /// From when on there is a summary, unless it is cancelled.
    summary_at: Timestamp,
    /// Why nothing is shown; null when something is.
    withheld: Option<FeedbackWithheld>,
    /// How many have to answer before anything is shown.
    #[schema(minimum = 3, maximum = 100, example = 5)]
    minimum_group: i32,
    /// How many may answer: nobody without a subject, since nobody could answer for them.
    #[schema(minimum = 0, example = 9)]
    invited: u64,
    /// How many have answered; null while that is withheld.
    #[schema(minimum = 0, example = 8)]
    answers: Option<u32>,
    /// The share of the invited that has answered; null while that is withheld.
    #[schema(minimum = 0, maximum = 1, example = 0.89)]
    response_rate: Option<f64>,
    /// What was answered, in the order of the questions.
    questions: Vec<FeedbackQuestionSummary>,
    /// The comments, in an order that says nothing; empty while they are withheld.
    comments: Vec<FeedbackComment>,
    /// Phrases in the comments that blame or judge with hindsight.
    wording_notes: Vec<WordingNote>,
}

impl FeedbackSummary {
    /// What may be told of a round at a moment.
    pub fn of(round: &Model, kept: Option<Told>, invited: u64, now: Timestamp) -> Self {
        let n = kept.as_ref().map_or(0, |kept| kept.n);
        let n = u32::try_from(n).unwrap_or_default();
        let withheld = rules::withheld(round, n, now);
        let shown = kept.filter(|_| withheld.is_none());
        let numbers = |question: FeedbackQuestion| {
            let tallies = &shown.as_ref()?.tallies.0;
            let tally = tallies.iter().find(|tally| tally.question == question)?;
            Numbers::of(tally, round.minimum_group)
        };
        let questions = round.questions.0.iter();
        let questions =
            questions.map(|asked| FeedbackQuestionSummary::of(asked, numbers(asked.question)));
        let questions = questions.collect();
        let answers = withheld.is_none().then_some(n);
        let comments = shown.map(|kept| kept.comments.0).unwrap_or_default();
        Self {
            round_id: round.id,
            review_id: round.review_id,
            occasion: round.occasion,
            status: rules::status(round, now),
            summary_at: rules::settles_at(round),
            withheld: withheld.map(FeedbackWithheld::from),
            minimum_group: round.minimum_group,
            invited,
            answers,
            response_rate: answers.and_then(|n| share(n, invited)),
            questions,
            wording_notes: noted(&comments),
            comments: comments.into_iter().map(FeedbackComment::from).collect(),
        }
    }
}

/// What of a round's result anybody may be told at a moment, as it is kept and passed on: nothing while
/// its summary is withheld, and nothing of a question that too few have judged.
pub fn told(round: &Model, mut result: Told, now: Timestamp) -> Option<Told> {
    let n = u32::try_from(result.n).unwrap_or_default();
    if rules::withheld(round, n, now).is_some() {
        return None;
    }
    let minimum = round.minimum_group;
    let tallies = &mut result.tallies.0;
    tallies.retain(|tally| Numbers::of(tally, minimum).is_some());
    Some(result)
}

/// The share that answers are of those invited. Some may have left the review since they answered.
fn share(answers: u32, invited: u64) -> Option<f64> {
    let invited = u32::try_from(invited).ok().filter(|invited| *invited > 0)?;
    Some((f64::from(answers) / f64::from(invited)).min(1.0))
}

fn noted(comments: &[Remark]) -> Vec<WordingNote> {
    let texts = comments.iter().enumerate();
    notes_on(
        texts.map(|(at, comment)| within(format!("/comments/{at}/text"), comment.text.as_str())),
    )
}

impl From<Remark> for FeedbackComment {
    fn from(comment: Remark) -> Self {
        Self {
            question: comment.question,
            text: comment.text,
        }
    }
}

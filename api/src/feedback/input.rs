//! What is sent of rounds of feedback and of answers.

use entity::Timestamp;
use entity::feedback_round::{AskedQuestion, Model};
use entity::vocabulary::{FeedbackAnswer, FeedbackOccasion, FeedbackQuestion};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::body::Patch;

/// A round as it is scheduled.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleFeedbackRound {
    /// When it is held: a workshop has one round, a review one for each of the other occasions.
    pub occasion: FeedbackOccasion,
    /// The workshop of the review that it follows; required for `after_workshop`, only for it.
    #[serde(default)]
    pub workshop_id: Option<Uuid>,
    /// When it opens; now, when it is left out.
    #[serde(default)]
    pub opens_at: Option<Timestamp>,
    /// When it closes; two weeks after it opens, when it is left out.
    #[serde(default)]
    pub closes_at: Option<Timestamp>,
    /// What it asks, in this order; the usual questions of its occasion in the words of the review's
    /// policy, when it is left out.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 18)]
    pub questions: Option<Vec<AskedQuestion>>,
}

/// What can be changed of a round: all of it until it opens, then only when it closes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeFeedbackRound {
    /// When it opens.
    pub opens_at: Timestamp,
    /// When it closes.
    pub closes_at: Timestamp,
    /// What it asks, in this order.
    #[schema(min_items = 1, max_items = 18)]
    pub questions: Vec<AskedQuestion>,
}

/// A change of a round.
pub type FeedbackRoundPatch = Patch<ChangeFeedbackRound>;

impl From<&Model> for ChangeFeedbackRound {
    fn from(row: &Model) -> Self {
        Self {
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            questions: row.questions.0.clone(),
        }
    }
}

/// That a round is not held.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelFeedbackRound {
    /// Why.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "Only four people took part; nothing could be shown"
    )]
    pub reason: String,
}

/// An answer to a question.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenAnswer {
    /// What was asked.
    pub question: FeedbackQuestion,
    /// How far one agrees.
    pub answer: FeedbackAnswer,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenComment {
    /// The question that it is about; left out, it is about the whole.
    #[serde(default)]
    pub question: Option<FeedbackQuestion>,
    /// What it says. It is shown as it is written: what only one person can know names that person.
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "It helped that nobody asked who clicked."
    )]
    pub text: String,
}

/// One person's answers, all of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutFeedbackAnswers {
    /// An answer to each question that the round asks.
    #[schema(min_items = 1, max_items = 18)]
    pub answers: Vec<GivenAnswer>,
    /// Comments, each shown apart from the answers and from each other.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub comments: Vec<GivenComment>,
    /// A secret that only its sender knows, and that replaces the answers later: random, at least 128
    /// bits. The first time it may be left out; then one is made and sent back. It is not kept.
    #[serde(default)]
    #[schema(
        min_length = 22,
        max_length = 128,
        pattern = "^[A-Za-z0-9_-]+$",
        example = "h2V0mJx3b8sR1kq9TzYw4cLf7Ad6Ng5e"
    )]
    pub receipt: Option<String>,
}

//! What is told of rounds of feedback. What may be told of answers is in `summary`.

use entity::Timestamp;
use entity::feedback_round::{self, Model};
use entity::vocabulary::{FeedbackOccasion, FeedbackQuestion, FeedbackRoundStatus};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::rules;
use crate::kernel::audit::stored;
use crate::kernel::error::Result;
use crate::kernel::etag;
use crate::wording::body::WordingNote;

/// A question of a round.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackQuestionBody {
    /// Which statement people agree or disagree with.
    pub question: FeedbackQuestion,
    /// What it asks about: `workshop`, `response` or `follow_up`.
    #[schema(example = "workshop")]
    pub group: &'static str,
    /// The statement as it is asked.
    #[schema(example = "I could say what I thought without fear of blame")]
    pub text: String,
}

/// A round of feedback.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackRoundBody {
    /// Its id.
    id: Uuid,
    /// The review that it is about.
    review_id: Uuid,
    /// The review's key.
    #[schema(example = "PIR-2026-0042")]
    review_key: String,
    /// When it is held.
    occasion: FeedbackOccasion,
    /// The workshop that it follows, if it follows one.
    workshop_id: Option<Uuid>,
    /// Where it stands now: it opens and closes by its dates.
    status: FeedbackRoundStatus,
    /// When it opens.
    opens_at: Timestamp,
    /// When it closes by itself.
    closes_at: Timestamp,
    /// When somebody closed it before that.
    closed_at: Option<Timestamp>,
    /// From when on its summary can be read, unless it is cancelled.
    summary_at: Timestamp,
    /// When it was cancelled.
    cancelled_at: Option<Timestamp>,
    /// Why.
    #[schema(example = "Only four people took part; nothing could be shown")]
    cancellation_reason: Option<String>,
    /// How many have to answer before anything is shown of it. It was taken from the review's policy
    /// when the round was made, and does not change: people answer because of it.
    #[schema(minimum = 3, maximum = 100, example = 5)]
    minimum_group: i32,
    /// What it asks, in this order.
    questions: Vec<FeedbackQuestionBody>,
    /// Version of the resource, which its ETag begins with.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// When it was created.
    created_at: Timestamp,
    /// Who created it; `system`, when it followed from the review's life.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    created_by: String,
    /// When it was last changed.
    updated_at: Timestamp,
}

impl FeedbackRoundBody {
    /// A round as it stands at a moment.
    pub fn of(row: Model, now: Timestamp) -> Self {
        let questions = row.questions.0.iter().map(|one| FeedbackQuestionBody {
            question: one.question,
            group: one.question.group(),
            text: one.text.clone(),
        });
        Self {
            status: rules::status(&row, now),
            summary_at: rules::settles_at(&row),
            questions: questions.collect(),
            id: row.id,
            review_id: row.review_id,
            review_key: row.review_key,
            occasion: row.occasion,
            workshop_id: row.workshop_id,
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            closed_at: row.closed_at,
            cancelled_at: row.cancelled_at,
            cancellation_reason: row.cancellation_reason,
            minimum_group: row.minimum_group,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }

    /// The entity tag: the version, and where it stands, which changes without it. Answers do not
    /// change it, so that nobody can count them.
    pub fn tag(&self) -> String {
        etag::tag(self.version, self.status.as_str())
    }
}

/// What an audit record keeps of a round: everything that is stored, nothing that is computed.
pub fn audited(row: &Model) -> Result<serde_json::Value> {
    let body = FeedbackRoundBody::of(row.clone(), row.updated_at);
    stored(&body, &["status"])
}

/// A page of rounds.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackRoundList {
    /// The rounds, in order.
    items: Vec<FeedbackRoundBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// What the caller has to do with a round.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackParticipation {
    /// The round.
    pub round_id: Uuid,
    /// Where it stands now.
    pub status: FeedbackRoundStatus,
    /// Whether the caller is among those who may answer.
    #[schema(example = true)]
    pub invited: bool,
    /// Whether the caller has answered. What they answered nobody can look up, they neither. Null once
    /// the round is settled or cancelled: then it is forgotten who has.
    #[schema(example = false)]
    pub answered: Option<bool>,
}

/// That answers were put into the box.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackReceipt {
    /// The round.
    pub round_id: Uuid,
    /// What replaces the answers while the round is open. It is shown here and kept nowhere: whoever
    /// loses it cannot change their answers any more.
    #[schema(
        min_length = 22,
        max_length = 128,
        example = "h2V0mJx3b8sR1kq9TzYw4cLf7Ad6Ng5e"
    )]
    pub receipt: String,
    /// Until when they can be replaced.
    pub closes_at: Timestamp,
    /// Phrases in the comments that blame or judge with hindsight: advice, never a refusal.
    pub wording_notes: Vec<WordingNote>,
}

/// Which round.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct FeedbackRoundPath {
    /// Id of the round.
    pub round: Uuid,
}

crate::sorts! {
    /// Order of a list of rounds.
    FeedbackRoundSort of feedback_round::Entity, default OpensAt;
    OpensAt OpensAtDescending "opens_at" "-opens_at" OpensAt;
    ClosesAt ClosesAtDescending "closes_at" "-closes_at" ClosesAt;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
}

/// Which rounds, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListFeedbackRounds {
    /// Of any of these occasions.
    #[serde(default)]
    pub occasion: Vec<FeedbackOccasion>,
    /// Standing at any of these now.
    #[serde(default)]
    pub status: Vec<FeedbackRoundStatus>,
    /// After any of these workshops.
    #[serde(default)]
    pub workshop_id: Vec<Uuid>,
    /// Opening at or after.
    pub opens_at_from: Option<Timestamp>,
    /// Opening before.
    pub opens_at_to: Option<Timestamp>,
    /// Closing at or after.
    pub closes_at_from: Option<Timestamp>,
    /// Closing before.
    pub closes_at_to: Option<Timestamp>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: FeedbackRoundSort,
}

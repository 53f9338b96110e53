//! What a record behind the process metrics says of single workshops and rounds of feedback.

use entity::Timestamp;
use entity::vocabulary::{FeedbackOccasion, FeedbackQuestion, StakeholderFunction, WorkshopKind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::answered::Answered;
use super::sessions::Session;
use crate::workshops::presence::Presence;
use crate::workshops::readiness::Facilitation;

/// What a workshop that was held contributes.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProcessWorkshop {
    /// The workshop.
    workshop_id: Uuid,
    /// What it was for.
    kind: WorkshopKind,
    /// When it was held.
    held_at: Timestamp,
    /// How it was led, as it was found when its facilitator was last looked at.
    facilitation: Facilitation,
    /// Why somebody led it who is not neutral, where somebody did and that is recorded.
    #[schema(example = "Nobody else knows the platform, and everybody invited agreed")]
    override_reason: Option<String>,
    /// How many were invited.
    #[schema(minimum = 0, example = 9)]
    n_invited: u64,
    /// The required functions that were neither there nor excused.
    absent_functions: Vec<StakeholderFunction>,
    /// The required functions that it did without, for a recorded reason.
    excused_functions: Vec<StakeholderFunction>,
}

/// What a question of a round of feedback came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProcessFeedbackQuestion {
    /// What was asked.
    question: FeedbackQuestion,
    /// How many judged it.
    #[schema(minimum = 3, example = 7)]
    n: u64,
    /// The median of those who judged it, 1 (strongly disagree) to 5 (strongly agree).
    #[schema(minimum = 1, maximum = 5, example = 4.0)]
    median: Option<f64>,
    /// Their mean, 1 to 5.
    #[schema(minimum = 1, maximum = 5, example = 3.86)]
    mean: Option<f64>,
}

/// What a round of feedback came to, as far as its summary shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProcessFeedback {
    /// The round.
    round_id: Uuid,
    /// When it was held.
    occasion: FeedbackOccasion,
    /// When it opened.
    opens_at: Timestamp,
    /// How many have answered.
    #[schema(minimum = 3, example = 8)]
    n: u64,
    /// The questions that enough people have judged.
    questions: Vec<ProcessFeedbackQuestion>,
}

impl From<&Session> for ProcessWorkshop {
    fn from(session: &Session) -> Self {
        Self {
            workshop_id: session.id,
            kind: session.kind,
            held_at: session.held_at,
            facilitation: session.facilitation,
            override_reason: session.override_reason.clone(),
            n_invited: session.invited.len() as u64,
            absent_functions: session.functions(Presence::Absent).collect(),
            excused_functions: session.functions(Presence::Excused).collect(),
        }
    }
}

impl From<&Answered> for ProcessFeedback {
    fn from(round: &Answered) -> Self {
        let questions = round.questions.iter();
        let questions = questions.map(|(question, numbers)| ProcessFeedbackQuestion {
            question: *question,
            n: numbers.n(),
            median: numbers.median(),
            mean: numbers.mean(),
        });
        Self {
            round_id: round.id,
            occasion: round.occasion,
            opens_at: round.opens_at,
            n: round.n,
            questions: questions.collect(),
        }
    }
}

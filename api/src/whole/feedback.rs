//! The rounds of feedback of a whole review, each with what it came to.

use std::collections::HashMap;

use entity::{Timestamp, feedback_result, feedback_round, invitation, participant};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::each;
use crate::feedback::body::FeedbackRoundBody;
use crate::feedback::rules;
use crate::feedback::summary::FeedbackSummary;

/// A round of feedback with what it came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackRecord {
    /// The round.
    round: FeedbackRoundBody,
    /// What may be told of its answers.
    summary: FeedbackSummary,
}

/// The rounds with their summaries, in their order.
pub fn records(
    rounds: Vec<feedback_round::Model>,
    results: Vec<feedback_result::Model>,
    (participants, invitations): (&[participant::Model], &[invitation::Model]),
    now: Timestamp,
) -> Vec<FeedbackRecord> {
    let results = results.into_iter().map(|result| (result.round_id, result));
    let mut results: HashMap<Uuid, feedback_result::Model> = results.collect();
    each(rounds, |round| {
        let invited = rules::invited(&round, participants, invitations).len() as u64;
        let result = results.remove(&round.id);
        FeedbackRecord {
            summary: FeedbackSummary::of(&round, result, invited, now),
            round: FeedbackRoundBody::of(round, now),
        }
    })
}

//! What was answered in a round of feedback, as far as it may be told. Pure.

use entity::Timestamp;
use entity::feedback_box::Tally;
use entity::vocabulary::{FeedbackOccasion, FeedbackQuestion};
use uuid::Uuid;

use super::item::read;
use super::store::content::RoundRow;
use crate::feedback;
use crate::feedback::rules::Numbers;
use crate::kernel::error::Result;

/// A round of feedback whose summary shows something.
#[derive(Clone, Debug)]
pub(super) struct Answered {
    pub(super) id: Uuid,
    pub(super) occasion: FeedbackOccasion,
    pub(super) opens_at: Timestamp,
    /// How many have answered.
    pub(super) n: u64,
    /// The questions that enough people have judged.
    pub(super) questions: Vec<(FeedbackQuestion, Numbers)>,
}

impl Answered {
    /// What may be told of a round at a moment; nothing, unless its own summary shows it.
    pub(super) fn of(row: &RoundRow, now: Timestamp) -> Result<Option<Self>> {
        let n = u64::try_from(row.n).unwrap_or_default();
        let settled = now >= feedback::rules::settled(row.closes_at, row.closed_at);
        if !settled || !feedback::rules::are_enough(n, row.minimum_group) {
            return Ok(None);
        }
        let tallies: Vec<Tally> = read(&row.tallies)?;
        let shown = tallies.iter().filter_map(|tally| {
            let numbers = Numbers::of(tally, row.minimum_group)?;
            Some((tally.question, numbers))
        });
        Ok(Some(Self {
            id: row.id,
            occasion: row.occasion,
            opens_at: row.opens_at,
            n,
            questions: shown.collect(),
        }))
    }
}

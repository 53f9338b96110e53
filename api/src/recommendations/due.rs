//! The deadlines of a recommendation: the day on which one that was deferred is decided again, and the
//! last one on which an accepted risk is borne.

use chrono::NaiveDate;
use entity::Timestamp;
use entity::recommendation::{DispositionStep, Model};
use entity::vocabulary::DeadlineKind;

use crate::deadlines::{self, Due};
use crate::kernel::call::Change;
use crate::kernel::error::Result;

/// Keeps the deadlines of a recommendation as its history has them: the next decision meets one, and
/// another day makes it due again.
pub async fn follow(change: &Change, row: &Model) -> Result<()> {
    use DeadlineKind::{RecommendationDeferred, RecommendationRiskExpiry};
    for (kind, day) in [
        (
            RecommendationDeferred,
            last(row, |step| step.deferred_until),
        ),
        (RecommendationRiskExpiry, last(row, |step| step.expires_on)),
    ] {
        let Some((day, met_at)) = day else { continue };
        let due = Due {
            kind,
            resource_id: row.id,
            review_id: Some(row.review_id),
            title: &row.title,
            owner: None,
            due_at: deadlines::end_of(day),
        };
        deadlines::set(change, &due).await?;
        match met_at {
            Some(at) => deadlines::meet(change, kind, row.id, at).await?,
            None => deadlines::reopen(change, kind, row.id).await?,
        }
    }
    Ok(())
}

/// The last day that a decision named, and when the next decision was made.
fn last(
    row: &Model,
    day: impl Fn(&DispositionStep) -> Option<NaiveDate>,
) -> Option<(NaiveDate, Option<Timestamp>)> {
    let steps = &row.history.0;
    let (at, day) = (0..steps.len())
        .rev()
        .find_map(|at| Some((at, day(&steps[at])?)))?;
    Some((day, steps.get(at + 1).map(|next| next.at)))
}

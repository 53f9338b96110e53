//! The deadline of a recommendation: the day on which one that was deferred is decided again.

use entity::recommendation::Model;
use entity::vocabulary::{DeadlineKind, Disposition};

use crate::deadlines::{self, Due};
use crate::kernel::call::Change;
use crate::kernel::error::Result;

/// Keeps the deadline of a recommendation as it is now: another decision meets it, another deferral
/// makes it due again.
pub async fn follow(change: &Change, row: &Model) -> Result<()> {
    let kind = DeadlineKind::RecommendationDeferred;
    let is_deferred = row.disposition == Disposition::Deferred;
    let Some(day) = row.deferred_until.filter(|_| is_deferred) else {
        return deadlines::meet_first(change, kind, row.id, change.now).await;
    };
    let due = Due {
        kind,
        resource_id: row.id,
        review_id: Some(row.review_id),
        title: &row.title,
        owner: None,
        due_at: deadlines::end_of(day),
    };
    deadlines::set(change, &due).await?;
    deadlines::reopen(change, kind, row.id).await
}

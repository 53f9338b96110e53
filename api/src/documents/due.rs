//! The deadline of a document: the day on which it is looked through again.

use entity::document::Model;
use entity::vocabulary::DeadlineKind;

use crate::deadlines::{self, Due};
use crate::kernel::call::Change;
use crate::kernel::error::Result;

/// Keeps the deadline of a document as it is now: a revision moves it, an archived document has none.
pub async fn follow(change: &Change, row: &Model) -> Result<()> {
    let kind = DeadlineKind::DocumentReview;
    let Some(day) = row.review_due_on.filter(|_| row.archived_at.is_none()) else {
        return deadlines::clear(change, kind, row.id).await;
    };
    let owner = row.owner.as_ref().map(|owner| &owner.0);
    let due = Due {
        kind,
        resource_id: row.id,
        review_id: None,
        title: &row.title,
        owner: owner.map(|owner| owner.subject.as_deref().unwrap_or(&owner.name)),
        due_at: deadlines::end_of(day),
    };
    deadlines::set(change, &due).await
}

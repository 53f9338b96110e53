//! What follows when an incident is closed, in whatever way: the review that its policy makes
//! mandatory is opened, and the deadlines of its reviews begin to count.

use entity::vocabulary::{IncidentCategory, IncidentCertainty, ReviewStatus};
use entity::{incident, review};
use uuid::Uuid;

use crate::incidents::service::Saved;
use crate::kernel::call::Change;
use crate::kernel::error::Result;
use crate::reviews;

/// Holds the reviews about an incident that a change is about to close. A review is always held
/// before its incidents, so that no two changes wait for each other.
pub async fn expect(change: &Change, incident: Uuid) -> Result<()> {
    reviews::store::lock_about(change, change.organization(), incident).await?;
    Ok(())
}

/// Does what follows, when the change has closed the incident.
///
/// The incident is held by whoever changed it, and by whoever opens a review about it: of several
/// who close it at once one opens its review, and who opens one by hand meanwhile is waited for.
pub async fn follow(change: &Change, saved: &Saved) -> Result<()> {
    if !saved.was_closed() {
        return Ok(());
    }
    let incident = &saved.row;
    let about = reviews::store::lock_about(change, change.organization(), incident.id).await?;
    let mut is_reviewed = false;
    for review in about {
        is_reviewed |= counts(&review);
        reviews::policy::count(change, review).await?;
    }
    if !is_reviewed && is_to_be_reviewed(incident) {
        reviews::policy::open_if_mandatory(change, incident).await?;
    }
    Ok(())
}

/// Whether a review is one of the incident: what was cancelled was opened in error.
fn counts(review: &review::Model) -> bool {
    review.status != ReviewStatus::Cancelled
}

/// Whether an incident is one to learn from now: not a test, not a false alarm, and not recorded
/// long after the fact.
fn is_to_be_reviewed(incident: &incident::Model) -> bool {
    !incident.backfilled
        && incident.category != IncidentCategory::Test
        && incident.certainty != IncidentCertainty::FalsePositive
}

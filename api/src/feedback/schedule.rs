//! The rounds that follow from a review's life: after its workshop, and after its publication.

use entity::review::Model as Review;
use entity::vocabulary::{FeedbackOccasion, FeedbackRoundStatus};
use uuid::Uuid;

use super::rules::{self, OPEN_SECONDS};
use super::{service, store};
use crate::kernel::call::Change;
use crate::kernel::error::Result;

const DAY: i64 = 86_400;

/// Opens the round that follows a workshop which was just held.
pub async fn after_workshop(change: &Change, review: &Review, workshop: Uuid) -> Result<()> {
    let known = store::lock_all(change, review.id).await?;
    if known.iter().any(|round| round.place_id == workshop) {
        return Ok(());
    }
    let occasion = FeedbackOccasion::AfterWorkshop;
    let row = service::blank(change, review, occasion, Some(workshop));
    service::add(change, row).await?;
    Ok(())
}

/// Schedules the rounds that follow the publication of a review which was just published. Those of a
/// publication before it that have not opened yet move.
pub async fn after_publication(change: &Change, review: &Review) -> Result<()> {
    let known = store::lock_all(change, review.id).await?;
    let later = [
        FeedbackOccasion::AfterThirtyDays,
        FeedbackOccasion::AfterNinetyDays,
    ];
    for occasion in later {
        let Some(days) = occasion.days_after_publication() else {
            continue;
        };
        let opens_at = change.now.plus_seconds(days * DAY);
        let closes_at = opens_at.plus_seconds(OPEN_SECONDS);
        let of_review = |round: &&entity::feedback_round::Model| {
            round.place_id == review.id && round.occasion == occasion
        };
        let Some(old) = known.iter().find(of_review) else {
            let row = entity::feedback_round::Model {
                opens_at,
                closes_at,
                ..service::blank(change, review, occasion, None)
            };
            service::add(change, row).await?;
            continue;
        };
        if rules::status(old, change.now) == FeedbackRoundStatus::Scheduled {
            let row = entity::feedback_round::Model {
                opens_at,
                closes_at,
                ..service::next_version(change, old)
            };
            service::replace(change, "feedback_round.update", old, row).await?;
        }
    }
    Ok(())
}

/// Cancels the rounds of a review that will not be held which have not closed.
pub async fn give_up(change: &Change, review: &Review, reason: &str) -> Result<()> {
    for old in store::lock_all(change, review.id).await? {
        let status = rules::status(&old, change.now);
        if rules::require(status, rules::Step::Cancel).is_ok() {
            service::cancelled(change, &old, reason.to_owned()).await?;
        }
    }
    Ok(())
}

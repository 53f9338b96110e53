//! What participants are asked afterwards, and what they answer.

use entity::vocabulary::FeedbackOccasion;
use uuid::Uuid;

use super::Order;
use crate::feedback::input::CancelFeedbackRound;
use crate::feedback::{answers, service, store};
use crate::kernel::call::Change;
use crate::kernel::error::Result;
use crate::kernel::etag::Precondition;
use crate::reviews;

/// Calls the operation; the id of what it made.
pub(super) async fn perform(change: &Change, order: Order<'_>) -> Result<Option<Uuid>> {
    let any = Precondition::any();
    match order.deed.operation.as_str() {
        "schedule_feedback_round" => {
            let made = service::schedule(change, order.review, order.body()?).await?;
            return Ok(Some(made.id));
        }
        "put_feedback_answers" => {
            let (round, key) = (round(change, order).await?, &order.state.cursor_key);
            answers::put(change, key, round, order.body()?).await?;
        }
        "close_feedback_round" => {
            service::close(change, round(change, order).await?, &any).await?;
        }
        "cancel_feedback_round" => {
            let CancelFeedbackRound { reason } = order.body()?;
            service::cancel(change, round(change, order).await?, &any, reason).await?;
        }
        _ => return Err(order.unknown()),
    }
    Ok(None)
}

/// The round of an occasion and, after one, of a workshop: rounds follow from a review's life without
/// anybody who names them.
async fn round(change: &Change, order: Order<'_>) -> Result<Uuid> {
    let occasion: FeedbackOccasion = order.term(0)?;
    let review = reviews::store::find(&**change, &change.caller, order.review).await?;
    let place = match occasion {
        FeedbackOccasion::AfterWorkshop => order.id(1)?,
        _ => review.id,
    };
    let rounds = store::lock_all(change, review.id).await?;
    let found = rounds
        .into_iter()
        .find(|round| round.occasion == occasion && round.place_id == place);
    found.map(|round| round.id).ok_or_else(|| order.unknown())
}

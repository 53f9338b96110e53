//! What came of contributions and groups: findings, actions and lessons of the same review.

use entity::contribution::Outcomes;
use entity::review::Model as Review;
use sea_orm::ConnectionTrait;

use super::store;
use crate::findings;
use crate::kernel::error::{Error, Result};
use crate::references::{repeated, unknown};

/// Refuses outcomes that are not of the review; a finding that was named before may have been
/// retracted since.
pub async fn check(
    connection: &impl ConnectionTrait,
    review: &Review,
    new: &Outcomes,
    old: &Outcomes,
) -> Result<()> {
    let named = (&new.finding_ids, &old.finding_ids);
    let mut faults = findings::named::faults(connection, review, named.0, named.1).await?;
    faults.extend(repeated("/action_ids", &new.action_ids));
    if !new.action_ids.is_empty() {
        let known = store::actions(connection, review.id, &new.action_ids).await?;
        let known = known.into_iter().collect();
        faults.extend(unknown("/action_ids", &new.action_ids, &known, "action"));
    }
    faults.extend(repeated("/lesson_ids", &new.lesson_ids));
    if !new.lesson_ids.is_empty() {
        let known = store::lessons(connection, review.id, &new.lesson_ids).await?;
        let known = known.into_iter().collect();
        faults.extend(unknown("/lesson_ids", &new.lesson_ids, &known, "lesson"));
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(faults))
    }
}

//! Naming findings, for the features whose resources come from some: recommendations, lessons.

use entity::review::Model as Review;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::store;
use crate::kernel::error::{Fault, Result};
use crate::references::repeated;

/// The faults of a body's `finding_ids`: each that was not named before is a finding of the review
/// that stands.
pub async fn faults(
    connection: &impl ConnectionTrait,
    review: &Review,
    ids: &[Uuid],
    before: &[Uuid],
) -> Result<Vec<Fault>> {
    let mut faults = repeated("/finding_ids", ids);
    let new: Vec<Uuid> = ids
        .iter()
        .filter(|id| !before.contains(id))
        .copied()
        .collect();
    if new.is_empty() {
        return Ok(faults);
    }
    let known = store::named(connection, review.id, &new).await?;
    for (at, id) in ids.iter().enumerate().filter(|(_, id)| new.contains(id)) {
        let pointer = format!("/finding_ids/{at}");
        match known.iter().find(|one| one.id == *id) {
            None => faults.push(Fault::at(
                pointer,
                "not_found",
                "is not a finding of the review",
            )),
            Some(one) if one.retracted_at.is_some() => {
                faults.push(Fault::at(pointer, "retracted", "is a retracted finding"));
            }
            Some(_) => {}
        }
    }
    Ok(faults)
}

/// Those of the findings that stand, in their order.
pub async fn standing(
    connection: &impl ConnectionTrait,
    review: &Review,
    ids: &[Uuid],
) -> Result<Vec<Uuid>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let known = store::named(connection, review.id, ids).await?;
    let stands = |id: &&Uuid| {
        let own = known.iter().find(|one| one.id == **id);
        own.is_some_and(|one| one.retracted_at.is_none())
    };
    Ok(ids.iter().filter(stands).copied().collect())
}

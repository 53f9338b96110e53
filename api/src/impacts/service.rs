//! What can be done with impacts.

use entity::impact::Model;
use entity::vocabulary::{ImpactDimension, ImpactSnapshot};
use entity::{JsonColumn, review};

use super::body::{ImpactBody, PutImpact};
use super::{rules, searched, store};
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::kernel::reply::Put;
use crate::reviews;

/// Which impact of a review: of which estimate, in which respect.
pub type Which = (ImpactSnapshot, ImpactDimension);

/// Estimates the impact in one dimension, or replaces the estimate.
pub async fn put(
    change: &Change,
    (review, which): (&str, Which),
    precondition: &Precondition,
    impact: PutImpact,
) -> Result<Put<Model>> {
    // Held against another first estimate of the same dimension.
    let review = reviews::store::lock(change, &change.caller, review).await?;
    let old = store::find(&**change, &review, which).await?;
    precondition.check_put(old.as_ref().map(|old| old.version), "impact")?;
    require(&review, which)?;
    let faults = rules::check(&impact);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let Some(old) = old else {
        let row = store::insert(change, filled(change, &review, which, impact)).await?;
        change.index(searched::text(&row));
        let entry = Entry::new("impact.put", store::RESOURCE, row.id).in_review(review.id);
        change.record(entry.after(&ImpactBody::from(row.clone()))?);
        return Ok(Put::Created(row));
    };
    if PutImpact::from(&old) == impact {
        return Ok(Put::Stored(old));
    }
    precondition.check(old.version)?;
    let row = Model {
        id: old.id,
        version: old.version + 1,
        created_at: old.created_at,
        created_by: old.created_by.clone(),
        ..filled(change, &review, which, impact)
    };
    let row = store::save(change, row).await?;
    change.index(searched::text(&row));
    let entry = Entry::new("impact.put", store::RESOURCE, row.id).in_review(review.id);
    let entry = entry.before(&ImpactBody::from(old))?;
    change.record(entry.after(&ImpactBody::from(row.clone()))?);
    Ok(Put::Stored(row))
}

/// Removes an estimate.
pub async fn remove(
    change: &Change,
    (review, which): (&str, Which),
    precondition: &Precondition,
) -> Result<()> {
    let review = reviews::store::lock(change, &change.caller, review).await?;
    let old = store::find(&**change, &review, which).await?;
    let old = old.ok_or_else(|| Error::not_found("impact"))?;
    precondition.check(old.version)?;
    require(&review, which)?;
    change.forget(old.id);
    let entry = Entry::new("impact.remove", store::RESOURCE, old.id).in_review(review.id);
    change.record(entry.before(&ImpactBody::from(old.clone()))?);
    store::remove(change, old).await
}

fn require(review: &review::Model, (snapshot, _): Which) -> Result<()> {
    if rules::takes(review.status, snapshot) {
        Ok(())
    } else {
        Err(reviews::service::refused(review.status))
    }
}

/// The row of a first estimate.
fn filled(
    change: &Change,
    review: &review::Model,
    (snapshot, dimension): Which,
    impact: PutImpact,
) -> Model {
    Model {
        id: ids::next(),
        organization_id: review.organization_id,
        review_id: review.id,
        snapshot,
        dimension,
        rating: impact.rating,
        quantities: JsonColumn(impact.quantities),
        costs: JsonColumn(impact.costs),
        narrative: impact.narrative,
        version: 1,
        created_at: change.now,
        created_by: change.caller.subject.clone(),
        updated_at: change.now,
    }
}

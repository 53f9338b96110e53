//! How something comes into a log, is amended and is retracted.

use entity::review;
use entity::vocabulary::ReviewStatus;
use uuid::Uuid;

use super::body::Retraction;
use super::row::Row;
use super::rules::{self, Step};
use super::store;
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::reviews::store::Standing;
use crate::{reviews, revisions};

/// The review that something is to be appended to, held against changes of its own.
pub async fn open(change: &Change, review: &str) -> Result<Standing> {
    let review = reviews::store::standing_shared(change, &change.caller, review).await?;
    require(review.status, Step::Append)?;
    Ok(review)
}

/// Refuses what the review's state does not allow.
pub fn require(status: ReviewStatus, step: Step) -> Result<()> {
    if rules::takes(status, step) {
        Ok(())
    } else {
        Err(reviews::service::refused(status))
    }
}

/// Puts on record what was appended.
pub fn record_append<R: Row>(change: &Change, row: &R) -> Result<()> {
    let stamp = row.stamp();
    searched(change, row);
    let entry = Entry::new(R::APPEND, R::RESOURCE, stamp.id).in_review(stamp.review);
    change.record(entry.after(&R::Body::from(row.clone()))?);
    Ok(())
}

/// Has it found while it stands.
pub fn searched<R: Row>(change: &Change, row: &R) {
    change.index_or_forget(row.stamp().id, row.searched());
}

/// What is about to be amended or retracted, held with its review.
#[derive(Debug)]
pub struct Held<R> {
    /// The review.
    pub review: review::Model,
    /// The revision that will be replaced.
    pub old: R,
}

/// Holds what stands in a log, to amend or retract it.
pub async fn hold<R: Row>(
    change: &Change,
    (review, id): (&str, Uuid),
    precondition: &Precondition,
) -> Result<Held<R>> {
    let review = if R::MOVES_REVIEW {
        reviews::store::lock(change, &change.caller, review).await?
    } else {
        reviews::store::lock_shared(change, &change.caller, review).await?
    };
    let old: R = store::lock(change, &review, id).await?;
    let stamp = old.stamp();
    precondition.check(stamp.version)?;
    require(review.status, Step::Amend)?;
    if stamp.retraction.is_some() {
        let detail = format!("the {} is retracted", R::RESOURCE);
        let code = format!("{}_is_retracted", R::RESOURCE);
        return Err(Error::state(detail.clone(), vec![Fault::of(&code, detail)]));
    }
    Ok(Held { review, old })
}

/// Replaces it by a new revision; the old one stays readable.
pub async fn amend<R: Row>(change: &Change, held: &Held<R>, row: R, reason: &str) -> Result<R> {
    let old = held.old.stamp();
    if row.clone().stamped(old.clone()) == held.old {
        return Err(nothing_changed());
    }
    replace(
        change,
        held,
        row.stamped(old.revised(change.now)),
        reason,
        R::AMEND,
    )
    .await
}

/// The refusal of an amendment that leaves everything as it is: it would be a revision of nothing.
pub fn nothing_changed() -> Error {
    let detail = "names nothing that is to be different";
    Error::invalid(vec![Fault::at("/changes", "nothing_changed", detail)])
}

/// Retracts it: it stays, struck out.
pub async fn retract<R: Row>(change: &Change, held: &Held<R>, reason: &str) -> Result<R> {
    let mut stamp = held.old.stamp().revised(change.now);
    stamp.retraction = Some(Retraction {
        at: change.now,
        by: change.caller.subject.clone(),
        reason: reason.to_owned(),
    });
    let row = held.old.clone().stamped(stamp);
    replace(change, held, row, reason, R::RETRACT).await
}

async fn replace<R: Row>(
    change: &Change,
    held: &Held<R>,
    row: R,
    reason: &str,
    action: &'static str,
) -> Result<R> {
    let stamp = held.old.stamp();
    let before = R::Body::from(held.old.clone());
    let (id, version) = (stamp.id, stamp.version);
    revisions::keep(change, R::RESOURCE, id, version, &before, reason).await?;
    let row = store::save(change, row).await?;
    searched(change, &row);
    let entry = Entry::new(action, R::RESOURCE, id).in_review(stamp.review);
    let entry = entry.before(&before)?;
    change.record(entry.after(&R::Body::from(row.clone()))?);
    Ok(row)
}

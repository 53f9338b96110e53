//! Deciding about a recommendation: each decision says who, when and why, and stays in its history.

use chrono::NaiveDate;
use entity::JsonColumn;
use entity::recommendation::{DispositionStep, Model};
use entity::review::Model as Review;
use entity::shared::Person;
use entity::vocabulary::Disposition;
use uuid::Uuid;

use super::rules::{self, Verb};
use super::service::record;
use super::steps::{AcceptRecommendationRisk, DeferRecommendation, MarkDuplicate};
use super::{due, store};
use crate::actions::vouching::caller;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::{actions, gaps, reviews};

/// Which recommendation of which review a path names.
pub type Named<'a> = (&'a str, Uuid);

/// What a decision says besides its verb.
#[derive(Debug, Default)]
pub(super) struct Grounds {
    pub(super) reason: Option<String>,
    pub(super) deferred_until: Option<NaiveDate>,
    pub(super) expires_on: Option<NaiveDate>,
    pub(super) approver: Option<Person>,
    pub(super) duplicate_of_id: Option<Uuid>,
    pub(super) action_ids: Vec<Uuid>,
}

/// A recommendation about to be decided about, in its review, which nobody else changes meanwhile.
pub(super) async fn locked(
    change: &Change,
    (review, id): Named<'_>,
    precondition: &Precondition,
    verb: Verb,
) -> Result<(Review, Model)> {
    let review = reviews::store::lock(change, &change.caller, review).await?;
    let old = store::find(&**change, &review, id).await?;
    precondition.check(old.version)?;
    rules::require_decidable(review.status, verb)?;
    rules::decided(old.disposition, verb)?;
    Ok((review, old))
}

/// Puts the decision off.
pub async fn defer(
    change: &Change,
    named: Named<'_>,
    precondition: &Precondition,
    given: DeferRecommendation,
) -> Result<Model> {
    let (_, old) = locked(change, named, precondition, Verb::Defer).await?;
    require_future(change, "/deferred_until", given.deferred_until)?;
    let grounds = Grounds {
        reason: Some(given.reason),
        deferred_until: Some(given.deferred_until),
        ..Grounds::default()
    };
    settle(change, old, Verb::Defer, grounds).await
}

/// Decides that it will not be carried out.
pub async fn reject(
    change: &Change,
    named: Named<'_>,
    precondition: &Precondition,
    reason: String,
) -> Result<Model> {
    let (_, old) = locked(change, named, precondition, Verb::Reject).await?;
    let grounds = Grounds {
        reason: Some(reason),
        ..Grounds::default()
    };
    settle(change, old, Verb::Reject, grounds).await
}

/// Decides that it will not be carried out and that somebody bears the risk until a date.
pub async fn accept_risk(
    change: &Change,
    named: Named<'_>,
    precondition: &Precondition,
    given: AcceptRecommendationRisk,
) -> Result<Model> {
    let (review, old) = locked(change, named, precondition, Verb::AcceptRisk).await?;
    require_future(change, "/expires_on", given.expires_on)?;
    rules::require_other(&review, &given.approver, &caller(change))?;
    let grounds = Grounds {
        reason: Some(given.reason),
        expires_on: Some(given.expires_on),
        approver: Some(given.approver),
        ..Grounds::default()
    };
    settle(change, old, Verb::AcceptRisk, grounds).await
}

/// Says which other one says the same.
pub async fn duplicate(
    change: &Change,
    named: Named<'_>,
    precondition: &Precondition,
    given: MarkDuplicate,
) -> Result<Model> {
    let (review, old) = locked(change, named, precondition, Verb::Duplicate).await?;
    require_original(change, &review, &old, given.duplicate_of_id).await?;
    let grounds = Grounds {
        reason: given.reason,
        duplicate_of_id: Some(given.duplicate_of_id),
        ..Grounds::default()
    };
    settle(change, old, Verb::Duplicate, grounds).await
}

/// Opens it again. Actions that were to carry it out go on by themselves.
pub async fn repropose(
    change: &Change,
    named: Named<'_>,
    precondition: &Precondition,
    reason: String,
) -> Result<Model> {
    let (review, old) = locked(change, named, precondition, Verb::Repropose).await?;
    let actions = &old.action_ids.0;
    actions::link::release(change, &review, old.id, actions).await?;
    store::unlink(change, old.id).await?;
    let grounds = Grounds {
        reason: Some(reason),
        ..Grounds::default()
    };
    settle(change, old, Verb::Repropose, grounds).await
}

fn require_future(change: &Change, pointer: &str, date: NaiveDate) -> Result<()> {
    let faults = rules::check_date(pointer, date, change.now.0.date_naive());
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(faults))
    }
}

/// Duplicates lead to their original in one step, so that none is lost in a circle.
async fn require_original(
    change: &Change,
    review: &Review,
    old: &Model,
    original: Uuid,
) -> Result<()> {
    let fault = |code, detail: &str| {
        let fault = Fault::at("/duplicate_of_id", code, detail);
        Err(Error::invalid(vec![fault]))
    };
    if original == old.id {
        return fault("circular", "is the recommendation itself");
    }
    let found = store::for_review(&**change, review.id).await?;
    match found.iter().find(|one| one.id == original) {
        None => return fault("not_found", "is not a recommendation of the review"),
        Some(one) if one.disposition == Disposition::Duplicate => {
            return fault("is_duplicate", "is a duplicate itself; name its original");
        }
        Some(_) => {}
    }
    if found.iter().any(|one| one.duplicate_of_id == Some(old.id)) {
        let detail = "other recommendations are duplicates of this one; repropose them first";
        let fault = Fault::of("has_duplicates", detail);
        return Err(Error::state(detail, vec![fault]));
    }
    Ok(())
}

/// Writes a decision down.
pub(super) async fn settle(
    change: &Change,
    old: Model,
    verb: Verb,
    grounds: Grounds,
) -> Result<Model> {
    let disposition = rules::decided(old.disposition, verb)?;
    let accepted = disposition == Disposition::Accepted;
    let mut action_ids = if accepted {
        old.action_ids.0.clone()
    } else {
        Vec::new()
    };
    action_ids.extend(&grounds.action_ids);
    let mut history = old.history.0.clone();
    history.push(DispositionStep {
        from: old.disposition,
        to: disposition,
        at: change.now,
        by: change.caller.subject.clone(),
        reason: grounds.reason,
        deferred_until: grounds.deferred_until,
        expires_on: grounds.expires_on,
        approver: grounds.approver,
        duplicate_of_id: grounds.duplicate_of_id,
        action_ids: grounds.action_ids,
    });
    let row = Model {
        disposition,
        decided_at: (disposition != Disposition::Proposed).then_some(change.now),
        deferred_until: grounds.deferred_until,
        expires_on: grounds.expires_on,
        duplicate_of_id: grounds.duplicate_of_id,
        action_ids: JsonColumn(action_ids),
        history: JsonColumn(history),
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    };
    let row = store::save_alone(change, row).await?;
    due::follow(change, &row).await?;
    gaps::follow::recommendation(change, Some(&old), &row).await?;
    record(change, verb.audit_name(), Some(&old), &row)?;
    Ok(row)
}

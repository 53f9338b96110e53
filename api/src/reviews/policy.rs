//! The policy of a review: what it keeps of the one that applies, and the dates that follow.

use chrono::NaiveDate;
use entity::incident;
use entity::policy::{PolicyRules, PolicySnapshot};
use entity::review::Model;
use entity::vocabulary::{Priority, Requirement, ReviewKind, Severity};
use entity::{ShownJson, Timestamp};

use super::body::OpenReview;
use super::{due, service, store};
use crate::calendars::rules::Counting;
use crate::kernel::call::Change;
use crate::kernel::error::Result;
use crate::kernel::etag::Precondition;
use crate::policies::rules::Situation;
use crate::policies::service::Effective;
use crate::{calendars, incidents, policies};

/// The subject that what a policy opened was created by.
const POLICY: &str = "system";

/// What applies to a review by its policy. A review from before there were policies has the built-in
/// one.
pub fn rules(review: &Model) -> PolicyRules {
    let kept = review.policy();
    kept.map_or_else(policies::rules::built_in, |kept| kept.rules)
}

/// The last day on which an action of this priority is in time, when somebody commits to it now.
pub fn action_due_on(review: &Model, priority: Priority, now: Timestamp) -> Option<NaiveDate> {
    let days = rules(review).action_due_days.of(priority);
    let days = chrono::Days::new(u64::try_from(days).ok()?);
    now.0.date_naive().checked_add_days(days)
}

/// Opens the review of an incident that was just closed, if its policy says so.
pub async fn open_if_mandatory(change: &Change, incident: &incident::Model) -> Result<()> {
    let situation = Situation {
        severity: Some(incident.severity),
        categories: vec![incident.category],
        kind: Some(ReviewKind::Incident),
    };
    let policy = policies::service::effective(change, &situation).await?;
    let rules = &policy.rules;
    if rules.requirement != Requirement::Mandatory || !rules.open_automatically {
        return Ok(());
    }
    let review = OpenReview::of_incident(incident);
    service::open_as(change, review, POLICY, Some(policy)).await?;
    Ok(())
}

/// Gives a review that is about to be opened its policy: the given one, or the one that applies.
pub async fn apply(change: &Change, row: Model, opened_by: Option<Effective>) -> Result<Model> {
    let opened_review = opened_by.is_some();
    let policy = match opened_by {
        Some(policy) => policy,
        None => effective(change, &row).await?,
    };
    snapshot(change, row, policy, opened_review).await
}

/// Gives a review the policy that applies now in place of the one that it has.
///
/// Dates that somebody set stay; those that the policy had set are those of the new one.
pub async fn reapply(change: &Change, name: &str, precondition: &Precondition) -> Result<Model> {
    let old = store::lock(change, &change.caller, name).await?;
    precondition.check(old.version)?;
    service::require_editable(&old)?;
    let policy = effective(change, &old).await?;
    let opened_review = old.policy().is_some_and(|kept| kept.opened_review);
    let row = Model {
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    };
    let row = snapshot(change, row, policy, opened_review).await?;
    let row = store::save_alone(change, row).await?;
    due::follow(change, Some(&old), &row).await?;
    service::record(change, "review.reapply_policy", Some(&old), &row)?;
    Ok(row)
}

/// Begins to count the periods of a review whose incidents are all closed now.
pub async fn count(change: &Change, old: Model) -> Result<()> {
    if service::require_editable(&old).is_err() {
        return Ok(());
    }
    let Some(row) = counted(change, &old).await? else {
        return Ok(());
    };
    let row = Model {
        version: old.version + 1,
        updated_at: change.now,
        ..row
    };
    let row = store::save_alone(change, row).await?;
    due::follow(change, Some(&old), &row).await?;
    service::record(change, "review.count_deadlines", Some(&old), &row)
}

/// A review with the dates that follow from the closure of its incidents; nothing when they are
/// known already, or still do not follow.
pub async fn counted(change: &Change, row: &Model) -> Result<Option<Model>> {
    let Some(kept) = row.policy() else {
        return Ok(None);
    };
    if kept.counted_from.is_some() {
        return Ok(None);
    }
    let Some(from) = counted_from(change, row).await? else {
        return Ok(None);
    };
    let calendar = kept.calendar.id;
    let organization = change.organization();
    let counting = calendars::store::counting(&**change, organization, calendar).await?;
    let new = PolicySnapshot {
        calendar: counting.calendar.clone(),
        ..counted_snapshot(kept.clone(), &counting, row.severity, Some(from))
    };
    Ok(Some(with_dates(row.clone(), new)))
}

/// The policy that applies to a review by what it is about.
async fn effective(change: &Change, row: &Model) -> Result<Effective> {
    let (organization, ids) = (change.organization(), &row.incident_ids.0);
    let about = incidents::store::reviewed(&**change, organization, ids).await?;
    let situation = Situation {
        severity: Some(row.severity),
        categories: about.iter().map(|incident| incident.category).collect(),
        kind: Some(row.kind),
    };
    policies::service::effective(change, &situation).await
}

async fn snapshot(
    change: &Change,
    row: Model,
    policy: Effective,
    opened_review: bool,
) -> Result<Model> {
    let organization = change.organization();
    let named = policy.rules.calendar_id;
    let counting = calendars::store::counting(&**change, organization, named).await?;
    let before = row.policy().and_then(|kept| kept.counted_from);
    let from = counted_from(change, &row).await?.or(before);
    let kept = PolicySnapshot {
        policy_id: policy.id,
        version: policy.version,
        name: policy.name,
        rules: policy.rules,
        calendar: counting.calendar.clone(),
        applied_at: change.now,
        opened_review,
        counted_from: None,
        workshop_due_at: None,
        publish_due_at: None,
    };
    let kept = counted_snapshot(kept, &counting, row.severity, from);
    Ok(with_dates(row, kept))
}

/// What the periods of a review are counted from: the closure of the last of its incidents, or its
/// opening when it has none; nothing while one of them is not closed.
async fn counted_from(change: &Change, row: &Model) -> Result<Option<Timestamp>> {
    let (organization, ids) = (change.organization(), &row.incident_ids.0);
    let about = incidents::store::reviewed(&**change, organization, ids).await?;
    let closures: Option<Vec<Timestamp>> =
        about.iter().map(|incident| incident.closed_at).collect();
    Ok(match closures {
        Some(closures) if closures.is_empty() => Some(row.created_at),
        Some(closures) => closures.into_iter().max(),
        None => None,
    })
}

/// What a review keeps, with the dates that its policy sets.
fn counted_snapshot(
    kept: PolicySnapshot,
    counting: &Counting,
    severity: Severity,
    from: Option<Timestamp>,
) -> PolicySnapshot {
    let workshop = kept.rules.workshop_due_for(severity);
    let publication = kept.rules.publish_due;
    PolicySnapshot {
        counted_from: from,
        workshop_due_at: from.and_then(|from| counting.work.after(from, workshop)),
        publish_due_at: from.and_then(|from| counting.work.after(from, publication)),
        ..kept
    }
}

/// The review with what it keeps of its policy, and with the policy's dates where nobody set others.
fn with_dates(row: Model, new: PolicySnapshot) -> Model {
    let before = row.policy();
    let before = before.as_ref();
    let date = |own: Option<Timestamp>, before: Option<Timestamp>, new: Option<Timestamp>| {
        let is_own = own.is_some() && own != before;
        if is_own { own } else { new }
    };
    Model {
        workshop_due_at: date(
            row.workshop_due_at,
            before.and_then(|kept| kept.workshop_due_at),
            new.workshop_due_at,
        ),
        publish_due_at: date(
            row.publish_due_at,
            before.and_then(|kept| kept.publish_due_at),
            new.publish_due_at,
        ),
        policy_snapshot: Some(ShownJson::new(&new)),
        ..row
    }
}

//! What can be done with a review itself.

use chrono::Datelike as _;
use entity::review::Model;
use entity::shared::Person;
use entity::vocabulary::ReviewStatus;
use entity::{JsonColumn, Text};
use uuid::Uuid;

use super::body::{OpenReview, ReviewBody, ReviewPatch};
use super::{due, policy, searched, store};
use crate::incidents;
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::milestones;
use crate::people::Names;
use crate::policies::service::Effective;
use crate::references::repeated;
use crate::text::searchable;

/// Opens a review.
pub async fn open(change: &Change, review: OpenReview) -> Result<Model> {
    let creator = change.caller.subject.clone();
    open_as(change, review, &creator, None).await
}

/// Opens a review as somebody, by a policy that says so or by whichever applies.
pub async fn open_as(
    change: &Change,
    review: OpenReview,
    creator: &str,
    opened_by: Option<Effective>,
) -> Result<Model> {
    check(change, &review).await?;
    let organization = change.organization();
    incidents::store::hold(change, organization, &review.incident_ids).await?;
    let year = change.now.0.year();
    let number = store::next_number(change, organization, year).await?;
    let row = Model {
        id: ids::next(),
        organization_id: organization,
        key: format!("PIR-{year}-{number:04}"),
        status: ReviewStatus::Draft,
        published_at: None,
        closed_at: None,
        snapshot_sha256: None,
        transitions: JsonColumn(Vec::new()),
        version: 1,
        created_at: change.now,
        created_by: creator.to_owned(),
        ..filled(change, review)
    };
    let row = policy::apply(change, row, opened_by).await?;
    let row = store::insert(change, row).await?;
    change.index(searched::text(&row));
    due::follow(change, None, &row).await?;
    record(change, "review.open", None, &row)?;
    Ok(row)
}

/// Changes a review that is not published.
pub async fn update(
    change: &Change,
    name: &str,
    precondition: &Precondition,
    patch: &ReviewPatch,
) -> Result<Model> {
    let old = store::lock(change, &change.caller, name).await?;
    precondition.check(old.version)?;
    require_editable(&old)?;
    let review = patch.apply(&OpenReview::from(&old))?;
    check(change, &review).await?;
    let both: Vec<Uuid> = if old.incident_ids.0 == review.incident_ids {
        Vec::new()
    } else {
        let all = old.incident_ids.0.iter().chain(&review.incident_ids);
        all.copied().collect()
    };
    incidents::store::hold(change, change.organization(), &both).await?;
    let row = Model {
        id: old.id,
        key: old.key.clone(),
        status: old.status,
        published_at: old.published_at,
        closed_at: old.closed_at,
        snapshot_sha256: old.snapshot_sha256.clone(),
        policy_snapshot: old.policy_snapshot.clone(),
        transitions: old.transitions.clone(),
        version: old.version + 1,
        created_at: old.created_at,
        created_by: old.created_by.clone(),
        ..filled(change, review)
    };
    let row = if both.is_empty() {
        row
    } else {
        policy::counted(change, &row).await?.unwrap_or(row)
    };
    let row = store::save(change, row).await?;
    change.index(searched::text(&row));
    due::follow(change, Some(&old), &row).await?;
    record(change, "review.update", Some(&old), &row)?;
    if both.is_empty() {
        return Ok(row);
    }
    milestones::refill(change, row.id, &both).await?;
    // What its chronology marks may have closed an incident, and so begun to count its deadlines.
    store::current(change, &row).await
}

/// Everybody who cannot approve a review: its owner, and whoever owned it when it was last submitted.
pub fn owners(review: &Model) -> Vec<Names> {
    let transitions = review.transitions.0.iter().rev();
    let mut submitted = transitions.filter(|step| step.to == ReviewStatus::InReview);
    let before = submitted.next().and_then(|step| step.owner.as_ref());
    let owner = review.owner.as_ref().map(|owner| &owner.0);
    owner.into_iter().chain(before).map(Names::from).collect()
}

/// Refuses changes of what is published or has ended.
pub fn require_editable(review: &Model) -> Result<()> {
    match review.status {
        ReviewStatus::Draft | ReviewStatus::InProgress | ReviewStatus::InReview => Ok(()),
        ended => Err(refused(ended)),
    }
}

/// Refuses additions to what is closed, waived or cancelled.
pub fn require_open(review: &Model) -> Result<()> {
    match review.status {
        ended @ (ReviewStatus::Closed | ReviewStatus::Waived | ReviewStatus::Cancelled) => {
            Err(refused(ended))
        }
        _ => Ok(()),
    }
}

/// The refusal that a review in this state does not take the change.
pub fn refused(status: ReviewStatus) -> Error {
    let detail = format!("the review is {status}; reopen it first");
    Error::state(
        detail.clone(),
        vec![Fault::of(&format!("review_is_{status}"), detail)],
    )
}

async fn check(change: &Change, review: &OpenReview) -> Result<()> {
    let mut faults = repeated("/tags", &review.tags);
    faults.extend(repeated("/incident_ids", &review.incident_ids));
    let refs: Vec<_> = review
        .external_refs
        .iter()
        .map(|one| (&one.system, &one.id))
        .collect();
    faults.extend(repeated("/external_refs", &refs));
    if !review.incident_ids.is_empty() {
        let known: Vec<Uuid> =
            incidents::store::existing(&**change, change.organization(), &review.incident_ids)
                .await?;
        let unknown = review
            .incident_ids
            .iter()
            .enumerate()
            .filter(|(_, id)| !known.contains(id));
        faults.extend(unknown.map(|(at, _)| {
            Fault::at(
                format!("/incident_ids/{at}"),
                "not_found",
                "is not an incident",
            )
        }));
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(faults))
    }
}

fn subject(person: Option<&Person>) -> Option<Text> {
    person?.subject.clone().map(Text::from)
}

/// A new row; identity, state and history are the caller's to set.
fn filled(change: &Change, review: OpenReview) -> Model {
    Model {
        id: Uuid::nil(),
        organization_id: change.organization(),
        key: String::new(),
        search_text: searchable([Some(review.title.as_str()), review.summary.as_deref()]),
        title: review.title,
        summary: review.summary.map(Text::from),
        kind: review.kind,
        depth: review.depth,
        severity: review.severity,
        status: ReviewStatus::Draft,
        visibility: review.visibility,
        tlp: review.tlp,
        legal_privilege: review.legal_privilege,
        owner_subject: subject(review.owner.as_ref()),
        owner: review.owner.map(JsonColumn),
        facilitator_subject: subject(review.facilitator.as_ref()),
        facilitator: review.facilitator.map(JsonColumn),
        tags: JsonColumn(review.tags),
        external_refs: JsonColumn(review.external_refs),
        incident_ids: JsonColumn(review.incident_ids),
        policy_snapshot: None,
        workshop_due_at: review.workshop_due_at,
        publish_due_at: review.publish_due_at,
        published_at: None,
        closed_at: None,
        snapshot_sha256: None,
        transitions: JsonColumn(Vec::new()),
        version: 1,
        created_at: change.now,
        created_by: String::new(),
        updated_at: change.now,
    }
}

/// Puts a change of a review on record.
pub fn record(
    change: &Change,
    action: &'static str,
    before: Option<&Model>,
    after: &Model,
) -> Result<()> {
    let mut entry = Entry::new(action, store::RESOURCE, after.id).in_review(after.id);
    if let Some(before) = before {
        entry = entry.before(&ReviewBody::from(before.clone()))?;
    }
    change.record(entry.after(&ReviewBody::from(after.clone()))?);
    Ok(())
}

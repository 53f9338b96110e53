//! Taking the steps of a review's life.

use entity::review::{Model, Transition};
use entity::{JsonColumn, review_snapshot};
use ring::digest::{SHA256, digest};

use super::body::{SnapshotAction, SnapshotContent};
use super::rules::{self, Step};
use super::store;
use crate::chronology::body::EventBody;
use crate::findings::body::FindingBody;
use crate::kernel::audit::hex;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::etag::IfMatch;
use crate::kernel::ids;
use crate::participants::http::ParticipantBody;
use crate::reviews;
use crate::reviews::body::ReviewBody;

/// Why a step is taken, and who approved it.
#[derive(Debug, Default)]
pub struct Grounds {
    /// Why.
    pub reason: Option<String>,
    /// Who approved it, where somebody besides the caller had to.
    pub approver: Option<String>,
}

/// Takes a step, or refuses it with every condition that is not met.
pub async fn take(
    change: &Change,
    review: &str,
    if_match: &IfMatch,
    step: Step,
    grounds: Grounds,
) -> Result<Model> {
    let old = reviews::store::lock(change, &change.caller, review).await?;
    if_match.check(old.version)?;
    let facts = store::facts(&**change, &old, &change.caller).await?;
    let mut unmet = rules::unmet(step, &facts);
    let approver = match step {
        Step::Publish => Some(change.caller.subject.clone()),
        _ => grounds.approver,
    };
    if step == Step::Waive && approver.is_some() && approver == old.owner_subject {
        let detail = "the owner cannot approve that no review is needed";
        unmet.push(Fault::of("approver_is_owner", detail));
    }
    if !unmet.is_empty() {
        let detail = format!("the review cannot {} now", step.name());
        return Err(Error::state(detail, unmet));
    }
    let mut transitions = old.transitions.0.clone();
    transitions.push(Transition {
        from: old.status,
        to: step.target(),
        at: change.now,
        by: change.caller.subject.clone(),
        reason: grounds.reason,
        approver,
    });
    let mut row = Model {
        status: step.target(),
        transitions: JsonColumn(transitions),
        published_at: if step == Step::Publish {
            Some(change.now)
        } else {
            old.published_at
        },
        closed_at: if step == Step::Close {
            Some(change.now)
        } else {
            old.closed_at
        },
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    };
    if step == Step::Publish {
        row.snapshot_sha256 = Some(freeze(change, &row).await?);
    }
    let row = reviews::store::save_alone(change, row).await?;
    reviews::service::record(change, step.audit_name(), Some(&old), &row)?;
    Ok(row)
}

/// Freezes the whole review as it is published; says the snapshot's hash.
async fn freeze(change: &Change, row: &Model) -> Result<String> {
    let whole = store::whole(&**change, row.id).await?;
    let content = SnapshotContent {
        review: ReviewBody::from(Model {
            snapshot_sha256: None,
            ..row.clone()
        }),
        participants: whole
            .participants
            .into_iter()
            .map(ParticipantBody::from)
            .collect(),
        events: whole.events.into_iter().map(EventBody::from).collect(),
        findings: whole.findings.into_iter().map(FindingBody::from).collect(),
        actions: whole
            .actions
            .into_iter()
            .map(SnapshotAction::from)
            .collect(),
    };
    let content = serde_json::to_string(&content)
        .map_err(|error| Error::Internal(format!("a snapshot cannot be written: {error}")))?;
    let sha256 = hex(digest(&SHA256, content.as_bytes()).as_ref());
    let snapshot = review_snapshot::Model {
        id: ids::next(),
        organization_id: change.organization(),
        review_id: row.id,
        content,
        sha256: sha256.clone(),
        published_at: change.now,
        published_by: change.caller.subject.clone(),
    };
    store::keep(change, snapshot).await?;
    Ok(sha256)
}

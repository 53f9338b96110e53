//! Taking the steps of a review's life.

use entity::review::{Model, Transition};
use entity::shared::Person;
use entity::{JsonColumn, review_snapshot};
use ring::digest::{SHA256, digest};

use super::body::{SnapshotAction, SnapshotContent};
use super::rules::{self, Step};
use super::store;
use crate::assessments::body::AssessmentBody;
use crate::chronology::body::EventBody;
use crate::communications::body::CommunicationBody;
use crate::contributions::board;
use crate::decisions::body::DecisionBody;
use crate::findings::body::FindingBody;
use crate::impacts::body::ImpactBody;
use crate::kernel::audit::hex;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::lessons::body::LessonBody;
use crate::participants::http::ParticipantBody;
use crate::people::owner_among;
use crate::recommendations::body::RecommendationBody;
use crate::reviews::body::ReviewBody;
use crate::whole::body::each;
use crate::workshops::view;
use crate::{feedback, reviews, whole};

/// Why a step is taken, and who approved it.
#[derive(Debug, Default)]
pub struct Grounds {
    /// Why.
    pub reason: Option<String>,
    /// Who approved it, where somebody besides the caller had to.
    pub approver: Option<Person>,
}

/// Takes a step, or refuses it with every condition that is not met.
pub async fn take(
    change: &Change,
    review: &str,
    precondition: &Precondition,
    step: Step,
    grounds: Grounds,
) -> Result<Model> {
    let old = reviews::store::lock(change, &change.caller, review).await?;
    precondition.check(old.version)?;
    let facts = store::facts(&**change, &old, &change.caller, change.now.0.date_naive()).await?;
    let mut unmet = rules::unmet(step, &facts);
    let owners = reviews::service::owners(&old);
    let names_owner = owner_among(&owners, &grounds.approver).is_some();
    let approver = match step {
        Step::Publish => Some(change.caller.subject.clone()),
        _ => grounds.approver.map(|one| one.subject.unwrap_or(one.name)),
    };
    if step == Step::Waive && names_owner && !facts.asked_by_owner {
        unmet.push(rules::approver_is_owner());
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
        owner: old.owner.as_ref().map(|owner| owner.0.clone()),
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
        row.snapshot_sha256 = Some(freeze(change, &row).await?.into());
    }
    let row = reviews::store::save_alone(change, row).await?;
    reviews::due::follow(change, Some(&old), &row).await?;
    match step {
        Step::Publish => feedback::schedule::after_publication(change, &row).await?,
        Step::Waive | Step::Cancel => {
            let reason = format!("The review is {}", row.status);
            feedback::schedule::give_up(change, &row, &reason).await?;
        }
        _ => {}
    }
    reviews::service::record(change, step.audit_name(), Some(&old), &row)?;
    board::ending::follow_review(change, &row).await?;
    Ok(row)
}

/// Freezes the whole review as it is published; says the snapshot's hash.
async fn freeze(change: &Change, row: &Model) -> Result<String> {
    let rows = whole::store::rows(&**change, row, change.now).await?;
    let content = SnapshotContent {
        review: ReviewBody::from(Model {
            snapshot_sha256: None,
            ..row.clone()
        }),
        workshops: view::records(row, rows.workshops, rows.invitations, &rows.participants),
        participants: each(rows.participants, ParticipantBody::from),
        events: each(rows.events, EventBody::from),
        decisions: each(rows.decisions, DecisionBody::from),
        communications: each(rows.communications, CommunicationBody::from),
        assessments: each(rows.assessments, AssessmentBody::from),
        impacts: each(rows.impacts, ImpactBody::from),
        findings: each(rows.findings, FindingBody::from),
        recommendations: each(rows.recommendations, RecommendationBody::from),
        actions: each(rows.actions, SnapshotAction::from),
        lessons: each(rows.lessons, |row| LessonBody::of(row, change.now)),
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

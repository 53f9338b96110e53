//! Bodies of the steps of a review's life.

use chrono::NaiveDate;
use entity::action;
use entity::shared::Person;
use entity::vocabulary::{ActionStatus, Priority, ReviewStatus};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::chronology::body::EventBody;
use crate::findings::body::FindingBody;
use crate::kernel::error::Fault;
use crate::participants::http::ParticipantBody;
use crate::reviews::body::ReviewBody;

/// A step that needs no reason; it may have one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeStep {
    /// Why, where that is worth keeping.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "Discussed in the workshop"
    )]
    pub reason: Option<String>,
}

/// A step that needs a reason.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeReasonedStep {
    /// Why.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "New evidence from the forensic report"
    )]
    pub reason: String,
}

/// The decision that a review is not needed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WaiveReview {
    /// Why none is needed.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "Covered by the review of the campaign"
    )]
    pub reason: String,
    /// Who approved that, other than the review's owner.
    #[schema(min_length = 1, max_length = 255, example = "ciso@example.org")]
    pub approver: String,
}

/// A step and what it still asks for.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepReadiness {
    /// The step, as in its path.
    #[schema(example = "publish")]
    pub step: &'static str,
    /// The state it leads to.
    pub to: ReviewStatus,
    /// Whether it can be taken now by whoever asks.
    #[schema(example = false)]
    pub ready: bool,
    /// Every condition that is not met, each with its code.
    pub unmet: Vec<Fault>,
}

/// What every step asks for, ahead of time.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadinessBody {
    /// The review.
    pub review_id: Uuid,
    /// Where it stands.
    pub status: ReviewStatus,
    /// The steps, in the order of a life.
    pub steps: Vec<StepReadiness>,
}

/// An action as a snapshot keeps it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SnapshotAction {
    /// Its id.
    id: Uuid,
    /// What is to be done.
    #[schema(example = "Route every high-risk detection to a person")]
    title: String,
    /// Where it stood.
    status: ActionStatus,
    /// Its priority.
    priority: Priority,
    /// Its owner.
    owner: Option<Person>,
    /// When it was due.
    #[schema(value_type = Option<String>, format = "date", example = "2026-12-31")]
    due_on: Option<NaiveDate>,
    /// When it counts as done.
    #[schema(example = "An alert without an owner raises a page within 15 minutes")]
    closure_criteria: Option<String>,
    /// The findings it answers.
    finding_ids: Vec<Uuid>,
}

impl From<action::Model> for SnapshotAction {
    fn from(row: action::Model) -> Self {
        Self {
            id: row.id,
            title: row.title,
            status: row.status,
            priority: row.priority,
            owner: row.owner_name.map(|name| Person {
                name,
                subject: row.owner_subject,
            }),
            due_on: row.due_on,
            closure_criteria: row.closure_criteria,
            finding_ids: row.finding_ids.0,
        }
    }
}

/// A review as it was published.
#[derive(Debug, Serialize, ToSchema)]
pub struct SnapshotContent {
    /// The review.
    pub review: ReviewBody,
    /// Its participants.
    pub participants: Vec<ParticipantBody>,
    /// Its chronology.
    pub events: Vec<EventBody>,
    /// Its findings.
    pub findings: Vec<FindingBody>,
    /// Its actions.
    pub actions: Vec<SnapshotAction>,
}

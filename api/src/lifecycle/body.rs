//! Bodies of the steps of a review's life.

use chrono::NaiveDate;
use entity::shared::Person;
use entity::vocabulary::{ActionStatus, Priority, ReviewStatus};
use entity::{Timestamp, action, review_snapshot};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::assessments::body::AssessmentBody;
use crate::chronology::body::EventBody;
use crate::communications::body::CommunicationBody;
use crate::decisions::body::DecisionBody;
use crate::findings::body::FindingBody;
use crate::impacts::body::ImpactBody;
use crate::kernel::error::Fault;
use crate::lessons::body::LessonBody;
use crate::participants::http::ParticipantBody;
use crate::recommendations::body::RecommendationBody;
use crate::reviews::body::ReviewBody;
use crate::workshops::body::WorkshopRecord;

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
    pub approver: Approver,
}

/// A person, or in short their subject or name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Approver {
    /// Their subject or name.
    Called(Called),
    /// The person.
    Person(Person),
}

/// A person's subject or name.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(value_type = String, min_length = 1, max_length = 255, example = "ciso@example.org")]
pub struct Called(String);

impl Approver {
    /// Their name and, where it is told apart, their subject.
    pub fn person(self) -> Person {
        match self {
            Self::Called(Called(name)) => Person {
                name,
                subject: None,
            },
            Self::Person(person) => person,
        }
    }
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
    /// The accepted recommendations that it carried out.
    recommendation_ids: Vec<Uuid>,
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
            recommendation_ids: row.recommendation_ids.0,
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
    /// Its decision log.
    pub decisions: Vec<DecisionBody>,
    /// Its communication log.
    pub communications: Vec<CommunicationBody>,
    /// How well the response went.
    pub assessments: Vec<AssessmentBody>,
    /// What the incident cost.
    pub impacts: Vec<ImpactBody>,
    /// Its findings.
    pub findings: Vec<FindingBody>,
    /// Its recommendations.
    pub recommendations: Vec<RecommendationBody>,
    /// Its actions.
    pub actions: Vec<SnapshotAction>,
    /// Its lessons.
    pub lessons: Vec<LessonBody>,
    /// Its workshops.
    pub workshops: Vec<WorkshopRecord>,
}

crate::sorts! {
    /// Order of a list of snapshots.
    SnapshotSort of review_snapshot::Entity, default PublishedAtDescending;
    PublishedAt PublishedAtDescending "published_at" "-published_at" PublishedAt;
}

/// In which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListSnapshots {
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: SnapshotSort,
}

/// Which snapshot of which review.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct SnapshotPath {
    /// Id or key of the review.
    #[param(example = "PIR-2026-0042")]
    pub review: String,
    /// SHA-256 of the snapshot, in hexadecimal.
    #[param(
        pattern = "^[0-9a-f]{64}$",
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    )]
    pub sha256: String,
}

/// One publication of a review.
#[derive(Debug, Serialize, ToSchema)]
pub struct SnapshotBody {
    /// SHA-256 of what was published, in hexadecimal; its name below the review.
    #[schema(
        pattern = "^[0-9a-f]{64}$",
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    )]
    sha256: String,
    /// When it was published.
    published_at: Timestamp,
    /// Who approved it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    published_by: String,
}

impl From<review_snapshot::Model> for SnapshotBody {
    fn from(row: review_snapshot::Model) -> Self {
        Self {
            sha256: row.sha256,
            published_at: row.published_at,
            published_by: row.published_by,
        }
    }
}

/// A page of snapshots.
#[derive(Debug, Serialize, ToSchema)]
pub struct SnapshotList {
    /// The snapshots, in order.
    items: Vec<SnapshotBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

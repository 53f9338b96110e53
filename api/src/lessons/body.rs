//! Bodies and parameters of lessons.

use entity::Timestamp;
use entity::lesson::{self, Embedding, LessonStep, Model};
use entity::shared::ExternalRef;
use entity::vocabulary::{Audience, LessonStatus};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::rules;
use crate::kernel::audit::stored;
use crate::kernel::body::Patch;
use crate::kernel::error::Result;
use crate::kernel::etag;
use crate::references::ExternalRefName;
use crate::wording::body::{PlacedText, Worded, WordingNote, at, notes};

/// A lesson as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordLesson {
    /// What should be remembered.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "An alert without an owner is no alert"
    )]
    pub statement: String,
    /// The same at length.
    #[serde(default)]
    #[schema(
        max_length = 65536,
        example = "Route every high-risk detection to a person with a deadline."
    )]
    pub description: Option<String>,
    /// For whom it is.
    #[serde(default)]
    #[schema(max_items = 7)]
    pub audience: Vec<Audience>,
    /// The findings of the same review that it comes from: also strengths, which are worth keeping.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub finding_ids: Vec<Uuid>,
    /// Its names in other systems, each unique in the organisation.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
}

/// A change of a lesson.
pub type LessonPatch = Patch<RecordLesson>;

impl From<&Model> for RecordLesson {
    fn from(row: &Model) -> Self {
        Self {
            statement: row.statement.clone(),
            description: row.description.clone(),
            audience: row.audience.0.clone(),
            finding_ids: row.finding_ids.0.clone(),
            external_refs: row.external_refs.0.clone(),
        }
    }
}

/// The confirmation of a lesson.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ValidateLesson {
    /// Why, where that is worth keeping.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 4000, example = "Agreed in the workshop")]
    pub reason: Option<String>,
}

/// A step that needs a reason.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LessonReason {
    /// Why.
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "The service was shut down"
    )]
    pub reason: String,
}

/// A lesson.
#[derive(Debug, Serialize, ToSchema)]
pub struct LessonBody {
    /// Its id.
    id: Uuid,
    /// The review it comes from.
    review_id: Uuid,
    /// The review's key.
    #[schema(example = "PIR-2026-0042")]
    review_key: String,
    /// What should be remembered.
    #[schema(example = "An alert without an owner is no alert")]
    statement: String,
    /// The same at length.
    #[schema(example = "Route every high-risk detection to a person with a deadline.")]
    description: Option<String>,
    /// For whom it is.
    audience: Vec<Audience>,
    /// The findings it comes from.
    finding_ids: Vec<Uuid>,
    /// Its names in other systems.
    external_refs: Vec<ExternalRef>,
    /// Where it stands; moved by verbs, and by the revisions of documents that name it.
    status: LessonStatus,
    /// The standing revisions of documents that name it.
    embedded_in: Vec<Embedding>,
    /// When it was last validated.
    validated_at: Option<Timestamp>,
    /// When the first of these revisions was published, while it is embedded.
    embedded_at: Option<Timestamp>,
    /// When it was retired, while it is.
    retired_at: Option<Timestamp>,
    /// Whole days from its record until it reached a document or was retired, or until now.
    #[schema(minimum = 0, example = 12)]
    age_days: i64,
    /// Every step of its life, the oldest first.
    history: Vec<LessonStep>,
    /// Version of the resource, which its ETag begins with.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// When it was created.
    created_at: Timestamp,
    /// Who created it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    created_by: String,
    /// When it was last changed.
    updated_at: Timestamp,
    /// Phrases in its texts that blame or judge with hindsight: advice, never a refusal.
    wording_notes: Vec<WordingNote>,
}

impl Worded for Model {
    fn texts(&self) -> Vec<PlacedText<'_>> {
        vec![
            at("/statement", self.statement.as_str()),
            at("/description", self.description.as_deref()),
        ]
    }
}

impl LessonBody {
    /// A lesson as it is shown at a moment.
    pub fn of(row: Model, now: Timestamp) -> Self {
        let wording_notes = notes(&row);
        let ended_at = row.embedded_at.or(row.retired_at);
        Self {
            wording_notes,
            age_days: rules::age_days(row.created_at, ended_at, now),
            id: row.id,
            review_id: row.review_id,
            review_key: row.review_key,
            statement: row.statement,
            description: row.description,
            audience: row.audience.0,
            finding_ids: row.finding_ids.0,
            external_refs: row.external_refs.0,
            status: row.status,
            embedded_in: row.embedded_in.0,
            validated_at: row.validated_at,
            embedded_at: row.embedded_at,
            retired_at: row.retired_at,
            history: row.history.0,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }

    /// The entity tag: the version, and its age, which differs without it.
    pub fn tag(&self) -> String {
        etag::tag(self.version, &format!("d{}", self.age_days))
    }
}

/// What an audit record keeps of a lesson: everything that is stored, nothing that is computed.
pub fn audited(row: &Model) -> Result<serde_json::Value> {
    let body = LessonBody::of(row.clone(), row.updated_at);
    stored(&body, &["age_days"])
}

/// A page of lessons.
#[derive(Debug, Serialize, ToSchema)]
pub struct LessonList {
    /// The lessons, in order.
    items: Vec<LessonBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which lesson of a review.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct LessonPath {
    /// Id or key of the review.
    #[param(
        pattern = "^(PIR-[0-9]{4}-[0-9]{4,9}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        example = "PIR-2026-0001"
    )]
    pub review: String,
    /// Id of the lesson.
    pub lesson: Uuid,
}

crate::sorts! {
    /// Order of a list of lessons.
    LessonSort of lesson::Entity, default CreatedAt;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
    UpdatedAt UpdatedAtDescending "updated_at" "-updated_at" UpdatedAt;
}

/// Which lessons, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListLessons {
    /// Any of these states.
    #[serde(default)]
    pub status: Vec<LessonStatus>,
    /// For any of these audiences.
    #[serde(default)]
    pub audience: Vec<Audience>,
    /// Only those that have reached a document, or only those that have not yet; what was retired
    /// is neither.
    pub embedded: Option<bool>,
    /// Coming from any of these findings.
    #[serde(default)]
    pub finding_id: Vec<Uuid>,
    /// Named by a standing revision of any of these documents.
    #[serde(default)]
    pub document_id: Vec<Uuid>,
    /// Called by any of these names in other systems, each of which is `system:id` of one of its
    /// `external_refs`.
    #[serde(default)]
    #[param(value_type = Vec<ExternalRefName>, example = json!(["jira:SEC-1042"]))]
    pub external_ref: Vec<String>,
    /// Created at or after.
    pub created_at_from: Option<Timestamp>,
    /// Created before.
    pub created_at_to: Option<Timestamp>,
    /// Changed at or after.
    pub updated_at_from: Option<Timestamp>,
    /// Changed before.
    pub updated_at_to: Option<Timestamp>,
    /// Words that statement or description hold, all of them.
    #[param(max_length = 200, example = "alert owner")]
    pub q: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: LessonSort,
}

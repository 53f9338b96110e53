//! Bodies and parameters of obligations.

use entity::Timestamp;
use entity::obligation::{self, Clock, Model};
use entity::shared::Person;
use entity::vocabulary::{ObligationStatus, ObligationTrigger};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::rules;
use crate::kernel::body::Patch;
use crate::kernel::etag;
use crate::wording::body::{PlacedText, Worded, at};

/// An obligation as it is recorded: a stage of a regime, or a free one with a title and a date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordObligation {
    /// The regime; then with `stage`.
    #[serde(default)]
    #[schema(example = "019abb00-0000-7000-8000-000000000002")]
    pub regime_id: Option<Uuid>,
    /// Short name of the regime's stage.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 64,
        pattern = "^[a-z0-9][a-z0-9_]*$",
        example = "early_warning"
    )]
    pub stage: Option<String>,
    /// What it is called; the stage's title, when it is left out.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 300, example = "NIS2 early warning")]
    pub title: Option<String>,
    /// More about it.
    #[serde(default)]
    #[schema(max_length = 65536, example = "To the national CSIRT.")]
    pub description: Option<String>,
    /// What started it; `other` when it is left out of a free one. A stage says so itself.
    #[serde(default)]
    pub trigger: Option<ObligationTrigger>,
    /// When that was; not in the future.
    #[schema(example = "2026-05-14T03:36:00Z")]
    pub trigger_at: Timestamp,
    /// When the second clock of a stage that has one was started: for DORA's initial notification,
    /// when the organisation became aware.
    #[serde(default)]
    pub limit_trigger_at: Option<Timestamp>,
    /// When it is due. Computed where the stage has a clock; required otherwise.
    #[serde(default)]
    pub due_at: Option<Timestamp>,
    /// Who is to meet it.
    #[serde(default)]
    pub owner: Option<Person>,
}

/// A change of an obligation.
pub type ObligationPatch = Patch<RecordObligation>;

impl From<&Model> for RecordObligation {
    fn from(row: &Model) -> Self {
        Self {
            regime_id: row.regime_id,
            stage: row.stage.clone(),
            title: Some(row.title.clone()),
            description: row.description.clone(),
            trigger: row.stage.is_none().then_some(row.trigger),
            trigger_at: row.trigger_at,
            limit_trigger_at: row.limit_trigger_at,
            due_at: row.clock.is_none().then_some(row.due_at),
            owner: row.owner.clone().map(|column| column.0),
        }
    }
}

/// That an obligation was met.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitObligation {
    /// When it was submitted; now, when it is left out. Not in the future, nor before the trigger.
    #[serde(default)]
    pub submitted_at: Option<Timestamp>,
    /// What the authority calls it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 255, example = "NCSC-2026-00417")]
    pub reference: Option<String>,
}

/// Why an obligation takes a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObligationReason {
    /// Why.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "No personal data was affected"
    )]
    pub reason: String,
}

/// That an obligation need not be met.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaiverBody {
    /// Why.
    #[schema(example = "No personal data was affected")]
    reason: String,
    /// Who recorded it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    by: String,
    /// When.
    at: Timestamp,
}

/// An obligation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObligationBody {
    /// Its id.
    id: Uuid,
    /// In which review.
    review_id: Uuid,
    /// By which regime, if by one.
    regime_id: Option<Uuid>,
    /// The regime's short name.
    #[schema(example = "nis2")]
    regime: Option<String>,
    /// Short name of the regime's stage.
    #[schema(example = "early_warning")]
    stage: Option<String>,
    /// What it is called.
    #[schema(example = "Early warning")]
    title: String,
    /// More about it.
    #[schema(example = "To the national CSIRT.")]
    description: Option<String>,
    /// What started it.
    trigger: ObligationTrigger,
    /// When that was.
    trigger_at: Timestamp,
    /// When the second clock was started.
    limit_trigger_at: Option<Timestamp>,
    /// How `due_at` was computed: what the stage said when the obligation was recorded.
    clock: Option<Clock>,
    /// The business calendar that counted; the built-in one, where there is none.
    calendar_id: Option<Uuid>,
    /// The last moment that is in time.
    due_at: Timestamp,
    /// Who is to meet it.
    owner: Option<Person>,
    /// Where it stands now. It is due soon for the last 24 hours, and missed once its moment has
    /// passed and the review has ended.
    status: ObligationStatus,
    /// When it was submitted.
    submitted_at: Option<Timestamp>,
    /// Who recorded the submission.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    submitted_by: Option<String>,
    /// What the authority calls it.
    #[schema(example = "NCSC-2026-00417")]
    reference: Option<String>,
    /// From the trigger to the submission, in seconds.
    #[schema(minimum = 0, example = 64800)]
    latency_seconds: Option<i64>,
    /// From the submission to the last moment that was in time, in seconds; negative when it was
    /// late.
    #[schema(example = 21600)]
    margin_seconds: Option<i64>,
    /// Why it need not be met, if so.
    waiver: Option<WaiverBody>,
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
}

impl Worded for Model {
    fn texts(&self) -> Vec<PlacedText<'_>> {
        vec![
            at("/title", self.title.as_str()),
            at("/description", self.description.as_deref()),
            at("/waiver/reason", self.waiver_reason.as_deref()),
        ]
    }
}

impl ObligationBody {
    /// An obligation as it stands at a moment.
    pub fn of(row: Model, review_has_ended: bool, now: Timestamp) -> Self {
        let submitted = row.submitted_at;
        let waived = row.waived_at.zip(row.waived_by.clone());
        Self {
            status: rules::status(&row, review_has_ended, now),
            latency_seconds: submitted.map(|at| at.seconds() - row.trigger_at.seconds()),
            margin_seconds: submitted.map(|at| row.due_at.seconds() - at.seconds()),
            waiver: waived.map(|(at, by)| WaiverBody {
                reason: row.waiver_reason.clone().unwrap_or_default(),
                by,
                at,
            }),
            id: row.id,
            review_id: row.review_id,
            regime_id: row.regime_id,
            regime: row.regime,
            stage: row.stage,
            title: row.title,
            description: row.description,
            trigger: row.trigger,
            trigger_at: row.trigger_at,
            limit_trigger_at: row.limit_trigger_at,
            clock: row.clock.map(|column| column.0),
            calendar_id: row.calendar_id,
            due_at: row.due_at,
            owner: row.owner.map(|column| column.0),
            submitted_at: row.submitted_at,
            submitted_by: row.submitted_by,
            reference: row.reference,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }

    /// The entity tag: the version, and where it stands, which time changes as well.
    pub fn tag(&self) -> String {
        etag::tag(self.version, self.status.as_str())
    }
}

/// A page of obligations.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObligationList {
    /// The obligations, in order.
    items: Vec<ObligationBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which obligation of a review.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ObligationPath {
    /// Id or key of the review.
    #[param(
        pattern = "^(PIR-[0-9]{4}-[0-9]{4,9}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        example = "PIR-2026-0001"
    )]
    pub review: String,
    /// Id of the obligation.
    pub obligation: Uuid,
}

crate::sorts! {
    /// Order of a list of obligations.
    ObligationSort of obligation::Entity, default DueAt;
    DueAt DueAtDescending "due_at" "-due_at" DueAt;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
}

/// Which obligations, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListObligations {
    /// Standing at any of these.
    #[serde(default)]
    pub status: Vec<ObligationStatus>,
    /// By any of these regimes.
    #[serde(default)]
    pub regime_id: Vec<Uuid>,
    /// Started by any of these.
    #[serde(default)]
    pub trigger: Vec<ObligationTrigger>,
    /// To be met by any of these: a subject, or the name of somebody whose subject is not known.
    #[serde(default)]
    #[param(example = json!(["ada@example.org"]))]
    pub owner: Vec<String>,
    /// Due at or after.
    pub due_at_from: Option<Timestamp>,
    /// Due before.
    pub due_at_to: Option<Timestamp>,
    /// Submitted at or after.
    pub submitted_at_from: Option<Timestamp>,
    /// Submitted before.
    pub submitted_at_to: Option<Timestamp>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: ObligationSort,
}

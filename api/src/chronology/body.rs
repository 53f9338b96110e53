//! Bodies of events.

use entity::event::Model;
use entity::shared::Evidence;
use entity::vocabulary::{ActorSide, EventKind, Milestone, Phase, TimePrecision};
use entity::{JsonColumn, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::append_only::body::{Retraction, Stamp};
use crate::attack::{self, Warning};
use crate::kernel::body::Patch;
use crate::wording::body::{PlacedText, Worded, WordingNote, at, notes};

/// A moment of the chronology. Out of order and long after the fact is normal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppendEvent {
    /// When it happened, or began.
    pub occurred_at: Timestamp,
    /// When it ended; not before it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// How exactly the time is known.
    #[serde(default = "exact")]
    #[schema(default = "exact")]
    pub precision: TimePrecision,
    /// What kind of moment it is.
    pub kind: EventKind,
    /// In which phase of the response it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// Whose doing it was.
    #[serde(default = "unknown_side")]
    #[schema(default = "unknown")]
    pub actor_side: ActorSide,
    /// Who it was, by role rather than by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, example = "SOC analyst on duty")]
    pub actor_role: Option<String>,
    /// What happened, in a line.
    #[schema(
        min_length = 1,
        max_length = 500,
        example = "EDR alert on fs-01 acknowledged"
    )]
    pub summary: String,
    /// What happened, at length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        max_length = 65536,
        example = "The analyst opened the alert after the shift change."
    )]
    pub description: Option<String>,
    /// Where it is known from. With `external_id`, unique in the review: a repeat is answered
    /// with the stored event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, example = "edr")]
    pub source: Option<String>,
    /// Its id at the source; needs `source`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 255, example = "alert-88213")]
    pub external_id: Option<String>,
    /// What supports it.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub evidence: Vec<Evidence>,
    /// ATT&CK technique ids; unknown and retired ones are kept and warned of.
    #[serde(default)]
    #[schema(max_items = 50, value_type = Vec<attack::TechniqueId>)]
    pub attack_techniques: Vec<String>,
    /// The milestones that it is. They fill the timestamps of the review's incidents; where
    /// several events mark one milestone, the earliest counts.
    #[serde(default)]
    #[schema(max_items = 16)]
    pub marks: Vec<Milestone>,
    /// Whether it belongs in a short chronology.
    #[serde(default)]
    #[schema(default = false, example = true)]
    pub is_key: bool,
    /// Whether it was known only in hindsight.
    #[serde(default)]
    #[schema(default = false, example = false)]
    pub hindsight_only: bool,
    /// Whether it held the recovery up.
    #[serde(default)]
    #[schema(default = false, example = false)]
    pub inhibited_recovery: bool,
}

/// What an amendment changes.
pub type EventPatch = Patch<AppendEvent>;

fn exact() -> TimePrecision {
    TimePrecision::Exact
}

fn unknown_side() -> ActorSide {
    ActorSide::Unknown
}

impl From<&Model> for AppendEvent {
    fn from(row: &Model) -> Self {
        Self {
            occurred_at: row.occurred_at,
            ended_at: row.ended_at,
            precision: row.precision,
            kind: row.kind,
            phase: row.phase,
            actor_side: row.actor_side,
            actor_role: row.actor_role.clone(),
            summary: row.summary.clone(),
            description: row.description.clone(),
            source: row.source.clone(),
            external_id: row.external_id.clone(),
            evidence: row.evidence.0.clone(),
            attack_techniques: row.attack_techniques.0.clone(),
            marks: row.marks.0.clone(),
            is_key: row.is_key,
            hindsight_only: row.hindsight_only,
            inhibited_recovery: row.inhibited_recovery,
        }
    }
}

/// An amendment: a new revision of an event, with the reason for it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendEvent {
    /// Why it is amended.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "The EDR's clock was five minutes ahead"
    )]
    pub reason: String,
    /// Merge patch of the event: absent leaves, null clears.
    pub changes: EventPatch,
}

/// An event, in its current revision.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventBody {
    /// Its id.
    id: Uuid,
    /// The review whose chronology it is in.
    review_id: Uuid,
    /// When it happened, or began.
    occurred_at: Timestamp,
    /// When it ended.
    ended_at: Option<Timestamp>,
    /// How exactly the time is known.
    precision: TimePrecision,
    /// What kind of moment it is.
    kind: EventKind,
    /// In which phase of the response it happened.
    phase: Option<Phase>,
    /// Whose doing it was.
    actor_side: ActorSide,
    /// Who it was, by role.
    #[schema(example = "SOC analyst on duty")]
    actor_role: Option<String>,
    /// What happened, in a line.
    #[schema(example = "EDR alert on fs-01 acknowledged")]
    summary: String,
    /// What happened, at length.
    #[schema(example = "The analyst opened the alert after the shift change.")]
    description: Option<String>,
    /// Where it is known from.
    #[schema(example = "edr")]
    source: Option<String>,
    /// Its id at the source.
    #[schema(example = "alert-88213")]
    external_id: Option<String>,
    /// What supports it.
    evidence: Vec<Evidence>,
    /// ATT&CK technique ids.
    #[schema(example = json!(["T1486"]))]
    attack_techniques: Vec<String>,
    /// The milestones that it is.
    marks: Vec<Milestone>,
    /// Whether it belongs in a short chronology.
    #[schema(example = true)]
    is_key: bool,
    /// Whether it was known only in hindsight.
    #[schema(example = false)]
    hindsight_only: bool,
    /// Whether it held the recovery up.
    #[schema(example = false)]
    inhibited_recovery: bool,
    /// When, by whom and why it was retracted, if it was.
    retraction: Option<Retraction>,
    /// What was kept but looks wrong.
    warnings: Vec<Warning>,
    /// Number of the revision, as in the ETag.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// When it was appended.
    created_at: Timestamp,
    /// Who appended it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    created_by: String,
    /// When it was last amended or retracted.
    updated_at: Timestamp,
    /// Phrases in its texts that blame or judge with hindsight: advice, never a refusal.
    wording_notes: Vec<WordingNote>,
}

impl Worded for Model {
    fn texts(&self) -> Vec<PlacedText<'_>> {
        vec![
            at("/summary", self.summary.as_str()),
            at("/description", self.description.as_deref()),
        ]
    }
}

impl From<Model> for EventBody {
    fn from(row: Model) -> Self {
        let wording_notes = notes(&row);
        let retraction = Retraction::of(row.retracted_at, row.retracted_by, row.retraction_reason);
        Self {
            wording_notes,
            id: row.id,
            review_id: row.review_id,
            occurred_at: row.occurred_at,
            ended_at: row.ended_at,
            precision: row.precision,
            kind: row.kind,
            phase: row.phase,
            actor_side: row.actor_side,
            actor_role: row.actor_role,
            summary: row.summary,
            description: row.description,
            source: row.source,
            external_id: row.external_id,
            evidence: row.evidence.0,
            warnings: attack::warnings(&row.attack_techniques.0),
            attack_techniques: row.attack_techniques.0,
            marks: row.marks.0,
            is_key: row.is_key,
            hindsight_only: row.hindsight_only,
            inhibited_recovery: row.inhibited_recovery,
            retraction,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }
}

impl AppendEvent {
    /// The row that says so.
    pub(super) fn into_row(self, stamp: Stamp) -> Model {
        let search_text = crate::text::searchable([
            Some(self.summary.as_str()),
            self.description.as_deref(),
            self.source.as_deref(),
            self.actor_role.as_deref(),
        ]);
        let (retracted_at, retracted_by, retraction_reason) = Retraction::columns(stamp.retraction);
        Model {
            id: stamp.id,
            organization_id: stamp.organization,
            review_id: stamp.review,
            occurred_at: self.occurred_at,
            ended_at: self.ended_at,
            precision: self.precision,
            kind: self.kind,
            phase: self.phase,
            actor_side: self.actor_side,
            actor_role: self.actor_role,
            summary: self.summary,
            description: self.description,
            source: self.source,
            external_id: self.external_id,
            has_evidence: !self.evidence.is_empty(),
            evidence: JsonColumn(self.evidence),
            attack_techniques: JsonColumn(self.attack_techniques),
            has_marks: !self.marks.is_empty(),
            marks: JsonColumn(self.marks),
            is_key: self.is_key,
            hindsight_only: self.hindsight_only,
            inhibited_recovery: self.inhibited_recovery,
            retracted_at,
            retracted_by,
            retraction_reason,
            search_text,
            version: stamp.version,
            created_at: stamp.created_at,
            created_by: stamp.created_by,
            updated_at: stamp.updated_at,
        }
    }
}

/// A page of events.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventList {
    /// The events, in order.
    items: Vec<EventBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which reviews' events.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OfReviews {
    /// Of any of these reviews.
    #[serde(default)]
    pub review_id: Vec<Uuid>,
}

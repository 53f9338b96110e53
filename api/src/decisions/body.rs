//! Bodies and parameters of decisions.

use entity::decision::{self, DecisionOption, Model};
use entity::vocabulary::TimePrecision;
use entity::{JsonColumn, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::append_only::body::{Retraction, Stamp};
use crate::kernel::body::Patch;
use crate::text::searchable;
use crate::wording::body::{PlacedText, Worded, WordingNote, at, notes, within};

/// A choice that shaped the response, told as it was to those who made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppendDecision {
    /// When it was taken.
    pub decided_at: Timestamp,
    /// How exactly that is known.
    #[serde(default = "exact")]
    #[schema(default = "exact")]
    pub precision: TimePrecision,
    /// The participant of the review who took it; this or `decider_role` is required.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decider_participant_id: Option<Uuid>,
    /// In which role it was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, example = "Incident commander")]
    pub decider_role: Option<String>,
    /// What was decided.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "Shut down every system of the network"
    )]
    pub decision: String,
    /// The ways that could have been taken, this one among them.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub options: Vec<DecisionOption>,
    /// What was known then, and what was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        min_length = 1,
        max_length = 65536,
        example = "Encryption on two hospitals' servers; the way in was not known."
    )]
    pub information_available: Option<String>,
    /// Why it was decided so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        min_length = 1,
        max_length = 65536,
        example = "Nobody could tell how far the attacker had come."
    )]
    pub rationale: Option<String>,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        min_length = 1,
        max_length = 65536,
        example = "The encryption stopped; care went on on paper."
    )]
    pub outcome: Option<String>,
    /// How it looks by what is known now, which is no measure of those who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        min_length = 1,
        max_length = 65536,
        example = "Isolating the sites from each other first would have kept some of them at work."
    )]
    pub in_hindsight: Option<String>,
    /// The events of the review's chronology that it belongs to.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub event_ids: Vec<Uuid>,
}

/// What an amendment changes.
pub type DecisionPatch = Patch<AppendDecision>;

fn exact() -> TimePrecision {
    TimePrecision::Exact
}

impl From<&Model> for AppendDecision {
    fn from(row: &Model) -> Self {
        Self {
            decided_at: row.decided_at,
            precision: row.precision,
            decider_participant_id: row.decider_participant_id,
            decider_role: row.decider_role.clone(),
            decision: row.decision.clone(),
            options: row.options.0.clone(),
            information_available: row.information_available.clone(),
            rationale: row.rationale.clone(),
            outcome: row.outcome.clone(),
            in_hindsight: row.in_hindsight.clone(),
            event_ids: row.event_ids.0.clone(),
        }
    }
}

impl AppendDecision {
    /// The row that says so.
    pub(super) fn into_row(self, stamp: Stamp) -> Model {
        let options = self.options.iter().flat_map(|option| {
            [
                Some(option.option.as_str()),
                option.pros.as_deref(),
                option.cons.as_deref(),
            ]
        });
        let texts = [
            Some(self.decision.as_str()),
            self.decider_role.as_deref(),
            self.information_available.as_deref(),
            self.rationale.as_deref(),
            self.outcome.as_deref(),
            self.in_hindsight.as_deref(),
        ];
        let search_text = searchable(texts.into_iter().chain(options));
        let (retracted_at, retracted_by, retraction_reason) = Retraction::columns(stamp.retraction);
        Model {
            id: stamp.id,
            organization_id: stamp.organization,
            review_id: stamp.review,
            decided_at: self.decided_at,
            precision: self.precision,
            decider_participant_id: self.decider_participant_id,
            decider_role: self.decider_role,
            decision: self.decision,
            options: JsonColumn(self.options),
            information_available: self.information_available,
            rationale: self.rationale,
            outcome: self.outcome,
            in_hindsight: self.in_hindsight,
            event_ids: JsonColumn(self.event_ids),
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

/// An amendment: a new revision of a decision, with the reason for it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendDecision {
    /// Why it is amended.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "The minutes of the crisis team name another hour"
    )]
    pub reason: String,
    /// Merge patch of the decision: absent leaves, null clears.
    pub changes: DecisionPatch,
}

/// A decision, in its current revision.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionBody {
    /// Its id.
    id: Uuid,
    /// The review whose log it is in.
    review_id: Uuid,
    /// When it was taken.
    decided_at: Timestamp,
    /// How exactly that is known.
    precision: TimePrecision,
    /// The participant who took it.
    decider_participant_id: Option<Uuid>,
    /// In which role it was taken.
    #[schema(example = "Incident commander")]
    decider_role: Option<String>,
    /// What was decided.
    #[schema(example = "Shut down every system of the network")]
    decision: String,
    /// The ways that could have been taken, this one among them.
    options: Vec<DecisionOption>,
    /// What was known then, and what was not.
    #[schema(example = "Encryption on two hospitals' servers; the way in was not known.")]
    information_available: Option<String>,
    /// Why it was decided so.
    #[schema(example = "Nobody could tell how far the attacker had come.")]
    rationale: Option<String>,
    /// What came of it.
    #[schema(example = "The encryption stopped; care went on on paper.")]
    outcome: Option<String>,
    /// How it looks by what is known now.
    #[schema(
        example = "Isolating the sites from each other first would have kept some of them at work."
    )]
    in_hindsight: Option<String>,
    /// The events that it belongs to.
    event_ids: Vec<Uuid>,
    /// When, by whom and why it was retracted, if it was.
    retraction: Option<Retraction>,
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
        let options = self.options.0.iter().enumerate().flat_map(|(number, one)| {
            let place = |field: &str| format!("/options/{number}/{field}");
            [
                within(place("option"), one.option.as_str()),
                within(place("pros"), one.pros.as_deref()),
                within(place("cons"), one.cons.as_deref()),
            ]
        });
        let own = [
            at("/decision", self.decision.as_str()),
            at(
                "/information_available",
                self.information_available.as_deref(),
            ),
            at("/rationale", self.rationale.as_deref()),
            at("/outcome", self.outcome.as_deref()),
            at("/in_hindsight", self.in_hindsight.as_deref()),
        ];
        own.into_iter().chain(options).collect()
    }
}

impl From<Model> for DecisionBody {
    fn from(row: Model) -> Self {
        let wording_notes = notes(&row);
        Self {
            wording_notes,
            id: row.id,
            review_id: row.review_id,
            decided_at: row.decided_at,
            precision: row.precision,
            decider_participant_id: row.decider_participant_id,
            decider_role: row.decider_role,
            decision: row.decision,
            options: row.options.0,
            information_available: row.information_available,
            rationale: row.rationale,
            outcome: row.outcome,
            in_hindsight: row.in_hindsight,
            event_ids: row.event_ids.0,
            retraction: Retraction::of(row.retracted_at, row.retracted_by, row.retraction_reason),
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }
}

/// A page of decisions.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionList {
    /// The decisions, in order.
    items: Vec<DecisionBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which decision of a review.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct DecisionPath {
    /// Id or key of the review.
    #[param(
        pattern = "^(PIR-[0-9]{4}-[0-9]{4,9}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        example = "PIR-2026-0001"
    )]
    pub review: String,
    /// Id of the decision.
    pub decision: Uuid,
}

crate::sorts! {
    /// Order of a decision log.
    DecisionSort of decision::Entity, default DecidedAt;
    DecidedAt DecidedAtDescending "decided_at" "-decided_at" DecidedAt;
}

/// Which decisions, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListDecisions {
    /// Taken by any of these participants.
    #[serde(default)]
    pub decider_participant_id: Vec<Uuid>,
    /// Taken in any of these roles.
    #[serde(default)]
    #[param(example = json!(["Incident commander"]))]
    pub decider_role: Vec<String>,
    /// Belonging to any of these events.
    #[serde(default)]
    pub event_id: Vec<Uuid>,
    /// Only the retracted, or only the others.
    pub retracted: Option<bool>,
    /// Taken at or after.
    pub decided_at_from: Option<Timestamp>,
    /// Taken before.
    pub decided_at_to: Option<Timestamp>,
    /// Words that its texts hold, all of them.
    #[param(max_length = 200, example = "shut down")]
    pub q: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: DecisionSort,
}

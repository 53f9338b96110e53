//! An action as it is sent: added or changed.

use chrono::NaiveDate;
use entity::JsonColumn;
use entity::action::{Model, PriorityInputs};
use entity::shared::ExternalRef;
use entity::vocabulary::{ActionStrength, ActionType, Priority};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::body::Patch;
use crate::text::Tag;

/// Who is to do an action: a participant of the review, or somebody else by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnerInput {
    /// A participant of the same review; then without `name` and `subject`.
    #[serde(default)]
    pub participant_id: Option<Uuid>,
    /// Name to show of a person or team that takes no part in the review.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, example = "Ada Okafor")]
    pub name: Option<String>,
    /// Subject of their tokens, or `key:<id>`; without it the service can't recognise them.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 255, example = "ada@example.org")]
    pub subject: Option<String>,
}

/// A level decided on against the score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriorityOverrideInput {
    /// The level.
    pub level: Priority,
    /// Why.
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "The regulator asked for it by the end of the quarter"
    )]
    pub reason: String,
}

/// How an action begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "open")]
pub enum InitialStatus {
    /// Suggested; nobody is committed to it.
    Proposed,
    /// Committed and not yet begun.
    Open,
}

/// An action as it is added to a review.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateAction {
    /// What is to be done.
    #[schema(
        min_length = 1,
        max_length = 300,
        example = "Alert when the backup agent is stopped"
    )]
    pub title: String,
    /// More about it.
    #[serde(default)]
    #[schema(
        max_length = 65536,
        example = "The agent was stopped six hours before the encryption; nobody was told."
    )]
    pub description: Option<String>,
    /// What it is meant to achieve.
    #[serde(rename = "type")]
    pub action_type: ActionType,
    /// How strong its effect is likely to be.
    #[serde(default)]
    pub strength: Option<ActionStrength>,
    /// Who is to do it.
    #[serde(default)]
    pub owner: Option<OwnerInput>,
    /// When it is due; as the review's policy says, when it is left out of a new one.
    #[serde(default)]
    #[schema(example = "2026-06-30")]
    pub due_on: Option<NaiveDate>,
    /// How much work it is, in days.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10000, example = 2.5)]
    pub effort_days: Option<f64>,
    /// The findings of the same review that it answers.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub finding_ids: Vec<Uuid>,
    /// What must hold for it to be done.
    #[serde(default)]
    #[schema(
        max_length = 4000,
        example = "Stopping the agent on a test server raises an alert within five minutes"
    )]
    pub closure_criteria: Option<String>,
    /// Actions of this or other reviews that have to be done first; never in a circle.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub depends_on: Vec<Uuid>,
    /// Tags to filter by.
    #[serde(default)]
    #[schema(max_items = 50, value_type = Vec<Tag>)]
    pub tags: Vec<String>,
    /// Its names in other systems, each unique in the organisation.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
    /// What it is ranked by.
    #[serde(default)]
    pub priority_inputs: PriorityInputs,
    /// A level decided on against the score; who and when is recorded.
    #[serde(default)]
    pub priority_override: Option<PriorityOverrideInput>,
    /// How it begins; `open` when it is left out. Only for a new action: afterwards progress,
    /// verifications and verbs move it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<InitialStatus>,
}

/// A change of an action.
pub type ActionPatch = Patch<CreateAction>;

impl From<&Model> for CreateAction {
    fn from(row: &Model) -> Self {
        let owner = match (row.owner_participant_id, &row.owner_name) {
            (None, None) => None,
            (Some(participant), _) => Some(OwnerInput {
                participant_id: Some(participant),
                ..OwnerInput::default()
            }),
            (None, Some(name)) => Some(OwnerInput {
                participant_id: None,
                name: Some(name.clone()),
                subject: row.owner_subject.clone(),
            }),
        };
        let decided = row.priority_override.as_ref();
        Self {
            title: row.title.clone(),
            description: row.description.clone(),
            action_type: row.action_type,
            strength: row.strength,
            owner,
            due_on: row.due_on,
            effort_days: row.effort_days,
            finding_ids: row.finding_ids.0.clone(),
            closure_criteria: row.closure_criteria.clone(),
            depends_on: row.depends_on.0.clone(),
            tags: row.tags.0.clone(),
            external_refs: row.external_refs.0.clone(),
            priority_inputs: row.priority_inputs.0,
            priority_override: decided.map(|JsonColumn(decided)| PriorityOverrideInput {
                level: decided.level,
                reason: decided.reason.clone(),
            }),
            status: None,
        }
    }
}

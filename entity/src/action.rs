//! Actions: committed improvements, which outlive the review they come from.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::organization::{OrganizationId, PriorityWeights};
use crate::shared::{ExternalRef, Person};
use crate::vocabulary::{
    ActionStatus, ActionStrength, ActionType, Priority, ResourceAvailability, StakeholderFunction,
};
use crate::{JsonColumn, Timestamp};

/// What is known of an action to rank it by; what is left out has its default in the score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriorityInputs {
    /// Likelihood × severity of what it is to prevent, 1 to 25; the findings' own risk, where one
    /// of them has any, wins over it.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 25, example = 12)]
    pub risk: Option<i32>,
    /// How much it would improve, 1 (little) to 5 (very much).
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5, example = 4)]
    pub impact: Option<i32>,
    /// How much work it is, 1 (little) to 5 (very much).
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5, example = 2)]
    pub effort: Option<i32>,
    /// Whether the people, money and tools for it can be had.
    #[serde(default)]
    pub resource_availability: Option<ResourceAvailability>,
}

/// Where an input of a score comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "findings")]
pub enum InputBasis {
    /// The highest risk among the action's findings.
    Findings,
    /// Given with the action.
    Given,
    /// Nobody said; the middle is assumed.
    Default,
}

/// A number that went into a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ScoreInput {
    /// The number.
    #[schema(minimum = 1, maximum = 25, example = 12)]
    pub value: i32,
    /// Where it comes from.
    pub basis: InputBasis,
}

/// The availability that went into a score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AvailabilityInput {
    /// Whether the resources can be had.
    pub value: ResourceAvailability,
    /// Where that comes from.
    pub basis: InputBasis,
    /// The factor that the organisation gives it.
    #[schema(minimum = 0, example = 0.75)]
    pub factor: f64,
}

/// How a score came about, as it was when it was computed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scoring {
    /// The risk.
    pub risk: ScoreInput,
    /// The impact.
    pub impact: ScoreInput,
    /// The effort.
    pub effort: ScoreInput,
    /// The availability of the resources.
    pub resource_availability: AvailabilityInput,
    /// The organisation's weights.
    pub weights: PriorityWeights,
    /// The level that the score means.
    pub level: Priority,
}

/// A priority that somebody decided on against the score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PriorityOverride {
    /// The decided level.
    pub level: Priority,
    /// Why.
    #[schema(example = "The regulator asked for it by the end of the quarter")]
    pub reason: String,
    /// Who decided.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Why an action ended without being done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ending {
    /// Why.
    #[schema(example = "The service is shut down in March")]
    pub reason: String,
    /// Who approved it, where somebody had to.
    pub approver: Option<Person>,
    /// Until when a risk is accepted.
    pub expires_on: Option<Date>,
    /// Who recorded it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    pub by: String,
}

/// A stretch of time in which an action was done or given up, until it was taken up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spell {
    /// What it was.
    pub status: ActionStatus,
    /// Since when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// An action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "actions")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// In which review.
    #[serde(skip)]
    pub review_id: Uuid,
    /// The review's key, which never changes.
    #[serde(skip)]
    #[sea_orm(column_type = "Text")]
    pub review_key: String,
    /// What is to be done.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// More about it.
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    /// What it is meant to achieve.
    pub action_type: ActionType,
    /// How strong its effect is likely to be.
    pub strength: Option<ActionStrength>,
    /// The participant who owns it.
    pub owner_participant_id: Option<Uuid>,
    /// The owner's name.
    #[sea_orm(column_type = "Text", nullable)]
    pub owner_name: Option<String>,
    /// The owner's subject.
    #[sea_orm(column_type = "Text", nullable)]
    pub owner_subject: Option<String>,
    /// The part of the organisation that the owning participant stands for.
    pub owner_function: Option<StakeholderFunction>,
    /// The owner's subject, or their name where there is none, for filters and groups.
    #[serde(skip)]
    #[sea_orm(column_type = "Text", nullable)]
    pub owner_key: Option<String>,
    /// When it is due.
    pub due_on: Option<Date>,
    /// How much work it is, in days.
    #[sea_orm(column_type = "Double", nullable)]
    pub effort_days: Option<f64>,
    /// The findings it answers; `action_findings` holds them too.
    pub finding_ids: JsonColumn<Vec<Uuid>>,
    /// The recommendations it carries out; `recommendation_actions` holds them too.
    pub recommendation_ids: JsonColumn<Vec<Uuid>>,
    /// What must hold for it to be done.
    #[sea_orm(column_type = "Text", nullable)]
    pub closure_criteria: Option<String>,
    /// The actions it waits for; `action_dependencies` holds them too.
    pub depends_on: JsonColumn<Vec<Uuid>>,
    /// Tags.
    pub tags: JsonColumn<Vec<String>>,
    /// Its names elsewhere.
    pub external_refs: JsonColumn<Vec<ExternalRef>>,
    /// What it is ranked by.
    pub priority_inputs: JsonColumn<PriorityInputs>,
    /// Its score.
    #[sea_orm(column_type = "Double")]
    pub priority_score: f64,
    /// How the score came about.
    pub scoring: JsonColumn<Scoring>,
    /// A level decided on against the score.
    pub priority_override: Option<JsonColumn<PriorityOverride>>,
    /// The level that counts: the override's, or the score's.
    pub priority: Priority,
    /// Where it stands.
    pub status: ActionStatus,
    /// How much of it is done, as last reported.
    pub percent: Option<i32>,
    /// How often its due date was moved later.
    pub slips: i32,
    /// How often its due date was changed.
    pub due_date_changes: i32,
    /// How often it was reopened.
    pub reopened_count: i32,
    /// How often a verification found it ineffective.
    pub ineffective_count: i32,
    /// When somebody committed to it.
    pub committed_at: Option<Timestamp>,
    /// When it was implemented.
    pub implemented_at: Option<Timestamp>,
    /// Who owned it when it was reported implemented.
    #[serde(default)]
    pub implemented_by: Option<JsonColumn<Person>>,
    /// When it was verified.
    pub verified_at: Option<Timestamp>,
    /// When it ended without being done.
    pub ended_at: Option<Timestamp>,
    /// Why it ended without being done.
    pub ended: Option<JsonColumn<Ending>>,
    /// What it was before it was taken up again, oldest first; what it is now is not among them.
    pub spells: JsonColumn<Vec<Spell>>,
    /// When progress was last reported.
    pub last_progress_at: Option<Timestamp>,
    /// Title, description and closure criteria in lower case, for searching.
    #[serde(skip)]
    #[sea_orm(column_type = "Text")]
    pub search_text: String,
    /// Version of the row.
    pub version: i32,
    /// When it was created.
    pub created_at: Timestamp,
    /// Who created it.
    #[sea_orm(column_type = "Text")]
    pub created_by: String,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

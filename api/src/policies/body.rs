//! Bodies of policies.

use std::collections::BTreeMap;

use entity::Timestamp;
use entity::feedback_round::AskedQuestion;
use entity::policy::{ActionDueDays, Model, Period, PolicyRules};
use entity::policy_version;
use entity::vocabulary::{
    AssessmentDimension, ImpactDimension, IncidentCategory, Requirement, ReviewKind, Severity,
    StakeholderFunction,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules;
use crate::kernel::body::Patch;

/// A policy as it is defined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefinePolicy {
    /// Its name, unique in the organisation.
    #[schema(min_length = 1, max_length = 200, example = "Critical incidents")]
    pub name: String,
    /// What it is for.
    #[serde(default)]
    #[schema(
        max_length = 4000,
        example = "Everything that interrupted care or touched health data."
    )]
    pub description: Option<String>,
    /// The severities that it applies to; all, when there is none.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub severities: Vec<Severity>,
    /// The categories of incident that it applies to; all, when there is none.
    #[serde(default)]
    #[schema(max_items = 11)]
    pub categories: Vec<IncidentCategory>,
    /// The kinds of review that it applies to; all, when there is none.
    #[serde(default)]
    #[schema(max_items = 4)]
    pub kinds: Vec<ReviewKind>,
    /// Of the policies that match, the one with the highest rank applies; among equal ranks the one
    /// that names more of severity, category and kind, then the one that names fewer terms, then the
    /// oldest.
    #[serde(default)]
    #[schema(minimum = -1000, maximum = 1000, default = 0, example = 10)]
    pub rank: i32,
    /// Whether a review has to be held.
    pub requirement: Requirement,
    /// Whether a mandatory review is opened when its incident is closed.
    #[serde(default = "yes")]
    #[schema(default = true, example = true)]
    pub open_automatically: bool,
    /// Whether a lessons-learned workshop has to be held; as the requirement says, when it is left
    /// out: for a mandatory review it has.
    #[serde(default)]
    #[schema(example = true)]
    pub workshop_required: Option<bool>,
    /// Within which time after the incident's closure the workshop is due; within 5 business days,
    /// when it is left out.
    #[serde(default)]
    pub workshop_due: Option<Period>,
    /// The same for single severities, which wins. When it is left out and `workshop_due` is as
    /// well: within 3 calendar days for critical ones.
    #[serde(default)]
    #[schema(example = json!({ "critical": { "amount": 3, "unit": "calendar_days" } }))]
    pub workshop_due_by_severity: Option<BTreeMap<Severity, Period>>,
    /// Within which time after the incident's closure the publication is due; within 14 calendar
    /// days, when it is left out.
    #[serde(default = "rules::publish_due")]
    pub publish_due: Period,
    /// How long before the workshop everybody has to have the chronology, in hours.
    #[serde(default = "a_day")]
    #[schema(minimum = 0, maximum = 1000, default = 24, example = 24)]
    pub chronology_shared_before_workshop_hours: i32,
    /// Within how many days an action is due, by its priority.
    #[serde(default)]
    pub action_due_days: ActionDueDays,
    /// The functions that have to take part; as the requirement says, when it is left out: in a
    /// mandatory review `responder`, `it`, `management`, `legal` and `communications`.
    #[serde(default)]
    #[schema(max_items = 15, example = json!(["responder", "it", "management"]))]
    pub required_functions: Option<Vec<StakeholderFunction>>,
    /// The dimensions of the response that have to be assessed.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub required_assessments: Vec<AssessmentDimension>,
    /// The dimensions of the impact that have to be stated.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub required_impact_dimensions: Vec<ImpactDimension>,
    /// How many people have to answer before feedback is shown.
    #[serde(default = "five")]
    #[schema(minimum = 3, maximum = 100, default = 5, example = 5)]
    pub minimum_feedback_group: i32,
    /// The organisation's own words for questions of feedback; the others are asked in the usual ones.
    #[serde(default)]
    #[schema(max_items = 18)]
    pub feedback_wording: Vec<AskedQuestion>,
    /// The business calendar that counts; the organisation's default, when it is left out.
    #[serde(default)]
    pub calendar_id: Option<Uuid>,
}

/// A change of a policy.
pub type PolicyPatch = Patch<DefinePolicy>;

fn yes() -> bool {
    true
}

fn a_day() -> i32 {
    24
}

fn five() -> i32 {
    5
}

impl From<&Model> for DefinePolicy {
    fn from(row: &Model) -> Self {
        let rules = row.rules.0.clone();
        Self {
            name: row.name.clone(),
            description: row.description.clone(),
            severities: row.severities.0.clone(),
            categories: row.categories.0.clone(),
            kinds: row.kinds.0.clone(),
            rank: row.rank,
            requirement: rules.requirement,
            open_automatically: rules.open_automatically,
            workshop_required: Some(rules.workshop_required),
            workshop_due: Some(rules.workshop_due),
            workshop_due_by_severity: Some(rules.workshop_due_by_severity),
            publish_due: rules.publish_due,
            chronology_shared_before_workshop_hours: rules.chronology_shared_before_workshop_hours,
            action_due_days: rules.action_due_days,
            required_functions: Some(rules.required_functions),
            required_assessments: rules.required_assessments,
            required_impact_dimensions: rules.required_impact_dimensions,
            minimum_feedback_group: rules.minimum_feedback_group,
            feedback_wording: rules.feedback_wording,
            calendar_id: rules.calendar_id,
        }
    }
}

/// A policy.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyBody {
    /// Its id; `null` for the built-in one.
    id: Option<Uuid>,
    /// Its name.
    #[schema(example = "Critical incidents")]
    name: String,
    /// What it is for.
    #[schema(example = "Everything that interrupted care or touched health data.")]
    description: Option<String>,
    /// The severities that it applies to; all, when there is none.
    severities: Vec<Severity>,
    /// The categories of incident that it applies to; all, when there is none.
    categories: Vec<IncidentCategory>,
    /// The kinds of review that it applies to; all, when there is none.
    kinds: Vec<ReviewKind>,
    /// Of the policies that match, the one with the highest rank applies.
    #[schema(example = 10)]
    rank: i32,
    /// Everything that it says.
    #[serde(flatten)]
    rules: PolicyRules,
    /// Whether it came with the service. It applies where no other does, and cannot be changed.
    #[schema(example = false)]
    is_built_in: bool,
    /// When it was archived: it applies no longer, and its versions stay readable.
    archived_at: Option<Timestamp>,
    /// Version of the policy, as in its ETag.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// When it was created; `null` for the built-in one.
    created_at: Option<Timestamp>,
    /// Who created it; `null` for the built-in one.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    created_by: Option<String>,
    /// When it was last changed; `null` for the built-in one.
    updated_at: Option<Timestamp>,
}

impl PolicyBody {
    /// The one that applies where no other does.
    pub fn built_in() -> Self {
        Self {
            id: None,
            name: rules::BUILT_IN.to_owned(),
            description: Some("What holds where no policy of the organisation matches.".to_owned()),
            severities: Vec::new(),
            categories: Vec::new(),
            kinds: Vec::new(),
            rank: 0,
            rules: rules::built_in(),
            is_built_in: true,
            archived_at: None,
            version: 1,
            created_at: None,
            created_by: None,
            updated_at: None,
        }
    }

    /// Its version.
    pub fn version(&self) -> i32 {
        self.version
    }
}

impl From<Model> for PolicyBody {
    fn from(row: Model) -> Self {
        Self {
            id: Some(row.id),
            name: row.name,
            description: row.description,
            severities: row.severities.0,
            categories: row.categories.0,
            kinds: row.kinds.0,
            rank: row.rank,
            rules: row.rules.0,
            is_built_in: false,
            archived_at: row.archived_at,
            version: row.version,
            created_at: Some(row.created_at),
            created_by: Some(row.created_by),
            updated_at: Some(row.updated_at),
        }
    }
}

/// A page of policies.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyList {
    /// The policies, in order.
    items: Vec<PolicyBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// A policy that matches, and what it is ordered by.
#[derive(Debug, Serialize, ToSchema)]
pub struct MatchingPolicyBody {
    /// Its id.
    id: Uuid,
    /// Its name.
    #[schema(example = "Critical incidents")]
    name: String,
    /// Its rank.
    #[schema(example = 10)]
    rank: i32,
    /// How many of severity, category and kind it names.
    #[schema(minimum = 0, maximum = 3, example = 2)]
    specificity: usize,
}

impl From<&Model> for MatchingPolicyBody {
    fn from(row: &Model) -> Self {
        Self {
            id: row.id,
            name: row.name.clone(),
            rank: row.rank,
            specificity: rules::specificity(row),
        }
    }
}

/// The policy that would apply, and those it was chosen from.
#[derive(Debug, Serialize, ToSchema)]
pub struct EffectivePolicyBody {
    /// The policy that would apply.
    pub policy: PolicyBody,
    /// Every policy of the organisation that matches, in order: the first applies.
    pub matching: Vec<MatchingPolicyBody>,
}

/// A policy as it was in one version.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyVersionBody {
    /// The version.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// When it was made.
    created_at: Timestamp,
    /// Who made it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    created_by: String,
    /// The policy, in the form that its own reads had then.
    #[schema(value_type = Object, example = json!({ "name": "Critical incidents", "version": 1 }))]
    policy: Value,
}

impl From<policy_version::Model> for PolicyVersionBody {
    fn from(row: policy_version::Model) -> Self {
        Self {
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            policy: serde_json::from_str(&row.body).unwrap_or_default(),
        }
    }
}

/// A page of a policy's versions.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyVersionList {
    /// The versions, in order.
    items: Vec<PolicyVersionBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

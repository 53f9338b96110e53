//! A recommendation as it is sent: proposed or changed.

use entity::recommendation::Model;
use entity::shared::ExternalRef;
use entity::vocabulary::{ActionStrength, ActionType};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::body::Patch;
use crate::text::Tag;

/// A recommendation as it is proposed. What is left out is taken from the template, where one is
/// named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeRecommendation {
    /// The recommendation of the library that it is made from. Only for a new one.
    #[serde(default)]
    pub template_id: Option<Uuid>,
    /// What is proposed; required without a template.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 300,
        example = "Give every class of alert an owner and a deadline"
    )]
    pub title: Option<String>,
    /// Why.
    #[serde(default)]
    #[schema(
        max_length = 65536,
        example = "Six weeks of alerts reached a mailbox that nobody read."
    )]
    pub rationale: Option<String>,
    /// What would be better then.
    #[serde(default)]
    #[schema(
        max_length = 4000,
        example = "No high-risk alert waits longer than an hour"
    )]
    pub expected_effect: Option<String>,
    /// What its actions would be meant to achieve.
    #[serde(default)]
    pub action_type: Option<ActionType>,
    /// How strong their effect is likely to be.
    #[serde(default)]
    pub action_strength: Option<ActionStrength>,
    /// How much work it is, 1 (little) to 5 (very much).
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5, example = 2)]
    pub effort: Option<i32>,
    /// What would have to hold for it to be done.
    #[serde(default)]
    #[schema(
        max_length = 4000,
        example = "An alert without an owner raises a page within 15 minutes"
    )]
    pub closure_criteria: Option<String>,
    /// The findings of the same review that it answers.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub finding_ids: Vec<Uuid>,
    /// Tags to filter by.
    #[serde(default)]
    #[schema(max_items = 50, value_type = Option<Vec<Tag>>)]
    pub tags: Option<Vec<String>>,
    /// Its names in other systems, each unique in the organisation.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
}

/// A change of a recommendation.
pub type RecommendationPatch = Patch<ProposeRecommendation>;

impl From<&Model> for ProposeRecommendation {
    fn from(row: &Model) -> Self {
        Self {
            template_id: row.template_id,
            title: Some(row.title.clone()),
            rationale: row.rationale.clone(),
            expected_effect: row.expected_effect.clone(),
            action_type: row.action_type,
            action_strength: row.action_strength,
            effort: row.effort,
            closure_criteria: row.closure_criteria.clone(),
            finding_ids: row.finding_ids.0.clone(),
            tags: Some(row.tags.0.clone()),
            external_refs: row.external_refs.0.clone(),
        }
    }
}

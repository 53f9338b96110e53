//! Bodies of the decisions about a recommendation.

use chrono::NaiveDate;
use entity::shared::Person;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::actions::input::CreateAction;

/// The actions that carry a recommendation out: new ones, some that are there, or both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptRecommendation {
    /// Why, where that is worth keeping.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 4000, example = "Agreed in the workshop")]
    pub reason: Option<String>,
    /// Actions to be added to the review. What one leaves out of `finding_ids`, `strength`,
    /// `closure_criteria` and `priority_inputs.effort` is taken from the recommendation.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub actions: Vec<CreateAction>,
    /// Actions of the review that carry it out; those that are only proposed become open.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub action_ids: Vec<Uuid>,
}

/// A decision that is put off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeferRecommendation {
    /// Why.
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "The budget of this year is spent"
    )]
    pub reason: String,
    /// The day on which it is looked at again, after today (UTC).
    #[schema(example = "2027-03-31")]
    pub deferred_until: NaiveDate,
}

/// A decision that needs a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecommendationReason {
    /// Why.
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "The service is shut down in March"
    )]
    pub reason: String,
}

/// Who bears the risk of not carrying a recommendation out, why and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptRecommendationRisk {
    /// Why.
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "Replacing the appliance costs more than the outage would"
    )]
    pub reason: String,
    /// Who approves it, never the review's owner.
    pub approver: Person,
    /// The last day on which the risk is accepted, after today (UTC).
    #[schema(example = "2027-06-30")]
    pub expires_on: NaiveDate,
}

/// Which recommendation says the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkDuplicate {
    /// Another recommendation of the same review that is no duplicate itself. What this one names
    /// counts as answered by that one.
    pub duplicate_of_id: Uuid,
    /// Why, where that is worth keeping.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "Proposed twice in the workshop"
    )]
    pub reason: Option<String>,
}

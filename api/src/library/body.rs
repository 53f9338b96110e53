//! Bodies and parameters of the library of recommendations.

use entity::Timestamp;
use entity::recommendation_template::{self, Model};
use entity::vocabulary::{ActionStrength, ActionType, GapCategory};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::kernel::audit::stored;
use crate::kernel::body::Patch;
use crate::kernel::error::Result;
use crate::kernel::etag;
use crate::text::Tag;

/// A recommendation as it is added to the library.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddRecommendationTemplate {
    /// What is proposed.
    #[schema(
        min_length = 1,
        max_length = 300,
        example = "Give every class of alert an owner and a deadline"
    )]
    pub title: String,
    /// Why.
    #[serde(default)]
    #[schema(max_length = 65536, example = "An alert without an owner is no alert.")]
    pub rationale: Option<String>,
    /// What would be better then.
    #[serde(default)]
    #[schema(
        max_length = 4000,
        example = "No high-risk alert waits longer than an hour"
    )]
    pub expected_effect: Option<String>,
    /// What kind of gap it answers.
    #[serde(default)]
    pub gap_category: Option<GapCategory>,
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
    /// Tags to filter by; recommendations made from it get them.
    #[serde(default)]
    #[schema(max_items = 50, value_type = Vec<Tag>)]
    pub tags: Vec<String>,
}

/// A change of a recommendation of the library.
pub type RecommendationTemplatePatch = Patch<AddRecommendationTemplate>;

impl From<&Model> for AddRecommendationTemplate {
    fn from(row: &Model) -> Self {
        Self {
            title: row.title.clone(),
            rationale: row.rationale.clone(),
            expected_effect: row.expected_effect.clone(),
            gap_category: row.gap_category,
            action_type: row.action_type,
            action_strength: row.action_strength,
            effort: row.effort,
            closure_criteria: row.closure_criteria.clone(),
            tags: row.tags.0.clone(),
        }
    }
}

/// A recommendation of the library.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecommendationTemplateBody {
    /// Its id.
    id: Uuid,
    /// What is proposed.
    #[schema(example = "Give every class of alert an owner and a deadline")]
    title: String,
    /// Why.
    #[schema(example = "An alert without an owner is no alert.")]
    rationale: Option<String>,
    /// What would be better then.
    #[schema(example = "No high-risk alert waits longer than an hour")]
    expected_effect: Option<String>,
    /// What kind of gap it answers.
    gap_category: Option<GapCategory>,
    /// What its actions would be meant to achieve.
    action_type: Option<ActionType>,
    /// How strong their effect is likely to be.
    action_strength: Option<ActionStrength>,
    /// How much work it is, 1 (little) to 5 (very much).
    #[schema(minimum = 1, maximum = 5, example = 2)]
    effort: Option<i32>,
    /// What would have to hold for it to be done.
    #[schema(example = "An alert without an owner raises a page within 15 minutes")]
    closure_criteria: Option<String>,
    /// Tags to filter by.
    #[schema(example = json!(["alerting"]))]
    tags: Vec<String>,
    /// How many recommendations that exist for the caller were made from it.
    #[schema(minimum = 0, example = 3)]
    usage_count: i64,
    /// When it was taken out of use.
    archived_at: Option<Timestamp>,
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

impl RecommendationTemplateBody {
    /// A recommendation of the library as it is shown to whoever sees so many uses of it.
    pub fn of(row: Model, usage_count: i64) -> Self {
        Self {
            id: row.id,
            title: row.title,
            rationale: row.rationale,
            expected_effect: row.expected_effect,
            gap_category: row.gap_category,
            action_type: row.action_type,
            action_strength: row.action_strength,
            effort: row.effort,
            closure_criteria: row.closure_criteria,
            tags: row.tags.0,
            usage_count,
            archived_at: row.archived_at,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }

    /// The entity tag: the version, and how often it is used.
    pub fn tag(&self) -> String {
        etag::tag(self.version, &format!("u{}", self.usage_count))
    }
}

/// What an audit record keeps: everything that is stored, nothing that is computed.
pub fn audited(row: &Model) -> Result<serde_json::Value> {
    let body = RecommendationTemplateBody::of(row.clone(), 0);
    stored(&body, &["usage_count"])
}

/// A page of the library.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecommendationTemplateList {
    /// The recommendations of the library, in order.
    items: Vec<RecommendationTemplateBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which recommendation of the library.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct TemplatePath {
    /// Its id.
    pub template: Uuid,
}

crate::sorts! {
    /// Order of the library.
    RecommendationTemplateSort of recommendation_template::Entity, default CreatedAt;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
    UpdatedAt UpdatedAtDescending "updated_at" "-updated_at" UpdatedAt;
    Title TitleDescending "title" "-title" Title;
}

/// Which recommendations of the library, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListRecommendationTemplates {
    /// Answering a gap of any of these categories.
    #[serde(default)]
    pub gap_category: Vec<GapCategory>,
    /// Meant to achieve any of these.
    #[serde(default)]
    pub action_type: Vec<ActionType>,
    /// Of any of these strengths.
    #[serde(default)]
    pub action_strength: Vec<ActionStrength>,
    /// Any of these tags.
    #[serde(default)]
    #[param(example = json!(["alerting"]))]
    pub tag: Vec<String>,
    /// Only those taken out of use, or only the others.
    pub archived: Option<bool>,
    /// Words that title, rationale or expected effect hold, all of them.
    #[param(max_length = 200, example = "alert owner")]
    pub q: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: RecommendationTemplateSort,
}

//! Lists of recommendations: filters, orders, pages, and which one a path names.

use chrono::NaiveDate;
use entity::Timestamp;
use entity::recommendation;
use entity::vocabulary::{ActionStrength, ActionType, Disposition};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::body::RecommendationBody;
use crate::references::ExternalRefName;

/// A page of recommendations.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecommendationList {
    /// The recommendations, in order.
    items: Vec<RecommendationBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which recommendation of a review.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct RecommendationPath {
    /// Id or key of the review.
    #[param(
        pattern = "^(PIR-[0-9]{4}-[0-9]{4,9}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        example = "PIR-2026-0001"
    )]
    pub review: String,
    /// Id of the recommendation.
    pub recommendation: Uuid,
}

crate::sorts! {
    /// Order of a list of recommendations.
    RecommendationSort of recommendation::Entity, default CreatedAt;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
    UpdatedAt UpdatedAtDescending "updated_at" "-updated_at" UpdatedAt;
    DeferredUntil DeferredUntilDescending "deferred_until" "-deferred_until" DeferredUntil nullable;
    ExpiresOn ExpiresOnDescending "expires_on" "-expires_on" ExpiresOn nullable;
}

/// Which recommendations, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListRecommendations {
    /// Any of these dispositions.
    #[serde(default)]
    pub disposition: Vec<Disposition>,
    /// Answering any of these findings.
    #[serde(default)]
    pub finding_id: Vec<Uuid>,
    /// Carried out by any of these actions.
    #[serde(default)]
    pub action_id: Vec<Uuid>,
    /// Made from any of these recommendations of the library.
    #[serde(default)]
    pub template_id: Vec<Uuid>,
    /// Meant to achieve any of these.
    #[serde(default)]
    pub action_type: Vec<ActionType>,
    /// Of any of these strengths.
    #[serde(default)]
    pub action_strength: Vec<ActionStrength>,
    /// Called by any of these names in other systems, each of which is `system:id` of one of its
    /// `external_refs`.
    #[serde(default)]
    #[param(value_type = Vec<ExternalRefName>, example = json!(["jira:SEC-1042"]))]
    pub external_ref: Vec<String>,
    /// Any of these tags.
    #[serde(default)]
    #[param(example = json!(["alerting"]))]
    pub tag: Vec<String>,
    /// Deferred until this day or later.
    pub deferred_until_from: Option<NaiveDate>,
    /// Deferred until a day before this.
    pub deferred_until_to: Option<NaiveDate>,
    /// Whose risk is accepted until this day or later.
    pub expires_on_from: Option<NaiveDate>,
    /// Whose risk is accepted until a day before this.
    pub expires_on_to: Option<NaiveDate>,
    /// Created at or after.
    pub created_at_from: Option<Timestamp>,
    /// Created before.
    pub created_at_to: Option<Timestamp>,
    /// Changed at or after.
    pub updated_at_from: Option<Timestamp>,
    /// Changed before.
    pub updated_at_to: Option<Timestamp>,
    /// Words that title, rationale or expected effect hold, all of them.
    #[param(max_length = 200, example = "alert owner")]
    pub q: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: RecommendationSort,
}

//! What is asked of the remediation metrics: which actions, and in which groups.

use entity::Timestamp;
use entity::vocabulary::{
    ActionStatus, ActionType, DetectionSource, IncidentCategory, Priority, Severity,
    StakeholderFunction,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::metrics::window::Interval;
use crate::reviews::having::Having;

/// Which actions are counted.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct ActionFilter {
    /// Of reviews with any of these severities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub severity: Vec<Severity>,
    /// Of reviews of an incident of any of these categories; with `detection_source`, of one
    /// incident that has both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<IncidentCategory>,
    /// Of reviews of an incident that any of these found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub detection_source: Vec<DetectionSource>,
    /// Only of reviews of an incident, or only of the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = true)]
    pub with_incident: Option<bool>,
    /// Of reviews with any of these tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[param(example = json!(["vpn"]))]
    #[schema(example = json!(["vpn"]))]
    pub tag: Vec<String>,
    /// Only of reviews with a tag, or only of those without any.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = true)]
    pub tagged: Option<bool>,
    /// Of any of these types.
    #[serde(default, skip_serializing_if = "Vec::is_empty", rename = "type")]
    pub action_type: Vec<ActionType>,
    /// With any of these priorities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub priority: Vec<Priority>,
    /// Owned by any of these: the subject, or the name of an owner without one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[param(example = json!(["ada@example.org"]))]
    #[schema(example = json!(["ada@example.org"]))]
    pub owner: Vec<String>,
    /// Owned by somebody who stands for any of these functions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub function: Vec<StakeholderFunction>,
    /// In any of these states.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<ActionStatus>,
    /// Of any of these reviews.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub review_id: Vec<Uuid>,
    /// Created at or after.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub created_at_from: Option<Timestamp>,
    /// Created before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub created_at_to: Option<Timestamp>,
}

impl ActionFilter {
    /// What it asks of reviews.
    pub(super) fn having(&self) -> Having<'_> {
        Having {
            tag: &self.tag,
            tagged: self.tagged,
            category: &self.category,
            detection_source: &self.detection_source,
            with_incident: self.with_incident,
        }
    }
}

/// What actions are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "owner")]
pub enum RemediationGroupBy {
    /// Severity of the review.
    Severity,
    /// Category of each of the review's incidents: an action may be in several groups.
    Category,
    /// What found each of the review's incidents: an action may be in several groups.
    DetectionSource,
    /// Each tag of the review: an action may be in several groups.
    Tag,
    /// Who owns the action.
    Owner,
    /// The part of the organisation that the owner stands for.
    Function,
    /// Priority of the action.
    Priority,
    /// Type of the action.
    Type,
}

impl RemediationGroupBy {
    /// The field's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Category => "category",
            Self::DetectionSource => "detection_source",
            Self::Tag => "tag",
            Self::Owner => "owner",
            Self::Function => "function",
            Self::Priority => "priority",
            Self::Type => "type",
        }
    }

    /// Whether the review's incidents have it.
    pub(super) fn is_of_incidents(self) -> bool {
        matches!(self, Self::Category | Self::DetectionSource)
    }

    /// Whether a review may have several of it.
    pub(super) fn is_of_reviews(self) -> bool {
        self.is_of_incidents() || self == Self::Tag
    }
}

/// What is asked of the remediation metrics.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RemediationQuery {
    /// The instant to count at; without it now. What was created later is left out and steps that
    /// were taken later are undone; owners, priorities, due dates, the counts of slips and
    /// reopenings, and what reviews are about stay as they are now.
    pub as_of: Option<Timestamp>,
    /// The same numbers for each group as well. The 50 largest groups are named, the rest is `other`.
    #[serde(default)]
    #[param(max_items = 2)]
    pub group_by: Vec<RemediationGroupBy>,
    /// A burn-up series with buckets of this length.
    pub interval: Option<Interval>,
    /// Where the series begins; without it, with the first action.
    pub series_from: Option<Timestamp>,
    /// IANA time zone that dates, days, weeks, months and quarters are of.
    #[param(max_length = 64, default = "UTC", example = "Europe/Dublin")]
    pub time_zone: Option<String>,
}

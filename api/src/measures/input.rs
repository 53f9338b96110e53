//! An improvement measure as it is sent, and how measures are asked for.

use entity::Timestamp;
use entity::improvement_measure::{self, Criteria, Model};
use entity::vocabulary::{
    CauseCategory, DesiredChange, DetectionSource, IncidentCategory, IncidentCertainty,
    MeasureMetric, MeasureVerdict, Severity,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::attack::TechniqueId;
use crate::kernel::body::Patch;
use crate::metrics::response::rules::ResponseMetricName;
use crate::text::Tag;

/// Which incidents are looked at: those that fit every field; an empty list takes any. Those of the
/// category `test` never count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeasureCriteria {
    /// Any of these severities.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub severities: Vec<Severity>,
    /// Any of these categories.
    #[serde(default)]
    #[schema(max_items = 11)]
    pub categories: Vec<IncidentCategory>,
    /// Any of these certainties.
    #[serde(default)]
    #[schema(max_items = 4)]
    pub certainties: Vec<IncidentCertainty>,
    /// Any of these detection sources.
    #[serde(default)]
    #[schema(max_items = 24)]
    pub detection_sources: Vec<DetectionSource>,
    /// Any of these tags.
    #[serde(default)]
    #[schema(max_items = 50, value_type = Vec<Tag>)]
    pub tags: Vec<String>,
    /// Any of these ATT&CK techniques.
    #[serde(default)]
    #[schema(max_items = 50, value_type = Vec<TechniqueId>)]
    pub attack_techniques: Vec<String>,
    /// In a review that found a cause of any of these categories.
    #[serde(default)]
    #[schema(max_items = 6)]
    pub cause_categories: Vec<CauseCategory>,
    /// Only those recorded long after the fact, or only the others.
    #[serde(default)]
    #[schema(example = false)]
    pub backfilled: Option<bool>,
}

impl From<Criteria> for MeasureCriteria {
    fn from(stored: Criteria) -> Self {
        Self {
            severities: stored.severities,
            categories: stored.categories,
            certainties: stored.certainties,
            detection_sources: stored.detection_sources,
            tags: stored.tags,
            attack_techniques: stored.attack_techniques,
            cause_categories: stored.cause_categories,
            backfilled: stored.backfilled,
        }
    }
}

impl From<MeasureCriteria> for Criteria {
    fn from(given: MeasureCriteria) -> Self {
        Self {
            severities: given.severities,
            categories: given.categories,
            certainties: given.certainties,
            detection_sources: given.detection_sources,
            tags: given.tags,
            attack_techniques: given.attack_techniques,
            cause_categories: given.cause_categories,
            backfilled: given.backfilled,
        }
    }
}

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeasureWindow {
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant after it; at least a day later.
    pub to: Timestamp,
}

/// What is compared to see whether an improvement helped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineMeasure {
    /// What is measured, in a line.
    #[schema(
        min_length = 1,
        max_length = 300,
        example = "Fewer intrusions by phishing"
    )]
    pub title: String,
    /// The same at length.
    #[serde(default)]
    #[schema(
        max_length = 65536,
        example = "Since keys replaced passwords, a phished password opens nothing."
    )]
    pub description: Option<String>,
    /// What kind of number is compared.
    pub metric: MeasureMetric,
    /// Which duration; given for `response_duration`, and only for it.
    #[serde(default)]
    pub duration: Option<ResponseMetricName>,
    /// Which incidents are looked at.
    #[serde(default)]
    pub criteria: MeasureCriteria,
    /// Which way the number should go.
    #[serde(default = "decrease")]
    #[schema(default = "decrease")]
    pub desired: DesiredChange,
    /// How much of a change counts as none: a ratio between 1 ÷ (1 + tolerance) and 1 + tolerance,
    /// or a difference of at most so much of the median before.
    #[serde(default = "a_fifth")]
    #[schema(minimum = 0, maximum = 1, default = 0.2, example = 0.2)]
    pub tolerance: f64,
    /// The time before the improvement.
    pub baseline: MeasureWindow,
    /// The time after it; it does not begin before the other is over.
    pub evaluation: MeasureWindow,
    /// The actions of the review whose effect it shows.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub action_ids: Vec<Uuid>,
}

/// A change of an improvement measure.
pub type MeasurePatch = Patch<DefineMeasure>;

fn decrease() -> DesiredChange {
    DesiredChange::Decrease
}

fn a_fifth() -> f64 {
    0.2
}

impl From<&Model> for DefineMeasure {
    fn from(row: &Model) -> Self {
        Self {
            title: row.title.clone(),
            description: row.description.clone(),
            metric: row.metric,
            duration: row
                .duration
                .as_deref()
                .and_then(ResponseMetricName::from_name),
            criteria: row.criteria.0.clone().into(),
            desired: row.desired,
            tolerance: row.tolerance,
            baseline: MeasureWindow {
                from: row.baseline_from,
                to: row.baseline_to,
            },
            evaluation: MeasureWindow {
                from: row.evaluation_from,
                to: row.evaluation_to,
            },
            action_ids: row.action_ids.0.clone(),
        }
    }
}

/// Which measure.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct MeasurePath {
    /// Id or key of the review.
    #[param(
        pattern = "^(PIR-[0-9]{4}-[0-9]{4,9}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        example = "PIR-2026-0001"
    )]
    pub review: String,
    /// Id of the measure.
    pub measure: Uuid,
}

/// Which evaluation of which measure.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct MeasureEvaluationPath {
    /// Id or key of the review.
    #[param(
        pattern = "^(PIR-[0-9]{4}-[0-9]{4,9}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        example = "PIR-2026-0001"
    )]
    pub review: String,
    /// Id of the measure.
    pub measure: Uuid,
    /// Id of the evaluation.
    pub evaluation: Uuid,
}

crate::sorts! {
    /// Order of a list of improvement measures.
    MeasureSort of improvement_measure::Entity, default CreatedAt;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
    EvaluationTo EvaluationToDescending "evaluation_to" "-evaluation_to" EvaluationTo;
}

/// Which measures, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListMeasures {
    /// Any of these kinds of number.
    #[serde(default)]
    pub metric: Vec<MeasureMetric>,
    /// Whose last evaluation showed any of these.
    #[serde(default)]
    pub verdict: Vec<MeasureVerdict>,
    /// Only those that were evaluated, or only the others.
    pub evaluated: Option<bool>,
    /// Showing the effect of any of these actions.
    #[serde(default)]
    pub action_id: Vec<Uuid>,
    /// Whose time after is over at or after.
    pub evaluation_to_from: Option<Timestamp>,
    /// Whose time after is over before.
    pub evaluation_to_to: Option<Timestamp>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: MeasureSort,
}

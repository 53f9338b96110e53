//! Improvement measures and what they showed, as they are shown.

use entity::improvement_measure::Model;
use entity::vocabulary::{DesiredChange, MeasureMetric, MeasureVerdict};
use entity::{Timestamp, measure_evaluation};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::evaluation::MeasureResult;
use super::input::{DefineMeasure, MeasureCriteria, MeasureWindow};
use crate::metrics::response::rules::ResponseMetricName;
use crate::wording::body::{PlacedText, Worded, at};

/// An improvement measure.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeasureBody {
    /// Its id.
    id: Uuid,
    /// The review whose improvements it is about.
    review_id: Uuid,
    /// What is measured, in a line.
    #[schema(example = "Fewer intrusions by phishing")]
    title: String,
    /// The same at length.
    #[schema(example = "Since keys replaced passwords, a phished password opens nothing.")]
    description: Option<String>,
    /// What kind of number is compared.
    metric: MeasureMetric,
    /// Which duration, where one is compared.
    duration: Option<ResponseMetricName>,
    /// Which incidents are looked at.
    criteria: MeasureCriteria,
    /// Which way the number should go.
    desired: DesiredChange,
    /// How much of a change counts as none.
    #[schema(minimum = 0, maximum = 1, example = 0.2)]
    tolerance: f64,
    /// The time before the improvement.
    baseline: MeasureWindow,
    /// The time after it.
    evaluation: MeasureWindow,
    /// The actions whose effect it shows.
    action_ids: Vec<Uuid>,
    /// What the last evaluation that was kept showed.
    last_verdict: Option<MeasureVerdict>,
    /// When that was.
    last_evaluated_at: Option<Timestamp>,
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

impl From<Model> for MeasureBody {
    fn from(row: Model) -> Self {
        let defined = DefineMeasure::from(&row);
        Self {
            id: row.id,
            review_id: row.review_id,
            title: defined.title,
            description: defined.description,
            metric: defined.metric,
            duration: defined.duration,
            criteria: defined.criteria,
            desired: defined.desired,
            tolerance: defined.tolerance,
            baseline: defined.baseline,
            evaluation: defined.evaluation,
            action_ids: defined.action_ids,
            last_verdict: row.last_verdict,
            last_evaluated_at: row.last_evaluated_at,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }
}

/// An improvement measure with what it shows now.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeasureWithResult {
    #[serde(flatten)]
    pub(super) measure: MeasureBody,
    /// What it shows at the moment it is read.
    pub(super) result: MeasureResult,
}

/// A page of improvement measures.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeasureList {
    /// The measures, in order.
    items: Vec<MeasureBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// What an improvement measure showed at a moment, kept as it was.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeasureEvaluationBody {
    /// Its id.
    id: Uuid,
    /// Of which measure.
    measure_id: Uuid,
    /// Of which version of it.
    #[schema(minimum = 1, example = 1)]
    measure_version: i32,
    /// What it showed.
    verdict: MeasureVerdict,
    /// The measure as it was defined then.
    #[schema(value_type = DefineMeasure)]
    measure: Value,
    /// The numbers as they were then.
    #[schema(value_type = MeasureResult)]
    result: Value,
    /// When it was evaluated.
    evaluated_at: Timestamp,
    /// Who had it evaluated; incidents and causes were counted as far as they exist for them.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    evaluated_by: String,
}

impl From<measure_evaluation::Model> for MeasureEvaluationBody {
    fn from(row: measure_evaluation::Model) -> Self {
        Self {
            id: row.id,
            measure_id: row.measure_id,
            measure_version: row.measure_version,
            verdict: row.verdict,
            measure: row.measure.0,
            result: row.result.0,
            evaluated_at: row.created_at,
            evaluated_by: row.created_by,
        }
    }
}

/// A page of evaluations.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeasureEvaluationList {
    /// The evaluations, in order.
    items: Vec<MeasureEvaluationBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

impl Worded for Model {
    fn texts(&self) -> Vec<PlacedText<'_>> {
        vec![
            at("/title", self.title.as_str()),
            at("/description", self.description.as_deref()),
        ]
    }
}

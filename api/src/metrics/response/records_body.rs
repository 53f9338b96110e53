//! Parameters and answers of the list behind a response metric.

use entity::Timestamp;
use entity::vocabulary::{
    DetectionSource, IncidentCategory, IncidentStatus, Milestone, Severity, TimePrecision,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::rules::{End, Measure, ResponseMetricName};
use crate::incidents::body::TimeSourceName;

/// What became of an incident in a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "measured")]
pub enum Standing {
    /// It is one of the `n`.
    Measured,
    /// An end is absent.
    Missing,
    /// It stops before it starts.
    Invalid,
    /// An end is known only to the day or worse.
    Imprecise,
}

impl From<Measure> for Standing {
    fn from(measure: Measure) -> Self {
        match measure {
            Measure::Measured { .. } => Self::Measured,
            Measure::Missing => Self::Missing,
            Measure::Invalid => Self::Invalid,
            Measure::Days(_) | Measure::Imprecise => Self::Imprecise,
        }
    }
}

/// Which metric's incidents are listed.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RecordsQuery {
    /// The metric.
    pub metric: ResponseMetricName,
    /// Any of these standings; without it all.
    #[serde(default)]
    pub standing: Vec<Standing>,
}

/// A start or a stop as it was used.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordEnd {
    /// The milestone.
    milestone: Milestone,
    /// When it was reached.
    at: Timestamp,
    /// How exactly that is known.
    precision: TimePrecision,
    /// Which source it is from.
    source: TimeSourceName,
}

impl From<End<'_>> for RecordEnd {
    fn from(end: End<'_>) -> Self {
        Self {
            milestone: end.milestone,
            at: end.time.at,
            precision: end.time.precision,
            source: end.source.into(),
        }
    }
}

/// What an incident contributes to a metric.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResponseRecord {
    /// The incident.
    pub(super) incident_id: Uuid,
    /// What it is about.
    #[schema(example = "Ransomware on the file servers")]
    pub(super) title: String,
    /// How bad it is.
    pub(super) severity: Severity,
    /// Kind of incident.
    pub(super) category: IncidentCategory,
    /// Where it stands.
    pub(super) status: IncidentStatus,
    /// What found it.
    pub(super) detection_source: DetectionSource,
    /// Whether it was recorded long after the fact.
    #[schema(example = false)]
    pub(super) backfilled: bool,
    /// The instant that windows and series go by: detected, else occurred, else created.
    pub(super) instant: Timestamp,
    /// What became of it in the metric.
    pub(super) standing: Standing,
    /// Where the metric starts, if that is known.
    pub(super) start: Option<RecordEnd>,
    /// Where the metric stops, if that is known.
    pub(super) stop: Option<RecordEnd>,
    /// Whole seconds from start to stop, when it is measured.
    #[schema(minimum = 0, example = 5400)]
    pub(super) duration_seconds: Option<i64>,
    /// Calendar days (UTC) from start to stop, when an end is known to the day only.
    #[schema(minimum = 0, example = 57)]
    pub(super) duration_days: Option<i64>,
}

/// A page of incidents behind a metric.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResponseRecordList {
    /// The incidents, newest record first.
    items: Vec<ResponseRecord>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

//! Parameters and answers of the response metrics.

use chrono::NaiveDate;
use entity::Timestamp;
use entity::vocabulary::{
    CauseCategory, DetectionSource, IncidentCategory, IncidentCertainty, IncidentStatus, Severity,
    StakeholderFunction,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::rules::ResponseMetricName;
use crate::attack::TechniqueId;
use crate::metrics::definition::MetricDefinition;
use crate::metrics::distribution::{HistogramBucket, Statistics};
use crate::metrics::groups::GroupPart;
use crate::metrics::window::Interval;

/// Which incidents are measured. Those of the category `test` never are.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct IncidentFilter {
    /// Incidents whose instant (see `window`) is at or after this.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub from: Option<Timestamp>,
    /// Incidents whose instant (see `window`) is before this.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub to: Option<Timestamp>,
    /// Any of these severities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub severity: Vec<Severity>,
    /// Any of these categories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<IncidentCategory>,
    /// Any of these certainties; without it false positives and near misses count as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certainty: Vec<IncidentCertainty>,
    /// Any of these detection sources.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub detection_source: Vec<DetectionSource>,
    /// Any of these states.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub incident_status: Vec<IncidentStatus>,
    /// Any of these tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[param(example = json!(["vpn"]))]
    #[schema(example = json!(["vpn"]))]
    pub tag: Vec<String>,
    /// Only those with a tag, or only those without any.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = true)]
    pub tagged: Option<bool>,
    /// With any of these ATT&CK techniques.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[param(value_type = Vec<TechniqueId>, example = json!(["T1566.001"]))]
    #[schema(example = json!(["T1566.001"]))]
    pub attack_technique: Vec<String>,
    /// In a review that found a cause of any of these categories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cause_category: Vec<CauseCategory>,
    /// In any of these reviews.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub review_id: Vec<Uuid>,
    /// In a review that any of these subjects owns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[param(example = json!(["ada@example.org"]))]
    #[schema(example = json!(["ada@example.org"]))]
    pub owner: Vec<String>,
    /// In a review whose owner takes part in it for any of these functions; with `owner` or
    /// `review_id`, in one review that fits all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub function: Vec<StakeholderFunction>,
    /// Only those in a review that a subject owns, or only those in one without such an owner or in
    /// no review.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = true)]
    pub with_owner: Option<bool>,
    /// Only those in a review whose owner takes part in it for a function, or only those in another
    /// or in no review.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = true)]
    pub with_function: Option<bool>,
    /// Only those recorded long after the fact, or only the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = false)]
    pub backfilled: Option<bool>,
}

/// What incidents are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "severity")]
pub enum ResponseGroupBy {
    /// Severity of the incident.
    Severity,
    /// Category of the incident.
    Category,
    /// What found it.
    DetectionSource,
    /// Each of its tags: an incident with several is in several groups.
    Tag,
    /// Each subject that owns a review of it: an incident may be in several groups.
    Owner,
    /// The part of the organisation for which each of those takes part in the review.
    Function,
}

/// What is asked of the response metrics.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ResponseQuery {
    /// These metrics; without it all of them.
    #[serde(default)]
    pub metric: Vec<ResponseMetricName>,
    /// The same numbers for each group as well. The 50 largest groups are named, the rest is `other`.
    #[serde(default)]
    #[param(max_items = 2)]
    pub group_by: Vec<ResponseGroupBy>,
    /// A series of buckets of this length beside each metric, by the incident's instant.
    pub interval: Option<Interval>,
    /// IANA time zone whose days, weeks, months and quarters the series has.
    #[param(max_length = 64, default = "UTC", example = "Europe/Dublin")]
    pub time_zone: Option<String>,
}

/// Which stretch of time was asked for, and which instant of an incident decides.
#[derive(Debug, Serialize, ToSchema)]
pub struct MetricWindow {
    /// The instants of an incident, of which the first known one decides.
    #[schema(example = json!(["detected", "occurred", "created_at"]))]
    pub(super) field: &'static [&'static str],
    /// The first instant of the window; null when it is open.
    pub(super) from: Option<Timestamp>,
    /// The first instant after the window; null when it is open.
    pub(super) to: Option<Timestamp>,
}

/// How many ends of durations came from which source.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct SourceCounts {
    /// From an override on the incident, which has a reason.
    #[serde(rename = "override")]
    #[schema(minimum = 0, example = 2)]
    pub(super) overridden: u64,
    /// From an event of a chronology that marks the milestone.
    #[schema(minimum = 0, example = 90)]
    pub(super) event: u64,
    /// From the sender of the incident.
    #[schema(minimum = 0, example = 36)]
    pub(super) reported: u64,
}

/// Where the times of the measured incidents came from.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct MetricSources {
    /// Sources of the starts; together they are `n`.
    pub(super) from: SourceCounts,
    /// Sources of the stops; together they are `n`.
    pub(super) to: SourceCounts,
}

/// What is known to the day only, apart from what is known to the second.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImpreciseDays {
    /// What is counted here: calendar days. `n_imprecise` counts those known worse than to the day.
    pub(super) definition: MetricDefinition,
    #[serde(flatten)]
    pub(super) statistics: Statistics,
    /// Values by bucket, in days.
    pub(super) histogram: Vec<HistogramBucket>,
    /// The incidents behind it.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/metrics/response/records?metric=time_to_detect&standing=imprecise"
    )]
    pub(super) records_url: Option<String>,
}

/// A metric within one bucket of a series.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResponsePoint {
    /// First date of the bucket in the time zone.
    pub(super) date: NaiveDate,
    /// First instant of the bucket; with `to` it narrows `records_url` to the bucket's incidents.
    pub(super) from: Timestamp,
    /// First instant after the bucket.
    pub(super) to: Timestamp,
    /// Whether the window or the current instant cuts the bucket short.
    #[schema(example = false)]
    pub(super) partial: bool,
    #[serde(flatten)]
    pub(super) statistics: Statistics,
}

/// One metric with its definition and its numbers.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResponseMetricBody {
    /// Which metric.
    pub(super) metric: ResponseMetricName,
    /// What it measures.
    pub(super) definition: MetricDefinition,
    #[serde(flatten)]
    pub(super) statistics: Statistics,
    /// Values by bucket, in seconds.
    pub(super) histogram: Vec<HistogramBucket>,
    /// How many of the `n` were recorded long after the fact.
    #[schema(minimum = 0, example = 0)]
    pub(super) n_backfilled: u64,
    /// Where the times of the `n` came from.
    pub(super) sources: MetricSources,
    /// The incidents that are known to the day only, in calendar days.
    pub(super) imprecise: ImpreciseDays,
    /// The metric by bucket, empty ones too; only when `interval` was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) series: Option<Vec<ResponsePoint>>,
    /// The `n` incidents behind it; null for the group `other`. Other values of `standing` list
    /// the missing, invalid and imprecise ones.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/metrics/response/records?metric=time_to_contain&standing=measured"
    )]
    pub(super) records_url: Option<String>,
}

/// The metrics of a group of incidents.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResponseGroup {
    /// What they have in common; empty for `other`.
    pub(super) key: Vec<GroupPart>,
    /// Whether these are all that are in no named group.
    #[schema(example = false)]
    pub(super) other: bool,
    /// How many incidents.
    #[schema(minimum = 0, example = 17)]
    pub(super) n_incidents: u64,
    /// Their metrics.
    pub(super) metrics: Vec<ResponseMetricBody>,
}

/// How incidents were responded to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResponseMetricsBody {
    /// When this was computed.
    pub(super) as_of: Timestamp,
    /// Time zone of the series.
    #[schema(example = "UTC")]
    pub(super) time_zone: String,
    /// The stretch of time, and what of an incident decides whether it lies within.
    pub(super) window: MetricWindow,
    /// The filters that were applied.
    pub(super) filters: IncidentFilter,
    /// What the groups are made by.
    pub(super) group_by: Vec<ResponseGroupBy>,
    /// How long the buckets of the series are, if there is one.
    pub(super) interval: Option<Interval>,
    /// How many incidents there are, measured or not.
    #[schema(minimum = 0, example = 144)]
    pub(super) n_incidents: u64,
    /// How many of them were recorded long after the fact.
    #[schema(minimum = 0, example = 4)]
    pub(super) n_backfilled: u64,
    /// How many more there are of the category `test`, which is left out.
    #[schema(minimum = 0, example = 6)]
    pub(super) n_test_excluded: u64,
    /// The metrics over all of these incidents.
    pub(super) metrics: Vec<ResponseMetricBody>,
    /// The same by group, largest first; only when `group_by` was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) groups: Option<Vec<ResponseGroup>>,
}

//! Parameters and answers of the learning metrics.

use chrono::NaiveDate;
use entity::Timestamp;
use entity::vocabulary::{
    DetectionSource, IncidentCategory, MeasureVerdict, Severity, StakeholderFunction,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::standing::ActionsStanding;
use super::traits::LearningTrait;
use crate::metrics::definition::MetricDefinition;
use crate::metrics::groups::GroupPart;
use crate::metrics::numbers::{MetricCount, MetricDistribution, MetricShare};
use crate::metrics::window::Interval;

/// Which cases are looked at: incidents that are in a review, and reviews of no incident. Incidents of
/// the category `test` never are. What they are compared with is every review that exists for the
/// caller.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct LearningFilter {
    /// Cases whose instant is at or after this: of an incident when it was detected, else occurred,
    /// else was created; of a review when it was created.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub from: Option<Timestamp>,
    /// Cases whose instant is before this.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub to: Option<Timestamp>,
    /// Any of these severities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub severity: Vec<Severity>,
    /// Incidents of any of these categories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<IncidentCategory>,
    /// Incidents that any of these found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub detection_source: Vec<DetectionSource>,
    /// In a review that any of these subjects owns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[param(example = json!(["ada@example.org"]))]
    #[schema(example = json!(["ada@example.org"]))]
    pub owner: Vec<String>,
    /// In a review whose owner takes part in it for any of these functions; with `owner`, in one
    /// review that fits both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub function: Vec<StakeholderFunction>,
    /// Only those in a review that a subject owns, or only those in one without such an owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = true)]
    pub with_owner: Option<bool>,
    /// Only those in a review whose owner takes part in it for a function, or only those in another.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = true)]
    pub with_function: Option<bool>,
    /// Any of these tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[param(example = json!(["vpn"]))]
    #[schema(example = json!(["vpn"]))]
    pub tag: Vec<String>,
    /// Only those with a tag, or only those without any.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = true)]
    pub tagged: Option<bool>,
    /// Only incidents, or only reviews of no incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub subject: Option<LearningSubject>,
    /// Only these kinds of trait count; without it all of them.
    #[serde(default, rename = "trait", skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<LearningTrait>,
}

/// What a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "incident")]
pub enum LearningSubject {
    /// An incident that is in a review.
    Incident,
    /// A review of no incident: an exercise, a near miss, a theme.
    Review,
}

/// What cases are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "severity")]
pub enum LearningGroupBy {
    /// Severity of the incident or review.
    Severity,
    /// Category of the incident.
    Category,
    /// What found the incident.
    DetectionSource,
    /// Each of its tags: a case with several is in several groups.
    Tag,
    /// Each subject that owns a review of it: a case may be in several groups.
    Owner,
    /// The part of the organisation for which each of those takes part in the review.
    Function,
}

/// What is asked of the learning metrics.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LearningQuery {
    /// The same numbers for each group as well. The 50 largest groups are named, the rest is `other`.
    #[serde(default)]
    #[param(max_items = 2)]
    pub group_by: Vec<LearningGroupBy>,
    /// A series of buckets of this length, by the case's instant.
    pub interval: Option<Interval>,
    /// IANA time zone that due dates and the series are of.
    #[param(max_length = 64, default = "UTC", example = "Europe/Dublin")]
    pub time_zone: Option<String>,
}

/// How many recurring cases found the earlier review's actions in one standing.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecurrenceByStanding {
    /// How the actions stood on the day.
    pub(super) standing: ActionsStanding,
    /// How many cases.
    #[schema(minimum = 0, example = 3)]
    pub(super) n: u64,
    /// The cases behind it; null for the group `other`.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/metrics/learning/records?recurrent=true&standing=overdue"
    )]
    pub(super) records_url: Option<String>,
}

/// How often one value of a trait recurred.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecurringValue {
    /// The value.
    #[schema(example = "detection_logging")]
    pub(super) value: String,
    /// How many cases share it with an earlier review.
    #[schema(minimum = 0, example = 5)]
    pub(super) n: u64,
    /// The cases behind it; null for the group `other`.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/metrics/learning/records?recurrent=true&trait=gap&value=detection_logging"
    )]
    pub(super) records_url: Option<String>,
}

/// How often one kind of trait recurred.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecurrenceByTrait {
    /// The kind.
    #[serde(rename = "trait")]
    pub(super) of: LearningTrait,
    /// How many of the cases that have such a trait share it with an earlier review.
    pub(super) recurrence_rate: MetricShare,
    /// The values that recurred most often, at most 20.
    pub(super) values: Vec<RecurringValue>,
}

/// The numbers of some cases.
#[derive(Debug, Serialize, ToSchema)]
pub struct LearningNumbers {
    /// How many cases.
    pub(super) cases: MetricCount,
    /// How many of them have no known trait, so that nothing can be said.
    #[schema(minimum = 0, example = 4)]
    pub(super) n_missing: u64,
    /// How many share a trait with an earlier review.
    pub(super) recurrence_rate: MetricShare,
    /// How many do although the latest earlier review had been published by then.
    pub(super) after_publication_rate: MetricShare,
    /// How the actions of the latest earlier review stood on the day of the recurrence; every standing
    /// is present, together they are the recurring cases.
    pub(super) by_standing: Vec<RecurrenceByStanding>,
    /// By kind of trait.
    pub(super) by_trait: Vec<RecurrenceByTrait>,
    /// How long it took to recur.
    pub(super) time_to_recurrence: MetricDistribution,
    /// The cases by bucket, empty ones too; only when `interval` was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) series: Option<Vec<LearningPoint>>,
}

/// The cases of one bucket.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct LearningPoint {
    /// First date of the bucket in the time zone.
    pub(super) date: NaiveDate,
    /// First instant of the bucket; with `to` it narrows `records_url` to the bucket's cases.
    pub(super) from: Timestamp,
    /// First instant after the bucket.
    pub(super) to: Timestamp,
    /// Whether the window or the current instant cuts the bucket short.
    #[schema(example = false)]
    pub(super) partial: bool,
    /// How many cases.
    #[schema(minimum = 0, example = 6)]
    pub(super) n: u64,
    /// How many of them have no known trait.
    #[schema(minimum = 0, example = 1)]
    pub(super) n_missing: u64,
    /// How many share a trait with an earlier review.
    #[schema(minimum = 0, example = 3)]
    pub(super) n_recurrent: u64,
    /// How many do although that review had been published by then.
    #[schema(minimum = 0, example = 2)]
    pub(super) n_after_publication: u64,
    /// Recurring ÷ cases with a known trait, 0 to 1; null without any.
    #[schema(minimum = 0, maximum = 1, example = 0.6)]
    pub(super) recurrence_rate: Option<f64>,
}

/// The numbers of a group of cases.
#[derive(Debug, Serialize, ToSchema)]
pub struct LearningGroup {
    /// What they have in common; empty for `other`.
    pub(super) key: Vec<GroupPart>,
    /// Whether these are all that are in no named group.
    #[schema(example = false)]
    pub(super) other: bool,
    #[serde(flatten)]
    pub(super) numbers: LearningNumbers,
}

/// How many improvement measures last showed what.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeasuresByVerdict {
    /// What they showed.
    pub(super) verdict: MeasureVerdict,
    /// How many.
    #[schema(minimum = 0, example = 4)]
    pub(super) n: u64,
    /// The measures behind it.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/improvement-measures?verdict=improved"
    )]
    pub(super) records_url: String,
}

/// What the improvement measures of all reviews last showed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImprovementEffects {
    /// What is counted.
    pub(super) definition: MetricDefinition,
    /// By verdict, each one present.
    pub(super) by_verdict: Vec<MeasuresByVerdict>,
}

/// What recurred, and what helped.
#[derive(Debug, Serialize, ToSchema)]
pub struct LearningMetricsBody {
    /// When this was computed.
    pub(super) as_of: Timestamp,
    /// Time zone of due dates and of the series.
    #[schema(example = "UTC")]
    pub(super) time_zone: String,
    /// The filters that were applied.
    pub(super) filters: LearningFilter,
    /// What the groups are made by.
    pub(super) group_by: Vec<LearningGroupBy>,
    /// How long the buckets of the series are, if there is one.
    pub(super) interval: Option<Interval>,
    /// How many cases there are.
    #[schema(minimum = 0, example = 42)]
    pub(super) n: u64,
    /// How many of them are incidents.
    #[schema(minimum = 0, example = 40)]
    pub(super) n_incidents: u64,
    /// How many more incidents there are of the category `test`, which is left out.
    #[schema(minimum = 0, example = 1)]
    pub(super) n_test_excluded: u64,
    #[serde(flatten)]
    pub(super) numbers: LearningNumbers,
    /// What helped; not narrowed by the filters.
    pub(super) effects: ImprovementEffects,
    /// The same by group, largest first; only when `group_by` was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) groups: Option<Vec<LearningGroup>>,
}

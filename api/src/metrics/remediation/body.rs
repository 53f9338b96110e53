//! Answers of the remediation metrics.

use chrono::NaiveDate;
use entity::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::query::{ActionFilter, RemediationGroupBy};
use crate::metrics::definition::MetricDefinition;
use crate::metrics::distribution::{HistogramBucket, Statistics};
use crate::metrics::groups::GroupPart;
use crate::metrics::window::Interval;

/// How many actions have something in common.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionCount {
    /// What is counted.
    pub(super) definition: MetricDefinition,
    /// How many.
    #[schema(minimum = 0, example = 31)]
    pub(super) n: u64,
    /// The actions behind it; null where no filter of the list leads to exactly those.
    #[schema(format = "uri-reference", example = "/api/v1/actions?overdue=true")]
    pub(super) records_url: Option<String>,
}

/// How many actions have one value of a field.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionsByValue {
    /// The value; null where an action has none, and for the rest of the owners, `other`.
    #[schema(example = "high")]
    pub(super) value: Option<String>,
    /// Whether these are all owners beyond the 50 with the most actions.
    #[schema(example = false)]
    pub(super) other: bool,
    /// How many actions.
    #[schema(minimum = 0, example = 12)]
    pub(super) n: u64,
    /// How many of them are open; `unfinished=true` narrows `records_url` to these.
    #[schema(minimum = 0, example = 5)]
    pub(super) n_open: u64,
    /// How many of them are overdue; in UTC `overdue=true` narrows `records_url` to these.
    #[schema(minimum = 0, example = 1)]
    pub(super) n_overdue: u64,
    /// The actions behind it; null where no filter of the list leads to exactly those.
    #[schema(format = "uri-reference", example = "/api/v1/actions?priority=high")]
    pub(super) records_url: Option<String>,
}

/// Actions counted by the values of their fields. States, priorities and severities that do not
/// occur are present with 0; of types, functions and owners those that occur, most frequent first.
#[derive(Debug, Serialize, ToSchema)]
#[expect(
    clippy::struct_field_names,
    reason = "`by_owner` says what a bare `owner` would not"
)]
pub struct ActionCounts {
    /// By state.
    pub(super) by_status: Vec<ActionsByValue>,
    /// By priority.
    pub(super) by_priority: Vec<ActionsByValue>,
    /// By severity of the review.
    pub(super) by_severity: Vec<ActionsByValue>,
    /// By type.
    pub(super) by_type: Vec<ActionsByValue>,
    /// By the part of the organisation that the owner stands for.
    pub(super) by_function: Vec<ActionsByValue>,
    /// By owner: the 50 with the most actions, then `other`.
    pub(super) by_owner: Vec<ActionsByValue>,
}

/// A share of actions.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionRate {
    /// What is divided by what.
    pub(super) definition: MetricDefinition,
    /// The share, 0 to 1; null when there is nothing to divide by.
    #[schema(minimum = 0, maximum = 1, example = 0.82)]
    pub(super) value: Option<f64>,
    /// How many actions the share is.
    #[schema(minimum = 0, example = 41)]
    pub(super) numerator: u64,
    /// How many actions it is a share of.
    #[schema(minimum = 0, example = 50)]
    pub(super) denominator: u64,
    /// The actions that the share is; null where no filter of the list leads to exactly those.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/actions?timeliness=on_time"
    )]
    pub(super) records_url: Option<String>,
    /// The actions that it is a share of; null where no filter of the list leads to exactly those.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/actions?timeliness=on_time&timeliness=late&timeliness=overdue"
    )]
    pub(super) denominator_url: Option<String>,
}

/// How a quantity is distributed over actions.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionDistribution {
    /// What is measured.
    pub(super) definition: MetricDefinition,
    #[serde(flatten)]
    pub(super) statistics: Statistics,
    /// Values by bucket, in the definition's unit.
    pub(super) histogram: Vec<HistogramBucket>,
    /// The actions behind it; null where no filter of the list leads to exactly those.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/actions?status=implemented&status=verified"
    )]
    pub(super) records_url: Option<String>,
}

/// How far actions have come.
#[derive(Debug, Serialize, ToSchema)]
pub struct FunnelStep {
    /// Which step.
    pub(super) definition: MetricDefinition,
    /// How many actions have come this far.
    #[schema(minimum = 0, example = 37)]
    pub(super) n: u64,
    /// Share of the step before, 0 to 1; null for the first step and after an empty one.
    #[schema(minimum = 0, maximum = 1, example = 0.9)]
    pub(super) of_previous: Option<f64>,
    /// The actions behind it; null where no filter of the list leads to exactly those.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/actions?reached=implemented"
    )]
    pub(super) records_url: Option<String>,
}

/// Totals at the end of one bucket.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BurnUpPoint {
    /// First date of the bucket in the time zone.
    pub(super) date: NaiveDate,
    /// First instant of the bucket.
    pub(super) from: Timestamp,
    /// First instant after the bucket; as `created_at_to` it narrows `records_url` to the actions
    /// created so far.
    pub(super) to: Timestamp,
    /// Whether `as_of` cuts the bucket short: the totals are those at `as_of`.
    #[schema(example = false)]
    pub(super) partial: bool,
    /// Actions created so far.
    #[schema(minimum = 0, example = 120)]
    pub(super) created: u64,
    /// Actions implemented so far, verified ones included.
    #[schema(minimum = 0, example = 80)]
    pub(super) implemented: u64,
    /// Actions verified so far.
    #[schema(minimum = 0, example = 61)]
    pub(super) verified: u64,
    /// Actions overdue at the end of the bucket, by their present due dates.
    #[schema(minimum = 0, example = 7)]
    pub(super) overdue: u64,
}

/// The numbers of some actions.
#[derive(Debug, Serialize, ToSchema)]
pub struct RemediationNumbers {
    /// How many actions.
    #[schema(minimum = 0, example = 120)]
    pub(super) n: u64,
    /// All of them; null where no filter of the list leads to exactly those.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/actions?severity=critical"
    )]
    pub(super) records_url: Option<String>,
    /// Actions by the values of their fields.
    pub(super) counts: ActionCounts,
    /// What is neither done nor ended.
    pub(super) open: ActionCount,
    /// What is open and past its due date.
    pub(super) overdue: ActionCount,
    /// What is open and due within 7 days.
    pub(super) due_in_7_days: ActionCount,
    /// What is open and due within 30 days.
    pub(super) due_in_30_days: ActionCount,
    /// What is open and nobody's.
    pub(super) unowned: ActionCount,
    /// How much is done of what is to be done.
    pub(super) completion_rate: ActionRate,
    /// How much is proven effective of what is to be done.
    pub(super) verified_rate: ActionRate,
    /// How much was done in time.
    pub(super) on_time_rate: ActionRate,
    /// How much of what was done had to be opened again.
    pub(super) reopened_rate: ActionRate,
    /// How much of what was judged was found ineffective.
    pub(super) ineffective_rate: ActionRate,
    /// How old what is open is.
    pub(super) age_of_open: ActionDistribution,
    /// How long implementing took.
    pub(super) time_to_implement: ActionDistribution,
    /// How long it took until the effect was proven.
    pub(super) time_to_verify: ActionDistribution,
    /// How often due dates were put off.
    pub(super) slips_per_action: ActionDistribution,
    /// How far actions have come: proposed, accepted, implemented, verified, effective.
    pub(super) funnel: Vec<FunnelStep>,
    /// Totals over time, empty buckets too; only when `interval` was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) series: Option<Vec<BurnUpPoint>>,
}

/// The numbers of a group of actions.
#[derive(Debug, Serialize, ToSchema)]
pub struct RemediationGroup {
    /// What they have in common; empty for `other`.
    pub(super) key: Vec<GroupPart>,
    /// Whether these are all that are in no named group.
    #[schema(example = false)]
    pub(super) other: bool,
    #[serde(flatten)]
    pub(super) numbers: RemediationNumbers,
}

/// How far the improvements have come.
#[derive(Debug, Serialize, ToSchema)]
pub struct RemediationMetricsBody {
    /// The instant that is counted at.
    pub(super) as_of: Timestamp,
    /// Time zone of dates and of the series.
    #[schema(example = "UTC")]
    pub(super) time_zone: String,
    /// The filters that were applied.
    pub(super) filters: ActionFilter,
    /// What the groups are made by.
    pub(super) group_by: Vec<RemediationGroupBy>,
    /// How long the buckets of the series are, if there is one.
    pub(super) interval: Option<Interval>,
    #[serde(flatten)]
    pub(super) numbers: RemediationNumbers,
    /// The same by group, largest first; only when `group_by` was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) groups: Option<Vec<RemediationGroup>>,
}

//! Parameters and answers of the process metrics.

use chrono::NaiveDate;
use entity::Timestamp;
use entity::vocabulary::{
    DetectionSource, IncidentCategory, ReviewKind, ReviewStatus, Severity, StakeholderFunction,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::coverage_body::CoverageSection;
use super::sections::chronology::ChronologySection;
use super::sections::completeness::CompletenessSection;
use super::sections::feedback::FeedbackSection;
use super::sections::findings::FindingsSection;
use super::sections::lessons::LessonsSection;
use super::sections::life::LifeSection;
use super::sections::obligations::ObligationsSection;
use super::sections::promptness::PromptnessSection;
use super::sections::workshops::WorkshopsSection;
use crate::metrics::distribution::Statistics;
use crate::metrics::groups::GroupPart;
use crate::metrics::numbers::MetricCount;
use crate::metrics::window::Interval;
use crate::reviews::having::Having;

/// Which reviews are counted.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct ReviewFilter {
    /// Created at or after. Of incidents, in `coverage`: closed at or after.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub from: Option<Timestamp>,
    /// Created before. Of incidents, in `coverage`: closed before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub to: Option<Timestamp>,
    /// With any of these severities; of incidents as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub severity: Vec<Severity>,
    /// With any of these tags; of incidents as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[param(example = json!(["vpn"]))]
    #[schema(example = json!(["vpn"]))]
    pub tag: Vec<String>,
    /// Only those with a tag, or only those without any; of incidents as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = true)]
    pub tagged: Option<bool>,
    /// Of an incident of any of these categories; with `detection_source`, of one incident that has
    /// both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<IncidentCategory>,
    /// Of an incident that any of these found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub detection_source: Vec<DetectionSource>,
    /// Only those of an incident, or only the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = true)]
    pub with_incident: Option<bool>,
    /// Of any of these kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kind: Vec<ReviewKind>,
    /// In any of these states.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<ReviewStatus>,
    /// Any of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub review_id: Vec<Uuid>,
    /// With any of these owners, by subject.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[param(example = json!(["ada@example.org"]))]
    #[schema(example = json!(["ada@example.org"]))]
    pub owner: Vec<String>,
    /// With an owner who takes part in it for any of these functions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub function: Vec<StakeholderFunction>,
    /// Only those that a subject owns, or only the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = true)]
    pub with_owner: Option<bool>,
    /// Only those whose owner takes part for a function, or only the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = true)]
    pub with_function: Option<bool>,
    /// Only those of an incident that was recorded long after the fact, or only the others; of
    /// incidents as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = false)]
    pub backfilled: Option<bool>,
    /// With any of these facilitators, by subject.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[param(example = json!(["kim@example.org"]))]
    #[schema(example = json!(["kim@example.org"]))]
    pub facilitator: Vec<String>,
}

impl ReviewFilter {
    /// What it asks of tags and incidents.
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

/// What reviews are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "severity")]
pub enum ProcessGroupBy {
    /// Severity of the review.
    Severity,
    /// Kind of review.
    Kind,
    /// Category of each of its incidents: a review may be in several groups.
    Category,
    /// What found each of its incidents: a review may be in several groups.
    DetectionSource,
    /// Each of its tags: a review with several is in several groups.
    Tag,
    /// The subject that owns it.
    Owner,
    /// The part of the organisation for which the owner takes part in it.
    Function,
}

/// What is asked of the process metrics.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProcessQuery {
    /// The same numbers for each group as well. The 50 largest groups are named, the rest is `other`.
    #[serde(default)]
    #[param(max_items = 2)]
    pub group_by: Vec<ProcessGroupBy>,
    /// A series of buckets of this length.
    pub interval: Option<Interval>,
    /// IANA time zone whose days, weeks, months and quarters the series has.
    #[param(max_length = 64, default = "UTC", example = "Europe/Dublin")]
    pub time_zone: Option<String>,
}

/// What happened to the reviews within one bucket.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProcessPoint {
    /// First date of the bucket in the time zone.
    pub(super) date: NaiveDate,
    /// First instant of the bucket.
    pub(super) from: Timestamp,
    /// First instant after the bucket.
    pub(super) to: Timestamp,
    /// Whether the window or the current instant cuts the bucket short.
    #[schema(example = false)]
    pub(super) partial: bool,
    /// How many were opened.
    #[schema(minimum = 0, example = 5)]
    pub(super) opened: u64,
    /// How many workshops of any kind were held.
    #[schema(minimum = 0, example = 4)]
    pub(super) workshops_held: u64,
    /// How often one was published.
    #[schema(minimum = 0, example = 3)]
    pub(super) published: u64,
    /// How often one was closed.
    #[schema(minimum = 0, example = 2)]
    pub(super) closed: u64,
    /// How often one was waived.
    #[schema(minimum = 0, example = 1)]
    pub(super) waived: u64,
    /// How often one was cancelled.
    #[schema(minimum = 0, example = 0)]
    pub(super) cancelled: u64,
    /// How often one was reopened after it had been published, waived or cancelled.
    #[schema(minimum = 0, example = 0)]
    pub(super) reopened: u64,
    /// Of those first published in it: how long that took since they were opened, in seconds.
    pub(super) opened_to_published: Statistics,
}

/// The numbers of some reviews, by subject.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProcessNumbers {
    /// How many reviews.
    pub(super) reviews: MetricCount,
    /// How promptly they are opened, brought to their workshop, published and closed.
    pub(super) promptness: PromptnessSection,
    /// Where they stand, how often they go back to work, and which were given up.
    pub(super) life: LifeSection,
    /// Who led their workshops, and who came.
    pub(super) workshops: WorkshopsSection,
    /// How long their chronologies are, and how much of them rests on evidence.
    pub(super) chronology: ChronologySection,
    /// What they establish.
    pub(super) findings: FindingsSection,
    /// How complete they are.
    pub(super) completeness: CompletenessSection,
    /// What people said of them, by question and occasion; only what the summaries of rounds show.
    pub(super) feedback: FeedbackSection,
    /// How many of their lessons have reached a document, and how long the others have waited.
    pub(super) lessons: LessonsSection,
    /// Whether their obligations to authorities were met, and with which margins.
    pub(super) obligations: ObligationsSection,
    /// What happened to them by bucket, empty ones too; only when `interval` was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) series: Option<Vec<ProcessPoint>>,
}

/// The numbers of a group of reviews.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProcessGroup {
    /// What they have in common; empty for `other`.
    pub(super) key: Vec<GroupPart>,
    /// Whether these are all that are in no named group.
    #[schema(example = false)]
    pub(super) other: bool,
    #[serde(flatten)]
    pub(super) numbers: ProcessNumbers,
}

/// How reviews are held.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProcessMetricsBody {
    /// When this was computed.
    pub(super) as_of: Timestamp,
    /// Time zone of the series.
    #[schema(example = "UTC")]
    pub(super) time_zone: String,
    /// The filters that were applied.
    pub(super) filters: ReviewFilter,
    /// What the groups are made by.
    pub(super) group_by: Vec<ProcessGroupBy>,
    /// How long the buckets of the series are, if there is one.
    pub(super) interval: Option<Interval>,
    /// How many reviews there are.
    #[schema(minimum = 0, example = 42)]
    pub(super) n: u64,
    /// How many of them are of an incident that was recorded long after the fact.
    #[schema(minimum = 0, example = 3)]
    pub(super) n_backfilled: u64,
    /// How many more there are whose incidents are all tests, which are left out.
    #[schema(minimum = 0, example = 0)]
    pub(super) n_test_excluded: u64,
    #[serde(flatten)]
    pub(super) numbers: ProcessNumbers,
    /// Which closed incidents have a review, and which of them had to have one. Of the filters only
    /// the window, severity, tags and `backfilled` apply, to the incidents.
    pub(super) coverage: CoverageSection,
    /// The same by group, largest first; only when `group_by` was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) groups: Option<Vec<ProcessGroup>>,
}

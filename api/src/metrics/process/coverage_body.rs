//! Parameters and answers of coverage: which closed incidents have a review.

use entity::Timestamp;
use entity::vocabulary::{IncidentCategory, IncidentStatus, Severity};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::records_body::ReviewEnding;
use crate::metrics::numbers::{MetricCount, MetricShare};

/// What became of a closed incident's review. Of several reviews the furthest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "reviewed")]
pub enum ReviewCoverage {
    /// It has none that exists for the caller.
    Without,
    /// It was cancelled.
    Cancelled,
    /// It was waived.
    Waived,
    /// It is being held: draft, in progress or in review.
    UnderReview,
    /// It is published or closed.
    Reviewed,
}

impl ReviewCoverage {
    /// Every one, the furthest first.
    pub const ALL: [Self; 5] = [
        Self::Reviewed,
        Self::UnderReview,
        Self::Waived,
        Self::Cancelled,
        Self::Without,
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Without => "without",
            Self::Cancelled => "cancelled",
            Self::Waived => "waived",
            Self::UnderReview => "under_review",
            Self::Reviewed => "reviewed",
        }
    }

    /// Whether a review is held or was.
    pub fn is_covered(self) -> bool {
        matches!(self, Self::UnderReview | Self::Reviewed)
    }
}

/// How many closed incidents have what became of their review in common.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentsByCoverage {
    /// What became of it.
    pub(super) coverage: ReviewCoverage,
    /// How many incidents.
    #[schema(minimum = 0, example = 12)]
    pub(super) n: u64,
    /// The incidents behind it.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/metrics/process/incidents?coverage=without"
    )]
    pub(super) records_url: String,
}

/// What became of the reviews of those closed incidents whose policy made one mandatory: the policy
/// that applied when the incident was closed, or the one that a review of it keeps.
#[derive(Debug, Serialize, ToSchema)]
pub struct MandatoryCoverage {
    /// The incidents.
    pub(super) incidents: MetricCount,
    /// How many have a review that is neither waived nor cancelled.
    pub(super) coverage_rate: MetricShare,
    /// By what became of the review, each one present; together they are the incidents. The records
    /// have the reasons why one was waived or cancelled.
    pub(super) by_coverage: Vec<IncidentsByCoverage>,
}

/// Coverage of the incidents of one severity.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoverageBySeverity {
    /// The severity.
    pub(super) severity: Severity,
    /// How many of its closed incidents have a review.
    pub(super) coverage_rate: MetricShare,
}

/// Which closed incidents have a review.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoverageSection {
    /// The closed incidents.
    pub(super) closed_incidents: MetricCount,
    /// How many more there are of the category `test`, which is left out.
    #[schema(minimum = 0, example = 0)]
    pub(super) n_test_excluded: u64,
    /// How many of them were recorded long after the fact.
    #[schema(minimum = 0, example = 2)]
    pub(super) n_backfilled: u64,
    /// Those whose policy made a review mandatory.
    pub(super) mandatory: MandatoryCoverage,
    /// How many have a review that is neither waived nor cancelled.
    pub(super) coverage_rate: MetricShare,
    /// By what became of the review, each one present; together they are the closed incidents.
    pub(super) by_coverage: Vec<IncidentsByCoverage>,
    /// By severity, each one present.
    pub(super) by_severity: Vec<CoverageBySeverity>,
}

/// Which closed incidents are listed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CoverageQuery {
    /// Closed at or after; when nobody knows when, detected, else occurred, else created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Closed before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
    /// With any of these severities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub severity: Vec<Severity>,
    /// With any of these tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[param(example = json!(["vpn"]))]
    pub tag: Vec<String>,
    /// Only those with a tag, or only those without any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tagged: Option<bool>,
    /// Only those that were recorded long after the fact, or only the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backfilled: Option<bool>,
    /// Only those whose policy made a review mandatory, or only the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mandatory: Option<bool>,
    /// Only those whose review came to any of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coverage: Vec<ReviewCoverage>,
    /// Only those that have a review neither waived nor cancelled, or only the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covered: Option<bool>,
}

/// A closed incident and what became of its review.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoverageRecord {
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
    /// Whether it was recorded long after the fact.
    #[schema(example = false)]
    pub(super) backfilled: bool,
    /// When it was closed; when nobody knows, when it was detected, else occurred, else created.
    pub(super) instant: Timestamp,
    /// Whether its policy made a review mandatory: the one that applied when it was closed, or the
    /// one that a review of it keeps.
    #[schema(example = true)]
    pub(super) mandatory: bool,
    /// What became of its review.
    pub(super) coverage: ReviewCoverage,
    /// The review that this says it of, if it has one that exists for the caller.
    pub(super) review_id: Option<Uuid>,
    /// The review's key.
    #[schema(example = "PIR-2026-0042")]
    pub(super) review_key: Option<String>,
    /// Why that review is waived or cancelled, if it is.
    pub(super) ending: Option<ReviewEnding>,
}

/// A page of closed incidents.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoverageRecordList {
    /// The incidents, the latest closed first.
    items: Vec<CoverageRecord>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

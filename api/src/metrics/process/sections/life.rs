//! Where reviews stand, how often they go back to work, and which were given up.

use entity::vocabulary::{ReviewStatus, Vocabulary as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::Subject;
use crate::metrics::distribution::COUNTS;
use crate::metrics::numbers::{MetricCount, MetricDistribution, MetricShare, Values};
use crate::metrics::process::definitions::Number;
use crate::metrics::process::records_body::ProcessFlag;

/// How many reviews are in a state.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewsByStatus {
    /// The state.
    status: ReviewStatus,
    /// How many reviews.
    #[schema(minimum = 0, example = 7)]
    n: u64,
    /// The reviews behind it; null where the filter excludes the state, and for the group `other`.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/metrics/process/records?status=published"
    )]
    records_url: Option<String>,
}

/// Where reviews stand, how often they go back to work, and which were given up.
#[derive(Debug, Serialize, ToSchema)]
pub struct LifeSection {
    /// By state, each one present.
    by_status: Vec<ReviewsByStatus>,
    /// How many were sent back to work before they were published.
    sent_back_rate: MetricShare,
    /// How many were reopened after they had been published, waived or cancelled.
    reopened_rate: MetricShare,
    /// How often each went back to work, for either reason.
    reopenings_per_review: MetricDistribution,
    /// What need not be held; the records have the reasons and who approved.
    waived: MetricCount,
    /// What was opened in error; the records have the reasons.
    cancelled: MetricCount,
}

impl LifeSection {
    /// Counts reviews.
    pub(in super::super) fn of(subject: &Subject<'_>) -> Self {
        let by_status = ReviewStatus::TERMS.iter().filter_map(|term| {
            let status: ReviewStatus = term.value.parse().ok()?;
            let own = subject.items.iter().filter(|item| item.status == status);
            Some(ReviewsByStatus {
                status,
                n: own.count() as u64,
                records_url: subject.records.in_state(status),
            })
        });
        let returns = subject.items.iter().map(|item| {
            let (sent_back, reopened) = item.returns();
            i64::try_from(sent_back + reopened).unwrap_or(i64::MAX)
        });
        let returns = Values {
            known: returns.collect(),
            ..Values::default()
        };
        Self {
            by_status: by_status.collect(),
            sent_back_rate: subject.share(
                Number::SentBackRate,
                ProcessFlag::SentBack,
                Some(ProcessFlag::Submitted),
            ),
            reopened_rate: subject.share(
                Number::ReopenedRate,
                ProcessFlag::Reopened,
                Some(ProcessFlag::Finished),
            ),
            reopenings_per_review: returns.distribution(
                Number::ReopeningsPerReview.definition(),
                COUNTS,
                subject.records.url(),
            ),
            waived: subject.count(Number::Waived, ProcessFlag::Waived),
            cancelled: subject.count(Number::Cancelled, ProcessFlag::Cancelled),
        }
    }
}

//! What reviews establish.

use entity::vocabulary::{FindingKind, Vocabulary as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::Subject;
use crate::metrics::distribution::COUNTS;
use crate::metrics::numbers::{MetricDistribution, MetricShare, Values};
use crate::metrics::process::definitions::Number;
use crate::metrics::process::records_body::ProcessFlag;

/// How many findings of a kind there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingsByKind {
    /// The kind.
    kind: FindingKind,
    /// How many findings.
    #[schema(minimum = 0, example = 31)]
    n: u64,
    /// How many reviews have one.
    #[schema(minimum = 0, example = 12)]
    n_reviews: u64,
    /// The reviews that have one; null for the group `other`.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/metrics/process/records?finding_kind=gap"
    )]
    records_url: Option<String>,
}

/// What reviews establish.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingsSection {
    /// How many findings each review has.
    findings_per_review: MetricDistribution,
    /// By kind, each one present.
    by_kind: Vec<FindingsByKind>,
    /// How many reviews have a root cause or a contributing factor.
    with_cause_rate: MetricShare,
    /// How many reviews have a strength.
    with_strength_rate: MetricShare,
}

impl FindingsSection {
    /// Counts reviews.
    pub(in super::super) fn of(subject: &Subject<'_>) -> Self {
        let totals = subject
            .items
            .iter()
            .map(|item| item.findings.iter().sum::<u64>());
        let totals = Values {
            known: totals
                .map(|total| i64::try_from(total).unwrap_or(i64::MAX))
                .collect(),
            ..Values::default()
        };
        let by_kind = FindingKind::TERMS.iter().filter_map(|term| {
            let kind: FindingKind = term.value.parse().ok()?;
            let counts = || subject.items.iter().map(|item| item.findings_of(kind));
            Some(FindingsByKind {
                kind,
                n: counts().sum(),
                n_reviews: counts().filter(|count| *count > 0).count() as u64,
                records_url: subject.records.with_finding(kind),
            })
        });
        Self {
            findings_per_review: totals.distribution(
                Number::FindingsPerReview.definition(),
                COUNTS,
                subject.records.url(),
            ),
            by_kind: by_kind.collect(),
            with_cause_rate: subject.share(Number::WithCauseRate, ProcessFlag::WithCause, None),
            with_strength_rate: subject.share(
                Number::WithStrengthRate,
                ProcessFlag::WithStrength,
                None,
            ),
        }
    }
}

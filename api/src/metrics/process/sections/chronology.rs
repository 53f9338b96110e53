//! How long chronologies are, and how much of them rests on evidence.

use serde::Serialize;
use utoipa::ToSchema;

use super::Subject;
use crate::metrics::numbers::{MetricCount, MetricDistribution, MetricShare, Values};
use crate::metrics::process::definitions::Number;
use crate::metrics::process::records_body::ProcessFlag;

/// Where the buckets of a chronology's length begin.
const EVENTS: &[i64] = &[0, 1, 5, 10, 25, 50, 100, 250, 1000];

/// How long chronologies are, and how much of them rests on evidence.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChronologySection {
    /// How many events each review has.
    events_per_review: MetricDistribution,
    /// How many events have evidence; the records are the reviews whose events these are.
    evidence_rate: MetricShare,
    /// What has no event.
    without_events: MetricCount,
}

impl ChronologySection {
    /// Counts reviews.
    pub(in super::super) fn of(subject: &Subject<'_>) -> Self {
        let lengths = subject.items.iter().map(|item| i64::try_from(item.events));
        let lengths = Values {
            known: lengths.map(|length| length.unwrap_or(i64::MAX)).collect(),
            ..Values::default()
        };
        let with_evidence = subject
            .items
            .iter()
            .map(|item| item.events_with_evidence)
            .sum();
        let all = subject.items.iter().map(|item| item.events).sum();
        Self {
            events_per_review: lengths.distribution(
                Number::EventsPerReview.definition(),
                EVENTS,
                subject.records.url(),
            ),
            evidence_rate: MetricShare::new(
                Number::EvidenceRate.definition(),
                (with_evidence, all),
                (subject.records.url(), subject.records.url()),
            ),
            without_events: subject.count(Number::WithoutEvents, ProcessFlag::WithoutEvents),
        }
    }
}

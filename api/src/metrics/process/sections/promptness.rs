//! How promptly reviews are opened, brought to their workshop, published, told to leadership and
//! closed, and how much of it within their policies' time.
//!
//! In time is what met the date that the policy set. To move a review's own date changes nothing of
//! that, and is counted.

use serde::Serialize;
use utoipa::ToSchema;

use super::Subject;
use crate::metrics::distribution::SECONDS;
use crate::metrics::numbers::{MetricCount, MetricDistribution, MetricShare};
use crate::metrics::process::definitions::Number;
use crate::metrics::process::durations::values;
use crate::metrics::process::records_body::{ProcessDuration, ProcessFlag};

/// How promptly reviews are opened, brought to their workshop, published and closed. The workshop is
/// the first one held that brings all functions together: a lessons-learned session or an exercise
/// debrief.
#[derive(Debug, Serialize, ToSchema)]
pub struct PromptnessSection {
    /// From the closure of the incidents until the review was opened.
    time_to_open: MetricDistribution,
    /// From the closure of the incidents until the workshop was held.
    time_to_workshop: MetricDistribution,
    /// From the closure of the incidents until the review was first published.
    time_to_publish: MetricDistribution,
    /// From the opening of the review until the workshop was held.
    opened_to_workshop: MetricDistribution,
    /// From the workshop until the review was first published.
    workshop_to_published: MetricDistribution,
    /// From the opening of the review until it was first published.
    opened_to_published: MetricDistribution,
    /// From the first publication until leadership was first briefed.
    published_to_briefed: MetricDistribution,
    /// From the first publication until everything that followed was done.
    published_to_closed: MetricDistribution,
    /// How many had their workshop within the policy's time.
    workshop_on_time_rate: MetricShare,
    /// What is past the policy's date and had no workshop.
    workshop_overdue: MetricCount,
    /// What has a date for its workshop that is later than the policy's, or none any more.
    workshop_put_off: MetricCount,
    /// How many were published within the policy's time.
    published_on_time_rate: MetricShare,
    /// What is past the policy's date and unpublished.
    publication_overdue: MetricCount,
    /// What has a date for its publication that is later than the policy's, or none any more.
    publication_put_off: MetricCount,
}

impl PromptnessSection {
    /// Counts reviews.
    pub(in super::super) fn of(subject: &Subject<'_>) -> Self {
        use {Number as N, ProcessDuration as D, ProcessFlag as F};
        let distribution = |number: Number, which: ProcessDuration| {
            let url = subject.records.measured(which);
            values(subject.items, which).distribution(number.definition(), SECONDS, url)
        };
        let rate = |number: Number, flag: ProcessFlag, of: ProcessFlag| {
            subject.share(number, flag, Some(of))
        };
        Self {
            time_to_open: distribution(N::TimeToOpen, D::TimeToOpen),
            time_to_workshop: distribution(N::TimeToWorkshop, D::TimeToWorkshop),
            time_to_publish: distribution(N::TimeToPublish, D::TimeToPublish),
            opened_to_workshop: distribution(N::OpenedToWorkshop, D::OpenedToWorkshop),
            workshop_to_published: distribution(N::WorkshopToPublished, D::WorkshopToPublished),
            opened_to_published: distribution(N::OpenedToPublished, D::OpenedToPublished),
            published_to_briefed: distribution(N::PublishedToBriefed, D::PublishedToBriefed),
            published_to_closed: distribution(N::PublishedToClosed, D::PublishedToClosed),
            workshop_on_time_rate: rate(N::WorkshopOnTimeRate, F::WorkshopOnTime, F::WorkshopDue),
            workshop_overdue: subject.count(N::WorkshopOverdue, F::WorkshopOverdue),
            workshop_put_off: subject.count(N::WorkshopPutOff, F::WorkshopPutOff),
            published_on_time_rate: rate(
                N::PublishedOnTimeRate,
                F::PublishedOnTime,
                F::PublicationDue,
            ),
            publication_overdue: subject.count(N::PublicationOverdue, F::PublicationOverdue),
            publication_put_off: subject.count(N::PublicationPutOff, F::PublicationPutOff),
        }
    }
}

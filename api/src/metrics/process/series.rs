//! What happened to reviews over time. Pure.

use entity::Timestamp;
use entity::vocabulary::ReviewStatus;

use super::body::{ProcessPoint, ReviewFilter};
use super::durations::Span;
use super::item::Item;
use super::records_body::ProcessDuration;
use crate::metrics::distribution::Sample;
use crate::metrics::window::{Bucket, place};

/// What is counted within a bucket.
#[derive(Clone, Debug, Default)]
struct Counted {
    opened: u64,
    workshops_held: u64,
    published: u64,
    closed: u64,
    waived: u64,
    cancelled: u64,
    reopened: u64,
    seconds: Vec<i64>,
}

/// The points of some reviews.
pub(super) fn series(
    buckets: &[Bucket],
    items: &[&Item],
    filter: &ReviewFilter,
    now: Timestamp,
) -> Vec<ProcessPoint> {
    let mut counted = vec![Counted::default(); buckets.len()];
    for item in items {
        count(buckets, item, &mut counted);
    }
    let end = filter.to.map_or(now, |to| to.min(now));
    let points = buckets
        .iter()
        .zip(counted)
        .map(|(bucket, counted)| ProcessPoint {
            date: bucket.date,
            from: bucket.from,
            to: bucket.to,
            partial: bucket.to > end || filter.from.is_some_and(|from| bucket.from < from),
            opened: counted.opened,
            workshops_held: counted.workshops_held,
            published: counted.published,
            closed: counted.closed,
            waived: counted.waived,
            cancelled: counted.cancelled,
            reopened: counted.reopened,
            opened_to_published: Sample::new(counted.seconds).statistics(),
        });
    points.collect()
}

fn count(buckets: &[Bucket], item: &Item, counted: &mut [Counted]) {
    if let Some(at) = place(buckets, item.created_at) {
        counted[at].opened += 1;
    }
    for session in &item.sessions {
        if let Some(at) = place(buckets, session.held_at) {
            counted[at].workshops_held += 1;
        }
    }
    for step in &item.steps {
        let Some(at) = place(buckets, step.at) else {
            continue;
        };
        let point = &mut counted[at];
        match (step.from, step.to) {
            (_, ReviewStatus::Published) => point.published += 1,
            (_, ReviewStatus::Closed) => point.closed += 1,
            (_, ReviewStatus::Waived) => point.waived += 1,
            (_, ReviewStatus::Cancelled) => point.cancelled += 1,
            (ReviewStatus::Draft | ReviewStatus::InReview, ReviewStatus::InProgress) => {}
            (_, ReviewStatus::InProgress) => point.reopened += 1,
            _ => {}
        }
    }
    let first = item.published_at().and_then(|at| place(buckets, at));
    if let (Some(at), Span::Known(seconds)) =
        (first, item.duration(ProcessDuration::OpenedToPublished))
    {
        counted[at].seconds.push(seconds);
    }
}

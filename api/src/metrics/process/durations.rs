//! How long the stretches of a review's life took. Pure.

use entity::Timestamp;

use super::closures::Closure;
use super::item::Item;
use super::records_body::ProcessDuration;
use crate::metrics::numbers::Values;

/// How long something took, or why that cannot be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// So many seconds.
    Known(i64),
    /// An end is absent.
    Missing,
    /// It stops before it starts.
    Invalid,
    /// An end is known to the day or worse.
    Imprecise,
}

impl Span {
    /// The same, where what was done ahead took no time.
    fn or_no_time(self) -> Self {
        match self {
            Self::Invalid => Self::Known(0),
            span => span,
        }
    }
}

impl Item {
    /// How long something took.
    pub(super) fn duration(&self, which: ProcessDuration) -> Span {
        let (opened, published) = (Some(self.created_at), self.published_at());
        let workshop = self.workshop_at();
        match which {
            ProcessDuration::TimeToOpen => self.since_closure(opened).or_no_time(),
            ProcessDuration::TimeToWorkshop => self.since_closure(workshop).or_no_time(),
            ProcessDuration::TimeToPublish => self.since_closure(published),
            ProcessDuration::OpenedToWorkshop => between(opened, workshop),
            ProcessDuration::WorkshopToPublished => between(workshop, published),
            ProcessDuration::OpenedToPublished => between(opened, published),
            ProcessDuration::PublishedToBriefed => between(published, self.briefed_at).or_no_time(),
            ProcessDuration::PublishedToClosed => between(published, self.closed_at()),
        }
    }

    fn since_closure(&self, to: Option<Timestamp>) -> Span {
        match (self.incidents_closed, to) {
            (Closure::Unknown, _) | (_, None) => Span::Missing,
            (Closure::Roughly(_), Some(_)) => Span::Imprecise,
            (Closure::At(from), to) => between(Some(from), to),
        }
    }
}

fn between(from: Option<Timestamp>, to: Option<Timestamp>) -> Span {
    match from.zip(to) {
        None => Span::Missing,
        Some((from, to)) if to < from => Span::Invalid,
        Some((from, to)) => Span::Known((to.micros() - from.micros()) / 1_000_000),
    }
}

/// What some reviews took.
pub(super) fn values(items: &[&Item], which: ProcessDuration) -> Values {
    let mut values = Values::default();
    for item in items {
        match item.duration(which) {
            Span::Known(seconds) => values.known.push(seconds),
            Span::Missing => values.missing += 1,
            Span::Invalid => values.invalid += 1,
            Span::Imprecise => values.imprecise += 1,
        }
    }
    values
}

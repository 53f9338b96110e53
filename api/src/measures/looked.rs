//! One of the two times of a measure, as far as it has passed, with its incidents. Pure.

use entity::Timestamp;

use super::input::MeasureWindow;
use super::statistics::rate::Exposure;
use crate::metrics::distribution::{Sample, Statistics};
use crate::metrics::response::read::Contribution;
use crate::metrics::response::rules::Measure;

/// A time and the incidents within it.
pub(super) struct Looked<'a> {
    pub(super) window: MeasureWindow,
    /// Up to where it could be looked at.
    pub(super) until: Timestamp,
    now: Timestamp,
    incidents: Vec<&'a Contribution>,
}

impl<'a> Looked<'a> {
    /// A time as far as it has passed.
    pub(super) fn new(
        window: MeasureWindow,
        incidents: &'a [Contribution],
        now: Timestamp,
    ) -> Self {
        let until = window.to.min(now).max(window.from);
        let within = |one: &&Contribution| window.from <= one.instant && one.instant < until;
        Self {
            window,
            until,
            now,
            incidents: incidents.iter().filter(within).collect(),
        }
    }

    /// Whether nothing of it has passed.
    pub(super) fn has_not_begun(&self) -> bool {
        self.until == self.window.from
    }

    /// Whether some of it has yet to pass.
    pub(super) fn is_partial(&self) -> bool {
        self.window.to > self.now
    }

    /// How many incidents there were in how many days.
    #[expect(clippy::cast_precision_loss, reason = "microseconds of some years")]
    pub(super) fn exposure(&self) -> Exposure {
        let micros = self.until.micros() - self.window.from.micros();
        Exposure {
            n: self.incidents.len() as u64,
            days: micros as f64 / 86_400e6,
        }
    }

    /// What was measured, in ascending order.
    pub(super) fn seconds(&self) -> Vec<i64> {
        let measured = self.incidents.iter().filter_map(|one| match one.measure {
            Some(Measure::Measured { seconds, .. }) => Some(seconds),
            _ => None,
        });
        let mut seconds: Vec<i64> = measured.collect();
        seconds.sort_unstable();
        seconds
    }

    /// What was measured and what could not be.
    pub(super) fn statistics(&self) -> Statistics {
        let count = |it: fn(&Measure) -> bool| {
            let measures = self.incidents.iter().filter_map(|one| one.measure);
            measures.filter(it).count() as u64
        };
        Statistics {
            n_missing: count(|one| *one == Measure::Missing),
            n_invalid: count(|one| *one == Measure::Invalid),
            n_imprecise: count(|one| matches!(one, Measure::Days(_) | Measure::Imprecise)),
            ..Sample::new(self.seconds()).statistics()
        }
    }
}

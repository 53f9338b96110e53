//! The difference of two medians with its bootstrap interval, the same every time.

use super::random::Numbers;
use super::rate::Interval;
use crate::metrics::distribution::LOW_SAMPLE;

/// What the draws begin with.
pub const SEED: u64 = 20_260_523;

/// How often both times are drawn anew.
const RESAMPLES: usize = 2000;

/// Beyond this many values a tenth of that has to do.
const MANY: usize = 50_000;

/// Two medians and how they differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The median before.
    pub before: f64,
    /// The median after.
    pub after: f64,
    /// The interval of after − before.
    pub interval: Interval,
    /// How often both were drawn anew.
    pub resamples: usize,
}

/// The difference of two samples in ascending order; none when one is too small for a median.
pub fn difference(before: &[i64], after: &[i64]) -> Option<Difference> {
    if before.len().min(after.len()) < LOW_SAMPLE {
        return None;
    }
    let resamples = if before.len() + after.len() > MANY {
        RESAMPLES / 10
    } else {
        RESAMPLES
    };
    let mut numbers = Numbers::from_seed(SEED);
    let mut counts = vec![0; before.len().max(after.len())];
    let mut drawn: Vec<f64> = (0..resamples)
        .map(|_| {
            let first = drawn_median(before, &mut counts, &mut numbers);
            drawn_median(after, &mut counts, &mut numbers) - first
        })
        .collect();
    drawn.sort_by(f64::total_cmp);
    Some(Difference {
        before: middle(before),
        after: middle(after),
        interval: Interval {
            lower: percentile(&drawn, 0.025),
            upper: Some(percentile(&drawn, 0.975)),
        },
        resamples,
    })
}

/// The median of as many values as there are, drawn with replacement. Values are counted by their
/// place, so that nothing has to be sorted.
fn drawn_median(sample: &[i64], counts: &mut [usize], numbers: &mut Numbers) -> f64 {
    let counts = &mut counts[..sample.len()];
    counts.fill(0);
    for _ in 0..sample.len() {
        counts[numbers.below(sample.len())] += 1;
    }
    let at = |rank: usize| {
        let mut seen = 0;
        let place = counts.iter().position(|count| {
            seen += count;
            seen > rank
        });
        place.map_or(0, |place| sample[place])
    };
    let half = sample.len() / 2;
    mean(
        at(half - usize::from(sample.len().is_multiple_of(2))),
        at(half),
    )
}

fn middle(sample: &[i64]) -> f64 {
    let half = sample.len() / 2;
    mean(
        sample[half - usize::from(sample.len().is_multiple_of(2))],
        sample[half],
    )
}

#[expect(
    clippy::cast_precision_loss,
    reason = "seconds of less than 300,000 years"
)]
fn mean(a: i64, b: i64) -> f64 {
    f64::midpoint(a as f64, b as f64)
}

/// By linear interpolation (type 7).
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an index into a list of two thousand"
)]
fn percentile(sorted: &[f64], p: f64) -> f64 {
    let place = p * (sorted.len() - 1) as f64;
    let below = place.floor();
    let low = sorted[below as usize];
    let high = sorted.get(below as usize + 1).copied().unwrap_or(low);
    low + (place - below) * (high - low)
}

#[cfg(test)]
#[path = "median_tests.rs"]
mod tests;

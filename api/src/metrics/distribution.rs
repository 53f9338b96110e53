//! How values are distributed: percentiles, extremes, mean, histogram. Pure arithmetic.

use serde::Serialize;
use utoipa::ToSchema;

/// With fewer values than this, percentiles would pretend to know.
pub const LOW_SAMPLE: usize = 5;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Where the buckets of durations in seconds begin: from a minute to a year.
pub const SECONDS: &[i64] = &[
    0,
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    HOUR,
    4 * HOUR,
    12 * HOUR,
    DAY,
    3 * DAY,
    7 * DAY,
    30 * DAY,
    90 * DAY,
    180 * DAY,
    365 * DAY,
];

/// Where the buckets of durations in calendar days begin.
pub const DAYS: &[i64] = &[0, 1, 2, 4, 8, 15, 31, 91, 181, 366];

/// Where the buckets of small counts begin.
pub const COUNTS: &[i64] = &[0, 1, 2, 3, 4, 5, 10];

/// Percentiles, extremes and mean of what could be measured, and how much could not.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Statistics {
    /// How many values there are.
    #[schema(minimum = 0, example = 128)]
    pub n: u64,
    /// How many records lack an end, so that there is no value.
    #[schema(minimum = 0, example = 12)]
    pub n_missing: u64,
    /// How many records stop before they start.
    #[schema(minimum = 0, example = 1)]
    pub n_invalid: u64,
    /// How many records have an end that is known only to the day or worse; they are left out.
    #[schema(minimum = 0, example = 3)]
    pub n_imprecise: u64,
    /// Whether there are fewer than 5 values, so that percentiles are null.
    #[schema(example = false)]
    pub low_sample: bool,
    /// Half of the values are at most this; by linear interpolation (type 7), as all percentiles.
    #[schema(example = 5400.0)]
    pub median: Option<f64>,
    /// 75 % of the values are at most this.
    #[schema(example = 14_400.0)]
    pub p75: Option<f64>,
    /// 90 % of the values are at most this.
    #[schema(example = 43_200.0)]
    pub p90: Option<f64>,
    /// 95 % of the values are at most this.
    #[schema(example = 86_400.0)]
    pub p95: Option<f64>,
    /// The smallest value.
    #[schema(example = 60)]
    pub min: Option<i64>,
    /// The largest value.
    #[schema(example = 172_800)]
    pub max: Option<i64>,
    /// The arithmetic mean: last, because a few long ones move it far.
    #[schema(example = 15_833.25)]
    pub mean: Option<f64>,
}

/// How many values lie between two bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HistogramBucket {
    /// The smallest value that belongs here.
    #[schema(example = 3600)]
    pub from: i64,
    /// The smallest value that no longer does; null for the last bucket, which has no end.
    #[schema(example = 14_400)]
    pub to: Option<i64>,
    /// How many values.
    #[schema(minimum = 0, example = 41)]
    pub n: u64,
}

/// Values in ascending order.
#[derive(Clone, Debug, Default)]
pub struct Sample(Vec<i64>);

impl Sample {
    /// Puts values in order.
    pub fn new(mut values: Vec<i64>) -> Self {
        values.sort_unstable();
        Self(values)
    }

    /// Its statistics, with nothing left out.
    pub fn statistics(&self) -> Statistics {
        let values = &self.0;
        Statistics {
            n: values.len() as u64,
            n_missing: 0,
            n_invalid: 0,
            n_imprecise: 0,
            low_sample: values.len() < LOW_SAMPLE,
            median: self.percentile(0.5),
            p75: self.percentile(0.75),
            p90: self.percentile(0.9),
            p95: self.percentile(0.95),
            min: values.first().copied(),
            max: values.last().copied(),
            mean: self.mean(),
        }
    }

    /// Type 7: the value at `p × (n − 1)`, between neighbours by their distance.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index into a list in memory, and seconds of less than 300,000 years"
    )]
    fn percentile(&self, p: f64) -> Option<f64> {
        if self.0.len() < LOW_SAMPLE {
            return None;
        }
        let place = p * (self.0.len() - 1) as f64;
        let below = place.floor();
        let low = *self.0.get(below as usize)? as f64;
        let high = self.0.get(below as usize + 1).map_or(low, |v| *v as f64);
        Some(low + (place - below) * (high - low))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "an average is as exact as a double"
    )]
    fn mean(&self) -> Option<f64> {
        let sum: i128 = self.0.iter().map(|value| i128::from(*value)).sum();
        (!self.0.is_empty()).then(|| sum as f64 / self.0.len() as f64)
    }

    /// How many values lie in each bucket; each bucket reaches to where the next begins.
    pub fn histogram(&self, begins: &[i64]) -> Vec<HistogramBucket> {
        let place = |bound: i64| self.0.partition_point(|value| *value < bound);
        begins
            .iter()
            .enumerate()
            .map(|(at, from)| {
                let to = begins.get(at + 1).copied();
                let end = to.map_or(self.0.len(), place);
                HistogramBucket {
                    from: *from,
                    to,
                    n: end.saturating_sub(place(*from)) as u64,
                }
            })
            .collect()
    }
}

/// A share, or nothing when there is nothing to share.
#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
pub fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a second opinion need not be careful"
)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn percentiles_are_what_numpy_and_percentile_cont_say() {
        let sample = Sample::new(vec![40, 15, 50, 20, 35]);
        let statistics = sample.statistics();
        assert_eq!(statistics.median, Some(35.0));
        assert_eq!(statistics.p75, Some(40.0));
        assert_eq!(statistics.p90, Some(46.0));
        assert_eq!(statistics.p95, Some(48.0));
        assert_eq!((statistics.min, statistics.max), (Some(15), Some(50)));
        assert_eq!(statistics.mean, Some(32.0));
    }

    #[test]
    fn few_values_have_no_percentiles_but_extremes_and_a_mean() {
        let few = Sample::new(vec![1, 2, 3, 6]).statistics();
        assert!(few.low_sample);
        assert_eq!((few.median, few.p95), (None, None));
        assert_eq!((few.min, few.max, few.mean), (Some(1), Some(6), Some(3.0)));
        let none = Sample::default().statistics();
        assert_eq!((none.n, none.low_sample, none.mean), (0, true, None));
    }

    #[test]
    fn a_bound_belongs_to_the_bucket_that_it_opens() {
        let histogram = Sample::new(vec![0, 59, 60, 366 * DAY]).histogram(SECONDS);
        assert_eq!(histogram[0].n, 2);
        assert_eq!(histogram[1].n, 1);
        assert_eq!(histogram.last().map(|b| (b.to, b.n)), Some((None, 1)));
    }

    /// Type 7 by its textbook formula with one-based ranks, as a second opinion.
    fn naive_percentile(values: &[i64], p: f64) -> f64 {
        let mut sorted: Vec<f64> = values.iter().map(|value| *value as f64).collect();
        sorted.sort_by(f64::total_cmp);
        let h = (sorted.len() as f64 - 1.0) * p + 1.0;
        let (floor, ceil) = (h.floor() as usize, h.ceil() as usize);
        sorted[floor - 1] + (h - h.floor()) * (sorted[ceil - 1] - sorted[floor - 1])
    }

    proptest! {
        #[test]
        fn statistics_agree_with_a_naive_model(values in prop::collection::vec(0_i64..100_000_000, 0..200)) {
            let statistics = Sample::new(values.clone()).statistics();
            prop_assert_eq!(statistics.n, values.len() as u64);
            prop_assert_eq!(statistics.min, values.iter().min().copied());
            prop_assert_eq!(statistics.max, values.iter().max().copied());
            let all = [(0.5, statistics.median), (0.75, statistics.p75), (0.9, statistics.p90), (0.95, statistics.p95)];
            for (p, found) in all {
                match found {
                    None => prop_assert!(values.len() < LOW_SAMPLE),
                    Some(found) => prop_assert!((found - naive_percentile(&values, p)).abs() < 1e-3),
                }
            }
            if let Some(mean) = statistics.mean {
                let naive = values.iter().map(|v| *v as f64).sum::<f64>() / values.len() as f64;
                prop_assert!((mean - naive).abs() < 1e-3);
            }
        }

        #[test]
        fn every_value_is_in_one_bucket(values in prop::collection::vec(0_i64..100_000_000, 0..200)) {
            let histogram = Sample::new(values.clone()).histogram(SECONDS);
            prop_assert_eq!(histogram.iter().map(|bucket| bucket.n).sum::<u64>(), values.len() as u64);
            for bucket in histogram {
                let naive = values.iter().filter(|v| **v >= bucket.from && bucket.to.is_none_or(|to| **v < to)).count();
                prop_assert_eq!(bucket.n, naive as u64);
            }
        }
    }
}

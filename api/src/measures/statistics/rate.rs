//! Two rates of incidents and how they relate, with the exact interval.

use statrs::distribution::{Beta, ContinuousCDF as _};

/// How sure an interval is.
pub const CONFIDENCE: f64 = 0.95;

/// Half of what it leaves out.
const TAIL: f64 = (1.0 - CONFIDENCE) / 2.0;

/// What rates are told per.
pub const RATE_DAYS: f64 = 30.0;

/// How many incidents there were in how many days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exposure {
    /// Incidents.
    pub n: u64,
    /// Days.
    pub days: f64,
}

/// An interval; an end that is open has no bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its lower bound.
    pub lower: f64,
    /// Its upper bound.
    pub upper: Option<f64>,
}

impl Exposure {
    /// Incidents per 30 days; none of no time.
    pub fn rate(self) -> Option<f64> {
        (self.days > 0.0).then(|| count(self.n) / self.days * RATE_DAYS)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of incidents")]
fn count(n: u64) -> f64 {
    n as f64
}

/// The rate after ÷ the rate before; none when there was nothing before.
pub fn ratio(before: Exposure, after: Exposure) -> Option<f64> {
    let is_known = before.n > 0 && before.days > 0.0 && after.days > 0.0;
    is_known.then(|| count(after.n) * before.days / (count(before.n) * after.days))
}

/// How many incidents each time would have, were the rate the same in both.
pub fn expected(before: Exposure, after: Exposure) -> Option<[f64; 2]> {
    let days = before.days + after.days;
    let all = count(before.n + after.n);
    (days > 0.0).then(|| [before, after].map(|one| all * one.days / days))
}

/// The exact interval of the ratio. Of all incidents, those after are binomial with a probability
/// that the ratio determines; its interval is that of Clopper and Pearson.
pub fn interval(before: Exposure, after: Exposure) -> Option<Interval> {
    let all = before.n + after.n;
    if all == 0 || before.days <= 0.0 || after.days <= 0.0 {
        return None;
    }
    let odds = |probability: f64| probability / (1.0 - probability) * before.days / after.days;
    let lower = match after.n {
        0 => 0.0,
        n => odds(quantile(n, before.n + 1, TAIL)?),
    };
    let upper = match before.n {
        0 => None,
        n => Some(odds(quantile(after.n + 1, n, 1.0 - TAIL)?)),
    };
    Some(Interval { lower, upper })
}

fn quantile(a: u64, b: u64, probability: f64) -> Option<f64> {
    let beta = Beta::new(count(a), count(b)).ok()?;
    Some(beta.inverse_cdf(probability))
}

#[cfg(test)]
#[path = "rate_tests.rs"]
mod tests;

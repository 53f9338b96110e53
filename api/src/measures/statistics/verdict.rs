//! What an interval says about an improvement.

use entity::vocabulary::{DesiredChange, MeasureVerdict};
use serde::Serialize;
use utoipa::ToSchema;

use super::rate::Interval;

/// With fewer incidents than this, expected in either time, chance explains anything.
pub const LEAST_EXPECTED: f64 = 5.0;

/// Why a verdict is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "interval_excludes_no_change")]
pub enum VerdictReason {
    /// The time to be evaluated has not begun, or the one before.
    NotBegun,
    /// Fewer than 5 incidents would be expected in one of the times, were the rate the same in both.
    TooFewExpected,
    /// Fewer than 5 durations were measured in one of the times.
    TooFewMeasured,
    /// The whole interval lies within what counts as no change.
    IntervalWithinTolerance,
    /// The interval leaves out no change.
    IntervalExcludesNoChange,
    /// The interval holds no change, and more than counts as none.
    IntervalIncludesNoChange,
}

/// A verdict and why.
pub type Judgement = (MeasureVerdict, VerdictReason);

/// What counts as no change: the interval's value for it, and how far around it still does.
#[derive(Clone, Copy, Debug)]
pub struct NoChange {
    /// No change at all.
    pub at: f64,
    /// The least that counts as none.
    pub from: f64,
    /// The most that counts as none.
    pub to: f64,
}

impl NoChange {
    /// For a ratio: from 1 ÷ (1 + tolerance) to 1 + tolerance.
    pub fn of_ratio(tolerance: f64) -> Self {
        Self {
            at: 1.0,
            from: 1.0 / (1.0 + tolerance),
            to: 1.0 + tolerance,
        }
    }

    /// For a difference: so much of what it was before, either way.
    pub fn of_difference(tolerance: f64, before: f64) -> Self {
        let most = tolerance * before.abs();
        Self {
            at: 0.0,
            from: -most,
            to: most,
        }
    }
}

/// What an interval says.
pub fn judge(interval: Interval, no_change: NoChange, desired: DesiredChange) -> Judgement {
    let Interval { lower, upper } = interval;
    if lower >= no_change.from && upper.is_some_and(|upper| upper <= no_change.to) {
        let within = VerdictReason::IntervalWithinTolerance;
        return (MeasureVerdict::NoChange, within);
    }
    let change = if upper.is_some_and(|upper| upper < no_change.at) {
        DesiredChange::Decrease
    } else if lower > no_change.at {
        DesiredChange::Increase
    } else {
        let includes = VerdictReason::IntervalIncludesNoChange;
        return (MeasureVerdict::Inconclusive, includes);
    };
    let verdict = if change == desired {
        MeasureVerdict::Improved
    } else {
        MeasureVerdict::Worse
    };
    (verdict, VerdictReason::IntervalExcludesNoChange)
}

#[cfg(test)]
mod tests {
    use super::*;
    use MeasureVerdict::{Improved, Inconclusive, NoChange as Same, Worse};

    #[test]
    fn every_place_of_an_interval_has_its_verdict() {
        let ratio = NoChange::of_ratio(0.25);
        for (lower, upper, expected) in [
            (0.1, Some(0.5), Improved),
            (0.1, Some(0.99), Improved),
            (0.1, Some(1.0), Inconclusive),
            (0.5, Some(2.0), Inconclusive),
            (0.0, None, Inconclusive),
            (0.85, Some(1.2), Same),
            (0.8, Some(1.25), Same),
            (0.79, Some(1.25), Inconclusive),
            (0.8, Some(1.26), Inconclusive),
            (0.85, Some(0.95), Same),
            (1.0, Some(1.3), Inconclusive),
            (1.01, Some(1.3), Worse),
            (1.01, None, Worse),
        ] {
            let interval = Interval { lower, upper };
            let found = judge(interval, ratio, DesiredChange::Decrease).0;
            assert_eq!(found, expected, "{lower} to {upper:?}");
            let mirrored = match expected {
                Improved => Worse,
                Worse => Improved,
                other => other,
            };
            let found = judge(interval, ratio, DesiredChange::Increase).0;
            assert_eq!(found, mirrored, "{lower} to {upper:?}, the other way");
        }
    }

    #[test]
    fn without_a_tolerance_nothing_is_no_change_but_none_at_all() {
        let exact = NoChange::of_difference(0.0, 3600.0);
        let of = |lower, upper| {
            let interval = Interval {
                lower,
                upper: Some(upper),
            };
            judge(interval, exact, DesiredChange::Decrease).0
        };
        assert_eq!(
            [of(-1.0, 1.0), of(-2.0, -1.0), of(0.0, 0.0)],
            [Inconclusive, Improved, Same]
        );
        let tolerant = NoChange::of_difference(0.1, 3600.0);
        assert_eq!((tolerant.from, tolerant.to), (-360.0, 360.0));
    }
}

//! Tests of medians against NumPy with the same draws.

use super::*;
use proptest::prelude::*;

const BEFORE: [i64; 8] = [3600, 5400, 7200, 9000, 10_800, 14_400, 21_600, 28_800];
const AFTER: [i64; 7] = [1200, 1800, 2400, 3000, 3600, 4200, 5400];

fn found(before: &[i64], after: &[i64]) -> (f64, f64, f64, Option<f64>) {
    let found = difference(before, after).expect("enough values");
    (
        found.before,
        found.after,
        found.interval.lower,
        found.interval.upper,
    )
}

#[test]
fn the_interval_is_what_numpy_makes_of_the_same_draws() {
    assert_eq!(
        found(&BEFORE, &AFTER),
        (9900.0, 3000.0, -17_400.0, Some(-2700.0))
    );
    assert_eq!(
        found(&BEFORE, &BEFORE),
        (9900.0, 9900.0, -10_800.0, Some(11_700.0))
    );
    let evenly = |step: i64| (1..=100).map(|at| at * step).collect::<Vec<i64>>();
    let (before, after, lower, upper) = found(&evenly(60), &evenly(30));
    assert_eq!((before, after, lower), (3030.0, 1515.0, -2160.0));
    assert!((upper.unwrap() + 884.625).abs() < 1e-9, "{upper:?}");
}

#[test]
fn too_few_values_have_no_median() {
    assert_eq!(difference(&BEFORE[..4], &AFTER), None);
    assert_eq!(difference(&BEFORE, &AFTER[..4]), None);
    assert_eq!(
        difference(&BEFORE, &AFTER).map(|one| one.resamples),
        Some(2000)
    );
}

#[test]
fn very_many_values_are_drawn_less_often() {
    let many: Vec<i64> = (0..30_000).collect();
    let found = difference(&many, &many).expect("enough values");
    assert_eq!(found.resamples, 200);
    let width = found.interval.upper.unwrap() - found.interval.lower;
    assert!(width > 0.0 && width < 2000.0, "{width}");
}

fn sorted(values: Vec<i32>) -> Vec<i64> {
    let mut sorted: Vec<i64> = values.into_iter().map(i64::from).collect();
    sorted.sort_unstable();
    sorted
}

proptest! {
    #[test]
    fn what_all_values_share_moves_the_interval(
        before in prop::collection::vec(0_i32..100_000, 5..40),
        after in prop::collection::vec(0_i32..100_000, 5..40),
        by in 0_i32..1000,
    ) {
        let range = |values: &[i32]| (values.iter().min().copied(), values.iter().max().copied());
        let ((from, to), (first, last)) = (range(&before), range(&after));
        let moved = sorted(after.iter().map(|value| value + by).collect());
        let (before, after) = (sorted(before), sorted(after));
        let found = difference(&before, &after).unwrap().interval;
        let second = difference(&before, &moved).unwrap().interval;
        prop_assert!((second.lower - found.lower - f64::from(by)).abs() < 1e-6);
        let upper = found.upper.unwrap();
        prop_assert!(found.lower <= upper);
        prop_assert!(found.lower >= f64::from(first.unwrap() - to.unwrap()));
        prop_assert!(upper <= f64::from(last.unwrap() - from.unwrap()));
    }
}

//! Tests of rates against R's `poisson.test` and SciPy's beta distribution.

use super::*;
use proptest::prelude::*;

fn exposure(n: u64, days: f64) -> Exposure {
    Exposure { n, days }
}

#[track_caller]
fn close(found: f64, expected: f64) {
    let most = 1e-9 * expected.abs().max(1.0);
    assert!((found - expected).abs() < most, "{found} for {expected}");
}

#[test]
fn the_interval_is_the_published_one() {
    // The example of R's poisson.test: 11 in 800 against 21 in 3011.
    let (before, after) = (exposure(21, 3011.0), exposure(11, 800.0));
    close(ratio(before, after).unwrap(), 1.971_488_095_238_095_3);
    let found = interval(before, after).unwrap();
    close(found.lower, 0.858_426_403_391_639_7);
    close(found.upper.unwrap(), 4.277_265_943_654_075);
}

#[test]
fn intervals_agree_with_scipy() {
    for (before, after, lower, upper) in [
        (
            (20, 180.0),
            (6, 90.0),
            0.197_174_701_330_151_05,
            1.549_088_938_474_073_6,
        ),
        (
            (40, 365.0),
            (12, 180.0),
            0.290_520_061_512_685_17,
            1.182_777_441_170_756_3,
        ),
        (
            (1000, 365.0),
            (1100, 365.0),
            1.008_798_832_314_548,
            1.199_554_226_269_603_3,
        ),
        (
            (12, 90.0),
            (12, 90.0),
            0.410_918_380_274_881_87,
            2.433_573_303_124_222,
        ),
        (
            (300, 365.0),
            (20, 90.0),
            0.162_790_363_271_631_52,
            0.425_117_830_910_549_55,
        ),
        ((10, 100.0), (0, 100.0), 0.0, 0.446_125_549_591_924_6),
    ] {
        let (before, after) = (exposure(before.0, before.1), exposure(after.0, after.1));
        let found = interval(before, after).unwrap();
        close(found.lower, lower);
        close(found.upper.unwrap(), upper);
    }
    let found = interval(exposure(0, 100.0), exposure(7, 50.0)).unwrap();
    close(found.lower, 2.882_617_037_670_478_5);
    assert_eq!(found.upper, None, "open: there was nothing before");
}

#[test]
fn of_no_incidents_or_no_time_nothing_is_known() {
    assert_eq!(interval(exposure(0, 90.0), exposure(0, 90.0)), None);
    assert_eq!(interval(exposure(3, 90.0), exposure(0, 0.0)), None);
    assert_eq!(ratio(exposure(0, 90.0), exposure(3, 90.0)), None);
    assert_eq!(exposure(3, 0.0).rate(), None);
    assert_eq!(expected(exposure(0, 0.0), exposure(0, 0.0)), None);
}

#[test]
fn a_rate_is_per_thirty_days_and_what_is_expected_goes_by_the_time() {
    close(exposure(6, 90.0).rate().unwrap(), 2.0);
    let [before, after] = expected(exposure(20, 180.0), exposure(7, 90.0)).unwrap();
    close(before, 18.0);
    close(after, 9.0);
}

proptest! {
    #[test]
    fn the_interval_holds_the_ratio_and_turns_over_with_it(
        (n, m) in (1_u64..400, 1_u64..400), (d, e) in (1.0..700.0_f64, 1.0..700.0_f64),
    ) {
        let (before, after) = (exposure(n, d), exposure(m, e));
        let (found, value) = (interval(before, after).unwrap(), ratio(before, after).unwrap());
        prop_assert!(found.lower < value && value < found.upper.unwrap());
        let turned = interval(after, before).unwrap();
        prop_assert!((turned.lower * found.upper.unwrap() - 1.0).abs() < 1e-6);
        prop_assert!((turned.upper.unwrap() * found.lower - 1.0).abs() < 1e-6);
    }
}

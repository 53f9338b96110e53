//! Tests of the stretches of calendar time.

use super::*;
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}

fn dates(interval: Interval, zone: &str, from: &str, to: &str) -> Vec<String> {
    let zone = zone.parse().expect("a zone");
    let found = buckets(interval, zone, at(from), at(to)).expect("few");
    found.iter().map(|bucket| bucket.date.to_string()).collect()
}

#[test]
fn weeks_begin_on_monday_and_quarters_in_january_april_july_october() {
    let weeks = dates(
        Interval::Week,
        "UTC",
        "2026-01-01T00:00:00Z",
        "2026-01-13T00:00:00Z",
    );
    assert_eq!(weeks, ["2025-12-29", "2026-01-05", "2026-01-12"]);
    let quarters = dates(
        Interval::Quarter,
        "UTC",
        "2025-12-31T00:00:00Z",
        "2026-07-01T00:00:00Z",
    );
    assert_eq!(quarters, ["2025-10-01", "2026-01-01", "2026-04-01"]);
}

#[test]
fn a_day_of_a_zone_has_23_or_25_hours_when_clocks_change() {
    let dublin = "Europe/Dublin".parse().expect("a zone");
    for (from, hours) in [
        ("2021-03-28T00:00:00Z", 23),
        ("2021-10-30T23:00:00Z", 25),
        ("2021-05-13T23:00:00Z", 24),
    ] {
        let day =
            buckets(Interval::Day, dublin, at(from), at(from).plus_seconds(60)).expect("few")[0];
        assert_eq!(
            day.to.seconds() - day.from.seconds(),
            hours * 3600,
            "{from}"
        );
        assert_eq!(day.from, at(from));
    }
}

#[test]
fn a_midnight_that_is_skipped_and_a_day_that_never_was_leave_no_gap() {
    let cases = [
        (
            "America/Sao_Paulo",
            "2018-11-03T12:00:00Z",
            "2018-11-06T12:00:00Z",
            4,
        ),
        (
            "Pacific/Apia",
            "2011-12-29T12:00:00Z",
            "2011-12-31T12:00:00Z",
            3,
        ),
    ];
    for (zone, from, to, expected) in cases {
        let found = buckets(
            Interval::Day,
            zone.parse().expect("a zone"),
            at(from),
            at(to),
        )
        .expect("few");
        assert_eq!(found.len(), expected, "{zone}: {found:?}");
        assert!(found.windows(2).all(|two| two[0].to == two[1].from));
    }
}

#[test]
fn more_than_a_thousand_buckets_and_unknown_zones_are_refused() {
    let (from, to) = (at("2020-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z"));
    assert!(buckets(Interval::Day, Tz::UTC, from, to).is_err());
    assert!(buckets(Interval::Week, Tz::UTC, from, to).is_ok());
    assert!(
        zone(Some("Europe/Nowhere"))
            .is_err_and(|error| error.to_string().starts_with("invalid_parameter"))
    );
    assert_eq!(zone(None).ok(), Some(Tz::UTC));
}

#[test]
fn an_empty_window_has_no_buckets() {
    let moment = at("2026-01-01T00:00:00Z");
    assert!(
        buckets(Interval::Day, Tz::UTC, moment, moment)
            .expect("none")
            .is_empty()
    );
}

proptest! {
    #[test]
    fn buckets_cover_the_window_without_gap_or_overlap(
        start in 0_i64..2_000_000_000,
        length in 1_i64..80_000_000,
        zone in prop::sample::select(&["UTC", "Europe/Dublin", "America/St_Johns", "Asia/Kathmandu", "America/Sao_Paulo", "Pacific/Apia", "Australia/Lord_Howe", "Africa/Cairo"][..]),
        interval in prop::sample::select(&[Interval::Day, Interval::Week, Interval::Month, Interval::Quarter][..]),
        inside in 0_i64..1000,
    ) {
        let zone: Tz = zone.parse().expect("a zone");
        let from = Timestamp::from_micros(start * 1_000_000).expect("in range");
        let to = from.plus_seconds(length);
        let found = buckets(interval, zone, from, to).expect("at most 927 days");
        prop_assert!(found[0].from <= from && from < found[0].to);
        prop_assert!(found[found.len() - 1].to >= to && found[found.len() - 1].from < to);
        prop_assert!(found.windows(2).all(|two| two[0].to == two[1].from && two[0].date < two[1].date));
        prop_assert!(found.iter().all(|bucket| bucket.from < bucket.to));
        let moment = from.plus_seconds(length * inside / 1000);
        let place = place(&found, moment);
        let naive = found.iter().position(|bucket| bucket.from <= moment && moment < bucket.to);
        prop_assert_eq!(place, naive);
        let local = moment.0.with_timezone(&zone).date_naive();
        prop_assert_eq!(found[place.expect("inside")].date, interval.first_date(local));
    }
}

//! Tests of what one incident's times say about a metric.

use super::*;
use ResponseMetricName as Metric;
use entity::incident::MilestoneTime;
use entity::vocabulary::TimeBasis;

fn reported(at: &str, precision: TimePrecision) -> MilestoneTime {
    MilestoneTime {
        reported: Some(KnownTime {
            at: Timestamp::parse(at).expect("an instant"),
            precision,
            basis: TimeBasis::Event,
            earliest: None,
            latest: None,
        }),
        ..MilestoneTime::default()
    }
}

fn incident(times: &[(Milestone, &str, TimePrecision)]) -> Milestones {
    times
        .iter()
        .map(|(milestone, at, precision)| (*milestone, reported(at, *precision)))
        .collect()
}

fn of(metric: Metric, times: &Milestones) -> Measure {
    let (start, stop) = ends(metric, times);
    measure(start, stop)
}

fn seconds(seconds: i64) -> Measure {
    Measure::Measured {
        seconds,
        from: TimeSource::Reported,
        to: TimeSource::Reported,
    }
}

#[test]
fn an_intrusion_that_was_found_by_its_operator_gives_the_known_durations() {
    use Milestone as M;
    use TimePrecision::Exact;
    let times = incident(&[
        (M::Occurred, "2023-11-14T09:22:49Z", Exact),
        (M::Detected, "2023-11-23T16:00:00Z", Exact),
        (M::Acknowledged, "2023-11-23T16:12:00Z", Exact),
        (M::Contained, "2023-11-23T21:31:00Z", Exact),
        (M::Eradicated, "2023-11-24T11:59:00Z", Exact),
    ]);
    assert_eq!(of(Metric::TimeToDetect, &times), seconds(801_431));
    assert_eq!(of(Metric::TimeToAcknowledge, &times), seconds(720));
    assert_eq!(of(Metric::TimeToContain, &times), seconds(19_860));
    assert_eq!(of(Metric::TimeToEradicate, &times), seconds(71_940));
    assert_eq!(of(Metric::DwellTime, &times), Measure::Missing);
}

#[test]
fn a_start_known_to_the_day_is_counted_in_days_and_offsets_do_not_matter() {
    use Milestone as M;
    let times = incident(&[
        (M::Occurred, "2021-03-18T00:00:00Z", TimePrecision::Day),
        (
            M::Detected,
            "2021-05-14T04:36:00+01:00",
            TimePrecision::Minute,
        ),
        (
            M::Declared,
            "2021-05-14T04:41:00+01:00",
            TimePrecision::Minute,
        ),
    ]);
    assert_eq!(of(Metric::TimeToDetect, &times), Measure::Days(57));
    assert_eq!(of(Metric::TimeToDeclare, &times), seconds(300));
}

#[test]
fn the_compromise_is_preferred_as_start() {
    use Milestone as M;
    use TimePrecision::Exact;
    let times = incident(&[
        (M::Occurred, "2026-01-01T00:00:00Z", Exact),
        (M::Compromised, "2026-01-01T00:00:50Z", Exact),
        (M::Detected, "2026-01-01T00:01:00Z", Exact),
    ]);
    assert_eq!(of(Metric::TimeToDetect, &times), seconds(10));
}

#[test]
fn a_stop_before_its_start_is_invalid_unless_nobody_can_know() {
    use Milestone as M;
    for (precision, expected) in [
        (TimePrecision::Exact, Measure::Invalid),
        (TimePrecision::Hour, Measure::Invalid),
        (TimePrecision::Day, Measure::Invalid),
        (TimePrecision::Month, Measure::Imprecise),
        (TimePrecision::Year, Measure::Imprecise),
        (TimePrecision::Estimated, Measure::Imprecise),
        (TimePrecision::Range, Measure::Imprecise),
    ] {
        let times = incident(&[
            (M::Detected, "2026-01-03T00:00:00Z", TimePrecision::Exact),
            (M::Contained, "2026-01-02T00:00:00Z", precision),
        ]);
        assert_eq!(of(Metric::TimeToContain, &times), expected, "{precision}");
    }
}

#[test]
fn on_one_day_known_to_the_day_zero_days_passed() {
    use Milestone as M;
    let times = incident(&[
        (M::Detected, "2026-01-02T15:00:00Z", TimePrecision::Exact),
        (M::Contained, "2026-01-02T00:00:00Z", TimePrecision::Day),
    ]);
    assert_eq!(of(Metric::TimeToContain, &times), Measure::Days(0));
}

#[test]
fn an_incident_stands_where_it_was_detected_else_occurred_else_recorded() {
    use Milestone as M;
    use TimePrecision::Exact;
    let recorded = Timestamp::parse("2026-03-01T00:00:00Z").expect("an instant");
    assert_eq!(instant(&Milestones::new(), recorded), recorded);
    let occurred = (M::Occurred, "2026-01-01T00:00:00Z", Exact);
    let detected = (M::Detected, "2026-02-01T00:00:00Z", Exact);
    let only_occurred = incident(&[occurred]);
    let stands = |times: &Milestones| instant(times, recorded).to_string();
    assert_eq!(stands(&only_occurred), "2026-01-01T00:00:00Z");
    let both = incident(&[occurred, detected]);
    assert_eq!(stands(&both), "2026-02-01T00:00:00Z");
}

#[test]
fn definitions_say_what_is_subtracted_from_what() {
    let detect = Metric::TimeToDetect.definition();
    assert_eq!(detect.from, "coalesce(compromised, occurred)");
    assert_eq!(detect.formula, "detected − coalesce(compromised, occurred)");
    assert_eq!(Metric::ALL.len(), 12);
}

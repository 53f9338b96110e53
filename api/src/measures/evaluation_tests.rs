//! Tests of what a measure shows, from incidents whose instants and durations are given.

use entity::JsonColumn;
use entity::improvement_measure::Criteria;
use entity::organization::OrganizationId;
use entity::vocabulary::DesiredChange;
use uuid::Uuid;

use super::*;
use crate::incidents::rules::TimeSource;
use crate::metrics::response::rules::Measure;

const DAY: i64 = 86_400;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}

/// The first quarter before, the second after.
fn measure(metric: MeasureMetric) -> Model {
    let duration = metric == MeasureMetric::ResponseDuration;
    Model {
        id: Uuid::nil(),
        organization_id: OrganizationId(Uuid::nil()),
        review_id: Uuid::nil(),
        title: "Fewer".to_owned(),
        description: None,
        metric,
        duration: duration.then(|| "time_to_contain".to_owned()),
        criteria: JsonColumn(Criteria {
            tags: vec!["vpn".to_owned()],
            ..Criteria::default()
        }),
        desired: DesiredChange::Decrease,
        tolerance: 0.2,
        baseline_from: at("2026-01-01T00:00:00Z"),
        baseline_to: at("2026-04-01T00:00:00Z"),
        evaluation_from: at("2026-04-11T00:00:00Z"),
        evaluation_to: at("2026-07-10T00:00:00Z"),
        action_ids: JsonColumn(Vec::new()),
        last_verdict: None,
        last_evaluated_at: None,
        version: 1,
        created_at: at("2026-01-01T00:00:00Z"),
        created_by: String::new(),
        updated_at: at("2026-01-01T00:00:00Z"),
    }
}

/// So many incidents, two a day from a day on, with durations in turn.
fn incidents(count: i64, from: &str, seconds: &[i64]) -> Vec<Contribution> {
    let one = |number: i64| Contribution {
        instant: at(from).plus_seconds(number * DAY / 2),
        measure: seconds
            .get(usize::try_from(number).expect("few") % seconds.len().max(1))
            .map(|seconds| Measure::Measured {
                seconds: *seconds,
                from: TimeSource::Reported,
                to: TimeSource::Reported,
            }),
    };
    (0..count).map(one).collect()
}

fn counted(before: i64, after: i64, now: &str) -> MeasureResult {
    let mut all = incidents(before, "2026-01-01T00:00:00Z", &[]);
    all.extend(incidents(7, "2026-04-01T00:00:00Z", &[]));
    all.extend(incidents(after, "2026-04-11T00:00:00Z", &[]));
    Question::of(measure(MeasureMetric::IncidentCount)).answer(&all, at(now))
}

#[test]
fn both_times_are_counted_apart_and_what_lies_between_is_left_out() {
    let found = counted(40, 12, "2026-08-01T00:00:00Z");
    assert_eq!((found.baseline.n, found.evaluation.n), (40, 12));
    assert_eq!((found.baseline.days, found.evaluation.days), (90.0, 90.0));
    assert_eq!(found.baseline.rate_per_30_days, Some(40.0 / 90.0 * 30.0));
    assert_eq!(found.comparison.value, Some(0.3));
    assert_eq!(found.comparison.expected, Some([26.0, 26.0]));
    assert!(!found.partial && found.evaluation.durations.is_none());
    let judged = (found.verdict, found.reason);
    let excludes = VerdictReason::IntervalExcludesNoChange;
    assert_eq!(judged, (MeasureVerdict::Improved, excludes));
    assert_eq!(
        found.evaluation.records_url,
        "/api/v1/metrics/response/records?metric=time_to_detect&from=2026-04-11T00:00:00Z&to=2026-07-10T00:00:00Z&tag=vpn"
    );
}

#[test]
fn few_incidents_are_inconclusive_whatever_their_interval_says() {
    use MeasureVerdict::{Inconclusive, Worse};
    use VerdictReason::{IntervalExcludesNoChange, IntervalIncludesNoChange, TooFewExpected};
    let end = "2026-08-01T00:00:00Z";
    for (before, after, expected) in [
        (9, 0, (Inconclusive, TooFewExpected)),
        (0, 0, (Inconclusive, TooFewExpected)),
        (10, 0, (MeasureVerdict::Improved, IntervalExcludesNoChange)),
        (0, 10, (Worse, IntervalExcludesNoChange)),
        (12, 12, (Inconclusive, IntervalIncludesNoChange)),
    ] {
        let found = counted(before, after, end);
        assert_eq!(
            (found.verdict, found.reason),
            expected,
            "{before} and {after}"
        );
    }
}

#[test]
fn a_time_that_is_not_over_counts_as_far_as_it_has_come() {
    let found = counted(40, 180, "2026-05-11T00:00:00Z");
    assert!(found.partial);
    assert_eq!((found.evaluation.n, found.evaluation.days), (60, 30.0));
    assert_eq!(found.evaluation.rate_per_30_days, Some(60.0));
    assert_eq!(found.evaluation.until, at("2026-05-11T00:00:00Z"));
    let found = counted(40, 180, "2026-04-11T00:00:00Z");
    assert_eq!(
        (found.evaluation.n, found.evaluation.rate_per_30_days),
        (0, None)
    );
    let judged = (found.verdict, found.reason);
    assert_eq!(
        judged,
        (MeasureVerdict::Inconclusive, VerdictReason::NotBegun)
    );
}

#[test]
fn durations_are_compared_by_their_medians() {
    let mut all = incidents(
        16,
        "2026-01-01T00:00:00Z",
        &[3600, 5400, 7200, 9000, 10_800, 14_400, 21_600, 28_800],
    );
    let shorter = [1200, 1800, 2400, 3000, 3600, 4200, 5400];
    all.extend(incidents(14, "2026-04-11T00:00:00Z", &shorter));
    for measure in [
        Measure::Missing,
        Measure::Invalid,
        Measure::Days(2),
        Measure::Imprecise,
    ] {
        all.push(Contribution {
            instant: at("2026-05-01T00:00:00Z"),
            measure: Some(measure),
        });
    }
    let end = at("2026-08-01T00:00:00Z");
    let question = Question::of(measure(MeasureMetric::ResponseDuration));
    let found = question.answer(&all, end);
    let durations = found.evaluation.durations.clone().expect("durations");
    assert_eq!((found.evaluation.n, durations.n), (18, 14));
    let left_out = (
        durations.n_missing,
        durations.n_invalid,
        durations.n_imprecise,
    );
    assert_eq!(left_out, (1, 1, 2));
    assert_eq!(
        (durations.median, found.comparison.value),
        (Some(3000.0), Some(-6900.0))
    );
    assert_eq!(
        (found.comparison.resamples, found.comparison.seed),
        (Some(2000), Some(SEED))
    );
    assert_eq!(found.verdict, MeasureVerdict::Improved);
    assert_eq!(found.definition.name, "time_to_contain");
    assert_eq!(
        found,
        question.answer(&all, end),
        "the same whenever it is computed"
    );

    let few = Question::of(measure(MeasureMetric::ResponseDuration)).answer(&all[..18], end);
    let judged = (few.verdict, few.reason);
    assert_eq!(
        judged,
        (MeasureVerdict::Inconclusive, VerdictReason::TooFewMeasured)
    );
    assert_eq!((few.comparison.value, few.comparison.lower), (None, None));
}

#[test]
fn a_change_within_the_tolerance_is_none_when_that_is_certain() {
    let all: Vec<Contribution> = [("2026-01-01T00:00:00Z", 90), ("2026-04-11T00:00:00Z", 90)]
        .into_iter()
        .flat_map(|(from, days)| {
            let each = (0..days * 12).map(move |number| Contribution {
                instant: at(from).plus_seconds(number * DAY / 12),
                measure: None,
            });
            each.collect::<Vec<_>>()
        })
        .collect();
    let end = at("2026-08-01T00:00:00Z");
    let found = Question::of(measure(MeasureMetric::IncidentCount)).answer(&all, end);
    assert_eq!(found.verdict, MeasureVerdict::NoChange);
    assert_eq!(found.reason, VerdictReason::IntervalWithinTolerance);
}

//! What a measure shows at a moment: both times, their numbers, the comparison and the verdict. Pure.

use entity::Timestamp;
use entity::improvement_measure::Model;
use entity::vocabulary::{MeasureMetric, MeasureVerdict};
use serde::Serialize;
use utoipa::ToSchema;

use super::input::{MeasureCriteria, MeasureWindow};
use super::looked::Looked;
use super::statistics::median::{self, SEED};
use super::statistics::rate::{self, CONFIDENCE, Interval, RATE_DAYS};
use super::statistics::verdict::{self, Judgement, LEAST_EXPECTED, NoChange, VerdictReason};
use crate::metrics::definition::MetricDefinition;
use crate::metrics::distribution::Statistics;
use crate::metrics::response::body::IncidentFilter;
use crate::metrics::response::read::{self, Contribution};
use crate::metrics::response::rules::ResponseMetricName;

/// One of the two times with its numbers.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MeasuredWindow {
    /// Its first instant.
    pub(super) from: Timestamp,
    /// The first instant after it.
    pub(super) to: Timestamp,
    /// Up to where it could be looked at: `to`, or now.
    pub(super) until: Timestamp,
    /// How many days that is.
    #[schema(minimum = 0, example = 90.0)]
    pub(super) days: f64,
    /// How many incidents fit the criteria.
    #[schema(minimum = 0, example = 20)]
    pub(super) n: u64,
    /// Incidents per 30 days; null before it has begun, and where durations are compared.
    #[schema(minimum = 0, example = 3.3)]
    pub(super) rate_per_30_days: Option<f64>,
    /// The durations, in seconds; null where incidents are counted.
    pub(super) durations: Option<Statistics>,
    /// The incidents behind it; where durations are compared, those that were measured.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/metrics/response/records?metric=time_to_detect&from=2026-01-01T00:00:00Z"
    )]
    pub(super) records_url: String,
}

/// How the time after compares with the time before.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MeasureComparison {
    /// What `value` is and how its interval comes about.
    pub(super) definition: MetricDefinition,
    /// The ratio or the difference; null when it cannot be told.
    #[schema(example = 0.6)]
    pub(super) value: Option<f64>,
    /// Lower bound of the interval; null when there is none.
    #[schema(example = 0.197)]
    pub(super) lower: Option<f64>,
    /// Upper bound of the interval; null when there is none, or when it is open.
    #[schema(example = 1.549)]
    pub(super) upper: Option<f64>,
    /// How sure the interval is.
    #[schema(minimum = 0, maximum = 1, example = 0.95)]
    pub(super) confidence: f64,
    /// How many incidents each time would have, baseline first, were the rate the same in both; null
    /// where durations are compared.
    #[schema(min_items = 2, max_items = 2, example = json!([17.3, 8.7]))]
    pub(super) expected: Option<[f64; 2]>,
    /// How often both times were drawn anew for the interval; null where incidents are counted.
    #[schema(minimum = 1, example = 2000)]
    pub(super) resamples: Option<u64>,
    /// What the draws begin with, so that they can be repeated; null where incidents are counted.
    #[schema(minimum = 0, example = 20_260_523)]
    pub(super) seed: Option<u64>,
}

/// What a measure shows.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MeasureResult {
    /// When this was computed.
    pub(super) as_of: Timestamp,
    /// What is measured in each time.
    pub(super) definition: MetricDefinition,
    /// Whether one of the times is not over yet, so that more may come.
    #[schema(example = false)]
    pub(super) partial: bool,
    /// The time before.
    pub(super) baseline: MeasuredWindow,
    /// The time after.
    pub(super) evaluation: MeasuredWindow,
    /// How they compare.
    pub(super) comparison: MeasureComparison,
    /// What that says.
    pub(super) verdict: MeasureVerdict,
    /// Why.
    pub(super) reason: VerdictReason,
}

/// What a measure asks of the incidents.
#[derive(Clone, Debug)]
pub struct Question {
    measure: Model,
    duration: Option<ResponseMetricName>,
}

impl Question {
    /// The question of a measure.
    pub fn of(measure: Model) -> Self {
        let named = measure.duration.as_deref();
        Self {
            duration: named.and_then(ResponseMetricName::from_name),
            measure,
        }
    }

    /// Which duration of each incident is needed.
    pub fn duration(&self) -> Option<ResponseMetricName> {
        self.duration
    }

    /// The incidents of both times, and those in between.
    pub fn filter(&self) -> IncidentFilter {
        self.within(MeasureWindow {
            from: self.measure.baseline_from,
            to: self.measure.evaluation_to,
        })
    }

    fn within(&self, window: MeasureWindow) -> IncidentFilter {
        let criteria = MeasureCriteria::from(self.measure.criteria.0.clone());
        IncidentFilter {
            from: Some(window.from),
            to: Some(window.to),
            severity: criteria.severities,
            category: criteria.categories,
            certainty: criteria.certainties,
            detection_source: criteria.detection_sources,
            tag: criteria.tags,
            attack_technique: criteria.attack_techniques,
            cause_category: criteria.cause_categories,
            backfilled: criteria.backfilled,
            ..IncidentFilter::default()
        }
    }

    /// The answer at a moment. It takes a while where durations are compared.
    pub fn answer(&self, incidents: &[Contribution], now: Timestamp) -> MeasureResult {
        let measure = &self.measure;
        let [before, after] = [
            (measure.baseline_from, measure.baseline_to),
            (measure.evaluation_from, measure.evaluation_to),
        ]
        .map(|(from, to)| Looked::new(MeasureWindow { from, to }, incidents, now));
        let (comparison, (verdict, reason)) = match measure.metric {
            MeasureMetric::IncidentCount => self.compare_rates(&before, &after),
            MeasureMetric::ResponseDuration => self.compare_medians(&before, &after),
        };
        MeasureResult {
            as_of: now,
            definition: self.definition(),
            partial: before.is_partial() || after.is_partial(),
            baseline: self.window(before),
            evaluation: self.window(after),
            comparison,
            verdict,
            reason,
        }
    }

    fn definition(&self) -> MetricDefinition {
        match self.duration {
            Some(duration) => duration.definition(),
            None => MetricDefinition {
                name: "incident_rate".to_owned(),
                from: "first instant of the time".to_owned(),
                to: "its end, or now".to_owned(),
                formula: format!(
                    "count(incidents) ÷ days × {RATE_DAYS}, by detected, else occurred, else created_at"
                ),
                unit: "incidents per 30 days",
            },
        }
    }

    fn window(&self, looked: Looked<'_>) -> MeasuredWindow {
        let exposure = looked.exposure();
        let until = MeasureWindow {
            to: looked.until,
            ..looked.window
        };
        let filter = self.within(until);
        let counts = self.duration.is_none();
        MeasuredWindow {
            from: looked.window.from,
            to: looked.window.to,
            until: looked.until,
            days: exposure.days,
            n: exposure.n,
            rate_per_30_days: exposure.rate().filter(|_| counts),
            durations: (!counts).then(|| looked.statistics()),
            records_url: match self.duration {
                Some(duration) => read::records_url(duration, Some("measured"), &filter),
                None => read::records_url(ResponseMetricName::TimeToDetect, None, &filter),
            },
        }
    }

    fn compare_rates(
        &self,
        before: &Looked<'_>,
        after: &Looked<'_>,
    ) -> (MeasureComparison, Judgement) {
        let (first, second) = (before.exposure(), after.exposure());
        let interval = rate::interval(first, second);
        let expected = rate::expected(first, second);
        let enough = |all: &[f64; 2]| all.iter().all(|one| *one >= LEAST_EXPECTED);
        let judgement = if before.has_not_begun() || after.has_not_begun() {
            (MeasureVerdict::Inconclusive, VerdictReason::NotBegun)
        } else {
            let no_change = NoChange::of_ratio(self.measure.tolerance);
            let judged = interval.map(|one| verdict::judge(one, no_change, self.measure.desired));
            let too_few = (MeasureVerdict::Inconclusive, VerdictReason::TooFewExpected);
            judged
                .filter(|_| expected.as_ref().is_some_and(enough))
                .unwrap_or(too_few)
        };
        let definition = MetricDefinition {
            name: "rate_ratio".to_owned(),
            from: "rate of the baseline".to_owned(),
            to: "rate of the evaluation".to_owned(),
            formula: "rate of the evaluation ÷ rate of the baseline; exact interval, conditional on all incidents (Clopper–Pearson)".to_owned(),
            unit: "ratio",
        };
        let comparison = MeasureComparison {
            value: rate::ratio(first, second),
            expected,
            ..compared(definition, interval)
        };
        (comparison, judgement)
    }

    fn compare_medians(
        &self,
        before: &Looked<'_>,
        after: &Looked<'_>,
    ) -> (MeasureComparison, Judgement) {
        let difference = median::difference(&before.seconds(), &after.seconds());
        let judgement = match &difference {
            _ if before.has_not_begun() || after.has_not_begun() => {
                (MeasureVerdict::Inconclusive, VerdictReason::NotBegun)
            }
            None => (MeasureVerdict::Inconclusive, VerdictReason::TooFewMeasured),
            Some(found) => {
                let no_change = NoChange::of_difference(self.measure.tolerance, found.before);
                verdict::judge(found.interval, no_change, self.measure.desired)
            }
        };
        let definition = MetricDefinition {
            name: "median_difference".to_owned(),
            from: "median of the baseline".to_owned(),
            to: "median of the evaluation".to_owned(),
            formula: "median of the evaluation − median of the baseline; bootstrap interval, percentiles of resampled differences, SplitMix64".to_owned(),
            unit: "seconds",
        };
        let comparison = MeasureComparison {
            value: difference.map(|found| found.after - found.before),
            resamples: difference.map(|found| found.resamples as u64),
            seed: difference.map(|_| SEED),
            ..compared(definition, difference.map(|found| found.interval))
        };
        (comparison, judgement)
    }
}

fn compared(definition: MetricDefinition, interval: Option<Interval>) -> MeasureComparison {
    MeasureComparison {
        definition,
        value: None,
        lower: interval.map(|one| one.lower),
        upper: interval.and_then(|one| one.upper),
        confidence: CONFIDENCE,
        expected: None,
        resamples: None,
        seed: None,
    }
}

#[cfg(test)]
#[path = "evaluation_tests.rs"]
mod tests;

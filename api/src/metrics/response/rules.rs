//! What each response metric measures, and what one incident's times say about it.

use chrono::NaiveDate;
use entity::Timestamp;
use entity::incident::{KnownTime, Milestones};
use entity::vocabulary::{Milestone, TimePrecision};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::incidents::rules::{TimeSource, effective};
use crate::metrics::definition::MetricDefinition;

macro_rules! metrics {
    ($($variant:ident $name:tt [$($from:ident)|+] $to:ident $text:literal;)+) => {
        /// A duration of the response to an incident, between two of its milestones.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[schema(example = "time_to_contain")]
        pub enum ResponseMetricName { $(#[doc = $text] #[serde(rename = $name)] $variant,)+ }

        impl ResponseMetricName {
            /// Every metric, in the order of a response.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The metric of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|metric| metric.as_str() == name)
            }

            /// The milestones it may start from; the first that is known counts.
            pub fn from(self) -> &'static [Milestone] {
                match self { $(Self::$variant => &[$(Milestone::$from,)+],)+ }
            }

            /// The milestone it stops at.
            pub fn to(self) -> Milestone {
                match self { $(Self::$variant => Milestone::$to,)+ }
            }
        }
    };
}

metrics! {
    TimeToDetect "time_to_detect" [Compromised | Occurred] Detected "From the compromise, or the first act, to its detection.";
    TimeToAcknowledge "time_to_acknowledge" [Detected] Acknowledged "From the detection until somebody took charge.";
    TimeToDeclare "time_to_declare" [Detected] Declared "From the detection until it was declared an incident.";
    TimeToRespond "time_to_respond" [Detected] ResponseStarted "From the detection until work on the response began.";
    TimeToContain "time_to_contain" [Detected] Contained "From the detection until it could no longer spread.";
    TimeToEradicate "time_to_eradicate" [Detected] Eradicated "From the detection until the cause was removed.";
    TimeToRecover "time_to_recover" [Detected] Recovered "From the detection until operation was normal again.";
    TimeToClose "time_to_close" [Declared] Closed "From the declaration until the handling ended.";
    DwellTime "dwell_time" [Compromised] Contained "From the compromise until it was contained.";
    TimeToExfiltrate "time_to_exfiltrate" [Compromised] Exfiltrated "From the compromise until data first left.";
    ImpactDuration "impact_duration" [ImpactStarted] ImpactEnded "How long the incident did harm.";
    ManagementLatency "management_latency" [Detected] ManagementInformed "From the detection until management was informed.";
}

impl ResponseMetricName {
    /// The definition that goes with its numbers.
    pub fn definition(self) -> MetricDefinition {
        let names: Vec<&str> = self.from().iter().map(|one| one.as_str()).collect();
        let from = match names.as_slice() {
            [one] => (*one).to_owned(),
            several => format!("coalesce({})", several.join(", ")),
        };
        let to = self.to().as_str();
        MetricDefinition {
            name: self.as_str().to_owned(),
            formula: format!("{to} − {from}"),
            from,
            to: to.to_owned(),
            unit: "seconds",
        }
    }
}

/// What an incident contributes to a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Both ends are known well enough.
    Measured {
        /// Whole seconds between them.
        seconds: i64,
        /// Where the start is from.
        from: TimeSource,
        /// Where the stop is from.
        to: TimeSource,
    },
    /// An end is absent.
    Missing,
    /// It stops before it starts.
    Invalid,
    /// Both ends are known at least to the day: this many calendar days.
    Days(i64),
    /// An end is known only to the month, the year, as an estimate or as a range.
    Imprecise,
}

/// A milestone that was reached: which one, when, and by which source.
#[derive(Clone, Copy, Debug)]
pub struct End<'a> {
    /// The milestone.
    pub milestone: Milestone,
    /// When it was reached.
    pub time: &'a KnownTime,
    /// Where that is from.
    pub source: TimeSource,
}

/// Start and stop of a metric in an incident.
pub fn ends(metric: ResponseMetricName, times: &Milestones) -> (Option<End<'_>>, Option<End<'_>>) {
    let start = metric.from().iter().find_map(|one| end(*one, times));
    (start, end(metric.to(), times))
}

fn end(milestone: Milestone, times: &Milestones) -> Option<End<'_>> {
    let (time, source) = effective(times.get(&milestone)?)?;
    Some(End {
        milestone,
        time,
        source,
    })
}

/// What an incident contributes, by the start and the stop that are known.
pub fn measure(start: Option<End<'_>>, stop: Option<End<'_>>) -> Measure {
    let (Some(start), Some(stop)) = (start, stop) else {
        return Measure::Missing;
    };
    let micros = stop.time.at.micros() - start.time.at.micros();
    match fineness(start.time).min(fineness(stop.time)) {
        Fineness::Coarse => Measure::Imprecise,
        Fineness::Day => match (date(stop.time) - date(start.time)).num_days() {
            days if days < 0 => Measure::Invalid,
            days => Measure::Days(days),
        },
        Fineness::Instant if micros < 0 => Measure::Invalid,
        Fineness::Instant => Measure::Measured {
            seconds: micros / 1_000_000,
            from: start.source,
            to: stop.source,
        },
    }
}

/// How finely a time is known, coarsest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fineness {
    Coarse,
    Day,
    Instant,
}

/// Whether a time is known well enough to count seconds from it.
pub fn is_an_instant(time: &KnownTime) -> bool {
    fineness(time) == Fineness::Instant
}

fn fineness(time: &KnownTime) -> Fineness {
    match time.precision {
        TimePrecision::Exact | TimePrecision::Minute | TimePrecision::Hour => Fineness::Instant,
        TimePrecision::Day => Fineness::Day,
        TimePrecision::Month
        | TimePrecision::Year
        | TimePrecision::Estimated
        | TimePrecision::Range => Fineness::Coarse,
    }
}

/// Days are counted in UTC, in which a time that is known to the day is kept.
fn date(time: &KnownTime) -> NaiveDate {
    time.at.0.date_naive()
}

/// Where an incident stands in calendar time: when it was detected, else occurred, else recorded.
pub fn instant(times: &Milestones, created_at: Timestamp) -> Timestamp {
    [Milestone::Detected, Milestone::Occurred]
        .into_iter()
        .find_map(|one| end(one, times))
        .map_or(created_at, |end| end.time.at)
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;

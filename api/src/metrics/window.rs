//! Stretches of calendar time in a time zone: the days, weeks, months and quarters of a series.

use chrono::{DateTime, Datelike, Days, MappedLocalTime, Months, NaiveDate, TimeZone as _, Utc};
use chrono_tz::Tz;
use entity::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::error::{Code, Error, Fault, Result};

/// How many buckets a series may have.
pub const MAX_BUCKETS: usize = 1000;

/// How long the buckets of a series are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "month")]
pub enum Interval {
    /// Calendar days.
    Day,
    /// ISO weeks, which begin on Monday.
    Week,
    /// Calendar months.
    Month,
    /// Calendar quarters.
    Quarter,
}

/// How many points an answer may have over all its series.
pub const MAX_POINTS: usize = 20_000;

/// The refusal of more points than that.
pub fn too_many_points(points: usize) -> Error {
    let detail = format!(
        "gives {points} points, at most {MAX_POINTS} are given; take a longer one or no groups"
    );
    refused("interval", "too_many_points", detail)
}

/// One bucket of a series: a whole day, week, month or quarter of a time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Its first local date.
    pub date: NaiveDate,
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub to: Timestamp,
}

/// A refusal that names the parameter.
pub fn refused(parameter: &str, code: &str, detail: impl Into<String>) -> Error {
    Code::InvalidParameter
        .because("a parameter is not valid")
        .with_faults(vec![Fault::parameter(parameter, code, detail)])
        .into()
}

/// The time zone of that IANA name; UTC when none is named.
pub fn zone(name: Option<&str>) -> Result<Tz> {
    let Some(name) = name else {
        return Ok(Tz::UTC);
    };
    name.parse().map_err(|_| {
        refused(
            "time_zone",
            "unknown_time_zone",
            "is not the name of an IANA time zone, such as Europe/Dublin",
        )
    })
}

/// Of what knows whole seconds only: the first one that does not begin before the instant.
pub fn first_second(at: Timestamp) -> i64 {
    let seconds = at.seconds();
    seconds + i64::from(at.micros() > seconds.saturating_mul(1_000_000))
}

/// Refuses a window that ends before it begins.
pub fn check_order(from: (&str, Option<Timestamp>), to: (&str, Option<Timestamp>)) -> Result<()> {
    match (from.1, to.1) {
        (Some(begin), Some(end)) if begin > end => {
            let detail = format!("must not be before {}", from.0);
            Err(refused(to.0, "before_from", detail))
        }
        _ => Ok(()),
    }
}

/// The buckets that hold every instant from `from` to before `to`, without a gap.
pub fn buckets(
    interval: Interval,
    zone: Tz,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Bucket>> {
    let mut found = Vec::new();
    if from >= to {
        return Ok(found);
    }
    let too_many = || {
        let detail = format!(
            "gives more than {MAX_BUCKETS} buckets; take a longer one or a narrower window"
        );
        refused("interval", "too_many_buckets", detail)
    };
    let mut date = interval.first_date(from.0.with_timezone(&zone).date_naive());
    let mut begin = first_instant(zone, date);
    while begin < to {
        let next = interval.next(date).ok_or_else(too_many)?;
        let end = first_instant(zone, next);
        // A date that a zone skipped, as Samoa did in 2011, has no instants.
        if begin < end && end > from {
            if found.len() == MAX_BUCKETS {
                return Err(too_many());
            }
            found.push(Bucket {
                date,
                from: begin,
                to: end,
            });
        }
        (date, begin) = (next, end);
    }
    Ok(found)
}

/// Which bucket an instant lies in.
pub fn place(buckets: &[Bucket], at: Timestamp) -> Option<usize> {
    let after = buckets.partition_point(|bucket| bucket.from <= at);
    let found = after.checked_sub(1)?;
    (at < buckets[found].to).then_some(found)
}

impl Interval {
    /// The first date of the bucket that a date lies in.
    fn first_date(self, date: NaiveDate) -> NaiveDate {
        let first_of = |month: u32| NaiveDate::from_ymd_opt(date.year(), month, 1).unwrap_or(date);
        match self {
            Self::Day => date,
            Self::Week => {
                let since_monday = date.weekday().num_days_from_monday();
                date.checked_sub_days(Days::new(since_monday.into()))
                    .unwrap_or(date)
            }
            Self::Month => first_of(date.month()),
            Self::Quarter => first_of(date.month0() / 3 * 3 + 1),
        }
    }

    /// The first date of the next bucket.
    fn next(self, first: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Day => first.checked_add_days(Days::new(1)),
            Self::Week => first.checked_add_days(Days::new(7)),
            Self::Month => first.checked_add_months(Months::new(1)),
            Self::Quarter => first.checked_add_months(Months::new(3)),
        }
    }
}

/// The first instant of a date in a zone, also where clocks are changed at midnight.
pub fn first_instant(zone: Tz, date: NaiveDate) -> Timestamp {
    let midnight = date.and_time(chrono::NaiveTime::MIN);
    let at: DateTime<Utc> = match zone.from_local_datetime(&midnight) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => at.to_utc(),
        // Midnight is skipped: the clock of the day before leads to the change.
        MappedLocalTime::None => {
            let before = zone.offset_from_utc_datetime(&(midnight - Days::new(1)));
            let offset = chrono::Offset::fix(&before).local_minus_utc();
            (midnight - chrono::Duration::seconds(offset.into())).and_utc()
        }
    };
    Timestamp::new(at)
}

#[cfg(test)]
#[path = "window_tests.rs"]
mod tests;

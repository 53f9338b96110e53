//! Instants and dates as the service keeps them: UTC, microseconds, RFC 3339 on the wire.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, Duration, NaiveDate, SecondsFormat, Timelike as _, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

mod stored;

/// An instant in UTC with microseconds, years 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub DateTime<Utc>);

impl Timestamp {
    /// The instant, truncated to microseconds, which is what every database keeps; a leap second is
    /// the second after it.
    pub fn new(at: DateTime<Utc>) -> Self {
        Self(DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at))
    }

    /// Reads RFC 3339 with any offset.
    pub fn parse(text: &str) -> Option<Self> {
        let at = DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc);
        // A second 60 there is only at the end of a day.
        let is_leap = at.timestamp_subsec_nanos() >= 1_000_000_000;
        if is_leap && (at.hour(), at.minute()) != (23, 59) {
            return None;
        }
        (1..=9999).contains(&at.year()).then(|| Self::new(at))
    }

    /// Microseconds since the epoch.
    pub fn micros(self) -> i64 {
        self.0.timestamp_micros()
    }

    /// The instant that many microseconds after the epoch.
    pub fn from_micros(micros: i64) -> Option<Self> {
        DateTime::from_timestamp_micros(micros).map(Self)
    }

    /// Whole seconds since the epoch.
    pub fn seconds(self) -> i64 {
        self.0.timestamp()
    }

    /// The instant that many seconds later (earlier when negative), within what can be told.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        let moved = Duration::try_seconds(seconds).and_then(|by| self.0.checked_add_signed(by));
        moved.map_or(self, Self)
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (day, time) = (self.0.date_naive(), self.0.time());
        let micros = time.nanosecond() / 1_000;
        let Some(year) = u32::try_from(day.year())
            .ok()
            .filter(|year| *year <= 9999 && micros < 1_000_000)
        else {
            return f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true));
        };
        let mut text = *b"0000-00-00T00:00:00.000000";
        for (at, digits, number) in [
            (0, 4, year),
            (5, 2, day.month()),
            (8, 2, day.day()),
            (11, 2, time.hour()),
            (14, 2, time.minute()),
            (17, 2, time.second()),
            (20, 6, micros),
        ] {
            write_number(&mut text[at..at + digits], number);
        }
        // No part of a second, thousandths, or all that is kept.
        let end = match micros {
            0 => 19,
            _ if micros.is_multiple_of(1_000) => 23,
            _ => 26,
        };
        f.write_str(str::from_utf8(&text[..end]).map_err(|_| std::fmt::Error)?)?;
        f.write_str("Z")
    }
}

/// A number in as many digits as there is room for. Instants are in most answers, several times, and
/// the general way of writing them costs five times this.
fn write_number(room: &mut [u8], mut number: u32) {
    for digit in room.iter_mut().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("not an RFC 3339 instant"))
    }
}

impl PartialSchema for Timestamp {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some(
                "RFC 3339 instant, years 0001 to 9999; any offset is accepted, UTC with `Z` is \
                 returned, microseconds are kept.",
            ))
            .examples([serde_json::json!("2026-05-14T03:36:00Z")])
            .into()
    }
}

impl ToSchema for Timestamp {}

/// Reads `YYYY-MM-DD`, years 1 to 9999.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    ((1..=9999).contains(&date.year()) && text.len() == 10).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_offset_comes_in_and_utc_goes_out() {
        for leap in ["2016-12-31T23:59:60Z", "2017-01-01T00:59:60+01:00"] {
            let at = Timestamp::parse(leap).map(|at| at.to_string());
            assert_eq!(at.as_deref(), Some("2017-01-01T00:00:00Z"), "{leap}");
        }
        let at = Timestamp::parse("2021-05-14T04:36:00.1234567+01:00").map(|at| at.to_string());
        assert_eq!(at.as_deref(), Some("2021-05-14T03:36:00.123456Z"));
        for wrong in [
            "2021-05-14",
            "2021-05-14T04:36:00",
            "2021-13-14T04:36:00Z",
            "",
            "10000-01-01T00:00:00Z",
            "2016-12-31T12:00:60Z",
            "2016-12-31T23:59:60+01:00",
        ] {
            assert_eq!(Timestamp::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_instant_is_written_as_the_standard_has_it() {
        let second = 1_000_000;
        let mut micros = -62_135_596_800 * second;
        let end = 253_402_300_800 * second;
        // Steps that reach every digit, with and without parts of a second.
        for step in [second, 1, 999_999_000, 86_399_123_456].iter().cycle() {
            let at = Timestamp::from_micros(micros).expect("an instant");
            let standard = at.0.to_rfc3339_opts(SecondsFormat::AutoSi, true);
            assert_eq!(at.to_string(), standard);
            micros += step * 3_701;
            if micros >= end {
                break;
            }
        }
        let last = Timestamp::from_micros(end - 1).map(|at| at.to_string());
        assert_eq!(last.as_deref(), Some("9999-12-31T23:59:59.999999Z"));
    }

    #[test]
    fn a_date_has_four_two_and_two_digits() {
        assert!(parse_date("2026-02-28").is_some());
        for wrong in ["2026-02-30", "2026-2-8", "26-02-08", "2026-02-28T00:00:00Z"] {
            assert_eq!(parse_date(wrong), None, "{wrong}");
        }
    }
}

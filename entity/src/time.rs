//! Instants and dates as the service keeps them: UTC, microseconds, RFC 3339 on the wire.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, Duration, NaiveDate, SecondsFormat, Utc};
use sea_orm::DeriveValueType;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

/// An instant in UTC with microseconds, years 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
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
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
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
        let at = Timestamp::parse("2021-05-14T04:36:00.1234567+01:00").map(|at| at.to_string());
        assert_eq!(at.as_deref(), Some("2021-05-14T03:36:00.123456Z"));
        for wrong in [
            "2021-05-14",
            "2021-05-14T04:36:00",
            "2021-13-14T04:36:00Z",
            "",
            "10000-01-01T00:00:00Z",
        ] {
            assert_eq!(Timestamp::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_date_has_four_two_and_two_digits() {
        assert!(parse_date("2026-02-28").is_some());
        for wrong in ["2026-02-30", "2026-2-8", "26-02-08", "2026-02-28T00:00:00Z"] {
            assert_eq!(parse_date(wrong), None, "{wrong}");
        }
    }
}

//! Values on their way into statements and out of rows.
//!
//! SQLite keeps five types; what a column means is told by the type that its table declares.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use rusqlite::types::{ToSqlOutput, Type, Value as Stored, ValueRef};
use rusqlite::{Error, Row, Statement};
use sea_orm::ProxyRow;
use sea_orm::sea_query::{Value, Values};
use uuid::Uuid;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Gives a statement its values.
pub(super) fn bind(statement: &mut Statement<'_>, values: &Values) -> Result<(), Error> {
    for (at, value) in values.0.iter().enumerate() {
        let stored = stored(value).map_err(Error::ToSqlConversionFailure)?;
        statement.raw_bind_parameter(at + 1, stored)?;
    }
    Ok(())
}

fn stored(value: &Value) -> Result<ToSqlOutput<'_>, Cause> {
    Ok(match value {
        Value::Bool(value) => whole(*value),
        Value::TinyInt(value) => whole(*value),
        Value::SmallInt(value) => whole(*value),
        Value::Int(value) => whole(*value),
        Value::BigInt(value) => whole(*value),
        Value::TinyUnsigned(value) => whole(*value),
        Value::SmallUnsigned(value) => whole(*value),
        Value::Unsigned(value) => whole(*value),
        Value::BigUnsigned(value) => whole(value.map(i64::try_from).transpose()?),
        Value::Float(value) => owned(value.map(|value| Stored::Real(value.into()))),
        Value::Double(value) => owned(value.map(Stored::Real)),
        Value::Char(value) => text(value.map(String::from)),
        Value::String(value) => borrowed(value.as_deref().map(str::as_bytes), true),
        Value::Bytes(value) => borrowed(value.as_deref(), false),
        Value::Uuid(value) => borrowed(value.as_ref().map(|id| &id.as_bytes()[..]), false),
        Value::Json(value) => text(value.as_ref().map(ToString::to_string)),
        Value::ChronoDate(value) => text(value.map(|date| date.format("%F").to_string())),
        Value::ChronoDateTimeUtc(value) => {
            text(value.map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, false)))
        }
        Value::ChronoDateTimeWithTimeZone(value) => {
            text(value.map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, false)))
        }
        other => return Err(format!("no column keeps {other:?}").into()),
    })
}

fn whole(value: Option<impl Into<i64>>) -> ToSqlOutput<'static> {
    owned(value.map(|value| Stored::Integer(value.into())))
}

fn text(value: Option<String>) -> ToSqlOutput<'static> {
    owned(value.map(Stored::Text))
}

fn owned(value: Option<Stored>) -> ToSqlOutput<'static> {
    ToSqlOutput::Owned(value.unwrap_or(Stored::Null))
}

fn borrowed(bytes: Option<&[u8]>, is_text: bool) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(match bytes {
        None => ValueRef::Null,
        Some(bytes) if is_text => ValueRef::Text(bytes),
        Some(bytes) => ValueRef::Blob(bytes),
    })
}

/// How JSON is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Json {
    /// As the text that it is kept as, from which a column's type is read at once.
    Kept,
    /// As a value.
    TakenApart,
}

/// What a column keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Boolean,
    Integer,
    BigInteger,
    Double,
    Text,
    Bytes,
    Uuid,
    Instant,
    Date,
    Json(Json),
    /// An expression: it is what it is.
    Computed,
}

impl Kind {
    fn declared(name: Option<&str>, json: Json) -> Self {
        let Some(name) = name else {
            return Self::Computed;
        };
        match name.to_ascii_lowercase().as_str() {
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "bigint" => Self::BigInteger,
            "double" => Self::Double,
            "text" | "varchar" => Self::Text,
            "blob" => Self::Bytes,
            "uuid_text" => Self::Uuid,
            "timestamp_with_timezone_text" => Self::Instant,
            "date_text" => Self::Date,
            "json_text" | "jsonb_text" => Self::Json(json),
            _ => Self::Computed,
        }
    }

    /// What a cell holds; nothing when it is NULL.
    fn value(self, cell: ValueRef<'_>) -> Result<Option<Value>, Cause> {
        Ok(Some(match cell {
            ValueRef::Null => return Ok(None),
            ValueRef::Integer(number) => self.of_number(number)?,
            ValueRef::Real(number) => match self {
                Self::Double | Self::Computed => number.into(),
                _ => return Err(self.cannot_be("a fraction")),
            },
            ValueRef::Text(bytes) => self.of_text(std::str::from_utf8(bytes)?)?,
            ValueRef::Blob(bytes) => match self {
                Self::Uuid => Uuid::from_slice(bytes)?.into(),
                Self::Computed if bytes.len() == 16 => Uuid::from_slice(bytes)?.into(),
                Self::Bytes | Self::Computed => bytes.to_vec().into(),
                _ => return Err(self.cannot_be("bytes")),
            },
        }))
    }

    fn of_number(self, number: i64) -> Result<Value, Cause> {
        Ok(match self {
            Self::Boolean => (number != 0).into(),
            Self::Integer => i32::try_from(number)?.into(),
            Self::BigInteger | Self::Computed => number.into(),
            #[expect(clippy::cast_precision_loss, reason = "SQLite keeps 2.0 as 2")]
            Self::Double => (number as f64).into(),
            _ => return Err(self.cannot_be("a whole number")),
        })
    }

    fn of_text(self, text: &str) -> Result<Value, Cause> {
        Ok(match self {
            Self::Text | Self::Computed | Self::Json(Json::Kept) => text.into(),
            Self::Instant => {
                let at = DateTime::parse_from_rfc3339(text)?;
                Value::ChronoDateTimeUtc(Some(at.with_timezone(&Utc)))
            }
            Self::Date => NaiveDate::parse_from_str(text, "%F")?.into(),
            Self::Json(Json::TakenApart) => {
                Value::Json(Some(Box::new(serde_json::from_str(text)?)))
            }
            _ => return Err(self.cannot_be("text")),
        })
    }

    fn cannot_be(self, what: &str) -> Cause {
        format!("{self:?} cannot be {what}").into()
    }
}

/// The columns of what a statement finds, by their names, as rows keep them.
pub(super) struct Columns(Vec<Column>);

struct Column {
    name: String,
    at: usize,
    kind: Kind,
}

impl Columns {
    pub(super) fn of(statement: &Statement<'_>, json: Json) -> Self {
        let columns = statement.columns();
        let named = columns.iter().enumerate().map(|(at, column)| Column {
            name: column.name().to_owned(),
            at,
            kind: Kind::declared(column.decl_type(), json),
        });
        let mut columns: Vec<Column> = named.collect();
        columns.sort_by(|one, other| one.name.cmp(&other.name));
        Self(columns)
    }

    /// A row without what is NULL in it: to SeaORM, no column is as good as an empty one.
    pub(super) fn read(&self, row: &Row<'_>) -> Result<ProxyRow, Error> {
        let mut cells = Vec::with_capacity(self.0.len());
        for column in &self.0 {
            let value = column.kind.value(row.get_ref(column.at)?);
            let value = value
                .map_err(|cause| Error::FromSqlConversionFailure(column.at, Type::Null, cause))?;
            if let Some(value) = value {
                cells.push((column.name.clone(), value));
            }
        }
        Ok(ProxyRow::new(cells.into_iter().collect()))
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;
    use serde_json::json;

    use super::*;

    /// What comes back of a value that a column of the type was given.
    fn kept(declared: &str, value: Value) -> Result<Option<Value>, Error> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(&format!("CREATE TABLE t (c {declared})"))?;
        let mut insert = connection.prepare("INSERT INTO t VALUES (?)")?;
        bind(&mut insert, &Values(vec![value]))?;
        insert.raw_execute()?;
        let mut select = connection.prepare("SELECT c FROM t")?;
        let columns = Columns::of(&select, Json::TakenApart);
        let mut rows = select.raw_query();
        let row = rows.next()?.expect("a row");
        Ok(columns.read(row)?.values.remove("c"))
    }

    #[test]
    fn every_kind_of_column_gives_back_what_it_was_given() {
        let at = DateTime::parse_from_rfc3339("0001-01-01T00:00:00.000001Z").expect("an instant");
        let date = NaiveDate::from_ymd_opt(2026, 2, 28);
        for (declared, value) in [
            ("boolean", Value::Bool(Some(true))),
            ("integer", Value::Int(Some(i32::MIN))),
            ("bigint", Value::BigInt(Some(i64::MAX))),
            ("double", Value::Double(Some(2.0))),
            ("double", Value::Double(Some(0.1))),
            ("text", Value::String(Some("größer \u{0} 🦀".to_owned()))),
            ("text", Value::String(Some("12".to_owned()))),
            ("blob", Value::Bytes(Some(vec![7; 16]))),
            ("uuid_text", Value::Uuid(Some(Uuid::from_u128(7)))),
            (
                "timestamp_with_timezone_text",
                Value::ChronoDateTimeUtc(Some(at.with_timezone(&Utc))),
            ),
            ("date_text", Value::ChronoDate(date)),
            (
                "jsonb_text",
                Value::Json(Some(Box::new(json!({ "a": [1, null] })))),
            ),
        ] {
            let none = value.as_null();
            assert_eq!(kept(declared, value.clone()).expect("kept"), Some(value));
            assert_eq!(kept(declared, none).expect("kept"), None);
        }
    }

    #[test]
    fn what_a_column_cannot_mean_is_an_error_and_not_an_absence() {
        for (declared, value) in [
            ("integer", Value::BigInt(Some(1 << 40))),
            ("uuid_text", Value::Bytes(Some(vec![1]))),
            ("date_text", Value::String(Some("soon".to_owned()))),
            ("jsonb_text", Value::String(Some("{".to_owned()))),
            ("timestamp_with_timezone_text", Value::Int(Some(1))),
        ] {
            kept(declared, value).expect_err(declared);
        }
    }
}

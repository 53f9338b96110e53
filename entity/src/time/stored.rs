//! Instants as columns.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, ValueType, ValueTypeErr};
use sea_orm::{ColIdx, QueryResult, TryGetError, TryGetable, Value};

use super::Timestamp;
use crate::row::{Cell, cell, nothing};

impl TryGetable for Timestamp {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        match cell(row, index) {
            Cell::Kept(Value::ChronoDateTimeUtc(Some(at))) => Ok(Self(*at)),
            Cell::Nothing => Err(nothing(index)),
            _ => DateTime::try_get_by(row, index).map(Self),
        }
    }
}

impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Self {
        at.0.into()
    }
}

impl ValueType for Timestamp {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        <DateTime<Utc> as ValueType>::try_from(value).map(Self)
    }

    fn type_name() -> String {
        "Timestamp".to_owned()
    }

    fn array_type() -> ArrayType {
        DateTime::<Utc>::array_type()
    }

    fn column_type() -> ColumnType {
        DateTime::<Utc>::column_type()
    }
}

impl Nullable for Timestamp {
    fn null() -> Value {
        DateTime::<Utc>::null()
    }
}

//! Columns that hold JSON of a known shape.

use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, ValueType, ValueTypeErr};
use sea_orm::{
    ColIdx, DbErr, QueryResult, TryGetError, TryGetable as _, TryGetableFromJson, Value,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::row::{Cell, cell, nothing};

mod shown;

pub use shown::ShownJson;

/// A value kept as JSON in one column: what is read and written whole, never searched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JsonColumn<T>(pub T);

impl<T: DeserializeOwned> TryGetableFromJson for JsonColumn<T> {
    fn try_get_from_json<I: ColIdx>(row: &QueryResult, at: I) -> Result<Self, TryGetError> {
        // Where the text is at hand, the value is read from it: to take it apart first costs more than
        // all the rest of a short read.
        let read = match cell(row, at) {
            Cell::Kept(Value::String(Some(text))) => serde_json::from_str(text),
            Cell::Nothing => return Err(nothing(at)),
            _ => serde_json::from_value(serde_json::Value::try_get_by(row, at)?),
        };
        read.map_err(|error| DbErr::Json(error.to_string()).into())
    }
}

impl<T: Serialize> From<JsonColumn<T>> for Value {
    /// What cannot be written as JSON becomes `null`, which a NOT NULL column then refuses.
    fn from(column: JsonColumn<T>) -> Self {
        Self::Json(serde_json::to_value(column.0).ok().map(Box::new))
    }
}

impl<T: Serialize + DeserializeOwned> ValueType for JsonColumn<T> {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        match value {
            Value::Json(Some(json)) => serde_json::from_value(*json)
                .map(Self)
                .map_err(|_| ValueTypeErr),
            Value::String(Some(text)) => serde_json::from_str(&text)
                .map(Self)
                .map_err(|_| ValueTypeErr),
            _ => Err(ValueTypeErr),
        }
    }

    fn type_name() -> String {
        "JsonColumn".to_owned()
    }

    fn array_type() -> ArrayType {
        ArrayType::Json
    }

    fn column_type() -> ColumnType {
        ColumnType::JsonBinary
    }
}

impl<T> Nullable for JsonColumn<T> {
    fn null() -> Value {
        Value::Json(None)
    }
}

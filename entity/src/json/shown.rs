//! Columns whose JSON is shown far more often than it is looked into.

use std::marker::PhantomData;

use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, ValueType, ValueTypeErr};
use sea_orm::{
    ColIdx, DbErr, QueryResult, TryGetError, TryGetable as _, TryGetableFromJson, Value,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::row::{Cell, cell, nothing};

/// A value kept as JSON in one column, and passed on as it was written: to read it and to write it again
/// costs as much as all the rest of a short answer.
///
/// So whoever changes its shape migrates what is stored.
#[derive(Clone, Debug)]
pub struct ShownJson<T> {
    text: Box<RawValue>,
    shape: PhantomData<fn() -> T>,
}

impl<T> ShownJson<T> {
    fn of(text: Box<RawValue>) -> Self {
        Self {
            text,
            shape: PhantomData,
        }
    }
}

impl<T: Serialize> ShownJson<T> {
    /// A value as it will be shown.
    pub fn new(value: &T) -> Self {
        let text = serde_json::value::to_raw_value(value);
        Self::of(text.unwrap_or_else(|_| RawValue::NULL.to_owned()))
    }
}

impl<T: DeserializeOwned> ShownJson<T> {
    /// What it says; nothing where somebody wrote something else into the database.
    pub fn read(&self) -> Option<T> {
        serde_json::from_str(self.text.get()).ok()
    }
}

impl<T> PartialEq for ShownJson<T> {
    /// Whatever is written comes from the value, whose members have one order.
    fn eq(&self, other: &Self) -> bool {
        self.text.get() == other.text.get()
    }
}

impl<T> Eq for ShownJson<T> {}

impl<T> Serialize for ShownJson<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

impl<'de, T: Serialize + Deserialize<'de>> Deserialize<'de> for ShownJson<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(|value| Self::new(&value))
    }
}

impl<T: Serialize + DeserializeOwned> TryGetableFromJson for ShownJson<T> {
    fn try_get_from_json<I: ColIdx>(row: &QueryResult, at: I) -> Result<Self, TryGetError> {
        let read = match cell(row, at) {
            Cell::Kept(Value::String(Some(text))) => {
                RawValue::from_string(text.clone()).map(Self::of)
            }
            Cell::Nothing => return Err(nothing(at)),
            _ => serde_json::from_value(serde_json::Value::try_get_by(row, at)?),
        };
        read.map_err(|error| DbErr::Json(error.to_string()).into())
    }
}

impl<T> From<ShownJson<T>> for Value {
    fn from(column: ShownJson<T>) -> Self {
        Self::Json(serde_json::from_str(column.text.get()).ok().map(Box::new))
    }
}

impl<T: Serialize + DeserializeOwned> ValueType for ShownJson<T> {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        let read = match value {
            Value::Json(Some(json)) => serde_json::from_value(*json),
            Value::String(Some(text)) => RawValue::from_string(text).map(Self::of),
            _ => return Err(ValueTypeErr),
        };
        read.map_err(|_| ValueTypeErr)
    }

    fn type_name() -> String {
        "ShownJson".to_owned()
    }

    fn array_type() -> ArrayType {
        ArrayType::Json
    }

    fn column_type() -> ColumnType {
        ColumnType::JsonBinary
    }
}

impl<T> Nullable for ShownJson<T> {
    fn null() -> Value {
        Value::Json(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    #[test]
    fn what_is_shown_is_what_was_written_whichever_way_it_comes() {
        let at = Timestamp::from_micros(1).expect("an instant");
        let shown = ShownJson::new(&vec![at, at]);
        let text = r#"["1970-01-01T00:00:00.000001Z","1970-01-01T00:00:00.000001Z"]"#;
        assert_eq!(serde_json::to_string(&shown).expect("JSON"), text);
        assert_eq!(shown.read(), Some(vec![at, at]));
        let spaced: ShownJson<Vec<Timestamp>> =
            serde_json::from_str(&text.replace(',', " , ")).expect("instants");
        assert_eq!(spaced, shown);
        assert_eq!(serde_json::to_string(&spaced).expect("JSON"), text);
        let value = serde_json::to_value(&shown).expect("a value");
        let again = serde_json::from_value::<ShownJson<Vec<Timestamp>>>(value).expect("instants");
        assert_eq!(again, shown);
        assert!(serde_json::from_str::<ShownJson<Vec<Timestamp>>>("[1]").is_err());
        let stored: Value = shown.clone().into();
        let back = <ShownJson<Vec<Timestamp>> as ValueType>::try_from(stored);
        assert_eq!(back.ok(), Some(shown));
    }
}

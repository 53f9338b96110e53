//! Texts that most rows have none of.

use std::ops::Deref;

use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, ValueType, ValueTypeErr};
use sea_orm::{ColIdx, QueryResult, TryGetError, TryGetable, Value};
use serde::{Deserialize, Serialize};

use crate::row::{Cell, cell, nothing};

/// A text in a column that is often NULL: a `String` whose absence costs nothing. Reviews have them, as
/// nearly every request reads one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(String);

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl TryGetable for Text {
    fn try_get_by<I: ColIdx>(row: &QueryResult, at: I) -> Result<Self, TryGetError> {
        match cell(row, at) {
            Cell::Kept(Value::String(Some(text))) => Ok(Self(text.clone())),
            Cell::Nothing => Err(nothing(at)),
            _ => String::try_get_by(row, at).map(Self),
        }
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        text.0.into()
    }
}

impl ValueType for Text {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        <String as ValueType>::try_from(value).map(Self)
    }

    fn type_name() -> String {
        "Text".to_owned()
    }

    fn array_type() -> ArrayType {
        ArrayType::String
    }

    fn column_type() -> ColumnType {
        ColumnType::Text
    }
}

impl Nullable for Text {
    fn null() -> Value {
        Value::String(None)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use sea_orm::ProxyRow;

    use super::*;

    #[test]
    fn a_text_is_read_where_there_is_one_and_its_absence_is_none() {
        let kept = BTreeMap::from([("summary".to_owned(), Value::from("größer"))]);
        let row = QueryResult::from(ProxyRow::new(kept));
        let read = |column: &str| Option::<Text>::try_get_by(&row, column).expect("it is read");
        assert_eq!(read("summary"), Some("größer".to_owned().into()));
        assert_eq!(read("owner_subject"), None);
        Text::try_get_by(&row, "owner_subject").expect_err("there is none");
    }
}

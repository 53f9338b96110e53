//! What a row has in a column, where it can be looked at in place.
//!
//! SeaORM's own way takes a copy first, and makes a sentence of every absence.

use sea_orm::{ColIdx, QueryResult, TryGetError, Value};

/// What a row of SQLite has in a column; rows of PostgreSQL keep theirs in another form.
pub(crate) fn kept<I: ColIdx>(row: &QueryResult, at: I) -> Option<&Value> {
    let values = &row.try_as_proxy_row()?.values;
    match at.as_str() {
        Some(name) => values.get(name),
        None => values.values().nth(*at.as_usize()?),
    }
}

/// That there is nothing in a column.
pub(crate) fn nothing<I: ColIdx>(at: I) -> TryGetError {
    TryGetError::Null(at.as_str().unwrap_or_default().to_owned())
}

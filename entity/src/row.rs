//! What a row has in a column, where it can be looked at in place.
//!
//! SeaORM's own way takes a copy first, and makes a sentence of every absence.

use sea_orm::{ColIdx, QueryResult, TryGetError, Value};

/// What a row has in a column.
pub(crate) enum Cell<'a> {
    /// Nothing: rows of SQLite leave out what is NULL.
    Nothing,
    /// This.
    Kept(&'a Value),
    /// What only SeaORM can tell: rows of PostgreSQL keep theirs in another form.
    Elsewhere,
}

/// Looks at a column of a row.
pub(crate) fn cell<I: ColIdx>(row: &QueryResult, at: I) -> Cell<'_> {
    let Some(row) = row.try_as_proxy_row() else {
        return Cell::Elsewhere;
    };
    let kept = match at.as_str() {
        Some(name) => row.values.get(name),
        None => at.as_usize().and_then(|at| row.values.values().nth(*at)),
    };
    kept.map_or(Cell::Nothing, Cell::Kept)
}

/// That there is nothing in a column.
pub(crate) fn nothing<I: ColIdx>(at: I) -> TryGetError {
    TryGetError::Null(at.as_str().unwrap_or_default().to_owned())
}

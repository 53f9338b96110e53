//! Statements that write texts, built once for each number of rows: to build one costs more than to
//! run it.

use std::fmt::Write as _;
use std::sync::OnceLock;

use sea_orm::DbBackend;

use super::super::insert;

/// The largest power of two of rows.
const MOST: usize = insert::MOST.ilog2() as usize;

/// For each power of two of rows.
type Texts = [OnceLock<String>; MOST + 1];

/// The columns of a text; on PostgreSQL its words come after them.
const INSERT: &str = "INSERT INTO search_texts (organization_id, review_id, resource_type, \
                      resource_id, parent_id, title, body, traits, at";
/// Texts that are there stay.
const UNLESS: &str = " ON CONFLICT (resource_id) DO NOTHING";
const RETURNING: &str = " RETURNING CAST(id AS bigint) AS number, resource_id";

fn of(texts: &'static Texts, rows: usize, build: impl FnOnce() -> String) -> &'static str {
    texts[rows.ilog2() as usize].get_or_init(build)
}

/// Adds texts that are not there yet, on PostgreSQL with their words, and tells their numbers; but
/// SQLite tells the number of a single one by itself.
pub(super) fn insert_texts(backend: DbBackend, rows: usize) -> &'static str {
    static SQLITE: Texts = [const { OnceLock::new() }; MOST + 1];
    static POSTGRES: Texts = [const { OnceLock::new() }; MOST + 1];
    if backend == DbBackend::Sqlite {
        return of(&SQLITE, rows, || {
            let values = vec!["(?, ?, ?, ?, ?, ?, ?, ?, ?)"; rows].join(", ");
            let returning = if rows == 1 { "" } else { RETURNING };
            format!("{INSERT}) VALUES {values}{UNLESS}{returning}")
        });
    }
    of(&POSTGRES, rows, || {
        let mut text = format!("{INSERT}, words) VALUES ");
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ", (" });
            for column in 1..=9 {
                let _ = write!(text, "${}, ", row * 10 + column);
            }
            let words = row * 10 + 10;
            let _ = write!(text, "CAST(CAST(${words} AS text) AS tsvector))");
        }
        text + UNLESS + RETURNING
    })
}

/// Adds lines of words to SQLite's table of them.
pub(super) fn insert_lines(rows: usize) -> &'static str {
    static TEXTS: Texts = [const { OnceLock::new() }; MOST + 1];
    of(&TEXTS, rows, || {
        let rows = vec!["(?, ?)"; rows].join(", ");
        format!("INSERT INTO search_index (rowid, words) VALUES {rows}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_its_places() {
        let text = insert_texts(DbBackend::Postgres, 2);
        assert!(text.contains("$9, CAST(CAST($10 AS text) AS tsvector)), ($11, "));
        assert!(text.contains("CAST(CAST($20 AS text) AS tsvector)) ON CONFLICT"));
        assert!(text.ends_with(RETURNING));
        for (rows, is_told) in [(1, false), (4, true)] {
            let text = insert_texts(DbBackend::Sqlite, rows);
            assert_eq!(text.matches('?').count(), rows * 9);
            assert_eq!(text.ends_with(RETURNING), is_told);
        }
        assert!(insert_lines(2).ends_with(" VALUES (?, ?), (?, ?)"));
    }
}

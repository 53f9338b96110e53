//! Statements that write many rows, their texts built once for each number of rows: to build one costs
//! more than to run it.

use std::fmt::Write as _;
use std::sync::OnceLock;

use sea_orm::DbBackend;

/// As a power of two, how many rows one statement writes.
const MOST: usize = 6;

/// For each power of two of rows.
type Texts = [OnceLock<String>; MOST + 1];

/// Splits off the first rows that one statement writes: by powers of two, so that few statements differ
/// and each stays prepared.
pub(super) fn some<T>(rows: &mut Vec<T>) -> Option<Vec<T>> {
    let power = usize::try_from(rows.len().checked_ilog2()?).unwrap_or(MOST);
    let rest = rows.split_off(1 << power.min(MOST));
    Some(std::mem::replace(rows, rest))
}

fn of(texts: &'static Texts, rows: usize, build: impl FnOnce() -> String) -> &'static str {
    let power = usize::try_from(rows.ilog2()).unwrap_or(MOST);
    texts[power.min(MOST)].get_or_init(build)
}

/// Adds texts that are not there yet; on PostgreSQL with their words.
pub(super) fn insert_texts(backend: DbBackend, rows: usize) -> &'static str {
    static SQLITE: Texts = [const { OnceLock::new() }; MOST + 1];
    static POSTGRES: Texts = [const { OnceLock::new() }; MOST + 1];
    const BEGIN: &str = "INSERT INTO search_texts (organization_id, review_id, resource_type, \
                         resource_id, parent_id, title, body, traits, at";
    const END: &str = " ON CONFLICT (resource_id) DO NOTHING \
                       RETURNING CAST(id AS bigint) AS number, resource_id";
    if backend == DbBackend::Sqlite {
        return of(&SQLITE, rows, || {
            let row = "(?, ?, ?, ?, ?, ?, ?, ?, ?)";
            format!("{BEGIN}) VALUES {}{END}", vec![row; rows].join(", "))
        });
    }
    of(&POSTGRES, rows, || {
        let mut text = format!("{BEGIN}, words) VALUES ");
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ", (" });
            for column in 1..=9 {
                let _ = write!(text, "${}, ", row * 10 + column);
            }
            let words = row * 10 + 10;
            let _ = write!(text, "CAST(CAST(${words} AS text) AS tsvector))");
        }
        text + END
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
    fn rows_are_written_by_powers_of_two() {
        let mut rows: Vec<usize> = (0..200).collect();
        let mut sizes = Vec::new();
        let mut all = Vec::new();
        while let Some(some) = some(&mut rows) {
            sizes.push(some.len());
            all.extend(some);
        }
        assert_eq!(sizes, [64, 64, 64, 8]);
        assert!(all.into_iter().eq(0..200));
    }

    #[test]
    fn each_row_has_its_places() {
        let text = insert_texts(DbBackend::Postgres, 2);
        assert!(text.contains("$9, CAST(CAST($10 AS text) AS tsvector)), ($11, "));
        assert!(text.contains("CAST(CAST($20 AS text) AS tsvector)) ON CONFLICT"));
        assert_eq!(insert_texts(DbBackend::Sqlite, 4).matches('?').count(), 36);
        assert!(insert_lines(2).ends_with(" VALUES (?, ?), (?, ?)"));
    }
}

//! Inserts whose text is built once for each number of rows: the rows then only give their values.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait, DbBackend, DbErr, EntityTrait, IntoActiveModel,
    Iterable as _, ModelTrait as _, QueryTrait as _, Statement,
};

/// Rows that one statement takes: more make it hardly faster, and each costs memory while it is kept.
pub(super) const MOST: usize = 64;

/// How many of so many rows a statement takes. Of very many one, on SQLite: for a statement of several,
/// it copies every page that they change, should one of them fail.
fn most(backend: DbBackend, rows: usize) -> usize {
    if backend == DbBackend::Sqlite && rows > MOST {
        1
    } else {
        MOST
    }
}

/// How many of the rows that are left the next statement takes: a power of two, so that few kinds of
/// statements are told apart and kept prepared.
fn next(most: usize, left: usize) -> usize {
    left.checked_ilog2().map_or(0, |power| most.min(1 << power))
}

/// Splits rows into what one statement takes each.
pub(super) fn parts<T>(backend: DbBackend, rows: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let most = most(backend, rows.len());
    let mut left = rows.into_iter();
    std::iter::from_fn(move || {
        let size = next(most, left.len());
        (size > 0).then(|| left.by_ref().take(size).collect())
    })
}

/// Whole rows of one table.
#[derive(Debug)]
pub struct Inserts {
    texts: RwLock<Option<HashMap<Shape, Arc<str>>>>,
    on_conflict: Option<fn() -> OnConflict>,
}

/// For which engine, and how many rows at once.
type Shape = (bool, usize);

impl Default for Inserts {
    fn default() -> Self {
        Self::new()
    }
}

impl Inserts {
    /// Rows of which each must be new.
    pub const fn new() -> Self {
        Self {
            texts: RwLock::new(None),
            on_conflict: None,
        }
    }

    /// Rows of which one that is there already is treated as told.
    pub const fn unless(on_conflict: fn() -> OnConflict) -> Self {
        Self {
            texts: RwLock::new(None),
            on_conflict: Some(on_conflict),
        }
    }

    /// Inserts the rows; says how many are new.
    pub async fn run<E>(
        &self,
        connection: &impl ConnectionTrait,
        rows: &[E::Model],
    ) -> Result<u64, DbErr>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel> + Sync,
    {
        let most = most(connection.get_database_backend(), rows.len());
        let (mut new, mut left) = (0, rows);
        while !left.is_empty() {
            let (now, later) = left.split_at(next(most, left.len()));
            new += self.piece::<E>(connection, now).await?;
            left = later;
        }
        Ok(new)
    }

    /// Inserts the rows in one statement.
    async fn piece<E>(
        &self,
        connection: &impl ConnectionTrait,
        rows: &[E::Model],
    ) -> Result<u64, DbErr>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel> + Sync,
    {
        let backend = connection.get_database_backend();
        let text = self.text::<E>(backend, rows);
        let values = rows
            .iter()
            .flat_map(|row| E::Column::iter().map(|column| row.get(column)));
        let statement = Statement::from_sql_and_values(backend, &*text, values);
        Ok(connection.execute_raw(statement).await?.rows_affected())
    }

    fn text<E>(&self, backend: DbBackend, rows: &[E::Model]) -> Arc<str>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let shape = (backend == DbBackend::Sqlite, rows.len());
        let known = self.texts.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = known.as_ref().and_then(|texts| texts.get(&shape)) {
            return Arc::clone(text);
        }
        drop(known);
        let rows = rows.iter().cloned();
        let insert = E::insert_many(rows.map(|row| row.into_active_model().reset_all()));
        let insert = match self.on_conflict {
            Some(on_conflict) => insert.on_conflict(on_conflict()),
            None => insert,
        };
        let text: Arc<str> = insert.build(backend).sql.into();
        let mut known = self.texts.write().unwrap_or_else(PoisonError::into_inner);
        let texts = known.get_or_insert_default();
        texts.insert(shape, Arc::clone(&text));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_written_by_powers_of_two_and_very_many_each_by_itself() {
        for (backend, rows, expected) in [
            (DbBackend::Postgres, 200, &[64, 64, 64, 8][..]),
            (DbBackend::Postgres, 0, &[]),
            (DbBackend::Sqlite, 65, &[1; 65]),
            (DbBackend::Sqlite, 64, &[64]),
            (DbBackend::Sqlite, 45, &[32, 8, 4, 1]),
            (DbBackend::Sqlite, 0, &[]),
        ] {
            let parts: Vec<Vec<usize>> = parts(backend, (0..rows).collect()).collect();
            let sizes: Vec<usize> = parts.iter().map(Vec::len).collect();
            assert_eq!(sizes, expected);
            assert!(parts.into_iter().flatten().eq(0..rows));
        }
    }
}

//! Queries whose text is built once: to write a wide SELECT costs more than to run it by its key.

use std::sync::OnceLock;

use sea_orm::sea_query::Value;
use sea_orm::{DbBackend, QueryTrait, Statement};

/// A query with `N` parameters, each used as often as it likes. Its text is built at its first use.
#[derive(Debug)]
pub struct Once<const N: usize> {
    sqlite: OnceLock<Template>,
    postgres: OnceLock<Template>,
}

#[derive(Debug)]
struct Template {
    sql: String,
    slots: Vec<Slot>,
}

/// What stands for a placeholder of the text.
#[derive(Debug)]
enum Slot {
    Parameter(usize),
    Fixed(Value),
}

impl<const N: usize> Default for Once<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> Once<N> {
    /// A query that is not built yet.
    pub const fn new() -> Self {
        Self {
            sqlite: OnceLock::new(),
            postgres: OnceLock::new(),
        }
    }

    /// The statement with these parameters. `build` gets values to stand for them, in their order,
    /// and must build the same query each time.
    pub fn statement<Q: QueryTrait>(
        &self,
        backend: DbBackend,
        parameters: [Value; N],
        build: impl FnOnce([Value; N]) -> Q,
    ) -> Statement {
        let known = match backend {
            DbBackend::Sqlite => &self.sqlite,
            _ => &self.postgres,
        };
        let template = known.get_or_init(|| Template::new(build(markers()).build(backend)));
        let value = |slot: &Slot| match slot {
            Slot::Parameter(at) => parameters[*at].clone(),
            Slot::Fixed(value) => value.clone(),
        };
        let values = template.slots.iter().map(value);
        Statement::from_sql_and_values(backend, template.sql.as_str(), values)
    }
}

const MARKER: &str = "\u{0}parameter ";

/// Values that no query has: no text may hold U+0000.
fn markers<const N: usize>() -> [Value; N] {
    std::array::from_fn(|at| Value::from(format!("{MARKER}{at}")))
}

impl Template {
    fn new(built: Statement) -> Self {
        let values = built.values.map(|values| values.0).unwrap_or_default();
        Self {
            sql: built.sql,
            slots: values.into_iter().map(Slot::of).collect(),
        }
    }
}

impl Slot {
    fn of(value: Value) -> Self {
        let marked = match &value {
            Value::String(Some(text)) => text.strip_prefix(MARKER),
            _ => None,
        };
        match marked.and_then(|at| at.parse().ok()) {
            Some(at) => Self::Parameter(at),
            None => Self::Fixed(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

    use super::*;
    use entity::review_counter::{Column, Entity};

    #[test]
    fn every_use_has_its_own_parameters_in_the_places_of_the_first() {
        let once = Once::<2>::new();
        let last = |year: i32, most: i32| {
            once.statement(
                DbBackend::Sqlite,
                [year.into(), most.into()],
                |[year, most]| {
                    let query = Entity::find().filter(Column::Last.lt(most.clone()));
                    let query = query.filter(Column::Year.eq(year));
                    query
                        .filter(Column::Last.gt(7))
                        .filter(Column::Last.ne(most))
                },
            )
        };
        let (one, other) = (last(2026, 40), last(2027, 50));
        assert_eq!(one.sql, other.sql);
        let values = |statement: Statement| statement.values.expect("values").0;
        assert_eq!(values(one), [40, 2026, 7, 40].map(Value::from));
        assert_eq!(values(other), [50, 2027, 7, 50].map(Value::from));
    }
}

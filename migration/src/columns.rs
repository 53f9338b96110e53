//! The kinds of column that tables are made of, the same on both databases.

use sea_orm_migration::prelude::*;

/// Both databases know the name. SeaQuery would declare a mere `integer` on SQLite, where the declared
/// type tells how a column is read.
const BIG_INTEGER: &str = "bigint";

/// A UUID that must be there.
pub(crate) fn id(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().not_null().to_owned()
}

/// A UUID that may be absent.
pub(crate) fn id_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().to_owned()
}

/// The primary key `id`.
pub(crate) fn primary_id() -> ColumnDef {
    ColumnDef::new("id")
        .uuid()
        .not_null()
        .primary_key()
        .to_owned()
}

/// The primary key `id`, a number that grows with every row.
pub(crate) fn primary_id_counted() -> ColumnDef {
    ColumnDef::new("id")
        .big_integer()
        .not_null()
        .auto_increment()
        .primary_key()
        .to_owned()
}

/// Text that must be there.
pub(crate) fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().to_owned()
}

/// Text that may be absent.
pub(crate) fn text_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().to_owned()
}

/// A whole number that must be there.
pub(crate) fn integer(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).integer().not_null().to_owned()
}

/// A whole number that may be absent.
pub(crate) fn integer_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).integer().to_owned()
}

/// A large whole number that must be there.
pub(crate) fn big_integer(name: &'static str) -> ColumnDef {
    ColumnDef::new(name)
        .custom(BIG_INTEGER)
        .not_null()
        .to_owned()
}

/// A large whole number that may be absent.
pub(crate) fn big_integer_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).custom(BIG_INTEGER).to_owned()
}

/// A number that must be there.
pub(crate) fn double(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).double().not_null().to_owned()
}

/// A number that may be absent.
pub(crate) fn double_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).double().to_owned()
}

/// Yes or no.
pub(crate) fn boolean(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).boolean().not_null().to_owned()
}

/// Yes or no, where that is known.
pub(crate) fn boolean_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).boolean().to_owned()
}

/// An instant that must be there.
pub(crate) fn instant(name: &'static str) -> ColumnDef {
    ColumnDef::new(name)
        .timestamp_with_time_zone()
        .not_null()
        .to_owned()
}

/// An instant that may be absent.
pub(crate) fn instant_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).timestamp_with_time_zone().to_owned()
}

/// A date that may be absent.
pub(crate) fn date_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).date().to_owned()
}

/// JSON that must be there.
pub(crate) fn json(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).json_binary().not_null().to_owned()
}

/// JSON that may be absent.
pub(crate) fn json_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).json_binary().to_owned()
}

/// Bytes that must be there.
pub(crate) fn bytes(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).blob().not_null().to_owned()
}

/// Bytes that may be absent.
pub(crate) fn bytes_or_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).blob().to_owned()
}

/// A reference to another table's `id`, which must exist.
pub(crate) fn refers(
    table: &'static str,
    column: &'static str,
    to: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("fk_{table}_{column}"))
        .from(table, column)
        .to(to, "id")
        .to_owned()
}

/// An index named after its table and columns.
pub(crate) fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index
        .name(format!("ix_{table}_{}", columns.join("_")))
        .table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

/// A unique index named after its table and columns.
pub(crate) fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = index(table, columns);
    index
        .name(format!("ux_{table}_{}", columns.join("_")))
        .unique();
    index
}

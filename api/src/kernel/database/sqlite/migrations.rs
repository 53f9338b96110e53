//! The connection that brings the schema up to date: all of it or nothing, in one transaction.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Error;
use sea_orm::{
    DatabaseConnection, DbBackend, DbErr, ProxyDatabaseTrait, ProxyExecResult, ProxyRow, Statement,
    Value,
};

use super::{PATIENCE, Purpose, Session, failed};

/// A transaction that migrations are made in. Dropped without [`Migrations::commit`], it leaves
/// nothing behind.
#[derive(Clone, Debug)]
pub(in super::super) struct Migrations(Arc<Mutex<Session>>);

impl Migrations {
    pub(in super::super) fn begin(file: &Path) -> Result<Self, DbErr> {
        let session = Session::open(file, true, Purpose::Migrate).map_err(failed)?;
        let begun = session.patiently(PATIENCE, |session| session.command("BEGIN IMMEDIATE"));
        begun.map_err(failed)?;
        Ok(Self(Arc::new(Mutex::new(session))))
    }

    /// The connection as the migrator takes it.
    pub(in super::super) async fn connection(&self) -> Result<DatabaseConnection, DbErr> {
        let proxy: Box<dyn ProxyDatabaseTrait> = Box::new(self.clone());
        sea_orm::Database::connect_proxy(DbBackend::Sqlite, Arc::new(proxy)).await
    }

    pub(in super::super) fn commit(&self) -> Result<(), DbErr> {
        self.with(|session| session.patiently(PATIENCE, |session| session.command("COMMIT")))
    }

    fn with<T>(&self, work: impl FnOnce(&Session) -> Result<T, Error>) -> Result<T, DbErr> {
        work(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).map_err(failed)
    }
}

/// The migrator's own table declares its large numbers as mere integers.
fn widen(row: &mut ProxyRow) {
    for value in row.values.values_mut() {
        if let Value::Int(number) = value {
            *value = Value::BigInt(number.map(i64::from));
        }
    }
}

#[async_trait::async_trait]
impl ProxyDatabaseTrait for Migrations {
    async fn query(&self, statement: Statement) -> Result<Vec<ProxyRow>, DbErr> {
        let mut rows = self.with(|session| session.query(&statement, usize::MAX))?;
        rows.iter_mut().for_each(widen);
        Ok(rows)
    }

    async fn execute(&self, statement: Statement) -> Result<ProxyExecResult, DbErr> {
        if statement.values.is_none() {
            return self.with(|session| session.run(&statement.sql));
        }
        self.with(|session| session.execute(&statement))
    }
}

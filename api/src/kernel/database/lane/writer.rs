//! The writing connection itself, and what every use of it asks first.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Error;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};

use super::lost;
use crate::kernel::database::sqlite::{Session, closed, failed, results};

/// The writing connection, until it is closed.
#[derive(Clone, Debug)]
pub(super) struct Writer(Arc<Mutex<Option<Session>>>);

impl Writer {
    pub(super) fn new(session: Session) -> Self {
        Self(Arc::new(Mutex::new(Some(session))))
    }

    /// Closes it: whoever asks from now on is refused.
    pub(super) fn close(&self) {
        drop(self.held().take());
    }

    fn held(&self) -> MutexGuard<'_, Option<Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something on the connection, which nobody else uses: whoever asks has the turn.
    pub(super) fn with<T>(
        &self,
        work: impl FnOnce(&Session) -> Result<T, Error>,
    ) -> Result<T, DbErr> {
        let held = self.held();
        work(held.as_ref().ok_or_else(closed)?).map_err(failed)
    }

    /// Refuses to go on where the engine has given the transaction up by itself, as it does when the
    /// disk is full: what follows would be durable alone.
    pub(super) fn goes_on(&self) -> Result<(), DbErr> {
        let is_open = self.with(|session| Ok(session.is_in_transaction()))?;
        if is_open { Ok(()) } else { Err(lost()) }
    }

    /// Whether the log is to be moved; not where it is closed, which moves all of it.
    pub(super) fn log_is_long(&self) -> bool {
        self.with(|session| Ok(session.log_is_long()))
            .unwrap_or(false)
    }

    /// Moves the log as far as possible: what is committed is safe without it.
    pub(super) fn move_log(&self) {
        if let Err(error) = self.with(Session::move_log) {
            tracing::warn!(cause = %error, "the log beside the database stays long for now");
        }
    }

    pub(super) fn roll_back(&self) {
        // There is nothing to roll back where the engine has given the transaction up by itself.
        if let Err(error) = self.with(|session| session.command("ROLLBACK")) {
            tracing::debug!(cause = %error, "nothing was rolled back");
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Writer {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Sqlite
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        Ok(self.with(|session| session.execute(&statement))?.into())
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        Ok(self.with(|session| session.run(sql))?.into())
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let found = self.with(|session| session.query(&statement, 1))?.pop();
        Ok(found.map(QueryResult::from))
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        Ok(results(
            self.with(|session| session.query(&statement, usize::MAX))?,
        ))
    }
}

//! What SQLite refuses, in the words that both engines share.

use std::borrow::Cow;
use std::fmt;

use rusqlite::{Error, ErrorCode, ffi};
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};
use sqlx::error::{DatabaseError, ErrorKind};

/// An error of the engine with its extended result code.
#[derive(Debug)]
struct Failure {
    code: i32,
    message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (code {})", self.message, self.code)
    }
}

impl std::error::Error for Failure {}

impl DatabaseError for Failure {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.to_string().into())
    }

    fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        match self.code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
                ErrorKind::UniqueViolation
            }
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => ErrorKind::ForeignKeyViolation,
            ffi::SQLITE_CONSTRAINT_NOTNULL => ErrorKind::NotNullViolation,
            ffi::SQLITE_CONSTRAINT_CHECK => ErrorKind::CheckViolation,
            _ => ErrorKind::Other,
        }
    }
}

/// As SeaORM tells it: a database that is away or busy as a fault of the connection.
pub(in super::super) fn failed(error: Error) -> DbErr {
    let (cause, message) = match error {
        Error::SqliteFailure(cause, message) => (cause, message.unwrap_or_default()),
        Error::SqlInputError { error, msg, .. } => (error, msg),
        other => return DbErr::Query(RuntimeErr::Internal(other.to_string())),
    };
    if is_away(cause.code) {
        return away(&format!("{cause}: {message}"));
    }
    let failure = Failure {
        code: cause.extended_code,
        message,
    };
    let error = sqlx::Error::Database(Box::new(failure));
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

fn is_away(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::ReadOnly
            | ErrorCode::SystemIoFailure
            | ErrorCode::DiskFull
            | ErrorCode::CannotOpen
    )
}

/// The database cannot be reached.
pub(in super::super) fn away(why: &str) -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(why.to_owned()))
}

/// There is no connection any more.
pub(in super::super) fn closed() -> DbErr {
    DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed)
}

//! What a fault of the database means.

use sea_orm::{DbErr, RuntimeErr};

/// Whether a unique constraint was violated.
pub(super) fn unique(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) =
        error
    else {
        return false;
    };
    matches!(error.as_ref(), sqlx::Error::Database(error) if error.is_unique_violation())
}

/// Whether the fault is the connection's, or one that a repetition may heal.
pub(super) fn is_unavailable(error: &DbErr) -> bool {
    let runtime = match error {
        DbErr::ConnectionAcquire(_) => return true,
        DbErr::Conn(runtime) | DbErr::Exec(runtime) | DbErr::Query(runtime) => runtime,
        _ => return false,
    };
    let RuntimeErr::SqlxError(error) = runtime else {
        return matches!(error, DbErr::Conn(_));
    };
    match error.as_ref() {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Protocol(_)
        | sqlx::Error::BeginFailed => true,
        sqlx::Error::Database(database) => database.code().is_some_and(|code| {
            // Of PostgreSQL: connection exceptions, resources, shutdown, serialization, deadlock, a
            // password or database that is away.
            code.starts_with("08")
                || code.starts_with("53")
                || code.starts_with("57P")
                || matches!(
                    &*code,
                    "40001" | "40P01" | "28P01" | "28000" | "3D000" | "25006"
                )
        }),
        _ => false,
    }
}

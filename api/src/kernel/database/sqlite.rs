//! SQLite as the service uses it: statements run on the thread that asks.
//!
//! sqlx keeps a thread for each connection; to wake it and to be woken by it costs several times
//! what a short read costs. So statements run through rusqlite, where they are asked for, and what
//! they find comes back in SeaORM's rows. These are read by the names of their columns: as a tuple,
//! several columns would come in the order of their names.

use std::path::{Path, PathBuf};

use sea_orm::{ProxyRow, QueryResult};

mod failure;
mod log;
mod migrations;
mod readers;
mod session;
mod values;

pub(super) use failure::{away, closed, failed};
pub(super) use migrations::Migrations;
pub(super) use readers::Readers;
pub(super) use session::{Purpose, Session};

/// The file behind a `sqlite:` URL.
pub(super) fn file(url: &str) -> Result<PathBuf, anyhow::Error> {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    let path = path.split('?').next().unwrap_or_default();
    anyhow::ensure!(
        !path.is_empty() && path != ":memory:",
        "the database URL must name a file, for example sqlite://data/debrief.db"
    );
    Ok(PathBuf::from(path))
}

/// Makes the folder that the file lies in.
pub(super) fn make_folder(file: &Path) -> std::io::Result<()> {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => std::fs::create_dir_all(folder),
        _ => Ok(()),
    }
}

/// Rows as SeaORM takes them.
pub(super) fn results(rows: Vec<ProxyRow>) -> Vec<QueryResult> {
    rows.into_iter().map(QueryResult::from).collect()
}

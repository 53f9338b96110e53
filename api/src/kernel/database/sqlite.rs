//! SQLite as the service uses it: statements run on the thread that asks.
//!
//! sqlx keeps a thread for each connection; to wake it and to be woken by it costs several times
//! what a short read costs. So statements run through rusqlite, where they are asked for, and what
//! they find comes back in SeaORM's rows. These are read by the names of their columns: as a tuple,
//! several columns would come in the order of their names.

use std::fs::{DirBuilder, OpenOptions};
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
pub(super) use session::{PATIENCE, Purpose, Session};

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

/// Makes the file and the folder that it lies in where they are missing, and nobody else's to read: in
/// it are the keys that tokens are signed with.
pub(super) fn make_file(file: &Path) -> std::io::Result<()> {
    let (mut folder, mut options) = (DirBuilder::new(), OpenOptions::new());
    folder.recursive(true);
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
        folder.mode(0o700);
        options.mode(0o600);
    }
    if let Some(parent) = file.parent().filter(|one| !one.as_os_str().is_empty()) {
        folder.create(parent)?;
    }
    if !file.exists() {
        options.open(file)?;
    }
    Ok(())
}

/// Rows as SeaORM takes them.
pub(super) fn results(rows: Vec<ProxyRow>) -> Vec<QueryResult> {
    rows.into_iter().map(QueryResult::from).collect()
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_is_made_is_nobody_elses_and_what_is_there_stays_as_it_is() {
        let place = tempfile::tempdir().expect("a folder");
        let mode = |path: &Path| {
            let about = std::fs::metadata(path).expect("it is there");
            about.permissions().mode() & 0o777
        };
        let (folder, file) = (place.path().join("data"), place.path().join("data/one.db"));
        make_file(&file).expect("they are made");
        assert_eq!((mode(&folder), mode(&file)), (0o700, 0o600));
        let session = Session::open(&file, true, Purpose::Write).expect("a database");
        session.run("CREATE TABLE t (c)").expect("a table");
        assert_eq!(mode(&place.path().join("data/one.db-wal")), 0o600);
        drop(session);
        let all = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(&file, all).expect("it is its owner's");
        let length = std::fs::metadata(&file).expect("a file").len();
        make_file(&file).expect("it is there");
        assert_eq!(mode(&file), 0o644);
        assert_eq!(std::fs::metadata(&file).expect("a file").len(), length);
    }
}

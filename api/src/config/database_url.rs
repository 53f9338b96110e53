//! What the URL of a database has to say. What is wrong is told without the URL: it may hold a password.

use std::str::FromStr as _;

use reqwest::Url;
use sqlx::postgres::PgConnectOptions;

/// Says what is wrong with a URL: "must …".
pub(super) fn check(url: &str) -> Result<(), &'static str> {
    match url.split_once(':') {
        Some(("sqlite", rest)) => check_sqlite(rest.trim_start_matches("//")),
        Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => check_postgres(url),
        _ => Err("must begin with sqlite:// or postgres://"),
    }
}

fn check_sqlite(file: &str) -> Result<(), &'static str> {
    // What others write to have the file made, as it is made here anyway.
    let file = file.strip_suffix("?mode=rwc").unwrap_or(file);
    if file.contains('?') {
        return Err("must name a SQLite file and no parameters: sqlite://path/to/file.db");
    }
    if file.is_empty() || file == ":memory:" {
        return Err("must name a SQLite file: sqlite://path/to/file.db");
    }
    Ok(())
}

fn check_postgres(url: &str) -> Result<(), &'static str> {
    const MALFORMED: &str = "must be a URL such as postgres://user:password@host:5432/database";
    let parsed = Url::parse(url).map_err(|_| MALFORMED)?;
    let says = |names: &[&str]| {
        parsed
            .query_pairs()
            .any(|(name, value)| names.contains(&&*name) && !value.is_empty())
    };
    if parsed.host_str().is_none_or(str::is_empty) && !says(&["host", "hostaddr"]) {
        return Err("must name a host: postgres://user:password@host:5432/database");
    }
    if parsed.path().trim_matches('/').is_empty() && !says(&["dbname"]) {
        return Err("must name a database: postgres://user:password@host:5432/database");
    }
    PgConnectOptions::from_str(url).map_err(|_| MALFORMED)?;
    Ok(())
}

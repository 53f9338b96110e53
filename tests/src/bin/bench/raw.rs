//! What the disk and the database can do without a service: one durable INSERT per transaction.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use debrief::kernel::ids;
use rusqlite::Connection;
use rusqlite::types::Value;

/// Opens a database file as carefully as the service does; its log is moved into it as often as SQLite
/// does by default.
pub(crate) fn open(file: &Path) -> Result<Connection> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON",
    )?;
    Ok(connection)
}

/// The columns of a table.
pub(crate) fn columns(connection: &Connection, table: &str) -> Result<Vec<String>> {
    let mut names = connection.prepare("SELECT name FROM pragma_table_info(?)")?;
    let names = names.query_map([table], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// Inserts copies of the file's newest event, each with an id of its own and durable before the
/// next, and says how many went in per second.
pub(crate) fn rate(file: &Path, time: Duration) -> Result<f64> {
    let connection = open(file)?;
    let names = columns(&connection, "events")?;
    let list = format!("\"{}\"", names.join("\", \""));
    let newest = format!("SELECT {list} FROM events ORDER BY id DESC LIMIT 1");
    let mut values: Vec<Value> = connection.query_row(&newest, (), |row| {
        (0..names.len()).map(|place| row.get(place)).collect()
    })?;
    let id = names.iter().position(|name| name == "id");
    let id = id.context("events have ids")?;
    let places = vec!["?"; names.len()].join(", ");
    let mut insert =
        connection.prepare(&format!("INSERT INTO events ({list}) VALUES ({places})"))?;
    let started = Instant::now();
    let mut inserted: u32 = 0;
    while started.elapsed() < time {
        values[id] = Value::Blob(ids::next().as_bytes().to_vec());
        insert.execute(rusqlite::params_from_iter(&values))?;
        inserted += 1;
    }
    Ok(f64::from(inserted) / started.elapsed().as_secs_f64())
}

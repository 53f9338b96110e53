//! What the disk and the database can do without a service: one durable INSERT per transaction.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use debrief::kernel::ids;
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{Arguments as _, AssertSqlSafe, ConnectOptions as _, Row as _};

/// Opens a database file as carefully as the service does.
pub(crate) async fn open(file: &Path) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .disable_statement_logging();
    Ok(options.connect().await?)
}

/// The columns of a table.
pub(crate) async fn columns(connection: &mut SqliteConnection, table: &str) -> Result<Vec<String>> {
    let rows = sqlx::query("SELECT name FROM pragma_table_info(?)")
        .bind(table)
        .fetch_all(connection)
        .await?;
    Ok(rows
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?)
}

/// A value of a row, whatever it is.
#[derive(Clone, Debug)]
enum Value {
    Null,
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Value {
    fn of(row: &SqliteRow, kind: &str, place: usize) -> Result<Self> {
        Ok(match kind {
            "null" => Self::Null,
            "integer" => Self::Number(row.try_get_unchecked(place)?),
            "text" => Self::Text(row.try_get_unchecked(place)?),
            _ => Self::Bytes(row.try_get_unchecked(place)?),
        })
    }

    fn bind(&self, arguments: &mut SqliteArguments) -> Result<()> {
        match self {
            Self::Null => arguments.add(None::<i64>),
            Self::Number(number) => arguments.add(*number),
            Self::Text(text) => arguments.add(text.clone()),
            Self::Bytes(bytes) => arguments.add(bytes.clone()),
        }
        .map_err(|error| anyhow::anyhow!(error))
    }
}

/// Inserts copies of the file's newest event, each with an id of its own and durable before the
/// next, and says how many went in per second.
pub(crate) async fn rate(file: &Path, time: Duration) -> Result<f64> {
    let mut connection = open(file).await?;
    let names = columns(&mut connection, "events").await?;
    let kinds: Vec<String> = names
        .iter()
        .map(|name| format!("typeof(\"{name}\")"))
        .collect();
    let list = names
        .iter()
        .map(|name| format!("\"{name}\""))
        .collect::<Vec<_>>()
        .join(", ");
    let query = format!(
        "SELECT {list}, {} FROM events ORDER BY id DESC LIMIT 1",
        kinds.join(", ")
    );
    let row = sqlx::query(AssertSqlSafe(query))
        .fetch_one(&mut connection)
        .await?;
    let values = (0..names.len())
        .map(|place| Value::of(&row, &row.try_get::<String, _>(names.len() + place)?, place))
        .collect::<Result<Vec<_>>>()?;
    let id = names
        .iter()
        .position(|name| name == "id")
        .context("events have ids")?;
    let insert = format!(
        "INSERT INTO events ({list}) VALUES ({})",
        vec!["?"; names.len()].join(", ")
    );
    let started = Instant::now();
    let mut inserted: u32 = 0;
    while started.elapsed() < time {
        let mut arguments = SqliteArguments::default();
        for (place, value) in values.iter().enumerate() {
            if place == id {
                Value::Bytes(ids::next().as_bytes().to_vec()).bind(&mut arguments)?;
            } else {
                value.bind(&mut arguments)?;
            }
        }
        sqlx::query_with(AssertSqlSafe(insert.as_str()), arguments)
            .execute(&mut connection)
            .await?;
        inserted += 1;
    }
    let rate = f64::from(inserted) / started.elapsed().as_secs_f64();
    sqlx::Connection::close(connection).await?;
    Ok(rate)
}

//! `/search` over many texts, which are put into the database directly.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::load::{Connection, Target, at};
use crate::raw;
use crate::table::{Bound, Table};

/// How many texts there are.
const TEXTS: u32 = 1_000_000;
/// Queries whose words stand in few texts, in some, or next to each other.
const OTHERS: &[&str] = &[
    "777777",
    "firewall",
    "encr*",
    "%22domain+controller%22",
    "edr+alert+process+-firewall",
    "alert&type=event&limit=200",
];

/// Measures the first page of a word that every text holds, and of others.
pub(crate) async fn measure(target: &Target, file: &Path, table: &mut Table) -> Result<()> {
    let started = Instant::now();
    add_texts(file)?;
    eprintln!(
        "{TEXTS} texts added in {:.0} s",
        started.elapsed().as_secs_f64()
    );
    let word = median(target, "alert").await?;
    let what = "search, 1,000,000 texts, a word that all of them hold";
    let how = "first page, median of 15".to_owned();
    table.add(what, how, word, "ms", Bound::AtMost(100.0));
    let (mut slowest, mut which) = (0.0, "");
    for query in OTHERS {
        let time = median(target, query).await?;
        if time > slowest {
            (slowest, which) = (time, query);
        }
    }
    let what = "search, 1,000,000 texts, the slowest of six other queries";
    table.add(
        what,
        format!("first page, `{which}`"),
        slowest,
        "ms",
        Bound::AtMost(100.0),
    );
    Ok(())
}

async fn median(target: &Target, query: &str) -> Result<f64> {
    let request = target.get(&format!("/api/v1/search?q={query}"));
    let mut connection = Connection::open(target.address).await?;
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..15 {
        let started = Instant::now();
        connection.send(&request).await?;
        times.push(started.elapsed());
        let page: serde_json::Value = serde_json::from_slice(connection.body())?;
        let found = page["items"].as_array().map_or(0, Vec::len);
        ensure!(found > 0, "{query} finds nothing");
    }
    times.sort_unstable();
    Ok(at(&times, 50).as_secs_f64() * 1_000.0)
}

/// Texts in the newest review, as its events would leave them, and their words.
fn add_texts(file: &Path) -> Result<()> {
    let writer = raw::open(file)?;
    let last: i64 =
        writer.query_row("SELECT coalesce(max(id), 0) FROM search_texts", (), |row| {
            row.get(0)
        })?;
    let numbers = format!(
        "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {TEXTS})"
    );
    let body = "CASE n % 7 WHEN 0 THEN 'Suspicious encryption of many files by one process.' \
                WHEN 1 THEN 'The domain controller answered late, the analyst escalated.' \
                WHEN 2 THEN 'Outbound traffic through the firewall to a known beacon.' \
                WHEN 3 THEN 'Password of a phished account was reset, sessions were ended.' \
                WHEN 4 THEN 'Backup restored, service owners informed, ticket closed.' \
                WHEN 5 THEN 'Lateral movement with a dumped credential was contained.' \
                ELSE 'Nothing else was seen on this process.' END";
    let texts = format!(
        "{numbers} INSERT INTO search_texts (organization_id, review_id, resource_type, resource_id, \
         title, body, traits, at) SELECT newest.organization_id, newest.id, 'event', \
         unhex(printf('0192f0c47b2f7c3a9d52%012x', n)), \
         'EDR alert ' || n || ' on fs-' || (n % 100), {body}, '', \
         strftime('%Y-%m-%dT%H:%M:%S+00:00', 1700000000 + n, 'unixepoch') FROM numbers, \
         (SELECT * FROM reviews ORDER BY id DESC LIMIT 1) AS newest"
    );
    writer.execute(&texts, ())?;
    let words = format!(
        "INSERT INTO search_index (rowid, words) SELECT id, '\u{a7}o' || lower(hex(organization_id)) || \
         ' \u{a7}kevent \u{a7}r' || lower(hex(review_id)) || ' ' || lower(title) || ' \u{a7} ' || lower(body) \
         FROM search_texts WHERE id > {last}"
    );
    writer.execute(&words, ())?;
    Ok(())
}

//! `/metrics/remediation` over many actions, which are put into the database directly.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use rusqlite::Connection as File;

use crate::load::{Connection, Target, at};
use crate::raw;
use crate::table::{Bound, Table};

/// How many reviews the actions are in.
const REVIEWS: u32 = 5_000;
/// How many actions there are, first and in the end.
const ACTIONS: [u32; 2] = [10_000, 100_000];

/// Measures the report over both numbers of actions, where the service has it.
pub(crate) async fn measure(target: &Target, file: &Path, table: &mut Table) -> Result<()> {
    let request = target.get("/api/v1/metrics/remediation");
    let mut connection = Connection::open(target.address).await?;
    if connection.send(&request).await.is_err() {
        eprintln!("/metrics/remediation is not part of this build");
        return Ok(());
    }
    let writer = raw::open(file)?;
    add_reviews(&writer)?;
    let mut medians = Vec::new();
    let mut from = 0;
    for until in ACTIONS {
        add_actions(&writer, from, until)?;
        from = until;
        // Filling takes longer than the service keeps an idle connection.
        connection = Connection::open(target.address).await?;
        medians.push(median(&mut connection, &request).await?);
    }
    let [small, large] = [medians[0], medians[1]].map(|time| time.as_secs_f64() * 1_000.0);
    let what = "/metrics/remediation, 100,000 actions in 5,000 reviews";
    table.add(
        what,
        "median of 15".to_owned(),
        large,
        "ms",
        Bound::AtMost(100.0),
    );
    let what = "its growth from 10,000 to 100,000 actions";
    let how = format!("{small:.1} ms to {large:.1} ms");
    table.add(what, how, large / small, "×", Bound::AtMost(10.0));
    Ok(())
}

async fn median(connection: &mut Connection, request: &[u8]) -> Result<Duration> {
    let mut times = Vec::new();
    for _ in 0..15 {
        let started = Instant::now();
        connection.send(request).await?;
        times.push(started.elapsed());
    }
    times.sort_unstable();
    Ok(at(&times, 50))
}

/// Ids that can be told again from a number: `family` tells reviews from actions.
fn id(family: &str, number: &str) -> String {
    format!("unhex(printf('0192f0c4{family}7c3a9d52%012x', {number}))")
}

/// Copies of the newest review, with ids and keys of their own.
fn add_reviews(writer: &File) -> Result<()> {
    let names = raw::columns(writer, "reviews")?;
    let values: Vec<String> = names
        .iter()
        .map(|name| match name.as_str() {
            "id" => id("7b1e", "n"),
            "key" => "printf('BENCH-%06d', n)".to_owned(),
            name => format!("newest.\"{name}\""),
        })
        .collect();
    let (names, values) = (names.join("\", \""), values.join(", "));
    let statement = format!(
        "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {REVIEWS}) \
         INSERT INTO reviews (\"{names}\") SELECT {values} FROM numbers, \
         (SELECT * FROM reviews ORDER BY id DESC LIMIT 1) AS newest"
    );
    writer.execute(&statement, ())?;
    Ok(())
}

/// Actions of every status, priority and owner, spread over the reviews, with their facts.
fn add_actions(writer: &File, from: u32, until: u32) -> Result<()> {
    let created = "(strftime('%s', 'now') - (n % 500) * 86400 - 86400)";
    let status = "CASE n % 10 WHEN 0 THEN 'proposed' WHEN 1 THEN 'in_progress' WHEN 2 THEN 'blocked' \
                  WHEN 3 THEN 'implemented' WHEN 4 THEN 'implemented' WHEN 5 THEN 'verified' \
                  WHEN 6 THEN 'verified' WHEN 7 THEN 'declined' ELSE 'open' END";
    let priority =
        "CASE n % 4 WHEN 0 THEN 'critical' WHEN 1 THEN 'high' WHEN 2 THEN 'medium' ELSE 'low' END";
    let kind = "CASE n % 5 WHEN 0 THEN 'prevent' WHEN 1 THEN 'detect' WHEN 2 THEN 'respond' WHEN 3 THEN 'recover' ELSE 'training' END";
    let numbers = format!(
        "WITH RECURSIVE numbers(n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {until})"
    );
    let (action, review) = (id("7b2e", "n"), id("7b1e", &format!("n % {REVIEWS}")));
    let organization = "(SELECT organization_id FROM reviews ORDER BY id DESC LIMIT 1)";
    let at = format!("strftime('%Y-%m-%d %H:%M:%S+00:00', {created}, 'unixepoch')");
    let actions = format!(
        "{numbers} INSERT INTO actions (id, organization_id, review_id, review_key, title, action_type, \
         finding_ids, depends_on, tags, external_refs, priority_inputs, priority_score, scoring, priority, \
         status, slips, due_date_changes, reopened_count, ineffective_count, search_text, version, \
         created_at, created_by, updated_at) \
         SELECT {action}, {organization}, {review}, printf('BENCH-%06d', n % {REVIEWS}), 'Action ' || n, \
         {kind}, '[]', '[]', '[]', '[]', '{{}}', 12.0, '{{}}', {priority}, {status}, n % 3, n % 4, 0, 0, \
         'action ' || n, 1, {at}, 'bench', {at} FROM numbers"
    );
    let facts = format!(
        "{numbers} INSERT INTO action_facts (action_id, organization_id, review_id, facts) \
         SELECT {action}, {organization}, {review}, json_array({status}, {priority}, {kind}, \
         'person-' || (n % 40), 'it', {created}, CASE WHEN n % 10 > 0 THEN {created} + 3600 END, \
         {created} / 86400 + 30 + n % 60, CASE WHEN n % 10 BETWEEN 3 AND 6 THEN {created} + 43200 END, \
         CASE WHEN n % 10 BETWEEN 5 AND 6 THEN {created} + 80000 END, \
         CASE n % 10 WHEN 7 THEN {created} + 40000 END, n % 3, n % 4, 0, 0, 2.5, 12.0, \
         CASE n % 10 WHEN 1 THEN 40 END) FROM numbers"
    );
    for statement in [actions, facts] {
        writer.execute(&statement, ())?;
    }
    Ok(())
}

//! The benchmark: figures of one run and their ratios, as one table.
//!
//! `cargo run --release -p debrief-tests --bin bench`. The service is a process of its own on a
//! fresh SQLite database, durable and without a rate limit; load and service share the machine.
//! Arguments (`reads writes batches pages full capacity remediation feed search start`) take only those parts.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use debrief_tests::process;

mod capacity;
mod feed;
mod full;
mod load;
mod raw;
mod remediation;
mod search;
mod server;
mod table;

use load::{Connection, Load, Requests, Target, Until, load};
use server::Server;
use table::{Bound, Table};

/// How long a rate is measured.
const SPAN: Duration = Duration::from_secs(3);
/// How many connections read and write at once, where nothing else is said.
const CONNECTIONS: u32 = 32;
/// Events in a batch, and events posted one by one to compare with it.
const BATCH: u32 = 10_000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let binary = process::binary()?;
    // Beside the binary, so that nothing is measured on a file system in memory.
    let beside = std::env::current_exe()?;
    let folder = tempfile::tempdir_in(beside.parent().context("a binary is in a folder")?)?;
    let started = Instant::now();
    let mut table = Table::default();
    measure(&binary, folder.path(), &mut table).await?;
    println!("{}", table.markdown());
    println!("taken in {:.0} s", started.elapsed().as_secs_f64());
    Ok(())
}

async fn measure(binary: &Path, folder: &Path, table: &mut Table) -> Result<()> {
    let file = folder.join("bench.db");
    let key = process::fresh_key();
    let server = Server::start(binary, &file, &key).await?;
    let idle = server.memory("VmRSS")?;
    open_review(&server.target).await?;
    let review = open_review(&server.target).await?;
    append(&server.target, &review, Until::Count(1), 1, None).await?;
    server.stop()?;
    let bare = folder.join("bare.db");
    std::fs::copy(&file, &bare)?;

    let server = Server::start(binary, &file, &key).await?;
    let target = &server.target;
    if wanted("reads") {
        reads(target, &review, table).await?;
    }
    if wanted("writes") {
        writes(target, &bare, table).await?;
    }
    if wanted("batches") {
        batches(target, table).await?;
    }
    if wanted("pages") {
        pages(target, table).await?;
    }
    if wanted("full") {
        full::measure(target, table).await?;
    }
    if wanted("capacity") {
        capacity::measure(target, table).await?;
    }
    if wanted("remediation") {
        remediation::measure(target, &file, table).await?;
    }
    if wanted("feed") {
        feed::measure(target, table).await?;
    }
    if wanted("search") {
        search::measure(target, &file, table).await?;
    }
    let (held, most) = (server.memory("VmRSS")?, server.memory("VmHWM")?);
    let how = format!("{idle:.0} MiB before it, {most:.0} at most");
    table.add(
        "resident memory after the load",
        how,
        held,
        "MiB",
        Bound::AtMost(100.0),
    );
    server.stop()?;

    if wanted("start") {
        starts(binary, &file, &key, table).await?;
    }
    Ok(())
}

/// Whether a part was asked for: all of them are when none is named.
fn wanted(part: &str) -> bool {
    std::env::args().len() == 1 || std::env::args().any(|named| named == part)
}

/// From the start of the process to the first answer that it is ready.
async fn starts(binary: &Path, file: &Path, key: &str, table: &mut Table) -> Result<()> {
    let mut starts = Vec::new();
    for _ in 0..5 {
        let server = Server::start(binary, file, key).await?;
        starts.push(server.ready_after);
        server.stop()?;
    }
    starts.sort_unstable();
    let size = std::fs::metadata(file)?.len() / 1024 / 1024;
    let how = format!("median of 5, database of {size} MiB");
    let ready = load::at(&starts, 50).as_secs_f64();
    table.add(
        "start to ready, existing database",
        how,
        ready,
        "s",
        Bound::AtMost(0.5),
    );
    Ok(())
}

/// Reads by id against the cheapest answer that the process has, in turns.
async fn reads(target: &Target, review: &str, table: &mut Table) -> Result<()> {
    let health = always(target.get("/healthz"));
    let read = always(target.get(&format!("/api/v1/reviews/{review}")));
    let span = Until::Time(SPAN / 2);
    let (mut base, mut reads) = (0.0, 0.0);
    // The first turn warms up and does not count.
    for turn in 0..3 {
        let one = load(target, CONNECTIONS, span, Arc::clone(&health)).await?;
        let other = load(target, CONNECTIONS, span, Arc::clone(&read)).await?;
        if turn > 0 {
            base += one.rate / 2.0;
            reads += other.rate / 2.0;
        }
    }
    let how = format!("{reads:.0}/s against {base:.0}/s");
    let what = "GET review by id / healthz, 32 connections";
    table.add(what, how, reads / base, "×", Bound::AtLeast(0.35));
    Ok(())
}

/// How many connections append, and whether with idempotency keys.
const WRITERS: [(u32, bool); 5] = [
    (1, false),
    (8, false),
    (32, false),
    (128, false),
    (32, true),
];

/// Appends against bare inserts, which are measured before and after. Each number of connections has two
/// turns, up and down the list: the database that grows meanwhile weighs on all of them alike.
async fn writes(target: &Target, bare: &Path, table: &mut Table) -> Result<()> {
    let before = raw::rate(bare, SPAN / 2)?;
    let (mut up, mut down) = (Vec::new(), Vec::new());
    for (turn, (connections, keyed)) in WRITERS.into_iter().enumerate() {
        up.push(appended(target, connections, keyed, turn).await?);
    }
    for (turn, (connections, keyed)) in WRITERS.into_iter().enumerate().rev() {
        down.push(appended(target, connections, keyed, WRITERS.len() + turn).await?);
    }
    let after = raw::rate(bare, SPAN / 2)?;
    let raw = f64::midpoint(before, after);
    let turns = up.into_iter().zip(down.into_iter().rev());
    for ((connections, keyed), (one, other)) in WRITERS.into_iter().zip(turns) {
        let done = Load {
            rate: f64::midpoint(one.rate, other.rate),
            took: one.took + other.took,
            median: (one.median + other.median) / 2,
            p99: one.p99.max(other.p99),
        };
        let more = if keyed { ", Idempotency-Key" } else { "" };
        let what = format!("POST event / durable INSERT, {connections} connections{more}");
        let how = format!("{:.0}/s against {raw:.0}/s, {}", done.rate, times(&done));
        let bound = if connections == CONNECTIONS && !keyed {
            Bound::AtLeast(0.8)
        } else {
            Bound::None
        };
        table.add(&what, how, done.rate / raw, "×", bound);
    }
    Ok(())
}

/// One turn of appends to a review of its own.
async fn appended(target: &Target, connections: u32, keyed: bool, turn: usize) -> Result<Load> {
    let review = open_review(target).await?;
    let key = keyed.then(|| format!("idempotency-key: bench-{turn}-"));
    append(target, &review, Until::Count(200), connections, None).await?;
    append(target, &review, Until::Time(SPAN / 2), connections, key).await
}

fn times(load: &Load) -> String {
    let [median, p99] = [load.median, load.p99].map(|time| time.as_secs_f64() * 1_000.0);
    format!("median {median:.1} ms, p99 {p99:.1} ms")
}

/// A batch against as many single appends: one after the other, as a script sends them, and over
/// many connections at once.
async fn batches(target: &Target, table: &mut Table) -> Result<()> {
    let mut whole = Vec::new();
    for _ in 0..3 {
        let review = open_review(target).await?;
        let request = batch(target, &review, BATCH);
        let one = load(target, 1, Until::Count(1), always(request)).await?;
        whole.push(one.took);
    }
    whole.sort_unstable();
    let whole = load::at(&whole, 50).as_secs_f64();
    for (connections, bound) in [(1, Bound::AtLeast(20.0)), (CONNECTIONS, Bound::None)] {
        let review = open_review(target).await?;
        let singles = append(target, &review, Until::Count(BATCH), connections, None).await?;
        let single = f64::from(BATCH) / singles.rate;
        let what = format!("10,000 single POSTs, connections: {connections} / one batch");
        let how = format!("{single:.2} s against {whole:.2} s");
        table.add(&what, how, single / whole, "×", bound);
    }
    Ok(())
}

/// Pages of 100, from the first to the last, of a large chronology against a small one.
async fn pages(target: &Target, table: &mut Table) -> Result<()> {
    let small = open_review(target).await?;
    load(
        target,
        1,
        Until::Count(1),
        always(batch(target, &small, 1_000)),
    )
    .await?;
    let large = open_review(target).await?;
    let request = always(batch(target, &large, BATCH));
    load(target, 1, Until::Count(10), request).await?;
    let mut few = Vec::new();
    for _ in 0..30 {
        few.extend(walk(target, &small).await?);
    }
    let mut many = walk(target, &large).await?;
    anyhow::ensure!(many.len() == 1_000, "{} pages instead of 1,000", many.len());
    few.sort_unstable();
    many.sort_unstable();
    let [few, many] = [few, many].map(|times| load::at(&times, 50).as_secs_f64() * 1_000.0);
    let what = "page of 100 among 100,000 events / among 1,000";
    let how = format!("{many:.2} ms against {few:.2} ms, median of every page");
    table.add(what, how, many / few, "×", Bound::AtMost(1.5));
    Ok(())
}

/// The time of each page of a review's events.
async fn walk(target: &Target, review: &str) -> Result<Vec<Duration>> {
    let mut connection = Connection::open(target.address).await?;
    let mut times = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/reviews/{review}/events?limit=100{cursor}");
        let request = target.get(&path);
        let sent = Instant::now();
        connection.send(&request).await?;
        times.push(sent.elapsed());
        let page: serde_json::Value = serde_json::from_slice(connection.body())?;
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(times),
        }
    }
}

/// The same request each time.
fn always(request: Vec<u8>) -> Requests {
    Arc::new(move |_| request.clone())
}

async fn open_review(target: &Target) -> Result<String> {
    let body = r#"{"title":"Ransomware on the file servers","severity":"critical"}"#;
    let review = target
        .ask(&target.post("/api/v1/reviews", "", body))
        .await?;
    let id = review["id"].as_str().context("a review has an id")?;
    Ok(id.to_owned())
}

/// An event as a SIEM would send it.
fn event(n: u32) -> String {
    let (minute, second) = (n / 60 % 60, n % 60);
    format!(
        "{{\"occurred_at\":\"2026-11-02T06:{minute:02}:{second:02}Z\",\"kind\":\"alert\",\"phase\":\"detection\",\
         \"actor_role\":\"SOC analyst\",\"summary\":\"EDR alert {n} on fs-01\",\
         \"description\":\"Suspicious encryption of many files by one process.\"}}"
    )
}

/// Appends events one by one. `key` begins the header line of an idempotency key.
async fn append(
    target: &Target,
    review: &str,
    until: Until,
    connections: u32,
    key: Option<String>,
) -> Result<Load> {
    let (sender, path) = (target.clone(), format!("/api/v1/reviews/{review}/events"));
    let requests: Requests = Arc::new(move |n| {
        let line = key.as_ref().map(|key| format!("{key}{n}\r\n"));
        let line = line.unwrap_or_default();
        sender.post(&path, &line, &event(n))
    });
    load(target, connections, until, requests).await
}

fn batch(target: &Target, review: &str, events: u32) -> Vec<u8> {
    let items: Vec<String> = (0..events).map(event).collect();
    let path = format!("/api/v1/reviews/{review}/events/batch");
    target.post(&path, "", &format!("[{}]", items.join(",")))
}

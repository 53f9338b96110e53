//! `/reviews/{review}/full`, and the export, of a review with 1,000 events, 100 findings and 100 actions.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::load::{Connection, Target, Until, at, load};
use crate::table::{Bound, Table};

/// How many events there are.
const EVENTS: u32 = 1_000;
/// How many findings, and how many actions.
const OTHERS: u32 = 100;

/// Measures both reads.
pub(crate) async fn measure(target: &Target, table: &mut Table) -> Result<()> {
    let review = crate::open_review(target).await?;
    fill(target, &review).await?;
    for (below, list, bound) in [
        ("full", "actions", Bound::AtMost(30.0)),
        ("export", "actions", Bound::None),
    ] {
        let (time, size) =
            median(target, &format!("/api/v1/reviews/{review}/{below}"), list).await?;
        let what = format!("GET {below}, 1,000 events, 100 findings, 100 actions");
        let how = format!("{} KiB, median of 15", size / 1024);
        table.add(&what, how, time, "ms", bound);
    }
    Ok(())
}

async fn fill(target: &Target, review: &str) -> Result<()> {
    let events = crate::always(crate::batch(target, review, EVENTS));
    load(target, 1, Until::Count(1), events).await?;
    for number in 0..OTHERS {
        let finding = format!(
            "{{\"kind\":\"gap\",\"gap_category\":\"roles_authority\",\"statement\":\"Alerts of class {number} have no owner\",\
             \"description\":\"Nobody is told when one is raised at night.\",\"likelihood\":3,\"severity_score\":4}}"
        );
        let path = format!("/api/v1/reviews/{review}/findings");
        let finding = target.ask(&target.post(&path, "", &finding)).await?;
        let finding = finding["id"].as_str().context("a finding has an id")?;
        let action = format!(
            "{{\"title\":\"Give alerts of class {number} an owner\",\"type\":\"detect\",\
             \"owner\":{{\"name\":\"Robin Vega\"}},\"due_on\":\"2027-06-30\",\"finding_ids\":[\"{finding}\"],\
             \"closure_criteria\":\"Each of them is answered within an hour\"}}"
        );
        let path = format!("/api/v1/reviews/{review}/actions");
        target.ask(&target.post(&path, "", &action)).await?;
    }
    Ok(())
}

/// The median time of a read in milliseconds, and how many bytes it has.
async fn median(target: &Target, path: &str, list: &str) -> Result<(f64, usize)> {
    let request = target.get(path);
    let mut connection = Connection::open(target.address).await?;
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..15 {
        let started = Instant::now();
        connection.send(&request).await?;
        times.push(started.elapsed());
    }
    let whole: serde_json::Value = serde_json::from_slice(connection.body())?;
    for (part, count) in [("events", EVENTS), ("findings", OTHERS), (list, OTHERS)] {
        let found = whole[part].as_array().map_or(0, Vec::len);
        ensure!(found == count as usize, "{found} {part} instead of {count}");
    }
    times.sort_unstable();
    let time = at(&times, 50).as_secs_f64() * 1_000.0;
    Ok((time, connection.body().len()))
}

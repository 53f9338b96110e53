//! A plan of 2,000 actions for 50 owners, against first-fit by score.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::load::{Connection, Target, at};
use crate::table::{Bound, Table};

/// How many actions are planned.
const ACTIONS: u32 = 2_000;
/// How many owners they have.
const OWNERS: u32 = 50;

/// Measures the plan, which does not fit whole: what is left out is weighed too.
pub(crate) async fn measure(target: &Target, table: &mut Table) -> Result<()> {
    let review = crate::open_review(target).await?;
    fill(target, &review).await?;
    let capacity: Vec<Value> = (0..OWNERS)
        .map(
            |owner| json!({ "name": name(owner), "days_per_week": 1.0 + 0.5 * f64::from(owner % 5) }),
        )
        .collect();
    let plan = json!({
        "from": "2026-11-30", "weeks": 26, "capacity": capacity, "filter": { "review_ids": [review] },
    });
    let request = target.post("/api/v1/capacity-plan", "", &plan.to_string());
    let mut connection = Connection::open(target.address).await?;
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..5 {
        let started = Instant::now();
        connection.send(&request).await?;
        times.push(started.elapsed());
    }
    times.sort_unstable();
    let plan: Value = serde_json::from_slice(connection.body())?;
    ensure!(plan["n"] == ACTIONS, "{} actions were planned", plan["n"]);
    let left_out = |of: &Value| of["unscheduled_score"].as_f64().context("a score");
    let (planned, first_fit) = (left_out(&plan["objective"])?, left_out(&plan["first_fit"])?);
    let how = format!(
        "median of 5; {} fit, score left out {planned:.0} against {first_fit:.0} by first-fit",
        plan["n_scheduled"]
    );
    let what = "capacity plan, 2,000 actions, 50 owners";
    let time = at(&times, 50).as_secs_f64();
    table.add(what, how, time, "s", Bound::AtMost(1.0));
    Ok(())
}

fn name(owner: u32) -> String {
    format!("Team {owner}")
}

/// Actions of many efforts, dates and scores; every seventh waits for the one before it.
async fn fill(target: &Target, review: &str) -> Result<()> {
    let path = format!("/api/v1/reviews/{review}/actions");
    let mut before: Option<Value> = None;
    for number in 0..ACTIONS {
        let waits_for: Vec<&Value> = before.iter().filter(|_| number % 7 == 0).collect();
        let action = json!({
            "title": format!("Give alerts of class {number} an owner"),
            "type": "detect",
            "owner": { "name": name(number % OWNERS) },
            "due_on": format!("2027-{:02}-{:02}", 1 + number % 6, 1 + number % 28),
            "effort_days": 0.5 + f64::from(number % 11) * 0.5,
            "depends_on": waits_for,
            "priority_inputs": { "risk": 1 + number % 25, "impact": 1 + number / 5 % 5 },
        });
        let request = target.post(&path, "", &action.to_string());
        before = Some(target.ask(&request).await?["id"].take());
    }
    Ok(())
}

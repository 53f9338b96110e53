//! Workshops: planned, answered, held, and what is made of them.

use debrief_tests::{App, Client, Reply};
use serde_json::Value;

mod agenda;
mod calendar;
mod carry_over;
mod hold;
mod invitations;
mod lists;
mod neutrality;
mod pack;
mod plan;
mod readiness;

fn fault(place: &str, code: &str) -> (String, String) {
    (place.to_owned(), code.to_owned())
}

async fn subject(client: &Client) -> String {
    let me = client.get("/api/v1/me").await.expect(200).json();
    me["subject"].as_str().expect("a subject").to_owned()
}

/// What the audit log says was done to a kind of resource, the oldest first.
async fn on_record(app: &App, kind: &str) -> Vec<String> {
    let path = format!("/api/v1/audit-records?resource_type={kind}");
    let mut records = app.auditor().all(&path, 200).await;
    records.sort_by_key(|one| one["sequence"].as_i64());
    let action = |one: &Value| one["action"].as_str().expect("an action").to_owned();
    records.iter().map(action).collect()
}

fn ids(page: &Reply) -> Vec<String> {
    let id = |one: &Value| one["id"].as_str().expect("an id").to_owned();
    page.items().iter().map(id).collect()
}

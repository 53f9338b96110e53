//! A small world of incidents, and how the response to them is asked for.

use debrief_tests::world::incident;
use debrief_tests::{App, Client};
use serde_json::{Value, json};

pub(super) const RESPONSE: &str = "/api/v1/metrics/response";
pub(super) const CONTAIN: &str = "metric=time_to_contain";

pub(super) async fn recorded(client: &Client, title: &str, times: Value, fields: Value) -> String {
    let mut body = incident();
    body["title"] = json!(title);
    body["timestamps"] = times;
    for (name, value) in fields.as_object().expect("an object") {
        body[name] = value.clone();
    }
    let made = client.post("/api/v1/incidents", &body).await;
    made.expect(201).id()
}

pub(super) fn at(text: &str) -> Value {
    json!({ "at": text })
}

fn roughly(text: &str, precision: &str) -> Value {
    json!({ "at": text, "precision": precision })
}

/// Eleven incidents, six of which can be measured from their detection to their containment.
pub(super) async fn incidents(app: &App) {
    let all = [
        (
            "an hour",
            "2026-10-24T22:30:00Z",
            Some("2026-10-24T23:30:00Z"),
            json!({ "category": "intrusion", "detection_source": "siem_correlation", "tags": ["vpn"] }),
        ),
        (
            "two hours",
            "2026-10-24T23:30:00Z",
            Some("2026-10-25T01:30:00Z"),
            json!({ "category": "intrusion", "detection_source": "employee_report", "tags": ["vpn", "mail"] }),
        ),
        (
            "ten hours",
            "2026-10-25T23:30:00Z",
            Some("2026-10-26T09:30:00Z"),
            json!({ "severity": "critical", "category": "availability" }),
        ),
        (
            "half an hour",
            "2026-10-26T00:00:00Z",
            Some("2026-10-26T00:30:00Z"),
            json!({ "severity": "low", "certainty": "near_miss" }),
        ),
        (
            "four hours",
            "2026-10-27T10:00:00Z",
            Some("2026-10-27T14:00:00Z"),
            json!({ "severity": "medium", "status": "closed" }),
        ),
        (
            "six hours",
            "2026-10-29T00:00:00Z",
            Some("2026-10-29T06:00:00Z"),
            json!({ "backfilled": true }),
        ),
        (
            "backwards",
            "2026-10-27T12:00:00Z",
            Some("2026-10-27T11:00:00Z"),
            json!({}),
        ),
        ("not contained", "2026-10-28T12:00:00Z", None, json!({})),
        (
            "a test",
            "2026-10-28T12:00:00Z",
            Some("2026-10-28T12:00:01Z"),
            json!({ "category": "test" }),
        ),
    ];
    let client = app.contributor();
    for (title, detected, contained, fields) in all {
        let mut times = json!({ "detected": at(detected) });
        if let Some(contained) = contained {
            times["contained"] = at(contained);
        }
        recorded(&client, title, times, fields).await;
    }
    let to_the_day = json!({
        "detected": roughly("2026-10-28T00:00:00Z", "day"), "contained": at("2026-10-30T09:00:00Z"),
    });
    recorded(&client, "two days", to_the_day, json!({})).await;
    let to_the_month = json!({
        "detected": roughly("2026-10-01T00:00:00Z", "month"),
        "contained": roughly("2026-10-30T00:00:00Z", "day"),
    });
    recorded(&client, "in October", to_the_month, json!({})).await;
}

pub(super) async fn asked(client: &Client, query: &str) -> Value {
    let reply = client.get(format!("{RESPONSE}?{query}")).await;
    reply.expect(200).json()
}

pub(super) async fn behind(client: &Client, url: &str) -> Vec<Value> {
    let mut found = client.all(url, 2).await;
    found.sort_by_key(|one| one["title"].to_string());
    found
}

//! A small world of actions, and how its remediation is asked for.

use chrono::Duration;
use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::{App, Client};
use serde_json::{Value, json};

pub(super) const REMEDIATION: &str = "/api/v1/metrics/remediation";
pub(super) const DAY: f64 = 86_400.0;

/// Seven actions, five days after the first of them was added: 2026-11-28T12:00:00Z.
pub(super) struct Work {
    /// Severity high, with six of the actions; Kim of the IT takes part in it.
    pub(super) high: Review,
    /// Severity critical, restricted, with one action.
    pub(super) critical: Review,
}

pub(super) async fn add(app: &App, review: &Review, title: &str, fields: Value) -> String {
    let mut body = fields;
    body["title"] = json!(title);
    let made = app.admin().post(review.path("/actions"), &body).await;
    review.path(&format!("/actions/{}", made.expect(201).id()))
}

pub(super) async fn reported(app: &App, action: &str, status: &str) {
    let report = json!({ "status": status });
    let call = app.admin().post(format!("{action}/progress"), &report);
    call.await.expect(201);
}

pub(super) async fn stepped(app: &App, action: &str, step: &str, body: &Value) {
    let tag = app.admin().get(action).await.expect(200).etag();
    let call = app.admin().post(format!("{action}/{step}"), body);
    let reply = call.if_match(&tag).await;
    assert!([200, 201].contains(&reply.status), "{}", reply.text());
}

pub(super) async fn judged(app: &App, action: &str, result: &str) {
    let by = json!({ "name": "Ada", "subject": "ada" });
    let body = json!({ "method": "retest", "result": result, "verified_by": by });
    stepped(app, action, "verifications", &body).await;
}

impl Work {
    pub(super) async fn done(app: &App) -> Self {
        let high = a_review(app).await;
        let quiet = json!({ "severity": "critical", "visibility": "restricted" });
        let critical = a_review_with(app, quiet).await;
        let kim = json!({ "name": "Kim", "function": "it", "subject": "kim" });
        let kim = app.admin().post(high.path("/participants"), &kim).await;
        let kim = json!({ "participant_id": kim.expect(201).id() });
        let lee = json!({ "name": "Lee", "subject": "lee" });
        let owned = |kind: &str, owner: &Value, due: &str| json!({ "type": kind, "owner": owner, "due_on": due });

        let proven = owned("prevent", &kim, "2026-12-01");
        let proven = add(app, &high, "proven", proven).await;
        let overdue = owned("detect", &kim, "2026-11-26");
        let overdue = add(app, &high, "overdue", overdue).await;
        for due in ["2026-11-27", "2026-11-25"] {
            let other = json!({ "due_on": due, "reason": "x" });
            stepped(app, &overdue, "reschedule", &other).await;
        }
        let late = owned("contain", &kim, "2026-11-24");
        let late = add(app, &high, "late", late).await;

        app.wait(Duration::days(1));
        let redone = owned("process", &lee, "2026-12-03");
        let redone = add(app, &high, "redone", redone).await;
        let proposed = json!({ "type": "training", "status": "proposed" });
        add(app, &high, "proposed", proposed).await;
        reported(app, &proven, "implemented").await;

        app.wait(Duration::days(1));
        let declined = owned("detect", &lee, "2026-12-20");
        let declined = add(app, &high, "declined", declined).await;
        judged(app, &proven, "effective").await;
        reported(app, &redone, "implemented").await;
        app.wait(Duration::hours(2));
        judged(app, &redone, "ineffective").await;

        app.wait(Duration::hours(22));
        reported(app, &late, "implemented").await;
        stepped(app, &declined, "decline", &json!({ "reason": "x" })).await;
        let mut blocked = owned("prevent", &lee, "2026-12-20");
        blocked["priority_override"] = json!({ "level": "critical", "reason": "x" });
        let blocked = add(app, &critical, "blocked", blocked).await;
        reported(app, &blocked, "blocked").await;

        app.wait(Duration::days(2));
        Self { high, critical }
    }
}

pub(super) async fn asked(client: &Client, query: &str) -> Value {
    let reply = client.get(format!("{REMEDIATION}?{query}")).await;
    reply.expect(200).json()
}

/// How many actions have each value that occurs, and how many of those are open and overdue.
pub(super) fn counted(of: &Value) -> Vec<(Value, u64, u64, u64)> {
    let number = |one: &Value, field: &str| one[field].as_u64().expect("a count");
    let of = of.as_array().expect("counts").iter();
    let of = of.filter(|one| one["n"] != 0);
    of.map(|one| {
        let [n, open, overdue] = ["n", "n_open", "n_overdue"].map(|field| number(one, field));
        (one["value"].clone(), n, open, overdue)
    })
    .collect()
}

/// The points of a burn-up: date, created, implemented, verified, overdue, and whether cut short.
pub(super) fn points(answer: &Value) -> Vec<Value> {
    let series = answer["series"].as_array().expect("a series").iter();
    let fields = [
        "date",
        "created",
        "implemented",
        "verified",
        "overdue",
        "partial",
    ];
    series
        .map(|point| fields.iter().map(|field| point[field].clone()).collect())
        .collect()
}

//! A database from before there were deadlines: bringing it up to date fills them in.

use chrono::Duration;
use debrief::kernel::database;
use debrief_tests::builders::{Review, a_review_with};
use debrief_tests::world::incident;
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

both_databases!(what_was_due_before_is_due_after_the_migration);

/// The migration before which there were none.
const FIRST: &str = "m20261125_000008_create_calendars_and_policies";

async fn worked(app: &App, review: &Review, due_on: &str) -> String {
    let body = json!({
        "title": format!("due on {due_on}"), "type": "detect", "due_on": due_on,
        "owner": { "name": "Kim", "subject": "kim@example.org" },
    });
    let made = app.admin().post(review.path("/actions"), &body).await;
    review.path(&format!("/actions/{}", made.expect(201).id()))
}

async fn step(app: &App, action: &str, verb: &str, body: &Value) {
    let tag = app.admin().get(action).await.expect(200).etag();
    let call = app.admin().post(format!("{action}/{verb}"), body);
    let reply = call.if_match(&tag).await;
    assert!([200, 201].contains(&reply.status), "{}", reply.text());
}

/// Actions in every state that has a deadline, and in some that have none.
async fn work(app: &App, review: &Review) {
    worked(app, review, "2027-01-31").await;
    worked(app, review, "2026-11-24").await;
    let done = worked(app, review, "2026-12-31").await;
    step(app, &done, "progress", &json!({ "status": "implemented" })).await;
    for recheck in [Some("2027-05-31"), None, Some("2027-06-30")] {
        let body = json!({
            "method": "retest", "result": "effective", "recheck_on": recheck,
            "verified_by": { "name": "Ada" },
        });
        step(app, &done, "verifications", &body).await;
    }
    let late = worked(app, review, "2026-11-25").await;
    app.wait(Duration::days(5));
    step(app, &late, "progress", &json!({ "status": "implemented" })).await;
    let risky = worked(app, review, "2027-01-31").await;
    let accepted = json!({
        "reason": "dearer than the outage", "approver": { "name": "Ada" }, "expires_on": "2027-12-31",
    });
    step(app, &risky, "accept-risk", &accepted).await;
    let declined = worked(app, review, "2027-01-31").await;
    step(app, &declined, "decline", &json!({ "reason": "no longer" })).await;
}

/// Everything that is due, as it is shown, without what is the row's own.
async fn due(app: &App) -> Vec<Value> {
    let mut all = app.admin().all("/api/v1/deadlines", 200).await;
    // Rounds of feedback are younger than the migration, and gone with their tables.
    all.retain(|one| one["kind"] != "feedback_opening");
    for one in &mut all {
        for own in ["id", "created_at", "updated_at"] {
            one[own] = Value::Null;
        }
    }
    all.sort_by_key(Value::to_string);
    all
}

async fn what_was_due_before_is_due_after_the_migration(app: App) {
    let review = a_review_with(&app, json!({})).await;
    work(&app, &review).await;
    let dates = json!({
        "publish_due_at": "2026-12-01T12:00:00Z", "workshop_due_at": "2026-12-01T12:00:00Z",
    });
    a_review_with(&app, dates.clone()).await.published().await;
    let cancelled = a_review_with(&app, dates).await;
    cancelled
        .step("cancel", &json!({ "reason": "an error" }))
        .await
        .expect(200);
    let mut closed = incident();
    closed["status"] = json!("closed");
    closed["timestamps"] = json!({ "closed": { "at": "2026-11-20T09:00:00Z" } });
    let closed = app
        .admin()
        .post("/api/v1/incidents", &closed)
        .await
        .expect(201);
    let before = due(&app).await;
    assert_eq!(before.len(), 2 + 4 + 1 + 1 + 1);

    app.end().await;
    let url = app.database_url();
    let known = database::status(&url).await.expect("migrations");
    let first = known.iter().position(|one| one.name == FIRST);
    let steps = known.len() - first.expect("it is known");
    let steps = u32::try_from(steps).expect("few");
    database::down(&url, steps)
        .await
        .expect("they can be taken back");
    database::up(&url).await.expect("they can be applied");
    app.restart(&[]).await;

    assert_eq!(due(&app).await, before);
    let path = format!("/api/v1/incidents/{}", closed.id());
    let incident = app.reader().get(path).await.expect(200).json();
    assert_eq!(incident["closed_at"], "2026-11-20T09:00:00Z");
    let old = review.now().await.json();
    assert_eq!(old["policy_snapshot"], Value::Null);
    assert_eq!(app.reader().all("/api/v1/regimes", 50).await.len(), 6);
    // A review from before keeps to the built-in policy, until somebody asks for another.
    let applied = review
        .step("reapply-policy", &Value::Null)
        .await
        .expect(200)
        .json();
    assert_eq!(applied["policy_snapshot"]["name"], "Built-in defaults");
    app.pass(Duration::days(365)).await;
    let told = app
        .auditor()
        .all("/api/v1/audit-records?actor=system", 200)
        .await;
    assert!(told.len() >= 5, "{told:#?}");
}

//! Which closed incidents had to have a review by their policy, and what became of it; tests and what
//! was recorded long after the fact.

use chrono::Duration;
use debrief_tests::builders::{Review, a_review_with};
use debrief_tests::world::incident;
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

use super::process::{PROCESS, asked};

both_databases!(
    a_review_is_mandatory_by_the_policy_of_the_day_of_the_closure,
    a_review_keeps_that_its_policy_made_it_mandatory,
    reviews_of_tests_are_left_out_and_backfilled_ones_are_told_apart,
);

/// Records an incident of severity high as closed.
async fn closed(app: &App, title: &str, own: Value) -> String {
    let mut body = incident();
    body["title"] = json!(title);
    body["status"] = json!("closed");
    for (name, value) in own.as_object().expect("an object") {
        body[name] = value.clone();
    }
    let made = app.admin().post("/api/v1/incidents", &body).await;
    made.expect(201).id()
}

async fn review_of(app: &App, title: &str, incident: &str) -> Review {
    a_review_with(app, json!({ "title": title, "incident_ids": [incident] })).await
}

/// Makes reviews of severe incidents mandatory from now on; the path of the policy.
async fn policy(app: &App) -> String {
    let body = json!({
        "name": "Severe", "requirement": "mandatory", "severities": ["high", "critical"],
        "open_automatically": false,
    });
    let made = app.admin().post("/api/v1/policies", &body).await;
    format!("/api/v1/policies/{}", made.expect(201).id())
}

async fn archived(app: &App, policy: &str) {
    let tag = app.admin().get(policy).await.expect(200).etag();
    let call = app.admin().delete(policy).if_match(&tag);
    call.await.expect(204);
}

async fn behind(app: &App, query: &str) -> Vec<Value> {
    let path = format!("{PROCESS}/incidents?{query}");
    app.reader().all(&path, 2).await
}

fn titles(records: &[Value]) -> Vec<&str> {
    let titles = records.iter().map(|one| one["title"].as_str());
    let mut titles: Vec<&str> = titles.map(|title| title.expect("a title")).collect();
    titles.sort_unstable();
    titles
}

async fn a_review_is_mandatory_by_the_policy_of_the_day_of_the_closure(app: App) {
    closed(&app, "before", json!({})).await;
    app.wait(Duration::hours(1));
    let policy = policy(&app).await;
    closed(&app, "without", json!({})).await;
    let under = closed(&app, "under", json!({ "severity": "critical" })).await;
    let waived = closed(&app, "waived", json!({})).await;
    closed(&app, "minor", json!({ "severity": "low" })).await;
    closed(&app, "old", json!({ "backfilled": true })).await;
    closed(
        &app,
        "false alarm",
        json!({ "certainty": "false_positive" }),
    )
    .await;
    closed(&app, "drill", json!({ "category": "test" })).await;
    review_of(&app, "under", &under).await;
    let given_up = review_of(&app, "waived", &waived).await;
    let why = json!({ "reason": "Covered by another", "approver": "ciso@example.org" });
    given_up.step("waive", &why).await.expect(200);
    app.wait(Duration::hours(1));
    archived(&app, &policy).await;
    app.wait(Duration::hours(1));
    closed(&app, "after", json!({})).await;

    let coverage = asked(&app.reader(), "").await["coverage"].clone();
    assert_eq!(
        (
            &coverage["closed_incidents"]["n"],
            &coverage["n_backfilled"],
            &coverage["n_test_excluded"]
        ),
        (&json!(8), &json!(1), &json!(1))
    );
    let mandatory = &coverage["mandatory"];
    assert_eq!(mandatory["incidents"]["n"], 3);
    let rate = &mandatory["coverage_rate"];
    assert_eq!(
        (&rate["numerator"], &rate["denominator"]),
        (&json!(1), &json!(3))
    );
    assert_eq!(rate["definition"]["name"], "mandatory_coverage_rate");
    let by_coverage = mandatory["by_coverage"].as_array().expect("a list").iter();
    let found: Vec<Value> = by_coverage
        .map(|one| json!([one["coverage"], one["n"]]))
        .collect();
    let expected = [
        json!(["reviewed", 0]),
        json!(["under_review", 1]),
        json!(["waived", 1]),
        json!(["cancelled", 0]),
        json!(["without", 1]),
    ];
    assert_eq!(found, expected);
    for (query, expected) in [
        ("mandatory=true", vec!["under", "waived", "without"]),
        ("mandatory=true&coverage=without", vec!["without"]),
        ("mandatory=true&covered=true", vec!["under"]),
        ("backfilled=true", vec!["old"]),
        (
            "mandatory=false",
            vec!["after", "before", "false alarm", "minor", "old"],
        ),
    ] {
        assert_eq!(titles(&behind(&app, query).await), expected, "{query}");
    }
    for url in [
        &mandatory["incidents"]["records_url"],
        &rate["denominator_url"],
    ] {
        let url = url.as_str().expect("an address");
        assert_eq!(app.reader().all(url, 2).await.len(), 3, "{url}");
    }
    let waived = behind(&app, "coverage=waived").await;
    assert_eq!(
        (
            &waived[0]["review_id"],
            &waived[0]["ending"]["reason"],
            &waived[0]["ending"]["approver"]
        ),
        (
            &json!(given_up.id),
            &json!("Covered by another"),
            &json!("ciso@example.org")
        )
    );
    let without = behind(&app, "coverage=without&mandatory=true").await;
    assert_eq!(
        (&without[0]["review_id"], &without[0]["ending"]),
        (&Value::Null, &Value::Null)
    );
}

async fn a_review_keeps_that_its_policy_made_it_mandatory(app: App) {
    let policy = policy(&app).await;
    let old = closed(&app, "old", json!({ "backfilled": true })).await;
    let review = review_of(&app, "by hand", &old).await;
    archived(&app, &policy).await;
    let mandatory = async || titles(&behind(&app, "mandatory=true").await).len();
    assert_eq!(mandatory().await, 1);
    // What was opened in error says nothing of its policy's asking for less.
    let why = json!({ "reason": "Opened twice" });
    review.step("cancel", &why).await.expect(200);
    assert_eq!(mandatory().await, 1);
    let quiet = json!({ "title": "hidden", "visibility": "restricted", "incident_ids": [
        closed(&app, "quiet", json!({})).await
    ] });
    a_review_with(&app, quiet).await;
    let found = behind(&app, "coverage=without").await;
    assert_eq!(titles(&found), ["quiet"], "for whom it does not exist");
    assert_eq!(found[0]["review_key"], Value::Null);
}

async fn reviews_of_tests_are_left_out_and_backfilled_ones_are_told_apart(app: App) {
    let test = closed(&app, "drill", json!({ "category": "test" })).await;
    let old = closed(&app, "old", json!({ "backfilled": true })).await;
    let real = closed(&app, "real", json!({})).await;
    review_of(&app, "of a test", &test).await;
    review_of(&app, "of the old", &old).await;
    let both = json!({ "title": "of both", "incident_ids": [test, real] });
    a_review_with(&app, both).await;
    a_review_with(&app, json!({ "title": "of none" })).await;
    for (query, n, backfilled, tests) in [
        ("", 3, 1, 1),
        ("backfilled=true", 1, 1, 0),
        ("backfilled=false", 2, 0, 1),
    ] {
        let all = asked(&app.reader(), query).await;
        assert_eq!(
            (&all["n"], &all["n_backfilled"], &all["n_test_excluded"]),
            (&json!(n), &json!(backfilled), &json!(tests)),
            "{query}"
        );
        let url = all["reviews"]["records_url"].as_str().expect("an address");
        assert_eq!(app.reader().all(url, 2).await.len(), n, "{query}");
    }
}

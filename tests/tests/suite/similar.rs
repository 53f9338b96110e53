//! Similar reviews: what they share, how much that tells, and nothing of what the caller may not see.

use debrief_tests::builders::{Review, a_review_with};
use debrief_tests::world::incident;
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

both_databases!(
    reviews_are_alike_by_what_they_share_and_say_why,
    both_see_each_other_alike_and_neither_itself,
    what_is_changed_or_retracted_is_not_shared_any_more,
    a_restricted_review_is_like_no_other_to_those_who_do_not_see_it,
    what_incidents_share_is_told_to_those_who_read_incidents,
    as_many_as_are_asked_for_are_told,
);

async fn alike(client: &Client, review: &Review) -> Vec<Value> {
    client
        .get(review.path("/similar"))
        .await
        .expect(200)
        .items()
}

fn ids(found: &[Value]) -> Vec<&str> {
    let ids = found.iter().map(|one| one["id"].as_str());
    ids.map(|id| id.expect("an id")).collect()
}

/// The reasons of a similar review, by kind and value.
fn reasons(found: &Value) -> Vec<(String, String)> {
    let reasons = found["reasons"].as_array().expect("reasons").iter();
    let text = |reason: &Value, name: &str| reason[name].as_str().expect("a text").to_owned();
    reasons
        .map(|one| (text(one, "kind"), text(one, "value")))
        .collect()
}

fn has(found: &Value, kind: &str, value: &str) -> bool {
    reasons(found).contains(&(kind.to_owned(), value.to_owned()))
}

/// A review whose title shares no word with any other's.
async fn titled(app: &App, title: &str, own: Value) -> Review {
    let mut body = own;
    body["title"] = json!(title);
    body["summary"] = json!(title);
    a_review_with(app, body).await
}

async fn an_incident(app: &App, own: Value) -> String {
    let mut body = incident();
    if let (Some(body), Value::Object(own)) = (body.as_object_mut(), own) {
        body.extend(own);
    }
    app.admin()
        .post("/api/v1/incidents", &body)
        .await
        .expect(201)
        .id()
}

async fn reviews_are_alike_by_what_they_share_and_say_why(app: App) {
    let assets = json!({ "affected_assets": ["FS-01", "fs-02"], "affected_services": ["Mail"], "attack_techniques": ["T1486"] });
    let (first, second) = (
        an_incident(&app, assets.clone()).await,
        an_incident(&app, assets).await,
    );
    let one = titled(
        &app,
        "Aardvark",
        json!({ "tags": ["ransomware"], "incident_ids": [first] }),
    )
    .await;
    let close = titled(
        &app,
        "Badger",
        json!({ "tags": ["ransomware"], "incident_ids": [second] }),
    )
    .await;
    let far = titled(&app, "Capybara", json!({ "tags": ["ransomware"] })).await;
    let other = titled(&app, "Dingo", json!({ "tags": ["insider"] })).await;
    let cause = json!({
        "kind": "root_cause", "statement": "Backups were unattended",
        "cause_category": "process_failure", "cause_detail": "No Owner",
    });
    let gap = json!({
        "kind": "gap", "statement": "Nobody watched", "gap_category": "detection_logging",
        "control": { "id": "A.8.15", "function": "detective", "state": "missing" },
        "attack_techniques": ["T1566.001"],
    });
    let mut second_cause = cause.clone();
    second_cause["statement"] = json!("Backups belonged to no team");
    second_cause["cause_detail"] = json!("no  owner");
    one.record(&cause).await;
    one.record(&gap).await;
    close.record(&second_cause).await;
    close.record(&gap).await;
    other
        .record(&json!({ "kind": "observation", "statement": "Elsewhere" }))
        .await;
    let found = alike(&app.reader(), &one).await;
    assert_eq!(ids(&found), [close.id.as_str(), &far.id]);
    for (kind, value) in [
        ("cause_category", "process_failure"),
        ("cause_detail", "no owner"),
        ("gap_category", "detection_logging"),
        ("control", "a.8.15"),
        ("technique", "t1566.001"),
        ("technique", "t1486"),
        ("asset", "fs-01"),
        ("asset", "fs-02"),
        ("service", "mail"),
        ("tag", "ransomware"),
        ("word", "backups"),
    ] {
        assert!(
            has(&found[0], kind, value),
            "{kind} {value}: {:?}",
            reasons(&found[0])
        );
    }
    assert_eq!(
        reasons(&found[1]),
        [("tag".to_owned(), "ransomware".to_owned())]
    );
    // 2 for a tag × ln(1 + 4 ÷ 3) ÷ ln(1 + 4), as three of four reviews have it.
    assert_eq!(found[1]["score"], 1.053);
    assert_eq!(found[1]["reasons"][0]["weight"], 1.053);
    for review in &found {
        let weights = review["reasons"].as_array().expect("reasons").iter();
        let weights: Vec<f64> = weights.filter_map(|one| one["weight"].as_f64()).collect();
        assert!(weights.is_sorted_by(|a, b| a >= b), "{weights:?}");
        let score = review["score"].as_f64().expect("a number");
        assert!((weights.iter().sum::<f64>() - score).abs() < 0.001);
    }
    let now = close.now().await.json();
    for name in [
        "id",
        "key",
        "title",
        "kind",
        "severity",
        "status",
        "created_at",
    ] {
        assert_eq!(found[0][name], now[name], "{name}");
    }
    let nobody = "/api/v1/reviews/PIR-2026-9999/similar".to_owned();
    app.reader().get(nobody).await.problem(404, "not_found");
}

async fn both_see_each_other_alike_and_neither_itself(app: App) {
    let mut all = Vec::new();
    for (number, tags) in [["a", "b"], ["b", "c"], ["c", "a"], ["x", "y"]]
        .iter()
        .enumerate()
    {
        let title = format!("Title{number}");
        let review = titled(&app, &title, json!({ "tags": tags })).await;
        let area = ["people", "process"][number % 2];
        review.record(&json!({ "kind": "contributing_factor", "statement": title, "factor_area": area, "cause_category": "undetermined", "factor_kind": "contributing" })).await;
        all.push(review);
    }
    for one in &all {
        for found in alike(&app.reader(), one).await {
            assert_ne!(found["id"], one.id.as_str());
            let other = all.iter().find(|other| found["id"] == other.id.as_str());
            let back = alike(&app.reader(), other.expect("one of them")).await;
            let back = back.iter().find(|back| back["id"] == one.id.as_str());
            let back = back.expect("it sees the first as well");
            assert_eq!(
                (&back["score"], &back["reasons"]),
                (&found["score"], &found["reasons"])
            );
        }
    }
    assert_eq!(alike(&app.reader(), &all[0]).await.len(), 3);
}

async fn what_is_changed_or_retracted_is_not_shared_any_more(app: App) {
    let one = titled(&app, "Aardvark", json!({ "tags": ["a"] })).await;
    let other = titled(&app, "Badger", json!({ "tags": ["a"] })).await;
    let cause = |detail: &str| json!({ "kind": "root_cause", "statement": "X", "cause_category": "process_failure", "cause_detail": detail });
    one.record(&cause("first")).await;
    let finding = other.record(&cause("first")).await;
    let path = other.path(&format!("/findings/{}", finding.id()));
    let found = alike(&app.reader(), &one).await;
    assert!(has(&found[0], "cause_detail", "first") && has(&found[0], "tag", "a"));
    let patch = app
        .admin()
        .patch(&path, &json!({ "cause_detail": "second" }));
    patch.if_match("\"1\"").await.expect(200);
    let found = alike(&app.reader(), &one).await;
    assert!(
        !has(&found[0], "cause_detail", "first")
            && has(&found[0], "cause_category", "process_failure")
    );
    let retract = app
        .admin()
        .post(format!("{path}/retract"), &json!({ "reason": "X" }));
    retract.if_match("\"2\"").await.expect(200);
    let found = alike(&app.reader(), &one).await;
    assert_eq!(reasons(&found[0]), [("tag".to_owned(), "a".to_owned())]);
    let tag = other.now().await.etag();
    let patch = app.admin().patch(other.path(""), &json!({ "tags": [] }));
    patch.if_match(&tag).await.expect(200);
    assert_eq!(alike(&app.reader(), &one).await, [] as [Value; 0]);
}

async fn a_restricted_review_is_like_no_other_to_those_who_do_not_see_it(app: App) {
    let one = titled(&app, "Aardvark", json!({ "tags": ["a"] })).await;
    let other = titled(&app, "Badger", json!({ "tags": ["a"] })).await;
    let score = async |client: &Client| alike(client, &one).await[0]["score"].clone();
    let before = score(&app.reader()).await;
    let hidden = titled(
        &app,
        "Capybara",
        json!({ "tags": ["a"], "visibility": "restricted" }),
    )
    .await;
    let found = alike(&app.reader(), &one).await;
    assert_eq!(ids(&found), [other.id.as_str()]);
    // Not even the weight of what it shares tells that it is there.
    assert_eq!(score(&app.reader()).await, before);
    assert_eq!(alike(&app.admin(), &one).await.len(), 2);
    assert_ne!(score(&app.admin()).await, before);
    let path = hidden.path("/similar");
    app.reader().get(path).await.problem(404, "not_found");
    app.stranger()
        .get(one.path("/similar"))
        .await
        .problem(404, "not_found");
}

async fn what_incidents_share_is_told_to_those_who_read_incidents(app: App) {
    let assets = json!({ "affected_assets": ["fs-01"] });
    let shared = an_incident(&app, assets).await;
    let one = titled(&app, "Aardvark", json!({ "incident_ids": [shared] })).await;
    let other = titled(&app, "Badger", json!({ "incident_ids": [shared] })).await;
    let found = alike(&app.reader(), &one).await;
    assert_eq!(ids(&found), [other.id.as_str()]);
    assert_eq!(
        reasons(&found[0]),
        [("asset".to_owned(), "fs-01".to_owned())]
    );
    let key = json!({ "name": "integration", "scopes": ["reviews:read"] });
    let made = app.admin().post("/api/v1/api-keys", &key).await.expect(201);
    let client = app.bearing(made.json()["key"].as_str());
    assert_eq!(alike(&client, &one).await, [] as [Value; 0]);
    // An incident that a review is not about any more tells nothing of it.
    let tag = other.now().await.etag();
    let patch = app
        .admin()
        .patch(other.path(""), &json!({ "incident_ids": [] }));
    patch.if_match(&tag).await.expect(200);
    assert_eq!(alike(&app.reader(), &one).await, [] as [Value; 0]);
}

async fn as_many_as_are_asked_for_are_told(app: App) {
    let one = titled(&app, "Title", json!({ "tags": ["a"] })).await;
    for number in 0..12 {
        titled(&app, &format!("T{number}"), json!({ "tags": ["a"] })).await;
    }
    let client = app.reader();
    assert_eq!(alike(&client, &one).await.len(), 10);
    for most in [1, 5, 50] {
        let found = client.get(one.path(&format!("/similar?most={most}"))).await;
        assert_eq!(found.expect(200).items().len(), most.min(12));
    }
    for wrong in ["0", "51", "x"] {
        let reply = client
            .get(one.path(&format!("/similar?most={wrong}")))
            .await;
        reply.problem(400, "invalid_parameter");
    }
}

//! How reviews are held and what recurred, by who owns the reviews and what their incidents are.

use debrief_tests::builders::a_review_with;
use debrief_tests::world::incident;
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

use super::response_groups;

both_databases!(
    reviews_are_grouped_by_their_owners_and_incidents,
    cases_are_grouped_by_the_owners_of_their_reviews,
    reviews_and_cases_are_filtered_by_their_owners_and_incidents,
);

const PROCESS: &str = "/api/v1/metrics/process";
const LEARNING: &str = "/api/v1/metrics/learning";

/// The world of the response, and an exercise that Lee owns, and a review of two incidents.
async fn world(app: &App) {
    response_groups::world(app).await;
    let owner = json!({ "name": "Lee", "subject": "lee" });
    let exercise = json!({ "kind": "exercise", "owner": owner, "incident_ids": [] });
    a_review_with(app, exercise).await;
    let mut ids = Vec::new();
    for (category, source) in [("fraud", "audit"), ("availability", "cert")] {
        let mut body = incident();
        body["category"] = json!(category);
        body["detection_source"] = json!(source);
        let made = app.contributor().post("/api/v1/incidents", &body).await;
        ids.push(made.expect(201).id());
    }
    a_review_with(app, json!({ "owner": owner, "incident_ids": ids })).await;
}

/// Each group of an answer and how many records it has, which its address leads to.
async fn groups(client: &Client, path: &str, query: &str) -> Vec<(Value, u64)> {
    let answer = client
        .get(format!("{path}?{query}"))
        .await
        .expect(200)
        .json();
    let mut found = Vec::new();
    for group in answer["groups"].as_array().expect("groups") {
        let key = group["key"].as_array().expect("a key").iter();
        let key: Vec<_> = key.map(|part| part["value"].clone()).collect();
        let all = [&group["reviews"], &group["cases"]];
        let all = all.iter().find(|all| all.is_object()).expect("a count");
        let url = all["records_url"].as_str().expect("an address");
        let behind = client.all(url, 2).await;
        assert_eq!(all["n"], behind.len(), "{query}: {key:?}: {url}");
        found.push((json!(key), behind.len() as u64));
    }
    found.sort_by_key(|one| one.0.to_string());
    found
}

async fn reviews_are_grouped_by_their_owners_and_incidents(app: App) {
    world(&app).await;
    let none = Value::Null;
    for (query, expected) in [
        (
            "group_by=owner",
            vec![
                (json!(["ada"]), 3),
                (json!(["bob"]), 1),
                (json!(["lee"]), 2),
                (json!([none]), 1),
            ],
        ),
        (
            "group_by=function&owner=ada",
            vec![
                (json!(["it"]), 1),
                (json!(["legal"]), 1),
                (json!([none]), 1),
            ],
        ),
        (
            "group_by=category&group_by=detection_source&owner=lee",
            vec![
                (json!(["availability", "cert"]), 1),
                (json!(["fraud", "audit"]), 1),
                (json!([none, none]), 1),
            ],
        ),
        (
            "group_by=category&detection_source=audit",
            vec![(json!(["fraud"]), 1)],
        ),
        (
            "group_by=owner&group_by=kind&with_incident=false",
            vec![(json!(["lee", "exercise"]), 1)],
        ),
    ] {
        let found = groups(&app.admin(), PROCESS, query).await;
        assert_eq!(found, expected, "{query}");
    }
    let seen = groups(&app.reader(), PROCESS, "group_by=function&owner=ada").await;
    assert_eq!(seen, [(json!(["it"]), 1), (json!([none]), 1)]);
}

async fn cases_are_grouped_by_the_owners_of_their_reviews(app: App) {
    world(&app).await;
    let none = Value::Null;
    for (query, expected) in [
        (
            "group_by=owner",
            vec![
                (json!(["ada"]), 3),
                (json!(["bob"]), 1),
                (json!(["lee"]), 3),
                (json!([none]), 1),
            ],
        ),
        (
            "group_by=owner&group_by=function&severity=high&owner=ada&owner=bob",
            vec![
                (json!(["ada", "it"]), 1),
                (json!(["ada", "legal"]), 1),
                (json!(["ada", none]), 1),
                (json!(["bob", none]), 1),
            ],
        ),
        (
            "group_by=detection_source&owner=lee",
            vec![
                (json!(["audit"]), 1),
                (json!(["cert"]), 1),
                (json!([none]), 1),
            ],
        ),
    ] {
        let found = groups(&app.admin(), LEARNING, query).await;
        assert_eq!(found, expected, "{query}");
    }
    let seen = groups(&app.reader(), LEARNING, "group_by=function&with_owner=true").await;
    assert_eq!(seen, [(json!(["it"]), 1), (json!([none]), 5)]);
}

async fn reviews_and_cases_are_filtered_by_their_owners_and_incidents(app: App) {
    world(&app).await;
    for (path, query, n) in [
        (PROCESS, "function=it", 1),
        (PROCESS, "function=it&function=legal", 2),
        (PROCESS, "with_owner=false", 1),
        (PROCESS, "with_function=false", 5),
        (PROCESS, "with_function=false&owner=ada", 1),
        (PROCESS, "category=fraud", 1),
        (PROCESS, "category=fraud&detection_source=cert", 0),
        (PROCESS, "with_incident=false", 1),
        (LEARNING, "function=it", 1),
        (LEARNING, "function=it&owner=bob", 0),
        (LEARNING, "with_owner=false", 1),
        (LEARNING, "with_function=false", 6),
        (LEARNING, "detection_source=audit", 1),
        (LEARNING, "owner=lee&subject=review", 1),
    ] {
        let client = app.admin();
        let answer = client.get(format!("{path}?{query}")).await.expect(200);
        assert_eq!(answer.json()["n"], n, "{path} {query}");
        let behind = client.all(&format!("{path}/records?{query}"), 2).await;
        assert_eq!(behind.len(), n, "{path} {query}");
    }
}

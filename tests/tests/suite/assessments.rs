//! Assessments: one for each dimension, put again without effect, tied to events, and asked for by
//! policies.

use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::world::assessment;
use debrief_tests::{App, Client, both_databases};
use futures_util::future::join_all;
use serde_json::{Value, json};

both_databases!(
    a_dimension_is_assessed_read_replaced_and_removed,
    an_assessment_that_is_put_again_changes_nothing,
    every_rating_has_its_score_and_what_does_not_apply_has_a_reason,
    strengths_and_weaknesses_rest_on_events_of_the_review,
    a_version_that_is_expected_has_to_be_there,
    of_several_first_assessments_at_once_one_creates,
    assessments_are_listed_by_dimension_and_rating,
    a_published_review_keeps_its_assessments,
    an_assessment_of_a_restricted_review_exists_for_its_members_only,
    a_policy_asks_for_assessments_before_a_review_is_handed_in,
    wording_that_blames_is_noted_where_it_stands,
);

fn faults(places: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(place, code): &(&str, &str)| ((*place).to_owned(), (*code).to_owned());
    places.iter().map(own).collect()
}

fn rated(rating: &str) -> Value {
    json!({ "rating": rating })
}

async fn a_dimension_is_assessed_read_replaced_and_removed(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let event = review.append(1).await.remove(0);
    let path = review.path("/assessments/detection");
    client.get(&path).await.problem(404, "not_found");
    let whole = json!({
        "rating": "ineffective", "procedures_followed": "partly", "procedures_adequate": "no",
        "strengths": [{ "text": "The alert fired within two minutes", "event_ids": [event] }],
        "weaknesses": [{ "text": "Nine days unseen", "event_ids": [event] }, { "text": "No owner", "event_ids": [] }],
        "summary": "Late, then fast",
    });
    let only_new = || client.put(&path, &whole).header("if-none-match", "*");
    let made = only_new().await.expect(201);
    only_new().await.problem(412, "stale_version");
    assert_eq!(made.header("location"), Some(path.as_str()));
    for (field, value) in whole.as_object().expect("an object") {
        assert_eq!(&made.json()[field], value, "{field}");
    }
    assert_eq!(made.json()["dimension"], "detection");
    assert_eq!(made.json()["score"], 2);
    assert_eq!(made.json()["review_id"], review.id);
    let key = review.now().await.json()["key"].clone();
    let key = key.as_str().expect("a key");
    let by_key = format!("/api/v1/reviews/{key}/assessments/detection");
    let read = app.reader().get(by_key).await.expect(200);
    assert_eq!((read.json(), read.etag()), (made.json(), made.etag()));
    let unchanged = app.reader().get(&path).header("if-none-match", made.etag());
    unchanged.await.expect(304);

    // What is left out of the next has its default.
    let unseen = client.put(&path, &rated("effective")).await;
    unseen.problem(428, "precondition_required");
    let replaced = client.put(&path, &rated("effective"));
    let replaced = replaced.if_match(&made.etag()).await.expect(200);
    let body = replaced.json();
    assert_eq!((&body["version"], &body["score"]), (&json!(2), &json!(4)));
    assert_eq!(body["id"], made.json()["id"]);
    assert_eq!(body["strengths"], json!([]));
    assert_eq!(body["procedures_followed"], "unknown");
    assert_eq!(body["summary"], Value::Null);

    let remove = client.delete(&path);
    remove.clone().await.problem(428, "precondition_required");
    let stale = remove.clone().if_match(&made.etag()).await;
    stale.problem(412, "stale_version");
    remove.if_match(&replaced.etag()).await.expect(204);
    client.get(&path).await.problem(404, "not_found");
    let log = "/api/v1/audit-records?resource_type=assessment&sort=sequence";
    let log = app.auditor().all(log, 50).await;
    let told: Vec<_> = log
        .iter()
        .map(|one| (one["action"].as_str(), &one["before"], &one["after"]))
        .collect();
    let (put, removed) = (Some("assessment.put"), Some("assessment.remove"));
    assert_eq!(told[0], (put, &Value::Null, &made.json()));
    assert_eq!(told[1], (put, &made.json(), &replaced.json()));
    assert_eq!(told[2], (removed, &replaced.json(), &Value::Null));
    assert!(log.iter().all(|one| one["review_id"] == review.id));
    // It can be assessed anew.
    client.put(&path, &rated("effective")).await.expect(201);
}

async fn an_assessment_that_is_put_again_changes_nothing(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let path = review.path("/assessments/recovery");
    let made = client.put(&path, &assessment()).await.expect(201);
    for _ in 0..2 {
        let again = client.put(&path, &assessment()).await.expect(200);
        assert_eq!((again.json(), again.etag()), (made.json(), made.etag()));
    }
    let log = "/api/v1/audit-records?resource_type=assessment";
    assert_eq!(app.auditor().all(log, 50).await.len(), 1);
}

async fn every_rating_has_its_score_and_what_does_not_apply_has_a_reason(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let path = review.path("/assessments/containment");
    for (rating, score) in [
        ("very_ineffective", 1),
        ("ineffective", 2),
        ("partially_effective", 3),
        ("effective", 4),
        ("very_effective", 5),
    ] {
        let tag = app.reader().get(&path).await;
        let put = client.put(&path, &rated(rating));
        let put = match tag.status {
            200 => put.if_match(&tag.etag()).await,
            _ => put.await,
        };
        assert!([200, 201].contains(&put.status), "{}", put.text());
        assert_eq!(put.json()["score"], score);
    }
    let reason = json!({ "rating": "not_applicable", "not_applicable_reason": "Nothing spread" });
    let put = client.put(&path, &reason).if_match("*").await.expect(200);
    assert_eq!(put.json()["score"], Value::Null);
    for (body, expected) in [
        (json!({}), vec![("/rating", "required")]),
        (
            json!({ "rating": 3, "procedures_followed": "maybe", "summary": " ", "score": 1 }),
            vec![
                ("/procedures_followed", "unknown_value"),
                ("/rating", "wrong_type"),
                ("/score", "unknown_field"),
                ("/summary", "blank"),
            ],
        ),
        (
            rated("not_applicable"),
            vec![("/not_applicable_reason", "required")],
        ),
        (
            json!({ "rating": "effective", "not_applicable_reason": "x" }),
            vec![("/not_applicable_reason", "not_for_this_rating")],
        ),
        (
            json!({
                "rating": "not_applicable", "not_applicable_reason": "x",
                "strengths": [{ "text": "a" }], "weaknesses": [{ "text": "b" }],
            }),
            vec![
                ("/strengths", "not_for_this_rating"),
                ("/weaknesses", "not_for_this_rating"),
            ],
        ),
    ] {
        let reply = client.put(&path, &body).await;
        let found = reply.problem(422, "validation_failed").faults();
        assert_eq!(found, faults(&expected), "{body}");
    }
    assert_eq!(client.get(&path).await.expect(200).json(), put.json());
    let wrong = review.path("/assessments/luck");
    for call in [client.get(&wrong), client.put(&wrong, &rated("effective"))] {
        let found = call.await.problem(400, "invalid_parameter").faults();
        assert_eq!(found, faults(&[("dimension", "unknown_value")]));
    }
}

async fn strengths_and_weaknesses_rest_on_events_of_the_review(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let own = review.append(1).await.remove(0);
    let foreign = a_review(&app).await.append(1).await.remove(0);
    let path = review.path("/assessments/analysis");
    let body = json!({
        "rating": "effective",
        "strengths": [
            { "text": "a", "event_ids": [own] },
            { "text": "b", "event_ids": [own, foreign, own] },
            { "text": "a" },
            { "text": "" },
        ],
        "weaknesses": [{ "text": "a", "event_ids": [foreign], "why": 1 }],
    });
    let reply = client.put(&path, &body).await;
    let expected = [
        ("/strengths/1/event_ids/1", "not_found"),
        ("/strengths/1/event_ids/2", "repeated_item"),
        ("/strengths/2", "repeated_item"),
        ("/strengths/3/text", "too_short"),
        ("/weaknesses/0/event_ids/0", "not_found"),
        ("/weaknesses/0/why", "unknown_field"),
    ];
    let found = reply.problem(422, "validation_failed").faults();
    assert_eq!(found, faults(&expected));
    let mut body = body;
    body["strengths"].as_array_mut().expect("a list").pop();
    body["weaknesses"][0] = json!({ "text": "a", "event_ids": [foreign] });
    let reply = client.put(&path, &body).await;
    let expected = [
        ("/strengths/1/event_ids/1", "not_found"),
        ("/strengths/1/event_ids/2", "repeated_item"),
        ("/strengths/2", "repeated_item"),
        ("/weaknesses/0/event_ids/0", "not_found"),
    ];
    let found = reply.problem(422, "validation_failed").faults();
    assert_eq!(found, faults(&expected));
    client.get(&path).await.problem(404, "not_found");
}

async fn a_version_that_is_expected_has_to_be_there(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let path = review.path("/assessments/detection");
    let put = client.put(&path, &rated("effective"));
    let none = put.clone().if_match("\"1\"").await;
    none.problem(404, "not_found");
    let made = put.await.expect(201);
    let change = client.put(&path, &rated("ineffective"));
    let changed = change.clone().if_match(&made.etag()).await.expect(200);
    let stale = change.if_match(&made.etag()).await;
    let stale = stale.problem(412, "stale_version");
    assert_eq!(stale.etag(), changed.etag());
}

async fn of_several_first_assessments_at_once_one_creates(app: App) {
    let review = a_review(&app).await;
    let path = review.path("/assessments/detection");
    let puts = (0..6).map(|number| {
        let client = app.contributor();
        let body = json!({ "rating": "effective", "summary": format!("number {number}") });
        let path = path.clone();
        async move { client.put(path, &body).await.status }
    });
    let mut found = join_all(puts).await;
    found.sort_unstable();
    // Nobody who has not seen it replaces it.
    assert_eq!(found, [201, 428, 428, 428, 428, 428]);
    let read = app.reader().get(&path).await.expect(200).json();
    assert_eq!(read["version"], 1);
}

async fn dimensions(client: &Client, list: &str) -> Vec<String> {
    let found = client.all(list, 1).await;
    let text = |one: &Value| one["dimension"].as_str().unwrap_or_default().to_owned();
    found.iter().map(text).collect()
}

async fn assessments_are_listed_by_dimension_and_rating(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let mut ids = Vec::new();
    for (dimension, rating) in [
        ("recovery", "effective"),
        ("analysis", "ineffective"),
        ("detection", "effective"),
    ] {
        let path = review.path(&format!("/assessments/{dimension}"));
        ids.push(client.put(path, &rated(rating)).await.expect(201).id());
        app.wait(chrono::Duration::minutes(1));
    }
    let path = review.path("/assessments/recovery");
    let other = client.put(path, &rated("very_effective")).if_match("*");
    other.await.expect(200);
    let (a, d, r) = ("analysis", "detection", "recovery");
    for (query, expected) in [
        (String::new(), vec![r, a, d]),
        ("sort=-created_at".into(), vec![d, a, r]),
        ("sort=updated_at".into(), vec![a, d, r]),
        ("sort=-updated_at".into(), vec![r, d, a]),
        ("sort=dimension".into(), vec![a, d, r]),
        ("sort=-dimension".into(), vec![r, d, a]),
        ("dimension=analysis&dimension=recovery".into(), vec![r, a]),
        ("dimension=communication".into(), vec![]),
        ("rating=very_effective".into(), vec![r]),
        ("rating=effective&rating=ineffective".into(), vec![a, d]),
        (format!("id={}&id={}", ids[0], ids[2]), vec![r, d]),
    ] {
        let list = review.path(&format!("/assessments?{query}"));
        assert_eq!(dimensions(&app.reader(), &list).await, expected, "{query}");
    }
    for query in ["dimension=luck", "rating=5", "sort=rating", "q=x"] {
        let wrong = client.get(review.path(&format!("/assessments?{query}")));
        wrong.await.problem(400, "invalid_parameter");
    }
}

async fn refused(client: &Client, review: &Review, code: &str) {
    let path = review.path("/assessments/detection");
    for call in [
        client.put(&path, &rated("very_effective")),
        client.put(review.path("/assessments/recovery"), &rated("effective")),
        client.delete(&path).if_match("*"),
    ] {
        let found = call.await.problem(409, "state_conflict").faults();
        assert_eq!(found, faults(&[("", code)]));
    }
}

async fn a_published_review_keeps_its_assessments(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let path = review.path("/assessments/detection");
    let made = client.put(&path, &assessment()).await.expect(201);
    let review = review.published().await;
    let snapshot = client.get(review.path("/snapshot")).await.expect(200);
    assert_eq!(snapshot.json()["assessments"], json!([made.json()]));
    refused(&client, &review, "review_is_published").await;
    review.step("close", &json!({})).await.expect(200);
    refused(&client, &review, "review_is_closed").await;
    let reopen = json!({ "reason": "The forensic report came" });
    review.step("reopen", &reopen).await.expect(200);
    let other = client.put(&path, &rated("effective")).if_match("*");
    other.await.expect(200);
    let cancel = json!({ "reason": "opened twice" });
    review.step("cancel", &cancel).await.expect(200);
    refused(&client, &review, "review_is_cancelled").await;
}

async fn an_assessment_of_a_restricted_review_exists_for_its_members_only(app: App) {
    let quiet = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    let path = quiet.path("/assessments/detection");
    app.admin().put(&path, &assessment()).await.expect(201);
    for who in [app.contributor(), app.stranger()] {
        for call in [
            who.get(&path),
            who.get(quiet.path("/assessments")),
            who.put(&path, &assessment()),
            who.delete(&path).if_match("\"1\""),
        ] {
            call.await.problem(404, "not_found");
        }
    }
    let me = app.contributor().get("/api/v1/me").await.expect(200).json();
    let member = json!({ "name": "One of them", "function": "it", "subject": me["subject"] });
    let added = app.admin().post(quiet.path("/participants"), &member);
    added.await.expect(201);
    app.contributor().get(&path).await.expect(200);
}

async fn a_policy_asks_for_assessments_before_a_review_is_handed_in(app: App) {
    let policy = json!({
        "name": "Ours", "requirement": "mandatory", "required_functions": [],
        "required_assessments": ["detection", "communication"], "workshop_required": false,
    });
    let made = app.admin().post("/api/v1/policies", &policy).await;
    made.expect(201);
    let review = a_review(&app).await.with_findings().await.started().await;
    let missing = async || {
        let readiness = app
            .reader()
            .get(review.path("/readiness"))
            .await
            .expect(200);
        let steps = readiness.json()["steps"].clone();
        let steps = steps.as_array().expect("steps").iter();
        let submit = steps.clone().find(|one| one["step"] == "submit");
        let unmet = submit.expect("the step")["unmet"].clone();
        let unmet = unmet.as_array().expect("conditions").iter();
        let asked = unmet.filter(|one| one["code"] == "assessment_missing");
        asked
            .map(|one| one["detail"].to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(missing().await.len(), 2);
    let detection = review.path("/assessments/detection");
    app.admin().put(detection, &assessment()).await.expect(201);
    let left = missing().await;
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].contains("communication"), "{left:?}");
    let refused = review.step("submit", &json!({})).await;
    let refused = refused.problem(409, "state_conflict").faults();
    assert!(refused.contains(&(String::new(), "assessment_missing".to_owned())));
    // What does not apply was looked at.
    let apart = json!({ "rating": "not_applicable", "not_applicable_reason": "Nobody was told" });
    let communication = review.path("/assessments/communication");
    app.admin().put(communication, &apart).await.expect(201);
    assert!(missing().await.is_empty());
    review.step("submit", &json!({})).await.expect(200);
}

async fn wording_that_blames_is_noted_where_it_stands(app: App) {
    let review = a_review(&app).await;
    let body = json!({
        "rating": "ineffective", "summary": "The cause was human error",
        "strengths": [{ "text": "The alert came soon" }],
        "weaknesses": [{ "text": "Slow" }, { "text": "They should have escalated" }],
    });
    let path = review.path("/assessments/coordination");
    let made = app.admin().put(path, &body).await.expect(201).json();
    let notes = made["wording_notes"].as_array().expect("notes");
    let places: Vec<_> = notes.iter().map(|one| one["pointer"].clone()).collect();
    assert_eq!(places, ["/summary", "/weaknesses/1/text"]);
}

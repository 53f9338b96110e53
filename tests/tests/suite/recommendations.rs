//! Recommendations: proposing them, changing them while they are proposed, and finding them.

use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_recommendation_is_proposed_read_and_changed,
    a_recommendation_answers_findings_of_its_review_that_stand,
    every_fault_of_a_recommendation_is_told_at_once,
    what_is_decided_takes_no_change_until_it_is_reproposed,
    a_review_that_has_ended_takes_no_new_recommendation,
    recommendations_are_found_by_what_they_say,
    recommendations_of_all_reviews_are_those_of_the_visible,
    every_change_of_a_recommendation_is_on_record,
);

fn faults(places: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(place, code): &(&str, &str)| ((*place).to_owned(), (*code).to_owned());
    places.iter().map(own).collect()
}

fn titled(title: &str) -> Value {
    json!({ "title": title })
}

fn with(mut body: Value, fields: &Value) -> Value {
    for (name, value) in fields.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

fn gap() -> Value {
    json!({ "kind": "gap", "statement": "Nobody owns alerts", "gap_category": "policy" })
}

async fn a_recommendation_is_proposed_read_and_changed(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let finding = review.record(&gap()).await.id();
    let whole = json!({
        "title": "Give every class of alert an owner",
        "rationale": "Six weeks of alerts reached a mailbox that nobody read.",
        "expected_effect": "No high-risk alert waits longer than an hour",
        "action_type": "detect", "action_strength": "procedure", "effort": 2,
        "closure_criteria": "An alert without an owner pages within 15 minutes",
        "finding_ids": [finding], "tags": ["alerting"],
        "external_refs": [{ "system": "jira", "id": "IDEA-7", "url": "https://tickets.example/IDEA-7" }],
    });
    let made = client.post(review.path("/recommendations"), &whole).await;
    let made = made.expect(201);
    let path = review.path(&format!("/recommendations/{}", made.id()));
    assert_eq!(made.header("location"), Some(path.as_str()));
    let body = made.json();
    for (field, value) in whole.as_object().expect("an object") {
        assert_eq!(&body[field], value, "{field}");
    }
    assert_eq!(body["disposition"], "proposed");
    assert_eq!(body["review_key"], review.now().await.json()["key"]);
    for field in [
        "decided_at",
        "deferred_until",
        "expires_on",
        "duplicate_of_id",
        "template_id",
    ] {
        assert_eq!(body[field], Value::Null, "{field}");
    }
    for field in ["history", "action_ids"] {
        assert_eq!(body[field], json!([]), "{field}");
    }
    let read = app.reader().get(&path).await.expect(200);
    assert_eq!((read.json(), read.etag()), (body, made.etag()));
    let unchanged = app.reader().get(&path).header("if-none-match", made.etag());
    unchanged.await.expect(304);

    let change = json!({ "effort": null, "tags": null, "title": "Own every alert" });
    let call = client.patch(&path, &change);
    call.clone().await.problem(428, "precondition_required");
    let changed = call.clone().if_match(&made.etag()).await.expect(200);
    let changed = changed.json();
    assert_eq!(
        (&changed["effort"], &changed["tags"]),
        (&Value::Null, &json!([]))
    );
    assert_eq!(changed["rationale"], whole["rationale"]);
    assert_eq!(changed["version"], 2);
    call.if_match(&made.etag())
        .await
        .problem(412, "stale_version");
}

async fn a_recommendation_answers_findings_of_its_review_that_stand(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let own = review.record(&gap()).await.id();
    let foreign = a_review(&app).await.record(&gap()).await.id();
    let struck = review.record(&gap()).await.id();
    let retract = json!({ "reason": "disproved" });
    let below = format!("/findings/{struck}");
    review.verb(&below, "retract", &retract).await.expect(200);
    let body = with(
        titled("x"),
        &json!({ "finding_ids": [own, foreign, struck, own] }),
    );
    let reply = client.post(review.path("/recommendations"), &body).await;
    let expected = faults(&[
        ("/finding_ids/1", "not_found"),
        ("/finding_ids/2", "retracted"),
        ("/finding_ids/3", "repeated_item"),
    ]);
    assert_eq!(reply.problem(422, "validation_failed").faults(), expected);
    // What was named before stays, also when it is retracted later.
    let made = review
        .propose(&with(titled("x"), &json!({ "finding_ids": [own] })))
        .await;
    let below = format!("/findings/{own}");
    review.verb(&below, "retract", &retract).await.expect(200);
    let path = review.path(&format!("/recommendations/{}", made.id()));
    let again = client.patch(&path, &json!({ "effort": 3 }));
    let again = again.if_match(&made.etag()).await.expect(200);
    assert_eq!(again.json()["finding_ids"], json!([own]));
}

async fn every_fault_of_a_recommendation_is_told_at_once(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let path = review.path("/recommendations");
    let schema = json!({
        "title": "", "effort": 6, "action_type": "panic", "tags": ["a\u{7}"],
        "external_refs": [{ "system": "JIRA!", "id": "x" }], "disposition": "accepted",
    });
    let reply = client.post(&path, &schema).await;
    let expected = faults(&[
        ("/action_type", "unknown_value"),
        ("/disposition", "unknown_field"),
        ("/effort", "out_of_range"),
        ("/external_refs/0/system", "invalid_format"),
        ("/tags/0", "invalid_format"),
        ("/title", "too_short"),
    ]);
    assert_eq!(reply.problem(422, "validation_failed").faults(), expected);
    let nobody = "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11";
    let one = json!({ "system": "jira", "id": "IDEA-7" });
    let rules = json!({
        "template_id": nobody, "tags": ["a", "a"], "finding_ids": [nobody], "external_refs": [one, one],
    });
    let reply = client.post(&path, &rules).await;
    let expected = faults(&[
        ("/external_refs/1", "repeated_item"),
        ("/finding_ids/0", "not_found"),
        ("/tags/1", "repeated_item"),
        ("/template_id", "not_found"),
    ]);
    assert_eq!(reply.problem(422, "validation_failed").faults(), expected);
    let untitled = client.post(&path, &json!({})).await;
    let found = untitled.problem(422, "validation_failed").faults();
    assert_eq!(found, faults(&[("/title", "required")]));
    let made = review
        .propose(&with(titled("x"), &json!({ "external_refs": [one] })))
        .await;
    let twice = with(titled("y"), &json!({ "external_refs": [one] }));
    let taken = client.post(&path, &twice).await.problem(409, "conflict");
    assert_eq!(
        taken.faults(),
        faults(&[("/external_refs", "reference_taken")])
    );
    for (change, expected) in [
        (json!({ "title": null }), ("/title", "required")),
        (
            json!({ "template_id": nobody }),
            ("/template_id", "not_changeable"),
        ),
    ] {
        let call = client.patch(format!("{path}/{}", made.id()), &change);
        let reply = call.if_match(&made.etag()).await;
        let found = reply.problem(422, "validation_failed").faults();
        assert_eq!(found, faults(&[expected]));
    }
    assert_eq!(client.all(&path, 50).await.len(), 1);
}

async fn what_is_decided_takes_no_change_until_it_is_reproposed(app: App) {
    let review = a_review(&app).await;
    let made = review.propose(&titled("x")).await;
    let below = format!("/recommendations/{}", made.id());
    let why = json!({ "reason": "too dear" });
    let rejected = review.verb(&below, "reject", &why).await.expect(200);
    let change = json!({ "title": "y" });
    let patch = |tag: String| {
        let call = app.contributor().patch(review.path(&below), &change);
        call.if_match(&tag)
    };
    let refused = patch(rejected.etag()).await.problem(409, "state_conflict");
    assert_eq!(
        refused.faults(),
        faults(&[("", "recommendation_is_rejected")])
    );
    let again = review.verb(&below, "repropose", &why).await.expect(200);
    let changed = patch(again.etag()).await.expect(200).json();
    assert_eq!(changed["title"], "y");
    assert_eq!(changed["history"].as_array().map(Vec::len), Some(2));
}

async fn a_review_that_has_ended_takes_no_new_recommendation(app: App) {
    let client = app.contributor();
    let published = a_review(&app).await.published().await;
    let made = published.propose(&titled("late")).await;
    let below = format!("/recommendations/{}", made.id());
    let why = json!({ "reason": "too dear" });
    let rejected = published.verb(&below, "reject", &why).await.expect(200);
    published.step("close", &json!({})).await.expect(200);
    let cancelled = a_review(&app).await;
    let old = cancelled.propose(&titled("early")).await;
    cancelled.step("cancel", &why).await.expect(200);
    for (review, made, tag, code) in [
        (&published, made.id(), rejected.etag(), "review_is_closed"),
        (&cancelled, old.id(), old.etag(), "review_is_cancelled"),
    ] {
        let list = review.path("/recommendations");
        for call in [
            client.post(&list, &titled("x")),
            client
                .patch(format!("{list}/{made}"), &titled("x"))
                .if_match(&tag),
        ] {
            let refused = call.await.problem(409, "state_conflict");
            assert_eq!(refused.faults(), faults(&[("", code)]));
        }
    }
}

/// A review with three recommendations: one accepted, one deferred, one whose risk is accepted.
async fn three(app: &App) -> (Review, String, String) {
    let review = a_review(app).await;
    let finding = review.record(&gap()).await.id();
    let alpha = json!({ "finding_ids": [finding], "tags": ["x"], "action_type": "detect" });
    let alpha = review.propose(&with(titled("Alpha"), &alpha)).await.id();
    app.wait(chrono::Duration::hours(1));
    let beta =
        json!({ "rationale": "alpha again", "action_strength": "engineer", "tags": ["x", "y"] });
    let beta = review.propose(&with(titled("Beta"), &beta)).await.id();
    app.wait(chrono::Duration::hours(1));
    let gamma = review.propose(&titled("Gamma")).await.id();
    let work = json!({ "title": "Own alerts", "type": "detect" });
    let below = format!("/recommendations/{alpha}");
    let accepted = review
        .verb(&below, "accept", &json!({ "actions": [work] }))
        .await;
    let action = accepted.expect(200).json()["action_ids"][0].clone();
    let below = format!("/recommendations/{beta}");
    let later = json!({ "reason": "no money", "deferred_until": "2027-03-31" });
    review.verb(&below, "defer", &later).await.expect(200);
    let below = format!("/recommendations/{gamma}");
    let borne =
        json!({ "reason": "rare", "expires_on": "2027-06-30", "approver": { "name": "The CISO" } });
    review.verb(&below, "accept-risk", &borne).await.expect(200);
    (
        review,
        finding,
        action.as_str().unwrap_or_default().to_owned(),
    )
}

async fn recommendations_are_found_by_what_they_say(app: App) {
    let (review, finding, action) = three(&app).await;
    let client = app.reader();
    let (alpha, beta, gamma) = ("Alpha", "Beta", "Gamma");
    for (query, expected) in [
        (String::new(), vec![alpha, beta, gamma]),
        ("sort=-created_at".to_owned(), vec![gamma, beta, alpha]),
        ("sort=deferred_until".to_owned(), vec![beta, alpha, gamma]),
        ("sort=-expires_on".to_owned(), vec![gamma, beta, alpha]),
        (
            "disposition=accepted&disposition=deferred".to_owned(),
            vec![alpha, beta],
        ),
        (format!("finding_id={finding}"), vec![alpha]),
        (format!("action_id={action}"), vec![alpha]),
        (format!("action_id={finding}"), vec![]),
        (format!("template_id={finding}"), vec![]),
        ("action_type=detect".to_owned(), vec![alpha]),
        ("action_strength=engineer".to_owned(), vec![beta]),
        ("tag=y&tag=z".to_owned(), vec![beta]),
        ("tag=x".to_owned(), vec![alpha, beta]),
        ("deferred_until_from=2027-03-31".to_owned(), vec![beta]),
        ("deferred_until_to=2027-03-31".to_owned(), vec![]),
        ("expires_on_from=2027-06-30".to_owned(), vec![gamma]),
        ("expires_on_to=2027-07-01".to_owned(), vec![gamma]),
        (
            "created_at_from=2026-11-23T13:00:00Z".to_owned(),
            vec![beta, gamma],
        ),
        ("created_at_to=2026-11-23T13:00:00Z".to_owned(), vec![alpha]),
        (
            "updated_at_from=2026-11-23T14:00:00Z".to_owned(),
            vec![alpha, beta, gamma],
        ),
        ("updated_at_to=2026-11-23T14:00:00Z".to_owned(), vec![]),
        ("q=ALPHA".to_owned(), vec![alpha, beta]),
        ("q=again%20alpha".to_owned(), vec![beta]),
    ] {
        for list in [
            review.path("/recommendations"),
            "/api/v1/recommendations".to_owned(),
        ] {
            let found = client.all(&format!("{list}?{query}"), 1).await;
            let found: Vec<_> = found.iter().map(|one| one["title"].clone()).collect();
            assert_eq!(found, expected, "{list}?{query}");
        }
    }
    let wrong = client
        .get("/api/v1/recommendations?disposition=maybe")
        .await;
    wrong.problem(400, "invalid_parameter");
}

async fn recommendations_of_all_reviews_are_those_of_the_visible(app: App) {
    let open = a_review(&app).await;
    let quiet = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    open.propose(&titled("open")).await;
    let hidden = quiet.propose(&titled("quiet")).await;
    let titles = async |client: Client, query: String| {
        let found = client
            .all(&format!("/api/v1/recommendations?{query}"), 50)
            .await;
        let text = |one: &Value| one["title"].as_str().unwrap_or_default().to_owned();
        found.iter().map(text).collect::<Vec<_>>()
    };
    let of = |review: &Review| format!("review_id={}", review.id);
    assert_eq!(titles(app.admin(), String::new()).await, ["open", "quiet"]);
    assert_eq!(titles(app.admin(), of(&quiet)).await, ["quiet"]);
    assert_eq!(titles(app.facilitator(), String::new()).await, ["open"]);
    assert!(titles(app.facilitator(), of(&quiet)).await.is_empty());
    assert!(titles(app.stranger(), String::new()).await.is_empty());
    let (client, below) = (
        app.facilitator(),
        format!("/recommendations/{}", hidden.id()),
    );
    let why = json!({ "reason": "x" });
    for call in [
        client.get(quiet.path("/recommendations")),
        client.get(quiet.path(&below)),
        client.post(quiet.path("/recommendations"), &titled("x")),
        client.patch(quiet.path(&below), &titled("x")).if_match("*"),
        client
            .post(quiet.path(&format!("{below}/reject")), &why)
            .if_match("*"),
        // Not by way of another review either.
        client.get(open.path(&below)),
        client
            .post(open.path(&format!("{below}/reject")), &why)
            .if_match("*"),
    ] {
        call.await.problem(404, "not_found");
    }
}

async fn every_change_of_a_recommendation_is_on_record(app: App) {
    let (review, _, _) = three(&app).await;
    let log = "/api/v1/audit-records?resource_type=recommendation";
    let log = app.auditor().all(log, 50).await;
    let mut actions: Vec<_> = log
        .iter()
        .filter_map(|one| one["action"].as_str())
        .collect();
    actions.sort_unstable();
    let expected = [
        "recommendation.accept",
        "recommendation.accept_risk",
        "recommendation.defer",
        "recommendation.propose",
        "recommendation.propose",
        "recommendation.propose",
    ];
    assert_eq!(actions, expected);
    assert!(log.iter().all(|one| one["review_id"] == review.id));
}

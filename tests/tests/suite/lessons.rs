//! Lessons: what should be remembered, from its record to the document that keeps it.

use chrono::Duration;
use debrief_tests::builders::{Review, a_document, a_review, a_review_with};
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_lesson_is_recorded_read_and_changed,
    every_fault_of_a_lesson_is_told_at_once,
    every_state_takes_its_own_verbs_only,
    a_lesson_is_embedded_by_a_revision_and_released_by_its_withdrawal,
    a_retired_lesson_stays_retired_whatever_documents_do,
    a_lesson_ages_until_it_reaches_a_document,
    a_review_that_has_ended_takes_no_new_lesson,
    lessons_are_found_by_what_they_say,
    lessons_of_all_reviews_are_those_of_the_visible,
    a_step_of_a_lesson_needs_the_current_version,
);

fn faults(places: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(place, code): &(&str, &str)| ((*place).to_owned(), (*code).to_owned());
    places.iter().map(own).collect()
}

fn saying(statement: &str) -> Value {
    json!({ "statement": statement })
}

async fn learned(review: &Review, statement: &str) -> String {
    review.learn(&saying(statement)).await.id()
}

/// A lesson that documents can take in.
async fn validated(review: &Review, statement: &str) -> String {
    let id = learned(review, statement).await;
    let below = format!("/lessons/{id}");
    review
        .verb(&below, "validate", &json!({}))
        .await
        .expect(200);
    id
}

async fn now(app: &App, review: &Review, id: &str) -> Value {
    let path = review.path(&format!("/lessons/{id}"));
    app.reader().get(path).await.expect(200).json()
}

/// Publishes a revision that takes a lesson in; the paths of the revision.
async fn published(app: &App, document: &str, label: &str, lesson: &str) -> String {
    let body = json!({ "label": label, "lesson_ids": [lesson] });
    let made = app
        .contributor()
        .post(format!("{document}/revisions"), &body);
    format!("{document}/revisions/{}", made.await.expect(201).id())
}

async fn withdrawn(app: &App, revision: &str) {
    let why = json!({ "reason": "published by mistake" });
    let tag = app.admin().get(revision).await.expect(200).etag();
    let call = app.contributor().post(format!("{revision}/withdraw"), &why);
    call.if_match(&tag).await.expect(200);
}

async fn a_lesson_is_recorded_read_and_changed(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let strength = json!({ "kind": "strength", "statement": "Backups were kept offline" });
    let strength = review.record(&strength).await.id();
    let whole = json!({
        "statement": "Offline backups are what is left", "description": "Keep one copy offline.",
        "audience": ["it_operations", "leadership"], "finding_ids": [strength],
        "external_refs": [{ "system": "confluence", "id": "4711" }],
    });
    let made = client
        .post(review.path("/lessons"), &whole)
        .await
        .expect(201);
    let path = review.path(&format!("/lessons/{}", made.id()));
    assert_eq!(made.header("location"), Some(path.as_str()));
    let body = made.json();
    for (field, value) in whole.as_object().expect("an object") {
        assert_eq!(&body[field], value, "{field}");
    }
    assert_eq!(body["review_key"], review.now().await.json()["key"]);
    assert_eq!(
        (&body["status"], &body["age_days"]),
        (&json!("proposed"), &json!(0))
    );
    for field in ["history", "embedded_in"] {
        assert_eq!(body[field], json!([]), "{field}");
    }
    for field in ["validated_at", "embedded_at", "retired_at"] {
        assert_eq!(body[field], Value::Null, "{field}");
    }
    let read = app.reader().get(&path).await.expect(200);
    assert_eq!((read.json(), read.etag()), (body, made.etag()));
    let change = json!({ "description": null, "audience": ["all_staff"] });
    let call = client.patch(&path, &change);
    call.clone().await.problem(428, "precondition_required");
    let changed = call.clone().if_match(&made.etag()).await.expect(200).json();
    assert_eq!(changed["description"], Value::Null);
    assert_eq!(changed["audience"], json!(["all_staff"]));
    assert_eq!(changed["statement"], whole["statement"]);
    call.if_match(&made.etag())
        .await
        .problem(412, "stale_version");
    let log = "/api/v1/audit-records?resource_type=lesson&sort=sequence";
    let log = app.auditor().all(log, 50).await;
    let actions: Vec<_> = log.iter().map(|one| one["action"].clone()).collect();
    assert_eq!(actions, ["lesson.record", "lesson.update"]);
    assert!(log.iter().all(|one| one["review_id"] == review.id));
}

async fn every_fault_of_a_lesson_is_told_at_once(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let path = review.path("/lessons");
    let schema = json!({ "statement": "", "audience": ["everybody"], "status": "embedded" });
    let reply = client.post(&path, &schema).await;
    let expected = faults(&[
        ("/audience/0", "unknown_value"),
        ("/statement", "too_short"),
        ("/status", "unknown_field"),
    ]);
    assert_eq!(reply.problem(422, "validation_failed").faults(), expected);
    let nobody = "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11";
    let foreign = a_review(&app).await;
    let foreign = foreign
        .record(&json!({ "kind": "observation", "statement": "x" }))
        .await
        .id();
    let one = json!({ "system": "confluence", "id": "4711" });
    let rules = json!({
        "statement": "x", "audience": ["leadership", "leadership"],
        "finding_ids": [nobody, foreign], "external_refs": [one, one],
    });
    let reply = client.post(&path, &rules).await;
    let expected = faults(&[
        ("/audience/1", "repeated_item"),
        ("/external_refs/1", "repeated_item"),
        ("/finding_ids/0", "not_found"),
        ("/finding_ids/1", "not_found"),
    ]);
    assert_eq!(reply.problem(422, "validation_failed").faults(), expected);
}

async fn every_state_takes_its_own_verbs_only(app: App) {
    let review = a_review(&app).await;
    let document = a_document(&app, json!({})).await;
    let why = json!({ "reason": "decided in the meeting" });
    for (state, allowed) in [
        (
            "proposed",
            &[("validate", "validated"), ("retire", "retired")][..],
        ),
        (
            "validated",
            &[("retire", "retired"), ("repropose", "proposed")],
        ),
        ("embedded", &[("retire", "retired")]),
        ("retired", &[("repropose", "proposed")]),
    ] {
        for verb in ["validate", "retire", "repropose"] {
            let id = learned(&review, state).await;
            let below = format!("/lessons/{id}");
            if ["validated", "embedded"].contains(&state) {
                review.verb(&below, "validate", &why).await.expect(200);
            }
            if state == "embedded" {
                published(&app, &document, verb, &id).await;
            }
            if state == "retired" {
                review.verb(&below, "retire", &why).await.expect(200);
            }
            let before = now(&app, &review, &id).await;
            assert_eq!(before["status"], state);
            let reply = review.verb(&below, verb, &why).await;
            let Some((_, to)) = allowed.iter().find(|(one, _)| *one == verb) else {
                let refused = reply.problem(409, "state_conflict").faults();
                let code = format!("lesson_is_{state}");
                assert_eq!(refused, faults(&[("", &code)]), "{state} {verb}");
                assert_eq!(now(&app, &review, &id).await, before);
                continue;
            };
            let after = reply.expect(200).json();
            assert_eq!(after["status"], *to, "{state} {verb}");
            let history = after["history"].as_array().expect("a history");
            let last = history.last().expect("a step");
            assert_eq!((&last["from"], &last["to"]), (&json!(state), &json!(to)));
            assert_eq!(
                (&last["reason"], &last["at"]),
                (&why["reason"], &after["updated_at"])
            );
            assert_eq!(after["retired_at"].is_string(), *to == "retired");
        }
    }
    let below = format!("/lessons/{}", learned(&review, "x").await);
    for verb in ["retire", "repropose"] {
        let reply = review.verb(&below, verb, &json!({})).await;
        let found = reply.problem(422, "validation_failed").faults();
        assert_eq!(found, faults(&[("/reason", "required")]));
    }
    // What is validated takes no change until it is reproposed.
    let confirmed = review
        .verb(&below, "validate", &json!({}))
        .await
        .expect(200);
    let change = app.contributor().patch(review.path(&below), &saying("y"));
    let refused = change.clone().if_match(&confirmed.etag()).await;
    let refused = refused.problem(409, "state_conflict").faults();
    assert_eq!(refused, faults(&[("", "lesson_is_validated")]));
    let again = review.verb(&below, "repropose", &why).await.expect(200);
    change.if_match(&again.etag()).await.expect(200);
}

async fn a_lesson_is_embedded_by_a_revision_and_released_by_its_withdrawal(app: App) {
    let review = a_review(&app).await.published().await;
    let id = validated(&review, "An alert without an owner is no alert").await;
    let (plan, training) = (
        a_document(&app, json!({})).await,
        a_document(&app, json!({})).await,
    );
    review
        .step("close", &json!({}))
        .await
        .problem(409, "state_conflict");
    app.wait(Duration::days(2));
    let first = published(&app, &plan, "1", &id).await;
    let embedded = now(&app, &review, &id).await;
    assert_eq!(embedded["status"], "embedded");
    let at = embedded["embedded_at"].clone();
    let places = embedded["embedded_in"].as_array().expect("places");
    assert_eq!(places.len(), 1);
    assert!(first.ends_with(places[0]["revision_id"].as_str().unwrap_or("?")));
    assert!(plan.ends_with(places[0]["document_id"].as_str().unwrap_or("?")));
    assert_eq!(places[0]["published_at"], at);
    let step = &embedded["history"][1];
    assert_eq!(
        (&step["from"], &step["to"]),
        (&json!("validated"), &json!("embedded"))
    );
    assert_eq!(step["document_revision_id"], places[0]["revision_id"]);
    // It stays embedded while one of the documents has it.
    app.wait(Duration::days(1));
    let second = published(&app, &training, "1", &id).await;
    assert_eq!(now(&app, &review, &id).await["embedded_at"], at);
    withdrawn(&app, &first).await;
    let kept = now(&app, &review, &id).await;
    assert_eq!(
        (
            &kept["status"],
            kept["embedded_in"].as_array().map(Vec::len)
        ),
        (&json!("embedded"), Some(1))
    );
    assert_ne!(kept["embedded_at"], at, "the first that stands counts");
    assert_eq!(kept["history"].as_array().map(Vec::len), Some(2));
    withdrawn(&app, &second).await;
    let released = now(&app, &review, &id).await;
    assert_eq!(
        (&released["status"], &released["embedded_at"]),
        (&json!("validated"), &Value::Null)
    );
    assert_eq!(released["history"][2]["reason"], "published by mistake");
    // Also after the review was closed: then it waits again, where everybody sees it.
    let again = published(&app, &plan, "2", &id).await;
    review.step("close", &json!({})).await.expect(200);
    withdrawn(&app, &again).await;
    let waiting = app.reader().all("/api/v1/lessons?embedded=false", 50).await;
    assert_eq!(waiting, [now(&app, &review, &id).await]);
    let log = format!("/api/v1/audit-records?resource_id={id}&sort=sequence");
    let log = app.auditor().all(&log, 50).await;
    let actions: Vec<_> = log
        .iter()
        .filter_map(|one| one["action"].as_str())
        .collect();
    let expected = [
        "lesson.record",
        "lesson.validate",
        "lesson.embed",
        "lesson.embed",
        "lesson.unembed",
        "lesson.unembed",
        "lesson.embed",
        "lesson.unembed",
    ];
    assert_eq!(actions, expected);
}

async fn a_retired_lesson_stays_retired_whatever_documents_do(app: App) {
    let review = a_review(&app).await;
    let document = a_document(&app, json!({})).await;
    let id = validated(&review, "x").await;
    let below = format!("/lessons/{id}");
    let revision = published(&app, &document, "1", &id).await;
    let why = json!({ "reason": "the service was shut down" });
    let retired = review.verb(&below, "retire", &why).await.expect(200).json();
    assert_eq!(
        (
            &retired["embedded_at"],
            retired["embedded_in"].as_array().map(Vec::len)
        ),
        (&Value::Null, Some(1))
    );
    let more = json!({ "label": "2", "lesson_ids": [id] });
    let more = app
        .contributor()
        .post(format!("{document}/revisions"), &more)
        .await;
    let found = more.problem(422, "validation_failed").faults();
    assert_eq!(found, faults(&[("/lesson_ids/0", "lesson_is_retired")]));
    // Taken up again and validated, it is where it was: the document still says it.
    review.verb(&below, "repropose", &why).await.expect(200);
    let back = review
        .verb(&below, "validate", &json!({}))
        .await
        .expect(200)
        .json();
    assert_eq!(back["status"], "embedded");
    review.verb(&below, "retire", &why).await.expect(200);
    withdrawn(&app, &revision).await;
    let after = now(&app, &review, &id).await;
    assert_eq!(
        (&after["status"], &after["embedded_in"]),
        (&json!("retired"), &json!([]))
    );
}

async fn a_lesson_ages_until_it_reaches_a_document(app: App) {
    let review = a_review(&app).await;
    let document = a_document(&app, json!({})).await;
    let (kept, waiting) = (
        validated(&review, "kept").await,
        validated(&review, "waiting").await,
    );
    let path = review.path(&format!("/lessons/{waiting}"));
    let young = app.reader().get(&path).await.expect(200);
    app.wait(Duration::days(10) - Duration::seconds(1));
    let older = app
        .reader()
        .get(&path)
        .header("if-none-match", young.etag())
        .await;
    let older = older.expect(200);
    assert_eq!(older.json()["age_days"], 9);
    app.wait(Duration::seconds(1));
    published(&app, &document, "1", &kept).await;
    app.wait(Duration::days(20));
    assert_eq!(now(&app, &review, &kept).await["age_days"], 10);
    let list = app.reader().all("/api/v1/lessons?embedded=false", 50).await;
    let ages: Vec<_> = list
        .iter()
        .map(|one| (&one["statement"], &one["age_days"]))
        .collect();
    assert_eq!(ages, [(&json!("waiting"), &json!(30))]);
    // Its version did not change, so whoever read it young may still move it.
    let verb = app
        .contributor()
        .post(format!("{path}/retire"), &json!({ "reason": "x" }));
    let retired = verb.if_match(&young.etag()).await.expect(200).json();
    app.wait(Duration::days(5));
    assert_eq!(
        now(&app, &review, &waiting).await["age_days"],
        retired["age_days"]
    );
    assert!(
        app.reader()
            .all("/api/v1/lessons?embedded=false", 50)
            .await
            .is_empty()
    );
}

async fn a_review_that_has_ended_takes_no_new_lesson(app: App) {
    let client = app.contributor();
    let (published, cancelled) = (a_review(&app).await.published().await, a_review(&app).await);
    let ids = [
        learned(&published, "late").await,
        learned(&cancelled, "early").await,
    ];
    let why = json!({ "reason": "opened twice" });
    published
        .verb(&format!("/lessons/{}", ids[0]), "retire", &why)
        .await
        .expect(200);
    published.step("close", &json!({})).await.expect(200);
    cancelled.step("cancel", &why).await.expect(200);
    for (review, id, code) in [
        (&published, &ids[0], "review_is_closed"),
        (&cancelled, &ids[1], "review_is_cancelled"),
    ] {
        for call in [
            client.post(review.path("/lessons"), &saying("x")),
            client
                .patch(review.path(&format!("/lessons/{id}")), &saying("x"))
                .if_match("*"),
        ] {
            let refused = call.await.problem(409, "state_conflict");
            assert_eq!(refused.faults(), faults(&[("", code)]));
        }
    }
    // Lessons live on after closing, but not where the review never came about.
    published
        .verb(&format!("/lessons/{}", ids[0]), "repropose", &why)
        .await
        .expect(200);
    let reply = cancelled
        .verb(&format!("/lessons/{}", ids[1]), "validate", &why)
        .await;
    let refused = reply.problem(409, "state_conflict");
    assert_eq!(refused.faults(), faults(&[("", "review_is_cancelled")]));
}

async fn lessons_are_found_by_what_they_say(app: App) {
    let review = a_review(&app).await;
    let finding = json!({ "kind": "observation", "statement": "x" });
    let finding = review.record(&finding).await.id();
    let alpha =
        json!({ "statement": "Alpha", "audience": ["leadership"], "finding_ids": [finding] });
    review.learn(&alpha).await;
    app.wait(Duration::hours(1));
    let beta = json!({ "statement": "Beta", "description": "alpha again", "audience": ["all_staff", "leadership"] });
    let beta = review.learn(&beta).await.id();
    review
        .verb(&format!("/lessons/{beta}"), "validate", &json!({}))
        .await
        .expect(200);
    let document = a_document(&app, json!({})).await;
    let revision = published(&app, &document, "1", &beta).await;
    let gamma = learned(&review, "Gamma").await;
    let why = json!({ "reason": "x" });
    review
        .verb(&format!("/lessons/{gamma}"), "retire", &why)
        .await
        .expect(200);
    let document = document.rsplit('/').next().unwrap_or_default().to_owned();
    let (alpha, beta, gamma) = ("Alpha", "Beta", "Gamma");
    let judge = async |cases: Vec<(String, Vec<&str>)>| {
        for (query, expected) in cases {
            for list in [review.path("/lessons"), "/api/v1/lessons".to_owned()] {
                let found = app.reader().all(&format!("{list}?{query}"), 1).await;
                let found: Vec<_> = found.iter().map(|one| one["statement"].clone()).collect();
                assert_eq!(found, expected, "{list}?{query}");
            }
        }
    };
    judge(vec![
        (String::new(), vec![alpha, beta, gamma]),
        ("sort=-created_at".to_owned(), vec![gamma, beta, alpha]),
        ("sort=updated_at".to_owned(), vec![alpha, beta, gamma]),
        (
            "status=proposed&status=retired".to_owned(),
            vec![alpha, gamma],
        ),
        ("audience=leadership".to_owned(), vec![alpha, beta]),
        (
            "audience=all_staff&audience=industry".to_owned(),
            vec![beta],
        ),
        ("embedded=true".to_owned(), vec![beta]),
        ("embedded=false".to_owned(), vec![alpha]),
        (format!("finding_id={finding}"), vec![alpha]),
        (format!("document_id={document}"), vec![beta]),
        (format!("document_id={finding}"), vec![]),
        (
            "created_at_from=2026-11-23T13:00:00Z".to_owned(),
            vec![beta, gamma],
        ),
        ("created_at_to=2026-11-23T13:00:00Z".to_owned(), vec![alpha]),
        (
            "updated_at_from=2026-11-23T13:00:00Z".to_owned(),
            vec![beta, gamma],
        ),
        ("updated_at_to=2026-11-23T13:00:00Z".to_owned(), vec![alpha]),
        ("q=ALPHA".to_owned(), vec![alpha, beta]),
    ])
    .await;
    withdrawn(&app, &revision).await;
    judge(vec![
        (format!("document_id={document}"), vec![]),
        ("embedded=false".to_owned(), vec![alpha, beta]),
    ])
    .await;
}

async fn lessons_of_all_reviews_are_those_of_the_visible(app: App) {
    let open = a_review(&app).await;
    let quiet = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    learned(&open, "open").await;
    let hidden = learned(&quiet, "quiet").await;
    let statements = async |client: Client, query: &str| {
        let found = client.all(&format!("/api/v1/lessons?{query}"), 50).await;
        let text = |one: &Value| one["statement"].as_str().unwrap_or_default().to_owned();
        found.iter().map(text).collect::<Vec<_>>()
    };
    assert_eq!(statements(app.admin(), "").await, ["open", "quiet"]);
    assert_eq!(statements(app.reader(), "embedded=false").await, ["open"]);
    let of = format!("review_id={}", quiet.id);
    assert_eq!(statements(app.admin(), &of).await, ["quiet"]);
    assert!(statements(app.reader(), &of).await.is_empty());
    assert!(statements(app.stranger(), "").await.is_empty());
    let (client, below) = (app.contributor(), format!("/lessons/{hidden}"));
    let why = json!({ "reason": "x" });
    for call in [
        client.get(quiet.path("/lessons")),
        client.get(quiet.path(&below)),
        client.get(open.path(&below)),
        client.post(quiet.path("/lessons"), &saying("x")),
        client.patch(quiet.path(&below), &saying("x")).if_match("*"),
        client
            .post(open.path(&format!("{below}/retire")), &why)
            .if_match("*"),
    ] {
        call.await.problem(404, "not_found");
    }
}

async fn a_step_of_a_lesson_needs_the_current_version(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let made = review.learn(&saying("x")).await;
    let path = review.path(&format!("/lessons/{}", made.id()));
    let call = client.post(format!("{path}/validate"), &json!({}));
    call.clone().await.problem(428, "precondition_required");
    call.clone()
        .if_match("\"9\"")
        .await
        .problem(412, "stale_version");
    let first = call
        .clone()
        .if_match(&made.etag())
        .key("validation-1")
        .await
        .expect(200);
    let again = call
        .clone()
        .if_match(&made.etag())
        .key("validation-1")
        .await
        .expect(200);
    assert_eq!(again.json(), first.json());
    call.if_match(&made.etag())
        .await
        .problem(412, "stale_version");
    let refused = app
        .reader()
        .post(format!("{path}/validate"), &json!({}))
        .if_match("*");
    refused.await.problem(403, "missing_scope");
}

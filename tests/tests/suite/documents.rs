//! Documents: keeping them, publishing their revisions, and who has read which.

use chrono::Duration;
use debrief_tests::builders::{a_document, a_review};
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_document_is_added_read_changed_and_removed,
    every_fault_of_a_document_is_told_at_once,
    a_document_with_revisions_is_archived_instead_of_removed,
    revisions_are_appended_and_the_last_that_stands_is_in_force,
    a_revision_is_refused_with_every_fault_at_once,
    a_withdrawn_revision_stays_readable,
    a_document_is_due_for_review_after_its_revision,
    a_reader_acknowledges_once_for_themselves,
    others_are_acknowledged_for_by_who_may_write,
    who_has_to_read_and_has_not_is_named,
    documents_are_found_by_what_they_say,
    documents_belong_to_their_organisation,
    every_change_of_a_document_is_on_record,
);

const PATH: &str = "/api/v1/documents";

fn faults(places: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(place, code): &(&str, &str)| ((*place).to_owned(), (*code).to_owned());
    places.iter().map(own).collect()
}

async fn published(app: &App, document: &str, body: &Value) -> String {
    let made = app
        .contributor()
        .post(format!("{document}/revisions"), body);
    format!("{document}/revisions/{}", made.await.expect(201).id())
}

async fn withdrawn(app: &App, revision: &str) {
    let why = json!({ "reason": "published by mistake" });
    let tag = app.admin().get(revision).await.expect(200).etag();
    let call = app.contributor().post(format!("{revision}/withdraw"), &why);
    call.if_match(&tag).await.expect(200);
}

async fn now(app: &App, path: &str) -> Value {
    app.reader().get(path).await.expect(200).json()
}

async fn a_document_is_added_read_changed_and_removed(app: App) {
    let client = app.contributor();
    let whole = json!({
        "title": "Playbook: ransomware", "kind": "playbook", "description": "The first four hours.",
        "owner": { "name": "Ada Okafor", "subject": "ada@example.org" },
        "url": "https://wiki.example/playbooks/ransomware", "review_every_days": 180,
        "required_readers": [{ "name": "Kim Larsen", "subject": "kim@example.org" }],
        "tags": ["ransomware"], "external_refs": [{ "system": "confluence", "id": "815" }],
    });
    let made = client.post(PATH, &whole).await.expect(201);
    let path = format!("{PATH}/{}", made.id());
    assert_eq!(made.header("location"), Some(path.as_str()));
    let body = made.json();
    for (field, value) in whole.as_object().expect("an object") {
        assert_eq!(&body[field], value, "{field}");
    }
    for field in ["current_revision", "review_due_on", "archived_at"] {
        assert_eq!(body[field], Value::Null, "{field}");
    }
    let read = app.reader().get(&path).await.expect(200);
    assert_eq!((read.json(), read.etag()), (body, made.etag()));
    let change = json!({ "owner": { "subject": null }, "url": null, "kind": "response_plan" });
    let call = client.patch(&path, &change);
    call.clone().await.problem(428, "precondition_required");
    let changed = call.clone().if_match(&made.etag()).await.expect(200);
    assert_eq!(changed.json()["owner"], json!({ "name": "Ada Okafor" }));
    assert_eq!(changed.json()["url"], Value::Null);
    assert_eq!(changed.json()["tags"], whole["tags"]);
    call.if_match(&made.etag())
        .await
        .problem(412, "stale_version");
    let remove = client.delete(&path);
    remove.clone().await.problem(428, "precondition_required");
    remove
        .clone()
        .if_match(&made.etag())
        .await
        .problem(412, "stale_version");
    remove.if_match(&changed.etag()).await.expect(204);
    client.get(&path).await.problem(404, "not_found");
    // What it was called elsewhere is free again.
    client.post(PATH, &whole).await.expect(201);
}

async fn every_fault_of_a_document_is_told_at_once(app: App) {
    let client = app.contributor();
    let schema = json!({
        "title": " ", "kind": "novel", "review_every_days": 0, "url": "no url",
        "required_readers": [{ "subject": "kim" }], "archived_at": null,
    });
    let reply = client.post(PATH, &schema).await;
    let expected = faults(&[
        ("/archived_at", "unknown_field"),
        ("/kind", "unknown_value"),
        ("/required_readers/0/name", "required"),
        ("/review_every_days", "out_of_range"),
        ("/title", "blank"),
        ("/url", "invalid_format"),
    ]);
    assert_eq!(reply.problem(422, "validation_failed").faults(), expected);
    let (one, kim) = (
        json!({ "system": "confluence", "id": "815" }),
        json!({ "name": "Kim" }),
    );
    let rules = json!({
        "title": "x", "kind": "policy", "tags": ["a", "a"], "external_refs": [one, one],
        "required_readers": [kim, kim],
    });
    let reply = client.post(PATH, &rules).await;
    let expected = faults(&[
        ("/external_refs/1", "repeated_item"),
        ("/required_readers/1", "repeated_item"),
        ("/tags/1", "repeated_item"),
    ]);
    assert_eq!(reply.problem(422, "validation_failed").faults(), expected);
    a_document(&app, json!({ "external_refs": [one] })).await;
    let twice = json!({ "title": "x", "kind": "policy", "external_refs": [one] });
    let taken = client.post(PATH, &twice).await.problem(409, "conflict");
    assert_eq!(
        taken.faults(),
        faults(&[("/external_refs", "reference_taken")])
    );
}

async fn a_document_with_revisions_is_archived_instead_of_removed(app: App) {
    let client = app.contributor();
    let path = a_document(&app, json!({})).await;
    let revision = published(&app, &path, &json!({ "label": "1" })).await;
    withdrawn(&app, &revision).await;
    client.delete(&path).if_match("*").await.expect(204);
    let archived = client.get(&path).await.expect(200);
    assert!(archived.json()["archived_at"].is_string());
    for call in [
        client.patch(&path, &json!({ "title": "x" })),
        client.post(format!("{path}/revisions"), &json!({ "label": "2" })),
    ] {
        let refused = call
            .if_match(&archived.etag())
            .await
            .problem(409, "state_conflict");
        assert_eq!(refused.faults(), faults(&[("", "document_is_archived")]));
    }
    client
        .delete(&path)
        .if_match(&archived.etag())
        .await
        .expect(204);
    let restore = client.call(reqwest::Method::POST, format!("{path}/restore"));
    restore.clone().await.problem(428, "precondition_required");
    let restored = restore.clone().if_match(&archived.etag()).await.expect(200);
    assert_eq!(restored.json()["archived_at"], Value::Null);
    let again = restore
        .if_match(&restored.etag())
        .await
        .problem(409, "state_conflict");
    assert_eq!(again.faults(), faults(&[("", "document_is_in_use")]));
    published(&app, &path, &json!({ "label": "2" })).await;
}

async fn revisions_are_appended_and_the_last_that_stands_is_in_force(app: App) {
    let document = a_document(&app, json!({})).await;
    let review = a_review(&app).await;
    let work = json!({ "title": "Rewrite the playbook", "type": "documentation" });
    let action = review.act(&work).await.id();
    let whole = json!({
        "label": "3.2", "published_at": "2026-11-01T08:00:00Z", "summary": "Detections page somebody.",
        "url": "https://wiki.example/v12", "lesson_ids": [], "action_ids": [action],
    });
    let made = app
        .contributor()
        .post(format!("{document}/revisions"), &whole)
        .await;
    let made = made.expect(201);
    let path = format!("{document}/revisions/{}", made.id());
    assert_eq!(made.header("location"), Some(path.as_str()));
    for (field, value) in whole.as_object().expect("an object") {
        assert_eq!(&made.json()[field], value, "{field}");
    }
    assert_eq!(made.json()["withdrawal"], Value::Null);
    let read = app.reader().get(&path).await.expect(200);
    assert_eq!((read.json(), read.etag()), (made.json(), made.etag()));
    let current = async || now(&app, &document).await["current_revision"]["label"].clone();
    assert_eq!(current().await, "3.2");
    // What was published earlier and recorded later is not in force.
    let old = json!({ "label": "3.1", "published_at": "2025-01-01T00:00:00Z" });
    published(&app, &document, &old).await;
    assert_eq!(current().await, "3.2");
    let newest = published(&app, &document, &json!({ "label": "3.3" })).await;
    assert_eq!(current().await, "3.3");
    assert_eq!(
        now(&app, &newest).await["published_at"],
        "2026-11-23T12:00:00Z"
    );
    withdrawn(&app, &newest).await;
    assert_eq!(current().await, "3.2");
    let labels = async |query: &str| {
        let list = format!("{document}/revisions?{query}");
        let found = app.reader().all(&list, 1).await;
        found
            .iter()
            .map(|one| one["label"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(labels("").await, ["3.3", "3.2", "3.1"]);
    assert_eq!(labels("sort=published_at").await, ["3.1", "3.2", "3.3"]);
    assert_eq!(labels("withdrawn=true").await, ["3.3"]);
    assert_eq!(labels("withdrawn=false").await, ["3.2", "3.1"]);
    let log = format!("/api/v1/audit-records?resource_id={action}&action=action.document");
    let log = app.auditor().get(log).await.expect(200).items();
    assert_eq!(log.len(), 1);
    assert_eq!(
        (&log[0]["review_id"], &log[0]["after"]["label"]),
        (&json!(review.id), &json!("3.2"))
    );
}

async fn a_revision_is_refused_with_every_fault_at_once(app: App) {
    let client = app.contributor();
    let document = a_document(&app, json!({})).await;
    let path = format!("{document}/revisions");
    let review = a_review(&app).await;
    let lesson = review.learn(&json!({ "statement": "x" })).await.id();
    let nobody = "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11";
    let wrong = json!({
        "label": "1", "published_at": "2026-11-23T12:00:01Z", "lesson_ids": [lesson, nobody, nobody],
        "action_ids": [nobody, lesson],
    });
    let reply = client.post(&path, &wrong).await;
    let expected = faults(&[
        ("/action_ids/0", "not_found"),
        ("/action_ids/1", "not_found"),
        ("/lesson_ids/0", "lesson_is_proposed"),
        ("/lesson_ids/1", "not_found"),
        ("/lesson_ids/2", "not_found"),
        ("/lesson_ids/2", "repeated_item"),
        ("/published_at", "in_the_future"),
    ]);
    assert_eq!(reply.problem(422, "validation_failed").faults(), expected);
    published(&app, &document, &json!({ "label": "1" })).await;
    let taken = client
        .post(&path, &json!({ "label": "1" }))
        .await
        .problem(409, "conflict");
    assert_eq!(taken.faults(), faults(&[("/label", "taken")]));
    // Another document may call its revisions as it likes.
    let other = a_document(&app, json!({})).await;
    published(&app, &other, &json!({ "label": "1" })).await;
    let call = client.post(&path, &json!({ "label": "2" }));
    let first = call.clone().key("revision-2").await.expect(201);
    assert_eq!(
        call.key("revision-2").await.expect(201).json(),
        first.json()
    );
    assert_eq!(client.all(&path, 50).await.len(), 2);
}

async fn a_withdrawn_revision_stays_readable(app: App) {
    let client = app.contributor();
    let document = a_document(&app, json!({})).await;
    let path = published(&app, &document, &json!({ "label": "1" })).await;
    let made = client.get(&path).await.expect(200);
    let why = json!({ "reason": "published by mistake" });
    let call = client.post(format!("{path}/withdraw"), &why);
    call.clone().await.problem(428, "precondition_required");
    call.clone()
        .if_match("\"9\"")
        .await
        .problem(412, "stale_version");
    let nothing = client
        .post(format!("{path}/withdraw"), &json!({}))
        .if_match(&made.etag());
    let found = nothing.await.problem(422, "validation_failed").faults();
    assert_eq!(found, faults(&[("/reason", "required")]));
    let gone = call.clone().if_match(&made.etag()).await.expect(200);
    let body = gone.json();
    assert_eq!(body["withdrawal"]["reason"], why["reason"]);
    assert_eq!(body["withdrawal"]["by"], body["created_by"]);
    assert_eq!(now(&app, &path).await, body);
    assert_eq!(now(&app, &document).await["current_revision"], Value::Null);
    let again = call
        .if_match(&gone.etag())
        .await
        .problem(409, "state_conflict");
    assert_eq!(again.faults(), faults(&[("", "revision_is_withdrawn")]));
    let late = client
        .post(format!("{path}/acknowledgements"), &json!({}))
        .await;
    let late = late.problem(409, "state_conflict");
    assert_eq!(late.faults(), faults(&[("", "revision_is_withdrawn")]));
}

async fn a_document_is_due_for_review_after_its_revision(app: App) {
    let document = a_document(&app, json!({ "review_every_days": 30 })).await;
    let due = async || now(&app, &document).await["review_due_on"].clone();
    assert_eq!(due().await, Value::Null);
    let revision = published(&app, &document, &json!({ "label": "1" })).await;
    assert_eq!(due().await, "2026-12-23");
    let change = app
        .contributor()
        .patch(&document, &json!({ "review_every_days": 7 }));
    change.if_match("*").await.expect(200);
    assert_eq!(due().await, "2026-11-30");
    withdrawn(&app, &revision).await;
    assert_eq!(due().await, Value::Null);
}

async fn a_reader_acknowledges_once_for_themselves(app: App) {
    let document = a_document(&app, json!({})).await;
    let revision = published(&app, &document, &json!({ "label": "1" })).await;
    let path = format!("{revision}/acknowledgements");
    let reader = app.reader();
    let empty = reader.call(reqwest::Method::POST, path.as_str());
    let first = empty.await.expect(201);
    let me = reader.get("/api/v1/me").await.expect(200).json();
    let body = first.json();
    let place = first.header("location").unwrap_or_default().to_owned();
    assert_eq!(place, format!("{path}/{}", first.id()));
    let read = reader.get(&place).await.expect(200);
    assert_eq!((read.json(), read.etag()), (body.clone(), first.etag()));
    assert_eq!(
        body["reader"],
        json!({ "name": me["name"], "subject": me["subject"] })
    );
    assert_eq!(body["acknowledged_at"], "2026-11-23T12:00:00Z");
    app.wait(Duration::hours(1));
    let again = reader.post(&path, &json!({})).await.expect(200);
    assert_eq!((again.json(), again.etag()), (body.clone(), first.etag()));
    // Naming oneself is the same.
    let named = json!({ "reader": { "name": "Whoever", "subject": me["subject"] } });
    assert_eq!(reader.post(&path, &named).await.expect(200).json(), body);
    let future = json!({ "acknowledged_at": "2026-11-23T13:00:01Z" });
    let reply = app.contributor().post(&path, &future).await;
    let found = reply.problem(422, "validation_failed").faults();
    assert_eq!(found, faults(&[("/acknowledged_at", "in_the_future")]));
    let earlier = json!({ "acknowledged_at": "2026-11-22T09:00:00Z" });
    app.contributor().post(&path, &earlier).await.expect(201);
    let at = async |query: &str| {
        let found = app.reader().all(&format!("{path}?{query}"), 1).await;
        found
            .iter()
            .map(|one| one["acknowledged_at"].clone())
            .collect::<Vec<_>>()
    };
    let (old, new) = ("2026-11-22T09:00:00Z", "2026-11-23T12:00:00Z");
    assert_eq!(at("").await, [old, new]);
    assert_eq!(at("sort=-acknowledged_at").await, [new, old]);
}

async fn others_are_acknowledged_for_by_who_may_write(app: App) {
    let document = a_document(&app, json!({})).await;
    let revision = published(&app, &document, &json!({ "label": "1" })).await;
    let path = format!("{revision}/acknowledgements");
    for kim in [
        json!({ "reader": { "name": "Kim Larsen", "subject": "kim@example.org" } }),
        json!({ "reader": { "name": "Kim Larsen" } }),
        // A name alone may be anybody's.
        json!({ "reader": { "name": "reader" } }),
    ] {
        let refused = app
            .reader()
            .post(&path, &kim)
            .await
            .problem(403, "missing_scope");
        assert!(
            refused.text().contains("documents:write"),
            "{}",
            refused.text()
        );
        let challenge = refused.header("www-authenticate").unwrap_or_default();
        assert!(
            challenge.contains("scope=\"documents:write\""),
            "{challenge}"
        );
    }
    let kim = json!({ "reader": { "name": "Kim Larsen", "subject": "kim@example.org" } });
    let made = app.contributor().post(&path, &kim).await.expect(201).json();
    assert_eq!(made["reader"], kim["reader"]);
    assert_ne!(made["created_by"], "kim@example.org");
    let same = json!({ "reader": { "name": "K. Larsen", "subject": "KIM@example.org" } });
    assert_eq!(
        app.contributor()
            .post(&path, &same)
            .await
            .expect(200)
            .json(),
        made
    );
    assert_eq!(app.reader().all(&path, 50).await, [made]);
}

async fn who_has_to_read_and_has_not_is_named(app: App) {
    let (kim, shift) = (
        json!({ "name": "Kim", "subject": "kim" }),
        json!({ "name": "Night shift" }),
    );
    let me = app.reader().get("/api/v1/me").await.expect(200).json();
    let reader = json!({ "name": "Somebody", "subject": me["subject"] });
    let required = json!({ "required_readers": [kim, shift, reader] });
    let document = a_document(&app, required).await;
    let revision = published(&app, &document, &json!({ "label": "1" })).await;
    let readership = async || now(&app, &format!("{revision}/readership")).await;
    let all = readership().await;
    assert_eq!(
        (&all["required"], &all["acknowledged"]),
        (&json!(3), &json!(0))
    );
    assert_eq!(all["missing"], json!([kim, shift, reader]));
    let path = format!("{revision}/acknowledgements");
    app.reader().post(&path, &json!({})).await.expect(201);
    assert_eq!(readership().await["missing"], json!([kim, shift]));
    for other in [
        json!({ "name": "night SHIFT", "subject": "shift@example.org" }),
        json!({ "name": "Kim", "subject": "another kim" }),
    ] {
        let read = json!({ "reader": other });
        app.contributor().post(&path, &read).await.expect(201);
    }
    let left = readership().await;
    assert_eq!(
        (&left["missing"], &left["acknowledged"]),
        (&json!([kim]), &json!(2))
    );
    // The next revision has to be read again.
    let next = published(&app, &document, &json!({ "label": "2" })).await;
    let next = now(&app, &format!("{next}/readership")).await;
    assert_eq!(next["acknowledged"], 0);
    // Where nobody has to, nobody is missing.
    let free = a_document(&app, json!({})).await;
    let revision = published(&app, &free, &json!({ "label": "1" })).await;
    let free = now(&app, &format!("{revision}/readership")).await;
    assert_eq!(
        (&free["required"], &free["missing"]),
        (&json!(0), &json!([]))
    );
}

async fn documents_are_found_by_what_they_say(app: App) {
    let client = app.reader();
    let owner = json!({ "name": "Ada", "subject": "ada@example.org" });
    let alpha = json!({ "title": "Alpha", "owner": owner, "tags": ["x"], "review_every_days": 30 });
    let alpha = a_document(&app, alpha).await;
    app.wait(Duration::hours(1));
    let beta = json!({ "title": "Beta", "kind": "policy", "description": "alpha", "review_every_days": 7 });
    let beta = a_document(&app, beta).await;
    for document in [&alpha, &beta] {
        published(&app, document, &json!({ "label": "1" })).await;
    }
    let gamma = a_document(
        &app,
        json!({ "title": "Gamma", "kind": "training_material", "tags": ["x", "y"] }),
    );
    let gamma = gamma.await;
    published(&app, &gamma, &json!({ "label": "1" })).await;
    app.contributor()
        .delete(&gamma)
        .if_match("*")
        .await
        .expect(204);
    let (alpha, beta, gamma) = ("Alpha", "Beta", "Gamma");
    for (query, expected) in [
        ("", vec![alpha, beta, gamma]),
        ("sort=-created_at", vec![gamma, beta, alpha]),
        ("sort=title", vec![alpha, beta, gamma]),
        ("sort=-title", vec![gamma, beta, alpha]),
        ("sort=review_due_on", vec![beta, alpha, gamma]),
        ("sort=-updated_at", vec![gamma, beta, alpha]),
        ("kind=policy&kind=training_material", vec![beta, gamma]),
        ("owner=ada%40example.org", vec![alpha]),
        ("tag=x", vec![alpha, gamma]),
        ("tag=y", vec![gamma]),
        ("archived=true", vec![gamma]),
        ("archived=false", vec![alpha, beta]),
        ("review_due_on_from=2026-12-01", vec![alpha]),
        ("review_due_on_to=2026-12-01", vec![beta]),
        ("created_at_from=2026-11-23T13:00:00Z", vec![beta, gamma]),
        ("created_at_to=2026-11-23T13:00:00Z", vec![alpha]),
        (
            "updated_at_from=2026-11-23T13:00:00Z",
            vec![alpha, beta, gamma],
        ),
        ("updated_at_to=2026-11-23T13:00:00Z", vec![]),
        ("q=ALPHA", vec![alpha, beta]),
    ] {
        let found = client.all(&format!("{PATH}?{query}"), 1).await;
        let found: Vec<_> = found.iter().map(|one| one["title"].clone()).collect();
        assert_eq!(found, expected, "{query}");
    }
}

async fn documents_belong_to_their_organisation(app: App) {
    let document = a_document(&app, json!({})).await;
    let revision = published(&app, &document, &json!({ "label": "1" })).await;
    let stranger = app.stranger();
    assert!(stranger.all(PATH, 50).await.is_empty());
    let (why, label) = (json!({ "reason": "x" }), json!({ "label": "2" }));
    for call in [
        stranger.get(&document),
        stranger
            .patch(&document, &json!({ "title": "x" }))
            .if_match("*"),
        stranger.delete(&document).if_match("*"),
        stranger.get(format!("{document}/revisions")),
        stranger.post(format!("{document}/revisions"), &label),
        stranger.get(&revision),
        stranger
            .post(format!("{revision}/withdraw"), &why)
            .if_match("*"),
        stranger.get(format!("{revision}/acknowledgements")),
        stranger.post(format!("{revision}/acknowledgements"), &json!({})),
        stranger.get(format!("{revision}/readership")),
    ] {
        call.await.problem(404, "not_found");
    }
    // A revision is found below its own document only.
    let id = revision.rsplit('/').next().unwrap_or_default();
    let other = a_document(&app, json!({})).await;
    let wrong = app.reader().get(format!("{other}/revisions/{id}"));
    wrong.await.problem(404, "not_found");
    app.reader()
        .post(PATH, &json!({ "title": "x", "kind": "policy" }))
        .await
        .problem(403, "missing_scope");
}

async fn every_change_of_a_document_is_on_record(app: App) {
    let client = app.contributor();
    let document = a_document(&app, json!({})).await;
    let revision = published(&app, &document, &json!({ "label": "1" })).await;
    client
        .post(format!("{revision}/acknowledgements"), &json!({}))
        .await
        .expect(201);
    client
        .post(format!("{revision}/acknowledgements"), &json!({}))
        .await
        .expect(200);
    withdrawn(&app, &revision).await;
    client.delete(&document).if_match("*").await.expect(204);
    let restore = client.call(reqwest::Method::POST, format!("{document}/restore"));
    restore.if_match("*").await.expect(200);
    let log = app
        .auditor()
        .all("/api/v1/audit-records?sort=sequence", 200)
        .await;
    let actions: Vec<_> = log
        .iter()
        .filter_map(|one| one["action"].as_str())
        .filter(|action| action.starts_with("document"))
        .collect();
    let expected = [
        "document.create",
        "document_revision.publish",
        "document.update",
        "document.acknowledge",
        "document_revision.withdraw",
        "document.update",
        "document.archive",
        "document.restore",
    ];
    assert_eq!(actions, expected);
}

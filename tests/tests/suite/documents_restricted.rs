//! A document is the organisation's, a lesson its review's: whoever may not see the review learns
//! nothing of the lesson by way of the document, not even that there is one.

use debrief_tests::builders::{Review, a_document, a_review, a_review_with};
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

both_databases!(
    what_a_revision_names_of_a_hidden_review_is_left_out,
    what_is_hidden_cannot_be_named,
    a_revision_shows_what_its_readers_rights_allow,
    withdrawing_releases_the_lessons_that_who_withdraws_cannot_see,
);

/// A lesson that documents can take in.
async fn lesson(review: &Review) -> String {
    let id = review
        .learn(&json!({ "statement": "Keep this to yourselves" }))
        .await
        .id();
    let below = format!("/lessons/{id}");
    review
        .verb(&below, "validate", &json!({}))
        .await
        .expect(200);
    id
}

struct Told {
    open: Review,
    quiet: Review,
    lessons: [String; 2],
    actions: [String; 2],
    document: String,
    revision: String,
}

/// A revision with a lesson and an action of an open and of a restricted review.
async fn told(app: &App) -> Told {
    let open = a_review(app).await;
    let quiet = a_review_with(app, json!({ "visibility": "restricted" })).await;
    let work = json!({ "title": "Rewrite the playbook", "type": "documentation" });
    let lessons = [lesson(&open).await, lesson(&quiet).await];
    let actions = [open.act(&work).await.id(), quiet.act(&work).await.id()];
    let document = a_document(app, json!({})).await;
    let body = json!({ "label": "1", "lesson_ids": lessons, "action_ids": actions });
    let made = app
        .admin()
        .post(format!("{document}/revisions"), &body)
        .await;
    let made = made.expect(201);
    assert_eq!(made.json()["lesson_ids"], json!(lessons));
    let revision = format!("{document}/revisions/{}", made.id());
    Told {
        open,
        quiet,
        lessons,
        actions,
        document,
        revision,
    }
}

async fn read(client: &Client, path: &str) -> Value {
    client.get(path).await.expect(200).json()
}

async fn what_a_revision_names_of_a_hidden_review_is_left_out(app: App) {
    let told = told(&app).await;
    let seen = read(&app.admin(), &told.revision).await;
    assert_eq!(seen["lesson_ids"], json!(told.lessons));
    assert_eq!(seen["action_ids"], json!(told.actions));
    let (reader, auditor) = (app.reader(), app.auditor());
    let seen = read(&reader, &told.revision).await;
    assert_eq!(seen["lesson_ids"], json!([told.lessons[0]]));
    assert_eq!(seen["action_ids"], json!([told.actions[0]]));
    let listed = reader
        .all(&format!("{}/revisions", told.document), 50)
        .await;
    assert_eq!(listed, [seen]);
    let id = told.document.rsplit('/').next().unwrap_or_default();
    let lessons = reader
        .all(&format!("/api/v1/lessons?document_id={id}"), 50)
        .await;
    assert_eq!(lessons.len(), 1);
    // The two see different things, and are told so by different tags.
    let tags = [app.admin(), app.reader()].map(async |client| {
        let reply = client.get(&told.revision).await.expect(200);
        reply.etag()
    });
    let [of_admin, of_reader] = tags;
    assert_ne!(of_admin.await, of_reader.await);
    // Nothing that the service answers them holds anything of it, and that is not for want of asking.
    let hidden = [&told.quiet.id, &told.lessons[1], &told.actions[1]];
    for (client, paths) in [
        (
            &reader,
            [
                "/api/v1/documents",
                &told.document,
                &told.revision,
                "/api/v1/lessons",
            ],
        ),
        (
            &auditor,
            [
                "/api/v1/audit-records?limit=200",
                "/api/v1/lessons",
                &told.document,
                &told.revision,
            ],
        ),
    ] {
        for path in paths {
            let text = client.get(path).await.expect(200).text();
            assert!(
                hidden.iter().all(|id| !text.contains(id.as_str())),
                "{path}: {text}"
            );
        }
    }
    let all = app
        .admin()
        .get("/api/v1/audit-records?limit=200")
        .await
        .expect(200)
        .text();
    assert!(hidden.iter().all(|id| all.contains(id.as_str())));
}

async fn what_is_hidden_cannot_be_named(app: App) {
    let told = told(&app).await;
    let nobody = "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11";
    let path = format!("{}/revisions", told.document);
    let (lessons, actions) = ([&told.lessons[1], nobody], [&told.actions[1], nobody]);
    let body = json!({ "label": "2", "lesson_ids": lessons, "action_ids": actions });
    let refused = app
        .contributor()
        .post(&path, &body)
        .await
        .problem(422, "validation_failed");
    let places = [
        "/action_ids/0",
        "/action_ids/1",
        "/lesson_ids/0",
        "/lesson_ids/1",
    ];
    let expected = places.map(|place| (place.to_owned(), "not_found".to_owned()));
    assert_eq!(refused.faults(), expected);
    // What is hidden and what is not there are told in the same words.
    let details = refused.json()["errors"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let said = |place: &str| {
        let found = details.iter().find(|one| one["pointer"] == place);
        found.map(|one| one["detail"].clone())
    };
    assert_eq!(said("/lesson_ids/0"), said("/lesson_ids/1"));
    assert_eq!(said("/action_ids/0"), said("/action_ids/1"));
    let stranger = app.stranger().post(
        "/api/v1/documents",
        &json!({ "title": "x", "kind": "policy" }),
    );
    let theirs = format!(
        "/api/v1/documents/{}/revisions",
        stranger.await.expect(201).id()
    );
    let foreign = json!({ "label": "1", "lesson_ids": [told.lessons[0]] });
    app.stranger()
        .post(theirs, &foreign)
        .await
        .problem(422, "validation_failed");
}

async fn a_revision_shows_what_its_readers_rights_allow(app: App) {
    let told = told(&app).await;
    for (scopes, lessons, actions) in [
        (vec!["documents:read"], 0, 0),
        (vec!["documents:read", "reviews:read"], 1, 0),
        (vec!["documents:read", "actions:read"], 0, 1),
    ] {
        let key = json!({ "name": "portal", "scopes": scopes });
        let key = app
            .admin()
            .post("/api/v1/api-keys", &key)
            .await
            .expect(201)
            .json();
        let portal = app.bearing(key["key"].as_str());
        let seen = read(&portal, &told.revision).await;
        let count = |field: &str| seen[field].as_array().map(Vec::len);
        assert_eq!(
            (count("lesson_ids"), count("action_ids")),
            (Some(lessons), Some(actions))
        );
    }
}

async fn withdrawing_releases_the_lessons_that_who_withdraws_cannot_see(app: App) {
    let told = told(&app).await;
    let client = app.contributor();
    let tag = client.get(&told.revision).await.expect(200).etag();
    let why = json!({ "reason": "published by mistake" });
    let call = client.post(format!("{}/withdraw", told.revision), &why);
    let gone = call.if_match(&tag).await.expect(200).json();
    assert_eq!(gone["lesson_ids"], json!([told.lessons[0]]));
    for (review, lesson) in [
        (&told.open, &told.lessons[0]),
        (&told.quiet, &told.lessons[1]),
    ] {
        let lesson = read(&app.admin(), &review.path(&format!("/lessons/{lesson}"))).await;
        assert_eq!(
            (&lesson["status"], &lesson["embedded_in"]),
            (&json!("validated"), &json!([]))
        );
    }
    let log = app
        .auditor()
        .all("/api/v1/audit-records?action=lesson.unembed", 50)
        .await;
    assert_eq!(log.len(), 1);
    assert_eq!(log[0]["resource_id"], told.lessons[0]);
}

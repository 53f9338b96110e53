//! The library of recommendations: keeping it, and proposing from it.

use debrief_tests::builders::{a_review, a_review_with};
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_recommendation_of_the_library_is_added_read_changed_and_removed,
    a_recommendation_is_made_from_the_library_and_overrides_it,
    what_was_used_is_archived_instead_of_removed,
    uses_count_as_far_as_the_caller_sees_them,
    the_library_is_found_by_what_it_says,
    the_library_belongs_to_its_organisation_and_is_kept_by_facilitators,
);

const PATH: &str = "/api/v1/recommendation-templates";

fn faults(places: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(place, code): &(&str, &str)| ((*place).to_owned(), (*code).to_owned());
    places.iter().map(own).collect()
}

fn whole() -> Value {
    json!({
        "title": "Give every class of alert an owner", "rationale": "An alert without an owner is none.",
        "expected_effect": "No alert waits", "gap_category": "detection_logging",
        "action_type": "detect", "action_strength": "automate", "effort": 2,
        "closure_criteria": "An alert without an owner pages", "tags": ["alerting", "on-call"],
    })
}

async fn a_recommendation_of_the_library_is_added_read_changed_and_removed(app: App) {
    let client = app.facilitator();
    let made = client.post(PATH, &whole()).await.expect(201);
    let path = format!("{PATH}/{}", made.id());
    assert_eq!(made.header("location"), Some(path.as_str()));
    let body = made.json();
    for (field, value) in whole().as_object().expect("an object") {
        assert_eq!(&body[field], value, "{field}");
    }
    assert_eq!(
        (&body["usage_count"], &body["archived_at"]),
        (&json!(0), &Value::Null)
    );
    let read = app.reader().get(&path).await.expect(200);
    assert_eq!((read.json(), read.etag()), (body, made.etag()));
    let change = json!({ "effort": null, "tags": ["alerting"] });
    let call = client.patch(&path, &change);
    call.clone().await.problem(428, "precondition_required");
    let changed = call.clone().if_match(&made.etag()).await.expect(200);
    assert_eq!(changed.json()["effort"], Value::Null);
    assert_eq!(changed.json()["title"], whole()["title"]);
    call.if_match(&made.etag())
        .await
        .problem(412, "stale_version");
    let wrong = json!({ "title": " ", "effort": 0, "tags": ["a", "a"], "finding_ids": [] });
    let expected = faults(&[
        ("/effort", "out_of_range"),
        ("/finding_ids", "unknown_field"),
        ("/title", "blank"),
    ]);
    let reply = client.post(PATH, &wrong).await;
    assert_eq!(reply.problem(422, "validation_failed").faults(), expected);
    let twice = json!({ "title": "x", "tags": ["a", "a"] });
    let reply = client
        .post(PATH, &twice)
        .await
        .problem(422, "validation_failed");
    assert_eq!(reply.faults(), faults(&[("/tags/1", "repeated_item")]));
    let remove = client.delete(&path);
    remove.clone().await.problem(428, "precondition_required");
    remove
        .clone()
        .if_match(&made.etag())
        .await
        .problem(412, "stale_version");
    remove.if_match(&changed.etag()).await.expect(204);
    client.get(&path).await.problem(404, "not_found");
    let log = "/api/v1/audit-records?resource_type=recommendation_template&sort=sequence";
    let log = app.auditor().all(log, 50).await;
    let actions: Vec<_> = log.iter().map(|one| one["action"].clone()).collect();
    let named = |verb: &str| format!("recommendation_template.{verb}");
    assert_eq!(actions, [named("create"), named("update"), named("remove")]);
}

async fn a_recommendation_is_made_from_the_library_and_overrides_it(app: App) {
    let template = app
        .facilitator()
        .post(PATH, &whole())
        .await
        .expect(201)
        .id();
    let review = a_review(&app).await;
    let plain = review
        .propose(&json!({ "template_id": template }))
        .await
        .json();
    for field in [
        "title",
        "rationale",
        "expected_effect",
        "action_type",
        "action_strength",
        "effort",
        "closure_criteria",
        "tags",
    ] {
        assert_eq!(plain[field], whole()[field], "{field}");
    }
    assert_eq!(plain["template_id"], template);
    let own = json!({ "template_id": template, "title": "Own it", "effort": 5, "tags": [] });
    let own = review.propose(&own).await.json();
    assert_eq!(
        (&own["title"], &own["effort"]),
        (&json!("Own it"), &json!(5))
    );
    assert_eq!(
        (&own["tags"], &own["rationale"]),
        (&json!([]), &whole()["rationale"])
    );
    // What was made is the review's own from then on.
    let path = format!("{PATH}/{template}");
    let read = app.reader().get(&path).await.expect(200);
    assert_eq!(read.json()["usage_count"], 2);
    let changed = app
        .facilitator()
        .patch(&path, &json!({ "title": "Changed" }));
    changed.if_match(&read.etag()).await.expect(200);
    let list = format!("/api/v1/recommendations?template_id={template}");
    let made = app.reader().all(&list, 50).await;
    assert_eq!(made, [plain, own]);
}

async fn what_was_used_is_archived_instead_of_removed(app: App) {
    let client = app.facilitator();
    let made = client.post(PATH, &whole()).await.expect(201);
    let path = format!("{PATH}/{}", made.id());
    let review = a_review(&app).await;
    let from = json!({ "template_id": made.id() });
    review.propose(&from).await;
    let used = client.get(&path).await.expect(200);
    assert_ne!(used.etag(), made.etag(), "what is shown differs");
    client
        .delete(&path)
        .if_match(&used.etag())
        .await
        .expect(204);
    let archived = client.get(&path).await.expect(200);
    assert!(archived.json()["archived_at"].is_string());
    let more = client.post(review.path("/recommendations"), &from).await;
    let found = more.problem(422, "validation_failed").faults();
    assert_eq!(found, faults(&[("/template_id", "archived")]));
    let change = client
        .patch(&path, &json!({ "title": "x" }))
        .if_match(&archived.etag());
    let refused = change.await.problem(409, "state_conflict");
    assert_eq!(refused.faults(), faults(&[("", "template_is_archived")]));
    // Whoever removes it again finds it as it is.
    client
        .delete(&path)
        .if_match(&archived.etag())
        .await
        .expect(204);
    let restore = client.call(reqwest::Method::POST, format!("{path}/restore"));
    restore.clone().await.problem(428, "precondition_required");
    let restored = restore.clone().if_match(&archived.etag()).await.expect(200);
    assert_eq!(restored.json()["archived_at"], Value::Null);
    review.propose(&from).await;
    let again = restore
        .if_match(&restored.etag())
        .await
        .problem(409, "state_conflict");
    assert_eq!(again.faults(), faults(&[("", "template_is_in_use")]));
}

async fn uses_count_as_far_as_the_caller_sees_them(app: App) {
    let made = app
        .facilitator()
        .post(PATH, &whole())
        .await
        .expect(201)
        .id();
    let from = json!({ "template_id": made });
    a_review(&app).await.propose(&from).await;
    let quiet = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    quiet.propose(&from).await;
    let path = format!("{PATH}/{made}");
    for (client, count) in [(app.admin(), 2), (app.reader(), 1), (app.facilitator(), 1)] {
        let read = client.get(&path).await.expect(200).json();
        assert_eq!(read["usage_count"], count);
        let listed = client.get(PATH).await.expect(200).items();
        assert_eq!(listed, [read]);
    }
    let log = app.auditor().all("/api/v1/audit-records", 200).await;
    assert!(log.iter().all(|one| one["review_id"] != quiet.id));
}

async fn the_library_is_found_by_what_it_says(app: App) {
    let client = app.facilitator();
    client.post(PATH, &whole()).await.expect(201);
    let beta = json!({ "title": "Beta", "rationale": "owner", "gap_category": "policy", "tags": ["alerting"] });
    client.post(PATH, &beta).await.expect(201);
    let gamma =
        json!({ "title": "Gamma", "action_type": "process", "action_strength": "procedure" });
    let gamma = client.post(PATH, &gamma).await.expect(201);
    a_review(&app)
        .await
        .propose(&json!({ "template_id": gamma.id() }))
        .await;
    let tag = client
        .get(format!("{PATH}/{}", gamma.id()))
        .await
        .expect(200)
        .etag();
    client
        .delete(format!("{PATH}/{}", gamma.id()))
        .if_match(&tag)
        .await
        .expect(204);
    let (alpha, beta, gamma) = ("Give every class of alert an owner", "Beta", "Gamma");
    for (query, expected) in [
        ("", vec![alpha, beta, gamma]),
        ("sort=-created_at", vec![gamma, beta, alpha]),
        ("sort=title", vec![beta, gamma, alpha]),
        ("sort=-updated_at", vec![gamma, beta, alpha]),
        (
            "gap_category=policy&gap_category=detection_logging",
            vec![alpha, beta],
        ),
        ("action_type=process", vec![gamma]),
        ("action_strength=automate", vec![alpha]),
        ("tag=alerting", vec![alpha, beta]),
        ("tag=on-call", vec![alpha]),
        ("archived=true", vec![gamma]),
        ("archived=false", vec![alpha, beta]),
        ("q=OWNER", vec![alpha, beta]),
    ] {
        let found = client.all(&format!("{PATH}?{query}"), 1).await;
        let found: Vec<_> = found.iter().map(|one| one["title"].clone()).collect();
        assert_eq!(found, expected, "{query}");
    }
}

async fn the_library_belongs_to_its_organisation_and_is_kept_by_facilitators(app: App) {
    let made = app.facilitator().post(PATH, &whole()).await.expect(201);
    let path = format!("{PATH}/{}", made.id());
    app.contributor()
        .post(PATH, &whole())
        .await
        .problem(403, "missing_scope");
    let stranger = app.stranger();
    assert!(stranger.all(PATH, 50).await.is_empty());
    for call in [
        stranger.get(&path),
        stranger
            .patch(&path, &json!({ "title": "x" }))
            .if_match("*"),
        stranger.delete(&path).if_match("*"),
        stranger
            .call(reqwest::Method::POST, format!("{path}/restore"))
            .if_match("*"),
    ] {
        call.await.problem(404, "not_found");
    }
    let theirs = stranger.post(
        "/api/v1/reviews",
        &json!({ "title": "Theirs", "severity": "low" }),
    );
    let theirs = format!(
        "/api/v1/reviews/{}/recommendations",
        theirs.await.expect(201).id()
    );
    let reply = stranger
        .post(theirs, &json!({ "template_id": made.id(), "title": "x" }))
        .await;
    let found = reply.problem(422, "validation_failed").faults();
    assert_eq!(found, faults(&[("/template_id", "not_found")]));
}

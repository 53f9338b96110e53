//! Reviews: opened with a key, changed field by field, found by what they are, and hidden where
//! they are restricted.

use chrono::Duration;
use debrief_tests::world::{incident, review};
use debrief_tests::{App, Reply, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_review_has_a_key_that_stands_for_its_id,
    each_field_of_a_review_can_be_changed,
    every_fault_of_a_review_is_told_at_once,
    reviews_are_found_by_what_they_are,
    a_restricted_review_exists_for_its_members_only,
);

const LIST: &str = "/api/v1/reviews";

fn with(mut body: Value, fields: &Value) -> Value {
    for (name, value) in fields.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

async fn opened(app: &App, fields: &Value) -> Reply {
    let made = app.facilitator().post(LIST, &with(review(), fields)).await;
    made.expect(201)
}

fn faults(places: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(place, code): &(&str, &str)| ((*place).to_owned(), (*code).to_owned());
    places.iter().map(own).collect()
}

async fn a_review_has_a_key_that_stands_for_its_id(app: App) {
    for number in 1..=3 {
        let made = opened(&app, &json!({})).await;
        let key = format!("PIR-2026-{number:04}");
        assert_eq!(made.json()["key"], key);
        assert_eq!(made.json()["status"], "draft");
        let path = format!("{LIST}/{}", made.id());
        assert_eq!(made.header("location"), Some(path.as_str()));
        for path in [path, format!("{LIST}/{key}")] {
            let read = app.reader().get(path).await.expect(200);
            assert_eq!((read.json(), read.etag()), (made.json(), made.etag()));
        }
    }
    // Numbers begin anew with each year.
    app.wait(Duration::days(60));
    let later = opened(&app, &json!({})).await;
    assert_eq!(later.json()["key"], "PIR-2027-0001");
    let nobody = app.reader().get(format!("{LIST}/PIR-2026-0099")).await;
    nobody.problem(404, "not_found");
}

async fn each_field_of_a_review_can_be_changed(app: App) {
    let client = app.facilitator();
    let about = app.admin().post("/api/v1/incidents", &incident()).await;
    let about = about.expect(201).id();
    let made = opened(&app, &json!({})).await;
    let path = format!("{LIST}/{}", made.id());
    let mut expected = made.json();
    for (field, value) in [
        ("title", json!("Another title")),
        ("summary", json!("In short")),
        ("kind", json!("exercise")),
        ("depth", json!("lightweight")),
        ("severity", json!("low")),
        ("tlp", json!("red")),
        ("legal_privilege", json!(true)),
        (
            "owner",
            json!({ "name": "Ada", "subject": "ada@example.org" }),
        ),
        (
            "facilitator",
            json!({ "name": "Kim", "subject": "kim@example.org" }),
        ),
        ("tags", json!(["vpn"])),
        (
            "external_refs",
            json!([{ "system": "jira", "id": "PIR-1" }]),
        ),
        ("incident_ids", json!([about])),
        ("workshop_due_at", json!("2026-12-01T09:00:00Z")),
        ("publish_due_at", json!("2026-12-15T09:00:00Z")),
        ("visibility", json!("restricted")),
        ("summary", Value::Null),
        ("owner", Value::Null),
        ("incident_ids", json!([])),
    ] {
        let tag = client.get(&path).await.expect(200).etag();
        let call = client.patch(&path, &json!({ field: value }));
        let changed = call.if_match(&tag).await.expect(200).json();
        expected[field] = value;
        let version = expected["version"].as_i64().expect("a version");
        expected["version"] = json!(version + 1);
        assert_eq!(changed, expected, "{field}");
        assert_eq!(client.get(&path).await.expect(200).json(), expected);
    }
}

async fn every_fault_of_a_review_is_told_at_once(app: App) {
    let about = app.admin().post("/api/v1/incidents", &incident()).await;
    let about = about.expect(201).id();
    let strange = app.stranger().post("/api/v1/incidents", &incident()).await;
    let wrong = json!({
        "incident_ids": [about, strange.expect(201).id(), about],
        "tags": ["vpn", "vpn"],
        "external_refs": [{ "system": "jira", "id": "1" }, { "system": "jira", "id": "1" }],
    });
    let expected = faults(&[
        ("/external_refs/1", "repeated_item"),
        ("/incident_ids/1", "not_found"),
        ("/incident_ids/2", "repeated_item"),
        ("/tags/1", "repeated_item"),
    ]);
    let client = app.facilitator();
    let refused = client.post(LIST, &with(review(), &wrong)).await;
    let refused = refused.problem(422, "validation_failed");
    assert_eq!(refused.faults(), expected);
    let made = opened(&app, &json!({})).await;
    let path = format!("{LIST}/{}", made.id());
    let refused = client.patch(&path, &wrong).if_match(&made.etag()).await;
    let refused = refused.problem(422, "validation_failed");
    assert_eq!(refused.faults(), expected);
    let status = json!({ "status": "published" });
    let refused = client.patch(&path, &status).if_match(&made.etag()).await;
    let refused = refused.problem(422, "validation_failed");
    assert_eq!(refused.faults(), faults(&[("/status", "unknown_field")]));
    assert_eq!(client.get(&path).await.expect(200).json(), made.json());
}

async fn reviews_are_found_by_what_they_are(app: App) {
    let about = app.admin().post("/api/v1/incidents", &incident()).await;
    let about = about.expect(201).id();
    for fields in [
        json!({
            "title": "Beta", "summary": "the alpha team", "severity": "low", "tags": ["vpn", "mail"],
            "publish_due_at": "2026-12-15T00:00:00Z", "incident_ids": [about],
        }),
        json!({
            "title": "Alpha", "kind": "exercise", "tags": ["mail"],
            "owner": { "name": "Ada", "subject": "ada" },
        }),
        json!({
            "title": "Gamma", "publish_due_at": "2026-12-01T00:00:00Z",
            "facilitator": { "name": "Kim", "subject": "kim" },
        }),
    ] {
        opened(&app, &fields).await;
        app.wait(Duration::hours(1));
    }
    let path = format!("{LIST}/PIR-2026-0002");
    let tag = app.admin().get(&path).await.expect(200).etag();
    let start = app.admin().post(format!("{path}/start"), &json!({}));
    start.if_match(&tag).await.expect(200);
    let (alpha, beta, gamma) = ("Alpha", "Beta", "Gamma");
    let by_incident = format!("incident_id={about}");
    for (query, expected) in [
        ("", vec![gamma, alpha, beta]),
        ("sort=created_at", vec![beta, alpha, gamma]),
        ("sort=-updated_at", vec![alpha, gamma, beta]),
        ("sort=updated_at", vec![beta, gamma, alpha]),
        ("sort=title", vec![alpha, beta, gamma]),
        ("sort=-title", vec![gamma, beta, alpha]),
        ("sort=key", vec![beta, alpha, gamma]),
        ("sort=-key", vec![gamma, alpha, beta]),
        (
            "publish_due_at_from=2026-12-01T00:00:00Z&sort=publish_due_at",
            vec![gamma, alpha, beta],
        ),
        (
            "publish_due_at_from=2026-12-01T00:00:00Z&sort=-publish_due_at",
            vec![beta, alpha, gamma],
        ),
        ("publish_due_at_to=2026-12-15T00:00:00Z", vec![gamma, alpha]),
        ("status=in_progress", vec![alpha]),
        ("status=in_progress&status=draft", vec![gamma, alpha, beta]),
        ("severity=low", vec![beta]),
        ("kind=exercise", vec![alpha]),
        ("owner=ada", vec![alpha]),
        ("facilitator=kim", vec![gamma]),
        ("tag=mail", vec![alpha, beta]),
        ("tag=vpn&status=draft", vec![beta]),
        (by_incident.as_str(), vec![beta]),
        ("created_at_from=2026-11-23T13:00:00Z", vec![gamma, alpha]),
        ("created_at_to=2026-11-23T13:00:00Z", vec![beta]),
        ("updated_at_from=2026-11-23T15:00:00Z", vec![alpha]),
        ("updated_at_to=2026-11-23T13:00:00Z", vec![beta]),
        ("q=ALPHA", vec![alpha, beta]),
        ("q=team%20beta", vec![beta]),
        ("q=nothing", vec![]),
    ] {
        for limit in [1, 50] {
            let found = app.reader().all(&format!("{LIST}?{query}"), limit).await;
            let found: Vec<_> = found.iter().map(|one| one["title"].clone()).collect();
            assert_eq!(found, expected, "{query}");
        }
    }
    for (query, place) in [
        ("sort=size", "sort"),
        ("colour=red", "colour"),
        ("status=new", "status"),
    ] {
        let wrong = app.reader().get(format!("{LIST}?{query}")).await;
        let wrong = wrong.problem(400, "invalid_parameter").faults();
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        assert_eq!(wrong[0].0, place);
    }
}

async fn a_restricted_review_exists_for_its_members_only(app: App) {
    let admin = app.admin();
    let subject = async |client: debrief_tests::Client| {
        let me = client.get("/api/v1/me").await.expect(200).json();
        me["subject"].clone()
    };
    let own = json!({
        "visibility": "restricted",
        "owner": { "name": "The contributor", "subject": subject(app.contributor()).await },
    });
    let made = admin.post(LIST, &with(review(), &own)).await.expect(201);
    let path = format!("{LIST}/{}", made.id());
    let person = json!({
        "name": "The reader", "function": "it", "subject": subject(app.reader()).await,
    });
    let exists = async |who: debrief_tests::Client, exists: bool| {
        let key = made.json()["key"].as_str().expect("a key").to_owned();
        for path in [
            path.clone(),
            format!("{LIST}/{key}"),
            format!("{path}/events"),
        ] {
            let reply = who.get(path).await;
            if exists {
                reply.expect(200);
            } else {
                reply.problem(404, "not_found");
            }
        }
        let listed = who.get(LIST).await.expect(200).items();
        assert_eq!(listed.len(), usize::from(exists));
    };
    exists(app.admin(), true).await;
    exists(app.contributor(), true).await;
    exists(app.facilitator(), false).await;
    exists(app.reader(), false).await;
    exists(app.stranger(), false).await;
    let joined = admin.post(format!("{path}/participants"), &person).await;
    joined.expect(201);
    exists(app.reader(), true).await;
    let change = app.facilitator().patch(&path, &json!({ "title": "x" }));
    change
        .if_match(&made.etag())
        .await
        .problem(404, "not_found");
}

//! Milestones: what a chronology marks fills the incident's timestamps, and leaves them again.

use debrief_tests::builders::{Review, a_review_with};
use debrief_tests::world::{event, incident};
use debrief_tests::{App, Reply, both_databases};
use futures_util::future::join_all;
use serde_json::{Value, json};

both_databases!(
    a_marked_event_fills_the_timestamps_of_every_incident_of_its_review,
    the_earliest_of_several_marks_counts_and_leaves_with_its_event,
    an_amendment_moves_adds_and_takes_back_marks,
    a_mark_wins_over_a_report_and_an_override_over_a_mark,
    an_incident_that_joins_or_leaves_a_review_gains_or_loses_its_marks,
    marks_that_are_made_at_once_all_count,
    the_event_of_a_restricted_review_is_named_to_its_members_only,
);

async fn recorded(app: &App, fields: Value) -> String {
    let mut body = incident();
    for (name, value) in fields.as_object().expect("an object") {
        body[name] = value.clone();
    }
    let made = app.admin().post("/api/v1/incidents", &body).await;
    format!("/api/v1/incidents/{}", made.expect(201).id())
}

fn id(incident: &str) -> &str {
    incident.rsplit('/').next().unwrap_or_default()
}

async fn about(app: &App, incidents: &[&str]) -> Review {
    let ids: Vec<_> = incidents.iter().map(|one| id(one)).collect();
    a_review_with(app, json!({ "incident_ids": ids })).await
}

async fn marking(app: &App, review: &Review, at: &str, marks: &[&str]) -> Reply {
    let mut body = event();
    body["occurred_at"] = json!(at);
    body["marks"] = json!(marks);
    let made = app.contributor().post(review.path("/events"), &body).await;
    made.expect(201)
}

async fn changed(app: &App, review: &Review, event: &Reply, verb: &str, body: &Value) -> Reply {
    let path = review.path(&format!("/events/{}", event.id()));
    let tag = app.reader().get(&path).await.expect(200).etag();
    let call = app.contributor().post(format!("{path}/{verb}"), body);
    call.if_match(&tag).await.expect(200)
}

async fn retracted(app: &App, review: &Review, event: &Reply) {
    changed(app, review, event, "retract", &json!({ "reason": "x" })).await;
}

async fn amended(app: &App, review: &Review, event: &Reply, changes: Value) {
    let body = json!({ "reason": "x", "changes": changes });
    changed(app, review, event, "amend", &body).await;
}

async fn times(app: &App, incident: &str) -> Value {
    let incident = app.reader().get(incident).await.expect(200);
    incident.json()["timestamps"].clone()
}

/// The time of a milestone: when, from which source, and by which event.
async fn time(app: &App, incident: &str, milestone: &str) -> (Value, Value, Value) {
    let time = times(app, incident).await[milestone].clone();
    let of = |field: &str| time[field].clone();
    (of("at"), of("source"), of("event_id"))
}

fn by(event: &Reply) -> (Value, Value, Value) {
    let event = event.json();
    let (at, id) = (event["occurred_at"].clone(), event["id"].clone());
    (at, json!("event"), id)
}

async fn a_marked_event_fills_the_timestamps_of_every_incident_of_its_review(app: App) {
    let (first, second) = (
        recorded(&app, json!({})).await,
        recorded(&app, json!({})).await,
    );
    let apart = recorded(&app, json!({})).await;
    let review = about(&app, &[&first, &second]).await;
    let mut body = event();
    body["marks"] = json!(["detected", "reported"]);
    body["precision"] = json!("hour");
    let made = app.contributor().post(review.path("/events"), &body).await;
    let made = made.expect(201);
    for incident in [&first, &second] {
        let times = times(&app, incident).await;
        let names: Vec<_> = times.as_object().expect("an object").keys().collect();
        assert_eq!(names, ["detected", "reported"]);
        for (_, time) in times.as_object().expect("an object") {
            let expected = json!({
                "at": "2026-11-20T03:36:00Z", "precision": "hour", "basis": "event",
                "earliest": null, "latest": null, "source": "event", "event_id": made.id(),
                "override_reason": null,
            });
            assert_eq!(time, &expected);
        }
        let now = app.reader().get(incident).await.expect(200);
        assert_eq!(now.json()["version"], 2, "whoever read it before is stale");
    }
    assert_eq!(times(&app, &apart).await, json!({}));
    // What marks nothing leaves the incident as it is.
    marking(&app, &review, "2026-11-20T01:00:00Z", &[]).await;
    let now = app.reader().get(&first).await.expect(200);
    assert_eq!(now.json()["version"], 2);
}

async fn the_earliest_of_several_marks_counts_and_leaves_with_its_event(app: App) {
    let incident = recorded(&app, json!({})).await;
    let (review, other) = (
        about(&app, &[&incident]).await,
        about(&app, &[&incident]).await,
    );
    let detected = async || time(&app, &incident, "detected").await;
    let middle = marking(&app, &review, "2026-11-20T04:00:00Z", &["detected"]).await;
    assert_eq!(detected().await, by(&middle));
    let late = marking(&app, &review, "2026-11-20T05:00:00Z", &["detected"]).await;
    assert_eq!(detected().await, by(&middle));
    let early = marking(&app, &other, "2026-11-20T03:00:00Z", &["detected"]).await;
    assert_eq!(detected().await, by(&early));
    retracted(&app, &other, &early).await;
    assert_eq!(detected().await, by(&middle));
    retracted(&app, &review, &middle).await;
    assert_eq!(detected().await, by(&late));
    retracted(&app, &review, &late).await;
    assert_eq!(times(&app, &incident).await, json!({}));
}

async fn an_amendment_moves_adds_and_takes_back_marks(app: App) {
    let incident = recorded(&app, json!({})).await;
    let review = about(&app, &[&incident]).await;
    let made = marking(&app, &review, "2026-11-20T04:00:00Z", &["detected"]).await;
    let moved = json!({ "occurred_at": "2026-11-20T02:00:00Z" });
    amended(&app, &review, &made, moved).await;
    let (at, source, event) = time(&app, &incident, "detected").await;
    assert_eq!(
        (at, source),
        (json!("2026-11-20T02:00:00Z"), json!("event"))
    );
    assert_eq!(event, made.id());
    let marks = json!({ "marks": ["detected", "acknowledged"] });
    amended(&app, &review, &made, marks).await;
    assert_eq!(time(&app, &incident, "acknowledged").await.2, made.id());
    amended(&app, &review, &made, json!({ "marks": ["acknowledged"] })).await;
    let now = times(&app, &incident).await;
    assert_eq!(now["detected"], Value::Null);
    assert_eq!(now["acknowledged"]["event_id"], made.id());
    amended(&app, &review, &made, json!({ "marks": null })).await;
    assert_eq!(times(&app, &incident).await, json!({}));
}

async fn a_mark_wins_over_a_report_and_an_override_over_a_mark(app: App) {
    let reported = json!({ "timestamps": { "detected": { "at": "2026-11-20T06:00:00Z" } } });
    let incident = recorded(&app, reported).await;
    let review = about(&app, &[&incident]).await;
    let detected = async || time(&app, &incident, "detected").await;
    let report = (
        json!("2026-11-20T06:00:00Z"),
        json!("reported"),
        Value::Null,
    );
    assert_eq!(detected().await, report);
    let event = marking(&app, &review, "2026-11-20T07:00:00Z", &["detected"]).await;
    assert_eq!(detected().await, by(&event));

    let decided = json!({ "at": "2026-11-20T05:00:00Z", "override_reason": "The clock was slow" });
    let tag = app.admin().get(&incident).await.expect(200).etag();
    let change = json!({ "timestamps": { "detected": decided } });
    let call = app.admin().patch(&incident, &change).if_match(&tag);
    call.await.expect(200);
    let time = times(&app, &incident).await["detected"].clone();
    assert_eq!(time["at"], "2026-11-20T05:00:00Z");
    assert_eq!(time["source"], "override");
    assert_eq!(time["override_reason"], "The clock was slow");
    assert_eq!(time["event_id"], event.id(), "what it won over is told");
    retracted(&app, &review, &event).await;
    let time = times(&app, &incident).await["detected"].clone();
    assert_eq!(time["source"], "override");
    assert_eq!(time["event_id"], Value::Null);

    // Without the override, what was reported is back.
    let other = json!({ "timestamps": { "contained": { "at": "2026-11-20T08:00:00Z" } } });
    let second = recorded(&app, other).await;
    let review = about(&app, &[&second]).await;
    let event = marking(&app, &review, "2026-11-20T09:00:00Z", &["contained"]).await;
    assert_eq!(self::time(&app, &second, "contained").await, by(&event));
    retracted(&app, &review, &event).await;
    let report = (
        json!("2026-11-20T08:00:00Z"),
        json!("reported"),
        Value::Null,
    );
    assert_eq!(self::time(&app, &second, "contained").await, report);
}

async fn an_incident_that_joins_or_leaves_a_review_gains_or_loses_its_marks(app: App) {
    let (early, late) = (
        recorded(&app, json!({})).await,
        recorded(&app, json!({})).await,
    );
    let review = about(&app, &[&early]).await;
    let event = marking(&app, &review, "2026-11-20T04:00:00Z", &["recovered"]).await;
    assert_eq!(times(&app, &late).await, json!({}));
    let of = async |ids: Value| {
        let tag = review.now().await.etag();
        let change = json!({ "incident_ids": ids });
        let call = app.admin().patch(review.path(""), &change);
        call.if_match(&tag).await.expect(200);
    };
    of(json!([id(&early), id(&late)])).await;
    for incident in [&early, &late] {
        assert_eq!(time(&app, incident, "recovered").await, by(&event));
    }
    of(json!([id(&late)])).await;
    assert_eq!(times(&app, &early).await, json!({}));
    assert_eq!(time(&app, &late, "recovered").await, by(&event));
}

async fn marks_that_are_made_at_once_all_count(app: App) {
    let milestones = [
        "occurred",
        "compromised",
        "exfiltrated",
        "detected",
        "reported",
        "acknowledged",
        "declared",
        "contained",
        "eradicated",
        "recovered",
    ];
    for _ in 0..4 {
        let (one, two) = (
            recorded(&app, json!({})).await,
            recorded(&app, json!({})).await,
        );
        // Named in both orders, as changes that hold both must not wait for each other.
        let reviews = [
            about(&app, &[&one, &two]).await,
            about(&app, &[&two, &one]).await,
        ];
        let calls = milestones.iter().zip(reviews.iter().cycle());
        let calls = calls.map(|(milestone, review)| {
            let app = &app;
            async move { marking(app, review, "2026-11-20T04:00:00Z", &[milestone]).await }
        });
        join_all(calls).await;
        for incident in [&one, &two] {
            let times = times(&app, incident).await;
            let found = times.as_object().expect("an object").len();
            assert_eq!(found, milestones.len(), "{times}");
        }
    }
}

async fn the_event_of_a_restricted_review_is_named_to_its_members_only(app: App) {
    let incident = recorded(&app, json!({})).await;
    let ids = json!({ "incident_ids": [id(&incident)], "visibility": "restricted" });
    let review = a_review_with(&app, ids).await;
    let mut body = event();
    body["marks"] = json!(["detected"]);
    let made = app.admin().post(review.path("/events"), &body).await;
    let made = made.expect(201);
    let list = "/api/v1/incidents";
    for (who, event) in [
        (app.admin(), json!(made.id())),
        (app.reader(), Value::Null),
        (app.contributor(), Value::Null),
    ] {
        let one = who.get(&incident).await.expect(200).json();
        let listed = who.get(list).await.expect(200).items().remove(0);
        for shown in [one, listed] {
            let detected = &shown["timestamps"]["detected"];
            assert_eq!(detected["event_id"], event);
            assert_eq!(detected["source"], "event");
            assert_eq!(detected["at"], body["occurred_at"]);
        }
    }
    let change = app
        .contributor()
        .patch(&incident, &json!({ "tags": ["vpn"] }));
    let change = change.if_match("\"2\"").await.expect(200);
    assert!(!change.text().contains(&made.id()), "{}", change.text());
    // Nor does the record of the mark exist for whoever is no member.
    for (who, count) in [(app.admin(), 1), (app.auditor(), 0)] {
        let log = who.get("/api/v1/audit-records?action=incident.mark").await;
        assert_eq!(log.expect(200).items().len(), count);
    }
    let log = app.auditor().get("/api/v1/audit-records").await.expect(200);
    assert!(!log.text().contains(&made.id()), "{}", log.text());
}

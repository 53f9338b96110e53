//! The briefing pack: everything that a session goes through, in one read.

use debrief_tests::builders::{a_review, a_review_with};
use debrief_tests::world::incident;
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_pack_holds_everything_that_the_session_goes_through,
    an_incident_comes_with_its_course_in_moments_and_durations,
    a_chronology_without_key_events_is_told_whole,
    a_follow_up_brings_what_it_carries_over,
    a_pack_is_the_same_until_something_changes,
);

fn texts<'a>(list: &'a Value, field: &str) -> Vec<&'a str> {
    let all = list.as_array().expect("a list").iter();
    all.map(|one| one[field].as_str().expect("a text"))
        .collect()
}

#[expect(
    clippy::too_many_lines,
    reason = "one story, told from its beginning to its end"
)]
async fn a_pack_holds_everything_that_the_session_goes_through(app: App) {
    let admin = app.admin();
    let review = a_review(&app).await;
    let event = |own: Value| {
        let mut body = json!({
            "occurred_at": "2026-11-20T03:36:00Z", "kind": "note", "summary": "plain",
        });
        for (field, value) in own.as_object().expect("an object") {
            body[field] = value.clone();
        }
        admin.post(review.path("/events"), &body)
    };
    event(json!({ "summary": "later", "occurred_at": "2026-11-20T05:00:00Z", "is_key": true }))
        .await
        .expect(201);
    event(json!({ "summary": "marked", "marks": ["detected"] }))
        .await
        .expect(201);
    event(json!({ "summary": "seen afterwards", "hindsight_only": true }))
        .await
        .expect(201);
    event(json!({})).await.expect(201);
    let gone = event(json!({ "summary": "gone", "is_key": true }))
        .await
        .expect(201);
    let path = review.path(&format!("/events/{}/retract", gone.id()));
    let why = json!({ "reason": "another incident" });
    admin
        .post(path, &why)
        .if_match(&gone.etag())
        .await
        .expect(200);

    let cause = |statement: &str, own: Value| {
        let mut body = json!({
            "kind": "contributing_factor", "statement": statement,
            "cause_category": "process_failure",
        });
        for (field, value) in own.as_object().expect("an object") {
            body[field] = value.clone();
        }
        body
    };
    let top = review
        .record(&cause(
            "The alert was not read",
            json!({ "kind": "root_cause" }),
        ))
        .await
        .id();
    let why = review
        .record(&cause(
            "Nobody owns the mailbox",
            json!({ "parent_id": top }),
        ))
        .await
        .id();
    let risky = json!({ "parent_id": why, "likelihood": 5, "severity_score": 5 });
    review.record(&cause("The team was dissolved", risky)).await;
    let gap = json!({ "kind": "gap", "statement": "No owner", "gap_category": "policy" });
    review.record(&gap).await;
    let work = json!({ "title": "Give alerts an owner", "type": "detect" });
    admin.post(review.path("/actions"), &work).await.expect(201);
    let proposed = json!({ "title": "Give every alert an owner" });
    admin
        .post(review.path("/recommendations"), &proposed)
        .await
        .expect(201);
    let lesson = json!({ "statement": "An alert without an owner is none" });
    admin
        .post(review.path("/lessons"), &lesson)
        .await
        .expect(201);
    for decision in ["Shut the network down", "Pay nothing"] {
        let body = json!({ "decided_at": "2026-11-20T04:00:00Z", "decider_role": "Incident lead", "decision": decision });
        let made = admin.post(review.path("/decisions"), &body).await;
        let made = made.expect(201);
        if decision == "Pay nothing" {
            let path = review.path(&format!("/decisions/{}/retract", made.id()));
            let why = json!({ "reason": "not ours" });
            let retracted = admin.post(path, &why).if_match(&made.etag());
            retracted.await.expect(200);
        }
    }
    let told = json!({
        "sent_at": "2026-11-20T04:10:00Z", "from_role": "SOC", "to_audience": "Crisis team",
        "channel": "phone", "direction": "internal", "content_class": "status_update",
    });
    admin
        .post(review.path("/communications"), &told)
        .await
        .expect(201);
    let kim = review.join("Kim", "it").await;
    let own = json!({ "kind": "lessons_learned", "ground_rules": "Be kind." });
    let workshop = review.plan(&own).await;
    workshop.invite(&kim).await;
    workshop
        .step("agenda/generate", &json!({}))
        .await
        .expect(200);

    let pack = app
        .reader()
        .get(workshop.path("/briefing-pack"))
        .await
        .expect(200)
        .json();
    assert_eq!(pack["workshop"], workshop.now().await.json());
    assert_eq!(pack["workshop"]["ground_rules"], "Be kind.");
    assert_eq!(pack["review"], review.now().await.json());
    assert_eq!(texts(&pack["participants"], "name"), ["Kim"]);
    assert_eq!(texts(&pack["invitations"], "name"), ["Kim"]);
    let chronology = &pack["chronology"];
    assert_eq!(chronology["total_events"], 4);
    assert_eq!(
        texts(&chronology["key_events"], "summary"),
        ["marked", "later"]
    );
    assert_eq!(
        texts(&chronology["hindsight_events"], "summary"),
        ["seen afterwards"]
    );
    assert_eq!(
        texts(&pack["decisions"], "decision"),
        ["Shut the network down"]
    );
    assert_eq!(
        texts(&pack["communications"], "to_audience"),
        ["Crisis team"]
    );
    let agenda = texts(&pack["workshop"]["agenda"], "kind");
    assert!(agenda.contains(&"decisions") && agenda.contains(&"communications"));
    assert_eq!(
        texts(&pack["findings"], "kind"),
        ["root_cause", "contributing_factor", "gap"]
    );
    let factors = &pack["findings"][1]["findings"];
    assert_eq!(
        texts(factors, "statement"),
        ["The team was dissolved", "Nobody owns the mailbox"]
    );
    let chains = pack["why_chains"].as_array().expect("a list");
    assert_eq!(chains.len(), 1);
    assert_eq!(chains[0]["finding_id"], top);
    assert_eq!(
        texts(&chains[0]["steps"], "statement"),
        [
            "The alert was not read",
            "Nobody owns the mailbox",
            "The team was dissolved"
        ]
    );
    let depths: Vec<&Value> = chains[0]["steps"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["depth"])
        .collect();
    assert_eq!(depths, [0, 1, 2]);
    let action = admin.get(review.path("/actions")).await.expect(200).items();
    assert_eq!(pack["actions"], json!(action));
    for (kind, path) in [
        ("recommendations", "/recommendations"),
        ("lessons", "/lessons"),
    ] {
        let listed = admin.get(review.path(path)).await.expect(200).items();
        assert_eq!(listed.len(), 1, "{kind}");
        assert_eq!(pack[kind], json!(listed), "{kind}");
    }
    assert_eq!(pack["carry_over"], json!(null));
    let points: Vec<(&str, &str)> = texts(&pack["open_points"], "step")
        .into_iter()
        .zip(texts(&pack["open_points"], "code"))
        .collect();
    assert_eq!(
        points,
        [
            ("publish", "no_cause_with_evidence"),
            ("publish", "gap_without_answer"),
            ("publish", "undecided_recommendation"),
            ("publish", "incomplete_action"),
            ("publish", "no_strength"),
        ]
    );
}

async fn an_incident_comes_with_its_course_in_moments_and_durations(app: App) {
    let admin = app.admin();
    let mut body = incident();
    body["timestamps"] = json!({
        "detected": { "at": "2026-11-20T03:36:00Z" },
        "compromised": { "at": "2026-11-18T00:00:00Z", "precision": "day" },
        "contained": { "at": "2026-11-20T05:36:00Z" },
        "acknowledged": { "at": "2026-11-20T03:30:00Z" },
    });
    let incident = admin.post("/api/v1/incidents", &body).await.expect(201);
    let review = a_review_with(&app, json!({ "incident_ids": [incident.id()] })).await;
    let workshop = review.plan(&json!({ "kind": "hotwash" })).await;
    let pack = app
        .reader()
        .get(workshop.path("/briefing-pack"))
        .await
        .expect(200)
        .json();
    let told = pack["incidents"].as_array().expect("a list");
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["incident"], incident.json());
    assert_eq!(
        texts(&told[0]["milestones"], "milestone"),
        ["compromised", "acknowledged", "detected", "contained"]
    );
    let durations: Vec<Value> = told[0]["durations"].as_array().expect("a list").clone();
    assert_eq!(
        json!(durations),
        json!([
            { "metric": "time_to_detect", "seconds": null, "days": 2, "is_contradictory": false },
            { "metric": "time_to_acknowledge", "seconds": null, "days": null, "is_contradictory": true },
            { "metric": "time_to_contain", "seconds": 7200, "days": null, "is_contradictory": false },
            { "metric": "dwell_time", "seconds": null, "days": 2, "is_contradictory": false },
        ])
    );
}

async fn a_chronology_without_key_events_is_told_whole(app: App) {
    let review = a_review(&app).await.with_events(3).await;
    let workshop = review.plan(&json!({ "kind": "hotwash" })).await;
    let pack = app
        .reader()
        .get(workshop.path("/briefing-pack"))
        .await
        .expect(200)
        .json();
    let chronology = &pack["chronology"];
    assert_eq!(
        texts(&chronology["key_events"], "summary"),
        ["event 0", "event 1", "event 2"]
    );
    assert_eq!(chronology["hindsight_events"], json!([]));
    assert_eq!(pack["open_points"][0]["code"], "no_cause_with_evidence");
}

async fn a_follow_up_brings_what_it_carries_over(app: App) {
    let review = a_review(&app).await;
    let work = json!({ "title": "Give alerts an owner", "type": "detect" });
    app.admin()
        .post(review.path("/actions"), &work)
        .await
        .expect(201);
    let workshop = review.plan(&json!({ "kind": "follow_up" })).await;
    let pack = app
        .reader()
        .get(workshop.path("/briefing-pack"))
        .await
        .expect(200)
        .json();
    let carried = app
        .reader()
        .get(workshop.path("/carry-over"))
        .await
        .expect(200)
        .json();
    assert_eq!(pack["carry_over"], carried);
}

async fn a_pack_is_the_same_until_something_changes(app: App) {
    let review = a_review(&app).await;
    let workshop = review.plan(&json!({ "kind": "hotwash" })).await;
    let path = workshop.path("/briefing-pack");
    let first = app.reader().get(&path).await.expect(200);
    app.reader()
        .get(&path)
        .header("if-none-match", first.etag())
        .await
        .expect(304);
    review.append(1).await;
    let second = app
        .reader()
        .get(&path)
        .header("if-none-match", first.etag())
        .await;
    assert_ne!(second.expect(200).etag(), first.etag());
    // It holds what three scopes are for.
    let key = json!({ "name": "narrow", "scopes": ["reviews:read", "actions:read"] });
    let key = app
        .admin()
        .post("/api/v1/api-keys", &key)
        .await
        .expect(201)
        .json();
    let narrow = app.bearing(key["key"].as_str());
    narrow.get(&path).await.problem(403, "missing_scope");
    narrow.get(workshop.path("")).await.expect(200);
}

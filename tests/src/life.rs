//! A review that has been through everything that a review can go through: of each kind of row it has
//! at least one, so that what is lost of it is missed.

use serde_json::{Value, json};

use crate::app::App;
use crate::builders::{Review, a_document, a_review_with};
use crate::client::Client;
use crate::said;
use crate::world::{measure, regime};

/// The incident that it is about, as the ticketing system calls it.
pub const TICKET: &str = "SEC-4711";

/// Opens a review, leads it from its incident to its closure, and amends what was published.
pub async fn lived(app: &App) -> Review {
    let admin = app.admin();
    let incident = incident(&admin).await;
    let review = a_review_with(
        app,
        json!({
            "incident_ids": [incident],
            "tags": ["vpn", "night"],
            "external_refs": [{ "system": "wiki", "id": "PIR-VPN", "url": "https://wiki.example.org/pir" }],
            "facilitator": { "name": "Miriam Adeyemi", "subject": "miriam@example.org" },
        }),
    )
    .await
    .started()
    .await;
    let kim = review.join("Kim Larsen", "it").await;
    let legal = review.join("Lea Brandt", "legal").await;
    let events = chronology(&review).await;
    logs(&review, &kim, &events).await;
    evaluated(&admin, &review, &events).await;
    let gap = established(&review, &events).await;
    let action = improved(&review, &kim, &gap).await;
    remembered(app, &review, &gap, &action).await;
    talked_about(app, &review, &[kim, legal], (&gap, &action)).await;
    said::in_rounds(app, &review).await;
    said::in_briefings(app, &review).await;
    said::with_care(app, &review).await;
    obliged(&admin, &review).await;
    looked_at(&admin, &review, &action).await;
    review.step("submit", &json!({})).await.expect(200);
    review.step("publish", &json!({})).await.expect(200);
    // What was published changes by amendment.
    let finding = format!("/findings/{gap}");
    let change = json!({ "reason": "Said more exactly", "changes": { "description": "Between 22 and 6 o'clock" } });
    review.verb(&finding, "amend", &change).await.expect(200);
    // What time has brought by now comes of itself at some moment: here it has come.
    app.notice().await;
    review
}

async fn incident(admin: &Client) -> String {
    let body = json!({ "incident": {
        "title": "Intrusion through the VPN", "severity": "critical", "category": "intrusion",
        "status": "contained", "attack_techniques": ["T1078"], "affected_assets": ["vpn-01"],
        "tags": ["vpn"], "timestamps": { "reported": { "at": "2026-11-20T05:00:00Z" } },
    } });
    let path = format!("/api/v1/incidents/by-ref/jira/{TICKET}");
    let made = admin.put(path, &body).await.expect(201).json();
    made["incident"]["id"].as_str().expect("an id").to_owned()
}

async fn post(review: &Review, client: &Client, below: &str, body: &Value) -> String {
    client.post(review.path(below), body).await.expect(201).id()
}

async fn chronology(review: &Review) -> Vec<String> {
    let client = review.client();
    let mut events = Vec::new();
    for (at, kind, marks, source) in [
        (
            "2026-11-20T01:00:00.123456Z",
            "initial_access",
            json!(["compromised"]),
            Value::Null,
        ),
        (
            "2026-11-20T03:36:00Z",
            "alert",
            json!(["detected"]),
            json!("edr"),
        ),
        (
            "2026-11-20T04:10:00Z",
            "containment_action",
            json!(["contained"]),
            Value::Null,
        ),
        ("2026-11-20T04:11:00Z", "other", json!([]), Value::Null),
    ] {
        let mut body = json!({
            "occurred_at": at, "kind": kind, "marks": marks, "summary": format!("What was seen at {at}"),
            "evidence": [{ "title": "Log of the VPN" }], "attack_techniques": ["T1078"],
        });
        if !source.is_null() {
            body["source"] = source;
            body["external_id"] = json!("alert-1");
        }
        events.push(post(review, client, "/events", &body).await);
    }
    let amended = json!({ "reason": "The clock was off", "changes": { "occurred_at": "2026-11-20T03:35:00Z" } });
    let event = format!("/events/{}", events[1]);
    review.verb(&event, "amend", &amended).await.expect(200);
    let wrong = json!({ "reason": "It belongs elsewhere" });
    let event = format!("/events/{}", events[3]);
    review.verb(&event, "retract", &wrong).await.expect(200);
    events
}

async fn logs(review: &Review, kim: &str, events: &[String]) {
    let client = review.client();
    let decision = json!({
        "decided_at": "2026-11-20T04:00:00Z", "decider_participant_id": kim, "event_ids": [events[1]],
        "decision": "Shut the VPN down", "options": [{ "option": "Wait", "cons": "It spreads" }],
        "rationale": "Nobody worked at that hour",
    });
    let decision = post(review, client, "/decisions", &decision).await;
    let later = json!({ "reason": "Known by now", "changes": { "outcome": "It held" } });
    let decision = format!("/decisions/{decision}");
    review.verb(&decision, "amend", &later).await.expect(200);
    let told = json!({
        "sent_at": "2026-11-20T04:05:00Z", "from_role": "Duty officer", "to_audience": "Everybody",
        "channel": "email", "direction": "internal", "content_class": "decision_notice",
        "summary": "The VPN is down", "timely": true, "event_ids": [events[2]],
    });
    post(review, client, "/communications", &told).await;
}

async fn evaluated(admin: &Client, review: &Review, events: &[String]) {
    let detection = json!({
        "rating": "effective", "procedures_followed": "yes", "procedures_adequate": "partly",
        "strengths": [{ "text": "The alert was read", "event_ids": [events[1]] }],
    });
    let path = review.path("/assessments/detection");
    admin.put(path, &detection).await.expect(201);
    for (snapshot, likely) in [("initial", 5_000_000), ("final", 7_250_000)] {
        let cost = json!({ "currency": "EUR", "min": 1_000_000, "likely": likely, "max": 9_007_199_254_740_991_i64 });
        let impact = json!({
            "rating": "moderate", "quantities": [{ "kind": "downtime_minutes", "value": 840 }],
            "costs": [{ "loss_variety": "response_and_recovery", "amount": cost }],
        });
        let path = review.path(&format!("/impacts/{snapshot}/financial"));
        admin.put(path, &impact).await.expect(201);
    }
}

async fn established(review: &Review, events: &[String]) -> String {
    let cause = json!({
        "kind": "root_cause", "statement": "The exception had no owner", "event_ids": [events[0]],
        "cause_category": "process_failure", "attack_techniques": ["T1078"],
    });
    let cause = review.record(&cause).await.id();
    review
        .record(&json!({ "kind": "strength", "statement": "Backups were kept offline" }))
        .await;
    let gap = json!({
        "kind": "gap", "statement": "Nobody reads alerts at night", "gap_category": "detection_logging",
        "parent_id": cause, "likelihood": 4, "severity_score": 3,
        "control": { "name": "Night watch", "function": "detective", "state": "missing" },
    });
    review.record(&gap).await.id()
}

/// A recommendation that becomes an action, which is put off, done and proven, and one that waits for it.
async fn improved(review: &Review, kim: &str, gap: &str) -> String {
    let client = review.client();
    let template = json!({ "title": "Read every alert" });
    let library = client.post("/api/v1/recommendation-templates", &template);
    let template = library.await.expect(201).id();
    let first =
        json!({ "template_id": template, "finding_ids": [gap], "tags": ["night"], "effort": 3 });
    let first = review.propose(&first).await.id();
    let accepted = json!({ "reason": "The insurer asks for it", "actions": [{
        "title": "Hire a night watch", "type": "detect", "owner": { "participant_id": kim },
        "due_on": "2027-03-31", "closure_criteria": "Three nights are read", "finding_ids": [gap],
        "priority_inputs": { "impact": 5, "effort": 3 }, "tags": ["night"],
        "external_refs": [{ "system": "jira", "id": "SEC-4712" }],
    }] });
    let below = format!("/recommendations/{first}");
    let accepted = review.verb(&below, "accept", &accepted).await.expect(200);
    let again = review
        .propose(&json!({ "title": "Watch at night" }))
        .await
        .id();
    let same = json!({ "duplicate_of_id": first, "reason": "Proposed twice" });
    let again = format!("/recommendations/{again}");
    review.verb(&again, "duplicate", &same).await.expect(200);
    let action = accepted.json();
    let action = action["action_ids"][0].as_str();
    let action = action.expect("an action").to_owned();
    let below = format!("/actions/{action}");
    let later = json!({ "due_on": "2027-04-30", "reason": "Nobody applied" });
    review.verb(&below, "reschedule", &later).await.expect(200);
    let progress = format!("{below}/progress");
    post(
        review,
        client,
        &progress,
        &json!({ "percent": 40, "status": "in_progress", "note": "Two are hired" }),
    )
    .await;
    let next = json!({ "title": "Train the night watch", "type": "training", "depends_on": [action],
        "owner": { "name": "Robin Vega", "subject": "robin@example.org" },
        "due_on": "2027-06-30", "closure_criteria": "Everybody was trained" });
    review.act(&next).await;
    action
}

async fn remembered(app: &App, review: &Review, gap: &str, action: &str) {
    let lesson = json!({ "statement": "An alert that nobody reads is none", "finding_ids": [gap],
        "audience": ["responders", "leadership"] });
    let lesson = review.learn(&lesson).await.id();
    let below = format!("/lessons/{lesson}");
    review
        .verb(&below, "validate", &json!({}))
        .await
        .expect(200);
    let document = a_document(app, json!({ "review_every_days": 180, "tags": ["night"] })).await;
    let revision = json!({ "label": "2.0", "lesson_ids": [lesson], "action_ids": [action] });
    let path = format!("{document}/revisions");
    app.admin().post(path, &revision).await.expect(201);
}

async fn talked_about(app: &App, review: &Review, people: &[String], came_of_it: (&str, &str)) {
    for kind in ["lessons_learned", "follow_up"] {
        let session = json!({
            "kind": kind, "scheduled_at": "2026-11-23T09:00:00Z", "time_zone": "Europe/Oslo",
            "facilitator": { "name": "Miriam Adeyemi", "subject": "miriam@example.org" },
        });
        let workshop = review.plan(&session).await;
        let agenda = json!({ "topics": [{ "kind": "chronology", "title": "What happened", "minutes": 30 }] });
        let tag = workshop.now().await.etag();
        let set = review.client().put(workshop.path("/agenda"), &agenda);
        set.if_match(&tag).await.expect(200);
        for person in people {
            let invitation = workshop.invite(person).await.id();
            let answer = json!({ "rsvp": "accepted", "note": "Gladly" });
            workshop
                .tell(&invitation, "rsvp", &answer)
                .await
                .expect(200);
        }
        if kind == "lessons_learned" {
            said::on_boards(app, review, &workshop, came_of_it).await;
        }
        let held = json!({ "held_at": "2026-11-23T09:05:00Z", "actual_duration_minutes": 80,
            "minutes": "The night watch has an owner." });
        workshop.step("hold", &held).await.expect(200);
    }
}

async fn obliged(admin: &Client, review: &Review) {
    let regime = admin.post("/api/v1/regimes", &regime()).await.expect(201);
    let duty = json!({ "regime_id": regime.id(), "stage": "report", "trigger_at": "2026-11-20T05:00:00Z" });
    let duty = post(review, admin, "/obligations", &duty).await;
    let sent = json!({ "submitted_at": "2026-11-22T09:00:00Z", "reference": "REG-1" });
    let duty = format!("/obligations/{duty}");
    review.verb(&duty, "submit", &sent).await.expect(200);
}

async fn looked_at(admin: &Client, review: &Review, action: &str) {
    let done = json!({ "status": "implemented" });
    post(review, admin, &format!("/actions/{action}/progress"), &done).await;
    let proof = json!({ "method": "retest", "result": "effective", "note": "Three nights were read",
        "verified_by": { "name": "Vera", "subject": "vera@example.org" }, "recheck_on": "2027-11-30" });
    let below = format!("/actions/{action}");
    review
        .verb(&below, "verifications", &proof)
        .await
        .expect(201);
    let mut measure = measure();
    measure["action_ids"] = json!([action]);
    let measure = post(review, admin, "/improvement-measures", &measure).await;
    let below = format!("/improvement-measures/{measure}");
    review
        .verb(&below, "evaluate", &json!({}))
        .await
        .expect(201);
}

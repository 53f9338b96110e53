//! The notes on what is said around a review: in its sessions, of its actions, its obligations, its
//! measures and its briefings; and that a note on an anonymous contribution tells nothing of who spoke.

use debrief_tests::builders::{Review, a_review};
use debrief_tests::{App, Client, both_databases, world};
use serde_json::{Value, json};

both_databases!(
    what_is_said_around_a_review_is_looked_at_too,
    an_anonymous_contribution_is_noted_once_it_is_shown_and_stays_nobodys,
    what_a_cancelled_workshop_heard_has_no_notes,
    a_briefing_that_is_superseded_has_no_notes,
);

const BLAMING: &str = "The operator was careless";

async fn notes(client: &Client, review: &Review, kind: &str) -> Vec<Value> {
    let path = format!("/wording-notes?resource_type={kind}");
    client.all(&review.path(&path), 50).await
}

/// Somebody who takes part, with a credential of their own.
async fn somebody(app: &App, name: &str) -> Client {
    let body = json!({ "name": name, "roles": ["contributor"] });
    let made = app.admin().post("/api/v1/api-keys", &body).await;
    app.bearing(made.expect(201).json()["key"].as_str())
}

/// Says everything that can be said around a review, blaming.
async fn blame_all_around(app: &App, review: &Review) {
    let client = app.admin();
    let workshop = review.plan(&json!({ "kind": "lessons_learned" })).await;
    workshop.collect(&json!({ "anonymous": false })).await;
    let said = json!({ "prompt": "what_hindered", "text": BLAMING });
    let path = workshop.path("/contributions");
    client.post(path, &said).await.expect(201);
    let group = json!({ "title": "Attention", "summary": BLAMING });
    let path = workshop.path("/contribution-groups");
    client.post(path, &group).await.expect(201);

    let action = json!({ "title": "Look", "type": "detect", "owner": { "name": "Kim" } });
    let action = review.path(&format!("/actions/{}", review.act(&action).await.id()));
    let told = json!({ "status": "implemented", "note": BLAMING });
    let path = format!("{action}/progress");
    client.post(path, &told).await.expect(201);
    let tag = client.get(&action).await.expect(200).etag();
    let proof = json!({
        "method": "retest", "result": "inconclusive", "note": BLAMING,
        "verified_by": { "name": "Ada", "subject": "ada@example.org" },
    });
    let proof = client.post(format!("{action}/verifications"), &proof);
    proof.if_match(&tag).await.expect(201);

    let clock = json!({
        "title": "Report to the insurer", "description": BLAMING,
        "trigger_at": "2026-11-20T04:00:00Z", "due_at": "2026-12-20T04:00:00Z",
    });
    let path = review.path("/obligations");
    client.post(path, &clock).await.expect(201);
    let mut measure = world::measure();
    measure["description"] = json!(BLAMING);
    let path = review.path("/improvement-measures");
    client.post(path, &measure).await.expect(201);
    let draft =
        json!({ "audience": "leadership", "headline": "Calm", "key_messages": ["Fine", BLAMING] });
    let path = review.path("/briefings");
    client.post(path, &draft).await.expect(201);
}

async fn what_is_said_around_a_review_is_looked_at_too(app: App) {
    let (client, review) = (app.admin(), a_review(&app).await);
    blame_all_around(&app, &review).await;
    let found = client.all(&review.path("/wording-notes"), 3).await;
    let mut told: Vec<_> = found
        .iter()
        .map(|note| {
            let text = |field: &str| note[field].as_str().expect("a text").to_owned();
            (text("resource_type"), text("pointer"))
        })
        .collect();
    told.sort();
    let expected = [
        ("briefing", "/key_messages/1"),
        ("contribution", "/text"),
        ("contribution_group", "/summary"),
        ("improvement_measure", "/description"),
        ("obligation", "/description"),
        ("progress", "/note"),
        ("verification", "/note"),
    ];
    let expected = expected.map(|(kind, place)| (kind.to_owned(), place.to_owned()));
    assert_eq!(told, expected);
    for note in &found {
        let href = note["href"].as_str().expect("an address");
        let shown = client.get(href).await.expect(200).json();
        let pointer = note["pointer"].as_str().expect("a pointer");
        // A measure is shown beside what it comes to.
        let shown = shown.get("measure").unwrap_or(&shown);
        assert_eq!(shown.pointer(pointer), Some(&json!(BLAMING)), "{note}");
        let path = review.path(&format!(
            "/wording-notes/{}/acknowledge",
            note["id"].as_str().expect("an id")
        ));
        let why = json!({ "reason": "Their own words" });
        client.post(path, &why).await.expect(200);
    }
    let open = review.path("/wording-notes?acknowledged=false");
    assert!(client.all(&open, 50).await.is_empty());
}

async fn an_anonymous_contribution_is_noted_once_it_is_shown_and_stays_nobodys(app: App) {
    let (client, review) = (app.facilitator(), a_review(&app).await);
    let workshop = review.plan(&json!({ "kind": "lessons_learned" })).await;
    workshop.collect(&json!({ "anonymous": true })).await;
    let kim = somebody(&app, "Kim Larsen").await;
    let me = kim.get("/api/v1/me").await.expect(200).json();
    let said = json!({ "prompt": "what_hindered", "text": BLAMING });
    let path = workshop.path("/contributions");
    kim.post(path, &said).await.expect(201);
    for who in [&client, &kim, &app.admin()] {
        assert!(notes(who, &review, "contribution").await.is_empty());
    }
    workshop.board("close").await.expect(200);
    let note = notes(&client, &review, "contribution").await.remove(0);
    let path = review.path(&format!(
        "/wording-notes/{}/acknowledge",
        note["id"].as_str().expect("an id")
    ));
    let why = json!({ "reason": "Said in anger, and understood" });
    let done = client.post(path, &why).await.expect(200).text().clone();
    let list = notes(&client, &review, "contribution").await;
    let log = "/api/v1/audit-records?resource_type=wording_acknowledgement";
    let log = app.auditor().all(log, 50).await;
    assert_eq!(log.len(), 1);
    let feed = "/api/v1/changes?type=wording.acknowledge";
    let feed = app.reader().get(feed).await.expect(200).items();
    assert_eq!(feed.len(), 1);
    let everything = [done, json!([list, log, feed]).to_string()].concat();
    for name in ["Kim Larsen", me["subject"].as_str().expect("a subject")] {
        assert!(!everything.contains(name), "{name} in {everything}");
    }
    // What is kept of it is the phrase, not what was said.
    assert!(!json!([log, feed]).to_string().contains(BLAMING));
}

async fn what_a_cancelled_workshop_heard_has_no_notes(app: App) {
    let (client, review) = (app.admin(), a_review(&app).await);
    let workshop = review.plan(&json!({ "kind": "hotwash" })).await;
    workshop.collect(&json!({ "anonymous": false })).await;
    let said = json!({ "prompt": "what_hindered", "text": BLAMING });
    let path = workshop.path("/contributions");
    client.post(path, &said).await.expect(201);
    assert_eq!(notes(&client, &review, "contribution").await.len(), 1);
    let why = json!({ "reason": "None needed" });
    workshop.step("cancel", &why).await.expect(200);
    assert!(notes(&client, &review, "contribution").await.is_empty());
}

async fn a_briefing_that_is_superseded_has_no_notes(app: App) {
    let (client, review) = (app.admin(), a_review(&app).await);
    let issue = async |headline: &str| {
        let draft = json!({ "audience": "leadership", "headline": headline });
        let path = review.path("/briefings");
        let made = client.post(path, &draft).await.expect(201);
        let path = format!("/api/v1/briefings/{}/issue", made.id());
        let issued = client.post(path, &json!({})).if_match(&made.etag());
        issued.await.expect(200);
    };
    issue(BLAMING).await;
    assert_eq!(notes(&client, &review, "briefing").await.len(), 1);
    issue("Alerts had no owner").await;
    assert!(notes(&client, &review, "briefing").await.is_empty());
}

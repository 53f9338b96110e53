//! The notes on a whole review: where each stands, that somebody acknowledges it, and that publication
//! waits for that.

use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

both_databases!(
    every_text_of_a_review_is_looked_at,
    notes_are_filtered_and_paged,
    a_publication_waits_until_each_note_is_reworded_or_acknowledged,
    a_text_that_changes_needs_a_new_acknowledgement,
    several_notes_are_acknowledged_together_or_not_at_all,
    a_note_that_is_acknowledged_again_stays_as_it_is,
    a_published_review_takes_no_acknowledgement,
    who_acknowledges_has_to_lead_reviews_and_see_this_one,
);

const BLAMING: &str = "The operator was careless";

async fn notes(client: &Client, review: &Review, query: &str) -> Vec<Value> {
    let mark = if query.is_empty() { "" } else { "?" };
    let path = review.path(&format!("/wording-notes{mark}{query}"));
    client.all(&path, 3).await
}

fn id(note: &Value) -> &str {
    note["id"].as_str().expect("an id")
}

async fn blamed(review: &Review) -> String {
    let body = json!({ "kind": "observation", "statement": BLAMING });
    review.record(&body).await.id()
}

/// The conditions of a publication that wording does not meet.
async fn waiting(client: &Client, review: &Review) -> usize {
    let path = review.path("/readiness");
    let steps = client.get(path).await.expect(200).json()["steps"].clone();
    let steps = steps.as_array().expect("a list").iter();
    let unmet = steps.flat_map(|step| {
        let own = step["unmet"].as_array().expect("a list").iter();
        own.map(move |one| (step["step"].clone(), one["code"].clone()))
    });
    let own: Vec<_> = unmet.filter(|(_, code)| code == "blame_wording").collect();
    assert!(own.iter().all(|(step, _)| step == "publish"), "{own:?}");
    own.len()
}

#[expect(clippy::too_many_lines, reason = "one table of cases")]
async fn every_text_of_a_review_is_looked_at(app: App) {
    let (client, review) = (
        app.admin(),
        a_review_with(&app, json!({ "summary": BLAMING })).await,
    );
    let event = json!({ "occurred_at": "2026-11-20T03:36:00Z", "kind": "alert", "summary": "x", "description": BLAMING });
    client
        .post(review.path("/events"), &event)
        .await
        .expect(201);
    let decision = json!({
        "decided_at": "2026-11-20T03:40:00Z", "decider_role": "Head of IT", "decision": "Wait",
        "options": [{ "option": "Wait", "cons": BLAMING, "chosen": true }],
    });
    client
        .post(review.path("/decisions"), &decision)
        .await
        .expect(201);
    let call = json!({
        "sent_at": "2026-11-20T03:41:00Z", "from_role": "SOC", "to_audience": "IT", "channel": "phone",
        "direction": "internal", "content_class": "warning", "issue": BLAMING,
    });
    client
        .post(review.path("/communications"), &call)
        .await
        .expect(201);
    let weak =
        json!({ "rating": "ineffective", "weaknesses": [{ "text": "fine" }, { "text": BLAMING }] });
    client
        .put(review.path("/assessments/analysis"), &weak)
        .await
        .expect(201);
    let cost = json!({ "rating": "minor", "narrative": BLAMING });
    client
        .put(review.path("/impacts/final/reputation"), &cost)
        .await
        .expect(201);
    let gap = json!({ "kind": "gap", "statement": "A gap", "gap_category": "policy", "no_recommendation_reason": BLAMING });
    review.record(&gap).await;
    review
        .propose(&json!({ "title": "Look", "rationale": BLAMING }))
        .await;
    review
        .act(&json!({ "title": "Look", "type": "detect", "closure_criteria": BLAMING }))
        .await;
    review.learn(&json!({ "statement": BLAMING })).await;
    let workshop = review
        .plan(&json!({ "kind": "hotwash", "minutes": BLAMING }))
        .await;
    let cancelled = review
        .plan(&json!({ "kind": "hotwash", "title": BLAMING }))
        .await;
    cancelled
        .step("cancel", &json!({ "reason": "None needed" }))
        .await
        .expect(200);

    let found = notes(&client, &review, "").await;
    let told: Vec<_> = found
        .iter()
        .map(|note| (note["resource_type"].as_str(), note["pointer"].as_str()))
        .collect();
    for expected in [
        ("review", "/summary"),
        ("event", "/description"),
        ("decision", "/options/0/cons"),
        ("communication", "/issue"),
        ("assessment", "/weaknesses/1/text"),
        ("impact", "/narrative"),
        ("finding", "/no_recommendation_reason"),
        ("recommendation", "/rationale"),
        ("action", "/closure_criteria"),
        ("lesson", "/statement"),
        ("workshop", "/minutes"),
    ] {
        let expected = (Some(expected.0), Some(expected.1));
        assert!(told.contains(&expected), "{expected:?} in {told:?}");
    }
    assert_eq!(found.len(), 11);
    assert_eq!(waiting(&client, &review).await, 11);
    for note in &found {
        assert_eq!(
            (&note["phrase"], &note["review_id"]),
            (&json!("careless"), &json!(review.id))
        );
        assert_eq!(note["acknowledgement"], Value::Null);
        let href = note["href"].as_str().expect("an address");
        let read = client.get(href).await.expect(200).json();
        let read = read["items"].get(0).unwrap_or(&read);
        assert_eq!(read["id"], note["resource_id"], "{href}");
        let pointer = note["pointer"].as_str().expect("a pointer");
        assert_eq!(
            read.pointer(pointer),
            Some(&json!(BLAMING)),
            "{href} {pointer}"
        );
        let own = &read["wording_notes"][0];
        assert_eq!(
            (&own["why"], &own["suggestion"]),
            (&note["why"], &note["suggestion"])
        );
    }
    assert_eq!(
        workshop.now().await.json()["wording_notes"][0]["pointer"],
        "/minutes"
    );
}

async fn notes_are_filtered_and_paged(app: App) {
    let (client, review) = (app.reader(), a_review(&app).await);
    let mut findings = Vec::new();
    for _ in 0..4 {
        findings.push(blamed(&review).await);
        app.wait(chrono::Duration::minutes(1));
    }
    review
        .learn(&json!({ "statement": "They should have known; careless" }))
        .await;
    let all = notes(&client, &review, "").await;
    assert_eq!(all.len(), 6);
    let in_order: Vec<_> = all.iter().map(|one| one["resource_id"].clone()).collect();
    assert_eq!(
        in_order[..4],
        findings.iter().map(|one| json!(one)).collect::<Vec<_>>()
    );
    assert_eq!(
        notes(&client, &review, "resource_type=lesson").await,
        all[4..]
    );
    let of_two = format!("resource_id={}&resource_id={}", findings[1], findings[3]);
    assert_eq!(
        notes(&client, &review, &of_two).await,
        [all[1].clone(), all[3].clone()]
    );
    let one = format!("id={}", id(&all[2]));
    assert_eq!(notes(&client, &review, &one).await, [all[2].clone()]);
    let path = review.path(&format!("/wording-notes/{}/acknowledge", id(&all[2])));
    let kept = app
        .facilitator()
        .post(path, &json!({}))
        .await
        .expect(200)
        .json();
    assert_eq!(notes(&client, &review, "acknowledged=true").await, [kept]);
    assert_eq!(notes(&client, &review, "acknowledged=false").await.len(), 5);
    let other = a_review(&app).await;
    assert!(notes(&client, &other, "").await.is_empty());
}

async fn a_publication_waits_until_each_note_is_reworded_or_acknowledged(app: App) {
    let client = app.admin();
    let review = a_review(&app).await.with_findings().await.started().await;
    let [kept, reworded, retracted] = [
        blamed(&review).await,
        blamed(&review).await,
        blamed(&review).await,
    ];
    review.step("submit", &json!({})).await.expect(200);
    assert_eq!(waiting(&client, &review).await, 3);
    let refused = review.step("publish", &json!({})).await;
    let faults = refused.problem(409, "state_conflict").json()["errors"].clone();
    let codes: Vec<_> = faults
        .as_array()
        .expect("faults")
        .iter()
        .map(|one| one["code"].clone())
        .collect();
    assert_eq!(codes, ["blame_wording", "blame_wording", "blame_wording"]);
    assert!(
        faults[0]["detail"]
            .as_str()
            .is_some_and(|text| text.contains("careless"))
    );

    let own = notes(&client, &review, &format!("resource_id={kept}")).await;
    let path = review.path(&format!("/wording-notes/{}/acknowledge", id(&own[0])));
    let reason = json!({ "reason": "It quotes the report" });
    let done = app
        .facilitator()
        .post(path, &reason)
        .await
        .expect(200)
        .json();
    let me = app.facilitator().get("/api/v1/me").await.expect(200).json();
    assert_eq!(done["acknowledgement"]["by"]["subject"], me["subject"]);
    assert_eq!(done["acknowledgement"]["reason"], "It quotes the report");
    let path = review.path(&format!("/findings/{reworded}"));
    let tag = client.get(&path).await.expect(200).etag();
    let calm = json!({ "statement": "The console asked for no confirmation" });
    client.patch(&path, &calm).if_match(&tag).await.expect(200);
    assert_eq!(waiting(&client, &review).await, 1);
    let gone = json!({ "reason": "It explains nothing" });
    review
        .verb(&format!("/findings/{retracted}"), "retract", &gone)
        .await
        .expect(200);
    assert_eq!(waiting(&client, &review).await, 0);
    review.step("publish", &json!({})).await.expect(200);
}

async fn a_text_that_changes_needs_a_new_acknowledgement(app: App) {
    let (client, review) = (app.admin(), a_review(&app).await);
    let finding = blamed(&review).await;
    let path = review.path(&format!("/findings/{finding}"));
    let first = notes(&client, &review, "").await.remove(0);
    let acknowledge = review.path(&format!("/wording-notes/{}/acknowledge", id(&first)));
    client.post(&acknowledge, &json!({})).await.expect(200);
    let change = async |body: Value| {
        let tag = client.get(&path).await.expect(200).etag();
        client.patch(&path, &body).if_match(&tag).await.expect(200);
    };
    // Another field of the same finding is another text.
    change(json!({ "confidence": "high", "description": "At night, alone on duty" })).await;
    assert_eq!(waiting(&client, &review).await, 0);
    change(json!({ "statement": format!("{BLAMING}, twice") })).await;
    assert_eq!(waiting(&client, &review).await, 1);
    let second = notes(&client, &review, "acknowledged=false")
        .await
        .remove(0);
    assert_ne!(id(&first), id(&second));
    // The note on the old text is there no more.
    client
        .post(&acknowledge, &json!({}))
        .await
        .problem(404, "not_found");
    // Written as it was, it is the text that was acknowledged.
    change(json!({ "statement": BLAMING })).await;
    assert_eq!(waiting(&client, &review).await, 0);
}

async fn several_notes_are_acknowledged_together_or_not_at_all(app: App) {
    let (client, review) = (app.facilitator(), a_review(&app).await);
    for _ in 0..3 {
        blamed(&review).await;
    }
    let all = notes(&client, &review, "").await;
    let path = review.path("/wording-notes/acknowledge");
    let nobody = "0192f0c4-7b1e-8c3a-9d52-4f6f1f0b8a11";
    let wrong = json!({ "note_ids": [id(&all[0]), nobody] });
    let refused = client
        .post(&path, &wrong)
        .await
        .problem(422, "validation_failed");
    assert_eq!(
        refused.faults(),
        [("/note_ids/1".to_owned(), "not_found".to_owned())]
    );
    let twice = json!({ "note_ids": [id(&all[0]), id(&all[0])] });
    let refused = client
        .post(&path, &twice)
        .await
        .problem(422, "validation_failed");
    assert_eq!(
        refused.faults(),
        [("/note_ids/1".to_owned(), "repeated_item".to_owned())]
    );
    assert_eq!(notes(&client, &review, "acknowledged=true").await.len(), 0);
    let both = json!({ "note_ids": [id(&all[2]), id(&all[0])], "reason": "Quotes" });
    let done = client.post(&path, &both).await.expect(200).items();
    assert_eq!((id(&done[0]), id(&done[1])), (id(&all[2]), id(&all[0])));
    assert!(
        done.iter()
            .all(|one| one["acknowledgement"]["reason"] == "Quotes")
    );
    assert_eq!(waiting(&client, &review).await, 1);
    let log = "/api/v1/audit-records?resource_type=wording_acknowledgement";
    let log = app.auditor().all(log, 50).await;
    assert_eq!(log.len(), 2);
    assert!(
        log.iter()
            .all(|one| one["action"] == "wording.acknowledge" && one["review_id"] == review.id)
    );
    let changes = app
        .reader()
        .get("/api/v1/changes?type=wording.acknowledge")
        .await;
    assert_eq!(changes.expect(200).items().len(), 2);
}

async fn a_note_that_is_acknowledged_again_stays_as_it_is(app: App) {
    let (client, review) = (app.facilitator(), a_review(&app).await);
    blamed(&review).await;
    let note = notes(&client, &review, "").await.remove(0);
    let path = review.path(&format!("/wording-notes/{}/acknowledge", id(&note)));
    let first = client
        .post(&path, &json!({ "reason": "Quotes" }))
        .await
        .expect(200);
    app.wait(chrono::Duration::hours(1));
    let again = app
        .admin()
        .post(&path, &json!({ "reason": "Others" }))
        .await
        .expect(200);
    assert_eq!(again.json(), first.json());
    let log = "/api/v1/audit-records?resource_type=wording_acknowledgement";
    assert_eq!(app.auditor().all(log, 50).await.len(), 1);
}

async fn a_published_review_takes_no_acknowledgement(app: App) {
    let (client, review) = (app.admin(), a_review(&app).await.published().await);
    // What is learned afterwards is noted, and stands against no publication that was.
    review.learn(&json!({ "statement": BLAMING })).await;
    let note = notes(&client, &review, "").await.remove(0);
    let path = review.path(&format!("/wording-notes/{}/acknowledge", id(&note)));
    client
        .post(path, &json!({}))
        .await
        .problem(409, "state_conflict");
}

async fn who_acknowledges_has_to_lead_reviews_and_see_this_one(app: App) {
    let quiet = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    blamed(&quiet).await;
    let note = notes(&app.admin(), &quiet, "").await.remove(0);
    let list = quiet.path("/wording-notes");
    let one = format!("{list}/{}/acknowledge", id(&note));
    let many = json!({ "note_ids": [id(&note)] });
    for who in [app.facilitator(), app.stranger()] {
        who.get(&list).await.problem(404, "not_found");
        who.post(&one, &json!({})).await.problem(404, "not_found");
        let all = who.post(format!("{list}/acknowledge"), &many).await;
        all.problem(404, "not_found");
    }
    let refused = app.contributor().post(&one, &json!({})).await;
    refused.problem(403, "missing_scope");
    app.admin().post(&one, &json!({})).await.expect(200);
}

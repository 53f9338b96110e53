//! Documents that cannot be imported: every fault at once, each with its place, and nothing of them is
//! kept.

use debrief_tests::builders::{a_review, a_review_with};
use debrief_tests::{App, Character, Client, both_databases};
use serde_json::{Value, json};

use super::transfer::{a_document_of, export};

both_databases!(
    a_document_of_a_newer_version_is_refused,
    a_document_of_another_kind_is_refused,
    every_fault_of_a_document_is_told_at_once,
    unknown_vocabulary_is_named_wherever_it_stands,
    an_organisation_cannot_be_named,
    rows_that_agree_where_they_must_not_are_refused,
    what_was_published_cannot_be_forged,
    a_name_elsewhere_that_is_taken_is_a_conflict,
    a_document_has_bounds,
    nobody_but_an_admin_imports,
    nothing_is_left_of_what_was_refused,
);

const IMPORT: &str = "/api/v1/reviews/import";

fn fault(place: &str, code: &str) -> (String, String) {
    (place.to_owned(), code.to_owned())
}

/// The faults of a document, in the order of their places.
async fn faults(client: &Client, document: &Value) -> Vec<(String, String)> {
    let refused = client.post(IMPORT, document).await;
    let mut faults = refused.problem(422, "validation_failed").faults();
    faults.sort();
    faults
}

async fn a_document_of_a_newer_version_is_refused(app: App) {
    let review = a_review(&app).await;
    let mut document = export(&app.admin(), &review.id).await;
    document["format_version"] = json!(2);
    // What a newer version means by its parts is not guessed at.
    document["moods"] = json!([{ "id": 1 }]);
    let found = faults(&app.stranger(), &document).await;
    assert_eq!(found, [fault("/format_version", "newer_version")]);
    document["format_version"] = json!("1");
    let found = faults(&app.stranger(), &document).await;
    assert_eq!(found, [fault("/format_version", "out_of_range")]);
}

async fn a_document_of_another_kind_is_refused(app: App) {
    let stranger = app.stranger();
    for other in [
        json!({}),
        json!({ "type": "bundle", "objects": [] }),
        json!([]),
    ] {
        assert_eq!(
            faults(&stranger, &other).await,
            [fault("/format", "unknown_value")]
        );
    }
    let broken = stranger.call(reqwest::Method::POST, IMPORT);
    let broken = broken
        .bytes("{\"format\": ")
        .header("content-type", "application/json");
    broken.await.problem(400, "malformed_body");
    let least = json!({ "format": "debrief-review", "format_version": 1, "service_version": "0.1.0",
        "exported_at": "2026-11-23T12:00:00Z" });
    assert_eq!(
        faults(&stranger, &least).await,
        [fault("/review", "required")]
    );
}

async fn every_fault_of_a_document_is_told_at_once(app: App) {
    let (_, mut document) = a_document_of(&app).await;
    let nowhere = "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11";
    document["events"][0]["summary"] = json!("");
    document["events"][1]["kind"] = json!("miracle");
    document["events"][2]["evidence"][0]["sha256"] = json!("no hash");
    document["findings"][0]["event_ids"] = json!([nowhere]);
    document["actions"][0]["due_on"] = json!("tomorrow");
    document["action_progress"][0]["action_id"] = json!(nowhere);
    document["invitations"][0]["participant_id"] = json!(nowhere);
    document["review"]["key"] = json!("the first");
    let removed = document["lessons"][0].as_object_mut().expect("a row");
    removed.remove("statement");
    let found = faults(&app.stranger(), &document).await;
    let expected = [
        fault("/action_progress/0/action_id", "broken_reference"),
        fault("/actions/0/due_on", "invalid_format"),
        fault("/events/0/summary", "too_short"),
        fault("/events/1/kind", "unknown_value"),
        fault("/events/2/evidence/0/sha256", "invalid_format"),
        fault("/findings/0/event_ids/0", "broken_reference"),
        fault("/invitations/0/participant_id", "broken_reference"),
        fault("/lessons/0/statement", "required"),
        fault("/review/key", "invalid_format"),
    ];
    assert_eq!(found, expected);
}

async fn unknown_vocabulary_is_named_wherever_it_stands(app: App) {
    let (_, document) = a_document_of(&app).await;
    for place in [
        "/review/status",
        "/review/transitions/0/to",
        "/incidents/0/category",
        "/participants/0/function",
        "/events/0/marks/0",
        "/events/0/precision",
        "/communications/0/channel",
        "/assessments/0/rating",
        "/impacts/0/costs/0/loss_variety",
        "/findings/0/kind",
        "/recommendations/0/disposition",
        "/recommendations/0/history/0/to",
        "/actions/0/status",
        "/actions/0/scoring/level",
        "/action_progress/0/status",
        "/verifications/0/result",
        "/lessons/0/audience/0",
        "/lessons/0/history/0/to",
        "/workshops/0/agenda/0/kind",
        "/invitations/0/rsvp",
        "/boards/0/phase",
        "/boards/0/prompts/0",
        "/contributions/0/prompt",
        "/carried_actions/0/at_end/status",
        "/feedback_rounds/0/occasion",
        "/feedback_rounds/0/questions/0/question",
        "/feedback_results/0/tallies/0/question",
        "/briefings/0/status",
        "/briefings/0/audience",
        "/briefings/0/sections/0",
        "/briefings/0/deliveries/0/channel",
        "/wording_acknowledgements/0/resource_type",
        "/obligations/0/trigger",
        "/improvement_measures/0/metric",
        "/measure_evaluations/0/verdict",
        "/documents/0/kind",
    ] {
        let mut wrong = document.clone();
        let value = wrong.pointer_mut(place);
        *value.unwrap_or_else(|| panic!("there is no {place}")) = json!("unheard_of");
        let found = faults(&app.stranger(), &wrong).await;
        assert_eq!(found, [fault(place, "unknown_value")]);
    }
}

async fn an_organisation_cannot_be_named(app: App) {
    let review = a_review(&app).await.with_events(1).await;
    let mut document = export(&app.admin(), &review.id).await;
    let theirs = app
        .admin()
        .get("/api/v1/organization")
        .await
        .expect(200)
        .id();
    document["review"]["organization_id"] = json!(theirs);
    document["events"][0]["organization_id"] = json!(theirs);
    document["events"][0]["review_id"] = json!(review.id);
    document["organization_id"] = json!(theirs);
    let found = faults(&app.stranger(), &document).await;
    assert_eq!(found, [fault("/organization_id", "unknown_field")]);
    document
        .as_object_mut()
        .expect("a document")
        .remove("organization_id");
    let found = faults(&app.stranger(), &document).await;
    let expected = [
        fault("/events/0/organization_id", "unknown_field"),
        fault("/review/organization_id", "unknown_field"),
    ];
    assert_eq!(found, expected);
}

async fn rows_that_agree_where_they_must_not_are_refused(app: App) {
    let (_, mut document) = a_document_of(&app).await;
    let twice = document["events"][0].clone();
    document["events"]
        .as_array_mut()
        .expect("a list")
        .push(twice);
    let mut same = document["assessments"][0].clone();
    same["id"] = json!("0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11");
    document["assessments"]
        .as_array_mut()
        .expect("a list")
        .push(same);
    let first = document["findings"][0]["id"].clone();
    document["findings"][0]["parent_id"] = first;
    let found = faults(&app.stranger(), &document).await;
    // Whatever rests on the finding rests on the circle.
    let circles = found.iter().filter(|(_, code)| code == "circle").count();
    assert_eq!(circles, 2, "{found:?}");
    let others: Vec<_> = found
        .into_iter()
        .filter(|(_, code)| code != "circle")
        .collect();
    let expected = [
        fault("/assessments/1/dimension", "repeated_item"),
        fault("/events/4/id", "repeated_item"),
    ];
    assert_eq!(others, expected);
}

async fn what_was_published_cannot_be_forged(app: App) {
    let (_, document) = a_document_of(&app).await;
    let stranger = app.stranger();
    let mut forged = document.clone();
    let content = document["review_snapshots"][0]["content"]
        .as_str()
        .expect("a text");
    forged["review_snapshots"][0]["content"] = json!(content.replace("VPN", "LAN"));
    let found = faults(&stranger, &forged).await;
    assert_eq!(found, [fault("/review_snapshots/0/sha256", "wrong_hash")]);
    let mut without = document.clone();
    without["review_snapshots"] = json!([]);
    let found = faults(&stranger, &without).await;
    assert_eq!(
        found,
        [fault("/review/snapshot_sha256", "broken_reference")]
    );
}

async fn a_name_elsewhere_that_is_taken_is_a_conflict(app: App) {
    let refs = json!({ "external_refs": [{ "system": "wiki", "id": "PIR-VPN" }] });
    let review = a_review_with(&app, refs.clone()).await;
    let document = export(&app.admin(), &review.id).await;
    let stranger = app.stranger();
    let mut own = json!({ "title": "Theirs", "severity": "low" });
    own["external_refs"] = refs["external_refs"].clone();
    stranger.post("/api/v1/reviews", &own).await.expect(201);
    let refused = stranger
        .post(IMPORT, &document)
        .await
        .problem(409, "conflict");
    let expected = [fault("/review/external_refs", "reference_taken")];
    assert_eq!(refused.faults(), expected);
    assert_eq!(stranger.all("/api/v1/reviews", 200).await.len(), 1);
}

async fn a_document_has_bounds(app: App) {
    let review = a_review(&app).await.with_events(1).await;
    let mut document = export(&app.admin(), &review.id).await;
    document["events"][0]["retraction_reason"] = json!("x".repeat(65_537));
    let found = faults(&app.stranger(), &document).await;
    assert_eq!(found, [fault("/events/0/retraction_reason", "too_long")]);
    // More than an ordinary body may have is taken.
    document["events"][0]["retraction_reason"] = Value::Null;
    let text = document.to_string();
    let padded = format!("{}{text}", " ".repeat(2 * 1024 * 1024));
    let call = app.stranger().call(reqwest::Method::POST, IMPORT);
    let call = call
        .bytes(padded)
        .header("content-type", "application/json");
    call.await.expect(201);
    let call = app.stranger().call(reqwest::Method::POST, IMPORT);
    let call = call.header("content-type", "application/json");
    let call = call.bytes(vec![b' '; 32 * 1024 * 1024 + 1]);
    call.await.problem(413, "body_too_large");
}

async fn nobody_but_an_admin_imports(app: App) {
    let review = a_review(&app).await;
    let document = export(&app.admin(), &review.id).await;
    for who in Character::MEMBERS {
        let reply = app.client(who).post(IMPORT, &document).await;
        match who {
            Character::Admin | Character::Platform => reply.expect(200),
            _ => reply.problem(403, "missing_scope"),
        };
    }
}

async fn nothing_is_left_of_what_was_refused(app: App) {
    let (_, mut document) = a_document_of(&app).await;
    let stranger = app.stranger();
    // Found last: an action's name in another system is taken here.
    let own = json!({ "title": "Theirs", "severity": "low" });
    let own = stranger
        .post("/api/v1/reviews", &own)
        .await
        .expect(201)
        .id();
    let taken = json!({ "title": "Theirs", "type": "prevent", "external_refs": [{ "system": "jira", "id": "SEC-4712" }] });
    let path = format!("/api/v1/reviews/{own}/actions");
    stranger.post(path, &taken).await.expect(201);
    let refused = stranger
        .post(IMPORT, &document)
        .await
        .problem(409, "conflict");
    let places: Vec<String> = refused
        .faults()
        .into_iter()
        .map(|(place, _)| place)
        .collect();
    assert!(places[0].starts_with("/actions/"), "{places:?}");
    assert_eq!(stranger.all("/api/v1/reviews", 200).await.len(), 1);
    for list in ["/incidents", "/documents", "/gaps"] {
        let left = stranger.all(&format!("/api/v1{list}"), 200).await;
        assert!(left.is_empty(), "{list}");
    }
    let search = stranger.get("/api/v1/search?q=exception").await.expect(200);
    assert!(search.items().is_empty());
    // Mended, it is taken.
    for row in document["actions"].as_array_mut().into_iter().flatten() {
        row["external_refs"] = json!([]);
    }
    stranger.post(IMPORT, &document).await.expect(201);
}

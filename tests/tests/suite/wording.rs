//! Notes on wording: advice on phrases that blame or judge with hindsight, in every answer.

use debrief_tests::builders::a_review;
use debrief_tests::{App, both_databases};
use serde_json::json;

both_databases!(
    texts_that_blame_are_taken_and_told_where_and_how_else,
    texts_that_describe_have_no_notes,
    a_note_goes_when_the_text_is_reworded,
);

async fn texts_that_blame_are_taken_and_told_where_and_how_else(app: App) {
    let review = a_review(&app).await;
    let finding = json!({
        "kind": "observation",
        "statement": "Human error during the change",
        "description": "Robin Vega forgot the rule; the team should have checked.",
    });
    let notes = review.record(&finding).await.json()["wording_notes"].clone();
    let told: Vec<(&str, &str)> = notes
        .as_array()
        .expect("a list")
        .iter()
        .map(|note| (note["pointer"].as_str(), note["phrase"].as_str()))
        .map(|(pointer, phrase)| (pointer.unwrap_or_default(), phrase.unwrap_or_default()))
        .collect();
    assert_eq!(
        told,
        [
            ("/statement", "Human error"),
            ("/description", "Robin Vega forgot"),
            ("/description", "should have"),
        ]
    );
    for note in notes.as_array().into_iter().flatten() {
        assert!(note["why"].as_str().is_some_and(|why| !why.is_empty()));
        assert!(
            note["suggestion"]
                .as_str()
                .is_some_and(|how| !how.is_empty())
        );
    }
}

async fn texts_that_describe_have_no_notes(app: App) {
    let review = a_review(&app).await;
    let event = json!({
        "occurred_at": "2026-11-20T03:36:00Z", "kind": "alert",
        "summary": "The alert reached a mailbox that nobody reads at night",
    });
    let made = app.admin().post(review.path("/events"), &event).await;
    assert_eq!(made.expect(201).json()["wording_notes"], json!([]));
    assert_eq!(review.now().await.json()["wording_notes"], json!([]));
}

async fn a_note_goes_when_the_text_is_reworded(app: App) {
    let review = a_review(&app).await;
    let client = app.admin();
    let blaming = json!({ "summary": "The operator was careless." });
    let tag = review.now().await.etag();
    let changed = client.patch(review.path(""), &blaming).if_match(&tag).await;
    let changed = changed.expect(200);
    assert_eq!(changed.json()["wording_notes"][0]["pointer"], "/summary");
    let reworded = json!({ "summary": "The console asked for no confirmation." });
    let tag = changed.etag();
    let changed = client
        .patch(review.path(""), &reworded)
        .if_match(&tag)
        .await;
    assert_eq!(changed.expect(200).json()["wording_notes"], json!([]));
}

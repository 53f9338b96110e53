//! Reviews take every step of their life.

use chrono::Duration;
use debrief_tests::Client;
use debrief_tests::builders::Review;
use debrief_tests::story::Story;
use serde_json::json;

use super::company::{alert, made, review, root_cause, second_factor, step, under_review};

pub(super) async fn tell(story: &Story) {
    let (lead, review) = (story.facilitator(), under_review(story).await);
    let path = review.path("");
    let begun = json!({ "reason": "The servers are back; the people are here" });
    step(&lead, &path, "start", &begun).await;
    lead.get(review.path("/readiness")).await.expect(200);
    establish(&story.app.admin(), &review).await;
    let handed_in = json!({ "reason": "Discussed in the workshop on Monday" });
    step(&lead, &path, "submit", &handed_in).await;
    story.app.wait(Duration::days(2));
    step(
        &lead,
        &path,
        "publish",
        &json!({ "reason": "Approved by the board" }),
    )
    .await;
    lead.get(review.path("/snapshot")).await.expect(200);
    step(
        &lead,
        &path,
        "close",
        &json!({ "reason": "Everything is done and proven" }),
    )
    .await;
    story.app.wait(Duration::days(9));
    let taken_up = json!({ "reason": "New evidence from the forensic report" });
    step(&lead, &path, "reopen", &taken_up).await;
    turn_away(story, &lead).await;
}

/// Records what a publication needs.
async fn establish(client: &Client, review: &Review) {
    let event = made(client, review.path("/events"), &alert()).await;
    let cause = made(client, review.path("/findings"), &root_cause(&event.id())).await;
    let strength = json!({ "kind": "strength", "statement": "Backups were kept offline and could be restored in a day" });
    made(client, review.path("/findings"), &strength).await;
    let action = made(client, review.path("/actions"), &second_factor(&cause.id())).await;
    let path = review.path(&format!("/actions/{}", action.id()));
    made(
        client,
        format!("{path}/progress"),
        &json!({ "status": "implemented" }),
    )
    .await;
    let proof = json!({ "method": "retest", "result": "effective", "verified_by": super::company::analyst() });
    step(client, &path, "verifications", &proof).await;
}

/// One review is not needed, another was opened in error.
async fn turn_away(story: &Story, lead: &Client) {
    let mut minor = review();
    minor["title"] = json!("Phishing mail to the warehouse");
    minor["severity"] = json!("low");
    let off_record = story.app.facilitator();
    for (verb, body) in [
        (
            "waive",
            json!({ "reason": "Covered by the review of the campaign", "approver": "ciso@example.org" }),
        ),
        (
            "cancel",
            json!({ "reason": "Opened twice for the same ticket" }),
        ),
    ] {
        let opened = made(&off_record, "/api/v1/reviews".to_owned(), &minor).await;
        step(
            lead,
            &format!("/api/v1/reviews/{}", opened.id()),
            verb,
            &body,
        )
        .await;
    }
}

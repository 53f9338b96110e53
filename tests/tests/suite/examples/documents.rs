//! A playbook takes a lesson in, and is read.

use chrono::Duration;
use debrief_tests::story::Story;
use serde_json::json;

use super::company::{analyst, archived_and_restored, changed, made, owner, step, under_review};

const DOCUMENTS: &str = "/api/v1/documents";

pub(super) async fn tell(story: &Story) {
    let (lead, review) = (story.facilitator(), under_review(story).await);
    let off_record = story.app.facilitator();
    let lesson = json!({ "statement": "An exception without an end is a rule" });
    let lesson = made(&off_record, review.path("/lessons"), &lesson).await;
    let path = review.path(&format!("/lessons/{}", lesson.id()));
    step(&off_record, &path, "validate", &json!({})).await;

    let playbook = json!({
        "title": "Playbook: stolen credentials",
        "kind": "playbook",
        "description": "What the analyst on duty does when an account is known to be stolen.",
        "owner": owner(),
        "url": "https://wiki.example.org/playbooks/stolen-credentials",
        "review_every_days": 365,
        "required_readers": [analyst()],
        "tags": ["vpn"],
    });
    let playbook = made(&lead, DOCUMENTS.to_owned(), &playbook).await;
    let path = format!("{DOCUMENTS}/{}", playbook.id());
    changed(&lead, &path, &json!({ "review_every_days": 180 })).await;
    let revision = json!({
        "label": "2.3",
        "published_at": "2026-11-23T11:00:00Z",
        "summary": "Exceptions end after 14 days by themselves.",
        "url": "https://wiki.example.org/playbooks/stolen-credentials?v=2.3",
        "lesson_ids": [lesson.id()],
    });
    let revision = made(&lead, format!("{path}/revisions"), &revision).await;
    let below = format!("{path}/revisions/{}", revision.id());
    lead.get(&below).await.expect(200);
    story.app.wait(Duration::hours(2));
    let read = json!({ "reader": analyst() });
    made(&lead, format!("{below}/acknowledgements"), &read).await;
    lead.post(format!("{below}/acknowledgements"), &read)
        .await
        .expect(200);
    lead.get(format!("{below}/acknowledgements"))
        .await
        .expect(200);
    lead.get(format!("{below}/readership")).await.expect(200);
    step(
        &lead,
        &below,
        "withdraw",
        &json!({ "reason": "Step four was left out" }),
    )
    .await;
    lead.get(format!("{path}/revisions")).await.expect(200);
    lead.get(format!("{DOCUMENTS}?kind=playbook"))
        .await
        .expect(200);
    archived_and_restored(&lead, &path).await;
}

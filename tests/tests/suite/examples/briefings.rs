//! What leadership is told of the review, and that they took note of it.

use debrief_tests::story::Story;
use serde_json::json;

use super::company::{changed, isolation, made, root_cause, step, under_review};

pub(super) async fn tell(story: &Story) {
    let (lead, review) = (story.facilitator(), under_review(story).await);
    let off_record = story.app.contributor();
    let event = made(&off_record, review.path("/events"), &isolation()).await;
    let mut key = isolation();
    key["is_key"] = json!(true);
    key["summary"] = json!("Both file servers were off the network");
    made(&off_record, review.path("/events"), &key).await;
    made(
        &off_record,
        review.path("/findings"),
        &root_cause(&event.id()),
    )
    .await;
    let draft = json!({
        "audience": "leadership",
        "headline": "An account without a second factor cost us 34 hours of freight documents",
        "key_messages": ["Contractors' accounts have a second factor since Monday"],
        "decisions_wanted": ["Whether exceptions from the second factor are still allowed"],
        "sections": ["summary", "timeline", "impact", "causes", "actions"],
    });
    let briefing = made(&lead, review.path("/briefings"), &draft).await;
    let path = format!("/api/v1/briefings/{}", briefing.id());
    let more =
        json!({ "sections": ["summary", "timeline", "impact", "causes", "actions", "lessons"] });
    changed(&lead, &path, &more).await;
    step(&lead, &path, "issue", &json!({})).await;
    let to = json!({
        "recipients": [{ "name": "Sigrid Halden", "subject": "sigrid.halden@example.org" }],
        "channel": "in_person",
    });
    step(&lead, &path, "deliver", &to).await;
    let heard =
        json!({ "recipient": { "name": "Sigrid Halden", "subject": "sigrid.halden@example.org" } });
    lead.post(format!("{path}/acknowledge"), &heard)
        .await
        .expect(200);
    for below in ["", "/content", "/markdown"] {
        lead.get(format!("{path}{below}")).await.expect(200);
    }
    let other = json!({ "audience": "internal" });
    let other = made(&story.app.facilitator(), review.path("/briefings"), &other).await;
    let other = format!("/api/v1/briefings/{}", other.id());
    let tag = lead.get(&other).await.expect(200).etag();
    lead.delete(&other).if_match(&tag).await.expect(204);
    lead.get(review.path("/briefings")).await.expect(200);
    lead.get("/api/v1/briefings?audience=leadership")
        .await
        .expect(200);
}

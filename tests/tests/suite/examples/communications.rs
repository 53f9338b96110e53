//! Who told whom, and when it arrived.

use debrief_tests::story::Story;
use serde_json::json;

use super::company::{made, step, under_review};

pub(super) async fn tell(story: &Story) {
    let (lead, review) = (story.contributor(), under_review(story).await);
    let list = review.path("/communications");
    let call = json!({
        "sent_at": "2026-11-21T05:10:00Z",
        "received_at": "2026-11-21T06:40:00Z",
        "precision": "minute",
        "from_role": "Analyst on duty",
        "to_audience": "Head of IT",
        "channel": "phone",
        "direction": "internal",
        "content_class": "escalation",
        "summary": "Two file servers are being encrypted.",
        "timely": false,
        "effective": true,
        "issue": "The number on the call list was two years old.",
    });
    let told = made(&lead, list.clone(), &call).await;
    let path = format!("{list}/{}", told.id());
    let amendment = json!({
        "reason": "The telephone bill tells the minute",
        "changes": { "received_at": "2026-11-21T06:37:00Z" },
    });
    step(&lead, &path, "amend", &amendment).await;
    lead.get(format!("{path}/revisions")).await.expect(200);
    let notice = json!({
        "sent_at": "2026-11-21T10:30:00Z",
        "from_role": "Communications",
        "to_audience": "Customers",
        "channel": "status_page",
        "direction": "outbound",
        "content_class": "stakeholder_notification",
        "summary": "Freight documents cannot be read at present.",
    });
    let draft = made(&lead, list.clone(), &notice).await;
    let retraction = json!({ "reason": "It was a draft and never published" });
    step(
        &lead,
        &format!("{list}/{}", draft.id()),
        "retract",
        &retraction,
    )
    .await;
    lead.get(format!("{list}?timely=false")).await.expect(200);
    lead.get("/api/v1/communications?channel=phone")
        .await
        .expect(200);
}

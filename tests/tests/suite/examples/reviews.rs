//! A review is opened, looked at and made more precise.

use debrief_tests::story::Story;
use serde_json::json;

use super::company::{changed, incident, made, review};

pub(super) async fn tell(story: &Story) {
    let (off_record, lead) = (story.app.contributor(), story.facilitator());
    let incident = made(&off_record, "/api/v1/incidents".to_owned(), &incident()).await;
    let mut body = review();
    body["incident_ids"] = json!([incident.id()]);
    let opened = made(&lead, "/api/v1/reviews".to_owned(), &body).await;
    let path = format!("/api/v1/reviews/{}", opened.id());
    let sooner = json!({ "publish_due_at": "2026-12-14T17:00:00Z", "legal_privilege": true });
    changed(&lead, &path, &sooner).await;
    lead.get("/api/v1/reviews?severity=critical")
        .await
        .expect(200);
}

//! Who did what, and that nobody rewrote it.

use debrief_tests::story::Story;
use serde_json::json;

use super::company::{changed, incident, made};

pub(super) async fn tell(story: &Story) {
    let off_record = story.app.contributor();
    let incident = made(&off_record, "/api/v1/incidents".to_owned(), &incident()).await;
    let path = format!("/api/v1/incidents/{}", incident.id());
    changed(&off_record, &path, &json!({ "status": "recovered" })).await;
    let auditor = story.auditor();
    let list = format!("/api/v1/audit-records?resource_id={}", incident.id());
    let records = auditor.get(list).await.expect(200).items();
    let newest = records[0]["id"].as_str().expect("an id");
    auditor
        .get(format!("/api/v1/audit-records/{newest}"))
        .await
        .expect(200);
    auditor.get("/api/v1/audit/verify").await.expect(200);
}

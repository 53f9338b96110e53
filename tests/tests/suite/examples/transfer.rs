//! A review is read as a whole, and carried to a subsidiary that has a service of its own.

use debrief_tests::Character;
use debrief_tests::story::Story;
use serde_json::json;

use super::company::{alert, incident, made, review, root_cause};

pub(super) async fn tell(story: &Story) {
    let off_record = story.app.admin();
    let mut ticket = incident();
    ticket["external_refs"] = json!([{ "system": "jira", "id": "SEC-1042" }]);
    let ticket = made(&off_record, "/api/v1/incidents".to_owned(), &ticket).await;
    let mut body = review();
    body["incident_ids"] = json!([ticket.id()]);
    let opened = made(&off_record, "/api/v1/reviews".to_owned(), &body).await;
    let path = format!("/api/v1/reviews/{}", opened.id());
    let event = made(&off_record, format!("{path}/events"), &alert()).await;
    let cause = root_cause(&event.id());
    made(&off_record, format!("{path}/findings"), &cause).await;

    let reader = story.reader();
    reader.get(format!("{path}/full")).await.expect(200);
    let document = reader
        .get(format!("{path}/export"))
        .await
        .expect(200)
        .json();
    let subsidiary = story.told_by(Character::Stranger);
    let import = "/api/v1/reviews/import";
    subsidiary.post(import, &document).await.expect(201);
    subsidiary.post(import, &document).await.expect(200);
}

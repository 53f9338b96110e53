//! The ticketing system tells of an incident, again and again; a person adds another by hand.

use debrief_tests::story::Story;
use serde_json::json;

use super::company::{changed, incident, made};

pub(super) async fn tell(story: &Story) {
    let (ticketing, person) = (story.contributor(), story.contributor());
    let by_ref = "/api/v1/incidents/by-ref/servicenow/INC0042";
    let first = json!({ "sequence": 1, "incident": incident() });
    ticketing.put(by_ref, &first).await.expect(201);
    let mut recovered = incident();
    recovered["status"] = json!("recovered");
    recovered["timestamps"]["recovered"] =
        json!({ "at": "2026-11-22T15:40:00Z", "precision": "minute" });
    let second = json!({ "sequence": 2, "incident": recovered });
    ticketing.put(by_ref, &second).await.expect(200);
    person.get(by_ref).await.expect(200);

    let leak = json!({
        "title": "Customer list sent to the wrong forwarder",
        "severity": "medium",
        "category": "information_content_security",
        "subcategory": "data_leak",
        "status": "closed",
        "detection_source": "employee_report",
        "affected_services": ["Customer service"],
        "tags": ["e-mail"],
        "external_refs": [{ "system": "jira", "id": "SEC-71", "url": "https://jira.example.org/browse/SEC-71" }],
        "timestamps": { "detected": { "at": "2026-11-17T08:50:00Z", "precision": "minute" } },
    });
    let made = made(&person, "/api/v1/incidents".to_owned(), &leak).await;
    let path = format!("/api/v1/incidents/{}", made.id());
    let better = json!({ "certainty": "confirmed", "timestamps": { "contained": { "at": "2026-11-17T09:20:00Z" } } });
    changed(&person, &path, &better).await;
    person
        .get("/api/v1/incidents?severity=critical&sort=-created_at")
        .await
        .expect(200);
}

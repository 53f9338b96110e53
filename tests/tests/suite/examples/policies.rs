//! What the company asks of its reviews, and by which calendar it counts.

use debrief_tests::Client;
use debrief_tests::story::Story;
use reqwest::Method;
use serde_json::json;

use super::company::{archived_and_restored, changed, made, under_review};

pub(super) async fn tell(story: &Story) {
    let admin = story.admin();
    let calendar = define_a_calendar(&admin).await;
    let policy = json!({
        "name": "Critical and high incidents",
        "description": "Reviewed within two weeks, with those who were there.",
        "severities": ["critical", "high"],
        "kinds": ["incident"],
        "rank": 10,
        "requirement": "recommended",
        "workshop_due": { "amount": 5, "unit": "business_days" },
        "publish_due": { "amount": 14, "unit": "calendar_days" },
        "action_due_days": { "critical": 14, "high": 30, "medium": 90, "low": 180 },
        "required_functions": ["responder", "it"],
        "calendar_id": calendar,
    });
    let policy = made(&admin, "/api/v1/policies".to_owned(), &policy).await;
    let path = format!("/api/v1/policies/{}", policy.id());
    changed(
        &admin,
        &path,
        &json!({ "required_functions": ["responder", "it", "legal"] }),
    )
    .await;
    admin.get(format!("{path}/versions")).await.expect(200);
    admin.get("/api/v1/policies").await.expect(200);
    let effective = "/api/v1/policies/effective?severity=critical&kind=incident";
    admin.get(effective).await.expect(200);
    let review = under_review(story).await;
    let tag = review.now().await.etag();
    let reapply = admin.call(Method::POST, review.path("/reapply-policy"));
    reapply.if_match(&tag).await.expect(200);
    archived_and_restored(&admin, &path).await;
    let calendar = format!("/api/v1/calendars/{calendar}");
    archived_and_restored(&admin, &calendar).await;
}

/// The days on which Halden works; the id of the calendar.
async fn define_a_calendar(admin: &Client) -> String {
    let day = json!([{ "from": "08:00", "to": "12:00" }, { "from": "12:30", "to": "16:00" }]);
    let calendar = json!({
        "name": "Office days in Norway",
        "time_zone": "Europe/Oslo",
        "working_hours": { "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day },
        "holidays": [
            { "date": "2026-12-25", "name": "Christmas Day" },
            { "date": "2027-01-01", "name": "New Year's Day" },
        ],
        "is_default": true,
    });
    let list = "/api/v1/calendars";
    let calendar = made(admin, list.to_owned(), &calendar).await;
    let path = format!("{list}/{}", calendar.id());
    changed(admin, &path, &json!({ "name": "Office days" })).await;
    admin.get(list).await.expect(200);
    let due = "due-date?from=2026-12-23T14:00:00Z&amount=5&unit=business_days";
    admin.get(format!("{path}/{due}")).await.expect(200);
    calendar.id()
}

//! Whether there is time for what was committed.

use debrief_tests::story::Story;
use serde_json::json;

use super::company::{made, root_cause, second_factor, sign_in, under_review};

pub(super) async fn tell(story: &Story) {
    let (off_record, review) = (story.app.admin(), under_review(story).await);
    let event = made(&off_record, review.path("/events"), &sign_in()).await;
    let cause = made(
        &off_record,
        review.path("/findings"),
        &root_cause(&event.id()),
    )
    .await;
    made(
        &off_record,
        review.path("/actions"),
        &second_factor(&cause.id()),
    )
    .await;
    let asked = json!({
        "from": "2026-11-30",
        "weeks": 8,
        "capacity": [{ "name": "Robin Vega", "days_per_week": 1.5 }],
    });
    story
        .reader()
        .post("/api/v1/capacity-plan", &asked)
        .await
        .expect(200);
}

//! How others find what the review learned, and follow what happens.

use debrief_tests::builders::a_review_with;
use debrief_tests::story::Story;
use serde_json::json;

use super::company::{made, root_cause, second_factor, sign_in, under_review};

pub(super) async fn tell(story: &Story) {
    let (lead, review) = (story.app.admin(), under_review(story).await);
    let event = made(&lead, review.path("/events"), &sign_in()).await;
    let cause = root_cause(&event.id());
    let finding = made(&lead, review.path("/findings"), &cause).await;
    let action = second_factor(&finding.id());
    made(&lead, review.path("/actions"), &action).await;
    let earlier = json!({
        "title": "Intrusion through a supplier's VPN account",
        "summary": "A supplier's account was used at night; nothing was taken.",
        "tags": ["vpn", "supplier"],
    });
    let earlier = a_review_with(&story.app, earlier).await;
    let mut cause = root_cause(&event.id());
    cause["statement"] = json!("The supplier's account had no second factor");
    cause["event_ids"] = json!([]);
    made(&lead, earlier.path("/findings"), &cause).await;

    let reader = story.reader();
    let search = "/api/v1/search?q=%22second+factor%22+vpn*&limit=2";
    // What was there before the start is found a moment after it.
    let unwritten = story.app.reader();
    while unwritten.get(search).await.expect(200).json()["complete"] != true {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    reader.get(search).await.expect(200);
    reader.get(review.path("/similar")).await.expect(200);
    let feed = format!("/api/v1/changes?review={}&limit=2", review.id);
    reader.get(feed).await.expect(200);
    let stream = format!(
        "/api/v1/changes/stream?review={}&type=event.*&from=beginning&for_seconds=0",
        review.id
    );
    reader.get(stream).await.expect(200);
}

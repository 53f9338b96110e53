//! What a review still lacks, and what of its wording stays.

use debrief_tests::story::Story;
use serde_json::{Value, json};

use super::company::{alert, made, root_cause, under_review};

pub(super) async fn tell(story: &Story) {
    let (lead, review) = (story.facilitator(), under_review(story).await);
    let off_record = story.app.admin();
    let event = made(&off_record, review.path("/events"), &alert()).await;
    made(
        &off_record,
        review.path("/findings"),
        &root_cause(&event.id()),
    )
    .await;
    lead.get(review.path("/completeness")).await.expect(200);

    let list = review.path("/wording-notes");
    for (statement, reason, many) in [
        (
            "The supplier's report calls it human error",
            "It quotes the supplier's own report",
            false,
        ),
        (
            "The supplier writes that somebody should have called",
            "It quotes the supplier's own report, too",
            true,
        ),
    ] {
        let finding = json!({ "kind": "observation", "statement": statement });
        let finding = made(&off_record, review.path("/findings"), &finding).await;
        let query = format!("{list}?resource_id={}", finding.id());
        let notes = lead.get(query).await.expect(200).items();
        let note = notes[0]["id"].as_str().unwrap_or_default();
        let (path, body): (String, Value) = if many {
            let body = json!({ "note_ids": [note], "reason": reason });
            (format!("{list}/acknowledge"), body)
        } else {
            (
                format!("{list}/{note}/acknowledge"),
                json!({ "reason": reason }),
            )
        };
        lead.post(path, &body).await.expect(200);
    }
}

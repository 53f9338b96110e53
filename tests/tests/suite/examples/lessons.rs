//! What should be remembered.

use debrief_tests::story::Story;
use serde_json::json;

use super::company::{changed, made, step, under_review};

pub(super) async fn tell(story: &Story) {
    let (lead, review) = (story.facilitator(), under_review(story).await);
    let list = review.path("/lessons");
    let lesson = json!({
        "statement": "An exception without an end is a rule",
        "description": "Contractors were left out of the second factor for a month, two years ago.",
        "audience": ["it_operations", "leadership"],
    });
    let lesson = made(&lead, list.clone(), &lesson).await;
    let path = format!("{list}/{}", lesson.id());
    let wider = json!({ "audience": ["it_operations", "leadership", "suppliers"] });
    changed(&lead, &path, &wider).await;
    step(
        &lead,
        &path,
        "validate",
        &json!({ "reason": "Agreed on in the workshop" }),
    )
    .await;
    let narrow = json!({ "statement": "Change the call list when a number changes", "audience": ["responders"] });
    let narrow = made(&lead, list.clone(), &narrow).await;
    let path = format!("{list}/{}", narrow.id());
    let late = json!({ "reason": "The call list comes out of the directory now" });
    step(&lead, &path, "retire", &late).await;
    let back = json!({ "reason": "Suppliers are not in the directory" });
    step(&lead, &path, "repropose", &back).await;
    lead.get(&list).await.expect(200);
    lead.get("/api/v1/lessons?status=validated&embedded=false")
        .await
        .expect(200);
}

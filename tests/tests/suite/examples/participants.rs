//! Who was there.

use debrief_tests::story::Story;
use serde_json::json;

use super::company::{changed, made, under_review};

pub(super) async fn tell(story: &Story) {
    let (lead, review) = (story.facilitator(), under_review(story).await);
    let list = review.path("/participants");
    let analyst = json!({
        "name": "Kim Sato",
        "subject": "kim.sato@example.org",
        "email": "kim.sato@example.org",
        "function": "responder",
        "incident_roles": ["soc_analyst", "scribe"],
        "involved_in_response": true,
        "effort_minutes": 540,
    });
    let counsel = json!({ "name": "Jonas Lindqvist", "function": "legal", "email": "jonas.lindqvist@example.org" });
    let kim = made(&lead, list.clone(), &analyst).await;
    let jonas = made(&lead, list.clone(), &counsel).await;
    let path = format!("{list}/{}", kim.id());
    changed(&lead, &path, &json!({ "effort_minutes": 780 })).await;
    lead.get(list.as_str()).await.expect(200);
    let leaves = lead.delete(format!("{list}/{}", jonas.id()));
    leaves.if_match(&jonas.etag()).await.expect(204);
}

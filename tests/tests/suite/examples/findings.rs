//! What the review establishes, amends and takes back.

use chrono::Duration;
use debrief_tests::story::Story;
use serde_json::json;

use super::company::{changed, made, root_cause, sign_in, step, under_review};

pub(super) async fn tell(story: &Story) {
    let (lead, review) = (story.contributor(), under_review(story).await);
    let event = made(&story.app.contributor(), review.path("/events"), &sign_in()).await;
    let list = review.path("/findings");
    let cause = made(&lead, list.clone(), &root_cause(&event.id())).await;
    let path = format!("{list}/{}", cause.id());
    changed(&lead, &path, &json!({ "likelihood": 5 })).await;
    story.app.wait(Duration::days(1));
    let amendment = json!({
        "reason": "The audit of all accounts showed more of them",
        "changes": { "statement": "VPN sign-in of 112 contractors needed no second factor" },
    });
    step(&lead, &path, "amend", &amendment).await;
    lead.get(format!("{path}/revisions")).await.expect(200);
    let suspicion = json!({
        "kind": "contributing_factor",
        "statement": "The backup agent had been stopped the day before",
        "cause_category": "malicious_action",
        "confidence": "low",
        "parent_id": cause.id(),
    });
    let suspicion = made(&lead, list.clone(), &suspicion).await;
    let retraction =
        json!({ "reason": "Disproved by the forensic report: the agent restarted itself" });
    step(
        &lead,
        &format!("{list}/{}", suspicion.id()),
        "retract",
        &retraction,
    )
    .await;
    lead.get(format!("{list}?sort=-risk_score"))
        .await
        .expect(200);
    lead.get("/api/v1/findings?kind=root_cause")
        .await
        .expect(200);
}

//! What was decided in the night, on what was known then.

use debrief_tests::story::Story;
use serde_json::json;

use super::company::{isolation, made, step, under_review};

pub(super) async fn tell(story: &Story) {
    let (lead, review) = (story.contributor(), under_review(story).await);
    let event = made(
        &story.app.contributor(),
        review.path("/events"),
        &isolation(),
    )
    .await;
    let list = review.path("/decisions");
    let isolate = json!({
        "decided_at": "2026-11-21T05:50:00Z",
        "precision": "minute",
        "decider_role": "Analyst on duty",
        "decision": "Isolate both file servers at once",
        "options": [
            { "option": "Isolate both servers", "pros": "Ends the spread", "cons": "No freight documents until Sunday", "chosen": true },
            { "option": "Wait for the forensic team", "pros": "Keeps what is in memory", "cons": "Two more hours of encryption" },
        ],
        "information_available": "Files were being renamed on fs-01; nothing was known of the way in.",
        "rationale": "Every minute cost more documents than the isolation.",
        "outcome": "The encryption stopped within four minutes.",
        "event_ids": [event.id()],
    });
    let decision = made(&lead, list.clone(), &isolate).await;
    let path = format!("{list}/{}", decision.id());
    let amendment = json!({
        "reason": "The forensic report tells how far it would have gone",
        "changes": { "in_hindsight": "Nine further servers were reachable by then." },
    });
    step(&lead, &path, "amend", &amendment).await;
    lead.get(format!("{path}/revisions")).await.expect(200);
    let payment = json!({
        "decided_at": "2026-11-21T09:00:00Z",
        "decider_role": "Managing director",
        "decision": "Pay no ransom",
    });
    let twice = made(&lead, list.clone(), &payment).await;
    let retraction = json!({ "reason": "Recorded twice" });
    step(
        &lead,
        &format!("{list}/{}", twice.id()),
        "retract",
        &retraction,
    )
    .await;
    lead.get(format!("{list}?retracted=false"))
        .await
        .expect(200);
    lead.get("/api/v1/decisions?decided_at_from=2026-11-21T00:00:00Z")
        .await
        .expect(200);
}

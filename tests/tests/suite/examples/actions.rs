//! What is to change: worked on, put off, proven, and sometimes not done.

use chrono::Duration;
use debrief_tests::builders::Review;
use debrief_tests::story::Story;
use serde_json::{Value, json};

use super::company::{
    analyst, changed, made, root_cause, second_factor, sign_in, step, under_review,
};

pub(super) async fn tell(story: &Story) {
    let review = under_review(story).await;
    let off_record = story.app.admin();
    let event = made(&off_record, review.path("/events"), &sign_in()).await;
    let cause = made(
        &off_record,
        review.path("/findings"),
        &root_cause(&event.id()),
    )
    .await;
    let (lead, list) = (story.facilitator(), review.path("/actions"));
    let action = made(&lead, list.clone(), &second_factor(&cause.id())).await;
    let path = format!("{list}/{}", action.id());
    let raised = json!({
        "priority_override": { "level": "critical", "reason": "The insurer asked for it by the end of January" },
    });
    changed(&lead, &path, &raised).await;
    carry_out(story, &path).await;
    give_up(story, &review).await;
    lead.get(format!("{list}?sort=-priority_score"))
        .await
        .expect(200);
    lead.get("/api/v1/actions?status=verified&status=in_progress")
        .await
        .expect(200);
    lead.get(review.path("/progress")).await.expect(200);
}

/// The owner reports, is late, is done; somebody else proves it.
async fn carry_out(story: &Story, path: &str) {
    let (owner, verifier) = (story.contributor(), story.facilitator());
    story.app.wait(Duration::days(30));
    let pilot = json!({ "percent": 40, "status": "in_progress", "note": "The pilot group signs in with it" });
    made(&owner, format!("{path}/progress"), &pilot).await;
    let later = json!({ "due_on": "2027-02-26", "reason": "The tokens for the drivers come four weeks late" });
    step(&owner, path, "reschedule", &later).await;
    story.app.wait(Duration::days(60));
    made(
        &owner,
        format!("{path}/progress"),
        &json!({ "status": "implemented" }),
    )
    .await;
    let proof = json!({
        "method": "retest",
        "result": "effective",
        "evidence": [{ "title": "Sign-ins of 30 days", "url": "https://siem.example.org/reports/771" }],
        "note": "Sign-in without a second factor is refused, from every network that was tried.",
        "verified_by": analyst(),
        "recheck_on": "2027-08-20",
    });
    step(&verifier, path, "verifications", &proof).await;
    for below in ["progress", "due-date-changes", "verifications"] {
        verifier.get(format!("{path}/{below}")).await.expect(200);
    }
}

/// Three that are not done, one of which is taken up again.
async fn give_up(story: &Story, review: &Review) {
    let lead = story.facilitator();
    let approver = json!({ "name": "Ines Duarte", "subject": "ines.duarte@example.org" });
    let endings: [(&str, &str, Value); 3] = [
        (
            "Replace the file servers",
            "decline",
            json!({ "reason": "They move to the cloud in March" }),
        ),
        (
            "Watch the VPN day and night",
            "accept-risk",
            json!({ "reason": "A night shift costs more than the outage did", "approver": approver, "expires_on": "2027-11-30" }),
        ),
        (
            "Block sign-ins from abroad",
            "cancel",
            json!({ "reason": "Drivers sign in from abroad" }),
        ),
    ];
    for (title, verb, body) in endings {
        let work = json!({ "title": title, "type": "prevent" });
        let action = made(&story.app.admin(), review.path("/actions"), &work).await;
        let path = review.path(&format!("/actions/{}", action.id()));
        step(&lead, &path, verb, &body).await;
        if verb == "decline" {
            let back = json!({ "reason": "The move was put off to next year" });
            step(&lead, &path, "reopen", &back).await;
        }
    }
}

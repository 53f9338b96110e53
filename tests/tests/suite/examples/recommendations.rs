//! What is proposed, and what is decided about it: by itself or out of the library.

use debrief_tests::Client;
use debrief_tests::builders::Review;
use debrief_tests::story::Story;
use serde_json::{Value, json};

use super::company::{archived_and_restored, changed, made, owner, step, under_review};

const LIBRARY: &str = "/api/v1/recommendation-templates";

pub(super) async fn tell(story: &Story) {
    let (lead, review) = (story.facilitator(), under_review(story).await);
    let gap = json!({
        "kind": "gap",
        "statement": "Nobody reads alerts at night",
        "gap_category": "detection_logging",
        "likelihood": 4,
        "severity_score": 5,
    });
    let gap = made(&story.app.contributor(), review.path("/findings"), &gap).await;
    let watch = json!({
        "title": "Have alerts read around the clock",
        "rationale": "Seven hours went by between the first alert and the first reader.",
        "expected_effect": "An alert is read within ten minutes, at night too.",
        "action_type": "detect",
        "action_strength": "engineer",
        "effort": 3,
        "closure_criteria": "Three alerts in three nights are read within ten minutes",
        "finding_ids": [gap.id()],
        "tags": ["night"],
    });
    let list = review.path("/recommendations");
    let watch = made(&lead, list.clone(), &watch).await;
    let path = format!("{list}/{}", watch.id());
    changed(&lead, &path, &json!({ "effort": 4 })).await;
    accept(&lead, &path).await;
    decide_otherwise(story, &lead, &review, &watch.id()).await;
    keep_in_the_library(&lead, &list).await;
    lead.get(format!("{list}?disposition=accepted"))
        .await
        .expect(200);
    lead.get("/api/v1/recommendations?disposition=deferred")
        .await
        .expect(200);
    lead.get("/api/v1/gaps?sort=-risk_score").await.expect(200);
}

async fn accept(lead: &Client, path: &str) {
    let accepted = json!({
        "reason": "The insurer asks for it",
        "actions": [{
            "title": "Hire a night watch for the alerts",
            "type": "detect",
            "owner": owner(),
            "due_on": "2027-03-31",
            "priority_inputs": { "impact": 5, "effort": 4 },
        }],
    });
    step(lead, path, "accept", &accepted).await;
}

async fn decide_otherwise(story: &Story, lead: &Client, review: &Review, known: &str) {
    let approver = json!({ "name": "Ines Duarte", "subject": "ines.duarte@example.org" });
    let decisions: [(&str, &str, Value); 4] = [
        (
            "Move the file servers to the cloud",
            "defer",
            json!({ "reason": "After the move of the offices", "deferred_until": "2027-06-01" }),
        ),
        (
            "Forbid attachments",
            "reject",
            json!({ "reason": "Customers send their orders that way" }),
        ),
        (
            "Insure against the loss of data",
            "accept-risk",
            json!({ "reason": "The premium exceeds the expected loss", "approver": approver, "expires_on": "2027-11-30" }),
        ),
        (
            "Read alerts at night",
            "duplicate",
            json!({ "duplicate_of_id": known, "reason": "Proposed twice" }),
        ),
    ];
    let list = review.path("/recommendations");
    for (title, verb, body) in decisions {
        let proposal = json!({ "title": title });
        let made = made(&story.app.facilitator(), list.clone(), &proposal).await;
        let path = format!("{list}/{}", made.id());
        step(lead, &path, verb, &body).await;
        if verb == "reject" {
            let again = json!({ "reason": "A filter that opens them elsewhere is to be had now" });
            step(lead, &path, "repropose", &again).await;
        }
    }
}

async fn keep_in_the_library(lead: &Client, list: &str) {
    let template = json!({
        "title": "Give every class of alert an owner",
        "rationale": "An alert without an owner is no alert.",
        "gap_category": "roles_authority",
        "action_type": "detect",
        "action_strength": "procedure",
        "effort": 2,
        "closure_criteria": "Every class of alert names a person and a time to answer within",
        "tags": ["alerts"],
    });
    let template = made(lead, LIBRARY.to_owned(), &template).await;
    let path = format!("{LIBRARY}/{}", template.id());
    changed(lead, &path, &json!({ "effort": 1 })).await;
    lead.get(LIBRARY).await.expect(200);
    let proposal = json!({ "template_id": template.id() });
    made(lead, list.to_owned(), &proposal).await;
    archived_and_restored(lead, &path).await;
}

//! What people think of the review, asked after its workshop and when some time has passed.

use debrief_tests::story::Story;
use serde_json::{Value, json};

use super::company::{changed, made, step, under_review};

const ROUNDS: &str = "/api/v1/feedback-rounds";

pub(super) async fn tell(story: &Story) {
    let (lead, review) = (story.facilitator(), under_review(story).await);
    let someone = story.app.contributor();
    let me = someone.get("/api/v1/me").await.expect(200).json();
    let person = json!({ "name": "Kim Sato", "function": "responder", "subject": me["subject"] });
    review.join_as(&person).await;
    let session = review.plan(&json!({ "kind": "hotwash" })).await;
    session.step("hold", &json!({})).await.expect(200);
    let round = json!({
        "occasion": "after_workshop",
        "workshop_id": session.id,
        "questions": [
            { "question": "safe_to_speak", "text": "I could say what I thought without fear of blame" },
            { "question": "neutral_facilitator", "text": "The facilitator was neutral" },
            { "question": "timely_information", "text": "I had the information I needed in time" },
        ],
    });
    let round = made(&lead, review.path("/feedback-rounds"), &round).await;
    let round = format!("{ROUNDS}/{}", round.id());
    lead.get(&round).await.expect(200);
    answer(story, &round).await;
    step(&lead, &round, "close", &json!({})).await;
    lead.get(format!("{round}/summary")).await.expect(200);
    let later = json!({ "occasion": "after_30_days", "opens_at": "2026-12-21T08:00:00Z" });
    let later = made(
        &story.app.facilitator(),
        review.path("/feedback-rounds"),
        &later,
    )
    .await;
    let later = format!("{ROUNDS}/{}", later.id());
    changed(
        &lead,
        &later,
        &json!({ "closes_at": "2027-01-11T08:00:00Z" }),
    )
    .await;
    step(&lead, &later, "open", &json!({})).await;
    let why = json!({ "reason": "Only four people took part; nothing could be shown" });
    step(&lead, &later, "cancel", &why).await;
    lead.get(review.path("/feedback-rounds")).await.expect(200);
    let closed = format!("{ROUNDS}?status=closed");
    lead.get(closed).await.expect(200);
}

async fn answer(story: &Story, round: &str) {
    let someone = story.contributor();
    someone
        .get(format!("{round}/participation"))
        .await
        .expect(200);
    let agreed = [
        ("safe_to_speak", "strongly_agree"),
        ("neutral_facilitator", "agree"),
        ("timely_information", "disagree"),
    ];
    let answers: Vec<Value> = agreed
        .iter()
        .map(|(question, answer)| json!({ "question": question, "answer": answer }))
        .collect();
    let body = json!({
        "answers": answers,
        "comments": [{ "question": "safe_to_speak", "text": "It helped that nobody asked who clicked." }],
    });
    someone
        .put(format!("{round}/answers"), &body)
        .await
        .expect(200);
}

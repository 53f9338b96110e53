//! How the response went, what it cost, and who told whom.

use debrief_tests::story::Story;
use reqwest::Method;
use serde_json::json;

use super::company::{alert, made, step, under_review};

pub(super) async fn tell(story: &Story) {
    let (lead, review) = (story.facilitator(), under_review(story).await);
    let event = made(&story.app.admin(), review.path("/events"), &alert()).await;
    let call = json!({
        "sent_at": "2026-11-21T03:52:00Z",
        "received_at": "2026-11-21T04:31:00Z",
        "precision": "minute",
        "from_role": "SOC analyst on duty",
        "to_audience": "Head of IT",
        "channel": "phone",
        "direction": "internal",
        "content_class": "escalation",
        "summary": "Files on two servers are being renamed; who may shut them down?",
        "timely": false,
        "effective": true,
        "issue": "The on-call list held a number that was no longer in use",
        "event_ids": [event.id()],
    });
    let call = made(&lead, review.path("/communications"), &call).await;
    let path = review.path(&format!("/communications/{}", call.id()));
    let corrected = json!({
        "reason": "The phone's log names another minute",
        "changes": { "received_at": "2026-11-21T04:29:00Z" },
    });
    step(&lead, &path, "amend", &corrected).await;

    let mut detection = json!({
        "rating": "partially_effective",
        "procedures_followed": "yes",
        "procedures_adequate": "partly",
        "strengths": [{ "text": "The alert came within a minute of the first renamed file", "event_ids": [event.id()] }],
        "weaknesses": [{ "text": "Sign-ins from unusual countries raise no alert" }],
        "summary": "Encryption was seen at once; the fourteen hours before it were not.",
    });
    let path = review.path("/assessments/detection");
    let tag = lead.put(&path, &detection).await.expect(201).etag();
    detection["procedures_adequate"] = json!("no");
    let replaced = lead.put(&path, &detection).if_match(&tag);
    replaced.await.expect(200);
    let apart = json!({
        "rating": "not_applicable",
        "not_applicable_reason": "Nothing had to be removed: both servers were rebuilt",
    });
    let eradication = review.path("/assessments/eradication");
    let tag = lead.put(&eradication, &apart).await.expect(201).etag();
    let removed = lead.call(Method::DELETE, &eradication).if_match(&tag);
    removed.await.expect(204);

    let first = json!({
        "rating": "moderate",
        "quantities": [
            { "kind": "downtime_minutes", "value": 1440 },
            { "kind": "records_affected", "value": 0, "data_type": "personal" },
        ],
        "costs": [{
            "loss_variety": "response_and_recovery",
            "amount": { "currency": "EUR", "min": 2000000, "likely": 4000000, "max": 6000000 },
        }],
        "narrative": "Freight documents can be read again by Sunday night, as far as is known.",
    });
    let mut last = json!({
        "rating": "major",
        "quantities": [
            { "kind": "downtime_minutes", "value": 2040 },
            { "kind": "records_affected", "value": 312, "data_type": "personal" },
            { "kind": "customers_lost", "value": 1 },
        ],
        "costs": [
            {
                "loss_variety": "response_and_recovery",
                "amount": { "currency": "EUR", "min": 7150000, "likely": 7150000, "max": 7150000 },
            },
            {
                "loss_variety": "legal_and_regulatory",
                "amount": { "currency": "EUR", "min": 0, "likely": 1500000, "max": 5000000 },
            },
        ],
        "narrative": "Freight documents could not be read for 34 hours; one customer left.",
    });
    for (snapshot, estimate) in [("initial", &first), ("final", &last)] {
        let path = review.path(&format!("/impacts/{snapshot}/business_operations"));
        lead.put(path, estimate).await.expect(201);
    }
    let path = review.path("/impacts/final/business_operations");
    let tag = lead.get(&path).await.expect(200).etag();
    last["narrative"] =
        json!("Freight documents could not be read for 34 hours; two customers left.");
    let replaced = lead.put(path, &last).if_match(&tag);
    replaced.await.expect(200);
    let comparison = review.path("/impacts/comparison");
    story.reader().get(comparison).await.expect(200);
}

//! The chronology, as it comes: from the SIEM, in batches, out of order; corrected, never edited.

use chrono::Duration;
use debrief_tests::story::Story;
use reqwest::Method;
use serde_json::{Value, json};

use super::company::{alert, isolation, made, sign_in, step, under_review};

pub(super) async fn tell(story: &Story) {
    let (siem, review) = (story.contributor(), under_review(story).await);
    let list = review.path("/events");
    let first = made(&siem, list.clone(), &alert()).await;
    // What is sent again is answered with what is there.
    siem.post(&list, &alert()).await.expect(200);
    let batch = format!("{list}/batch");
    siem.post(&batch, &json!([sign_in(), isolation()]))
        .await
        .expect(200);
    let lines: Vec<String> = of_the_night().iter().map(Value::to_string).collect();
    let lines = siem
        .call(Method::POST, batch)
        .bytes(lines.join("\n") + "\n");
    lines
        .header("content-type", "application/x-ndjson")
        .await
        .expect(200);
    story.app.wait(Duration::hours(3));

    let path = format!("{list}/{}", first.id());
    let amendment = json!({
        "reason": "The EDR's clock was four minutes slow",
        "changes": { "occurred_at": "2026-11-21T03:40:12Z" },
    });
    step(&siem, &path, "amend", &amendment).await;
    siem.get(format!("{path}/revisions")).await.expect(200);
    let rumour = json!({
        "occurred_at": "2026-11-21T05:10:00Z",
        "kind": "note",
        "summary": "The mail server is said to be affected",
    });
    let rumour = made(&siem, list.clone(), &rumour).await;
    let retraction = json!({ "reason": "The forensic report found no trace on the mail server" });
    step(
        &siem,
        &format!("{list}/{}", rumour.id()),
        "retract",
        &retraction,
    )
    .await;
    siem.get(format!("{list}?sort=occurred_at"))
        .await
        .expect(200);
    siem.get("/api/v1/events?kind=alert&is_key=true")
        .await
        .expect(200);
}

/// Two lines of the responders' log.
fn of_the_night() -> [Value; 2] {
    [
        json!({
            "occurred_at": "2026-11-21T03:52:00Z",
            "kind": "acknowledgement",
            "actor_side": "responder",
            "summary": "Alert taken by the analyst on duty",
            "source": "pager",
            "external_id": "page-4471",
            "marks": ["acknowledged"],
        }),
        json!({
            "occurred_at": "2026-11-22T15:40:00Z",
            "kind": "service_restored",
            "phase": "recovery",
            "actor_side": "responder",
            "summary": "Freight documents restored from the offline backup",
            "source": "pager",
            "external_id": "page-4502",
            "marks": ["recovered"],
        }),
    ]
}

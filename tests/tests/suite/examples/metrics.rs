//! How fast incidents were answered and improvements made, at the end of a busy autumn.

use chrono::Duration;
use debrief_tests::story::Story;
use serde_json::{Value, json};

use super::company::{analyst, made, step, under_review};

pub(super) async fn tell(story: &Story) {
    answer_incidents(story).await;
    improve(story).await;
    let reader = story.reader();
    let window = "from=2026-10-01T00:00:00Z&to=2027-01-01T00:00:00Z";
    let response = "/api/v1/metrics/response";
    let asked = format!(
        "{response}?{window}&metric=time_to_detect&group_by=severity&interval=month&time_zone=Europe/Oslo"
    );
    reader.get(asked).await.expect(200);
    let behind = format!("{response}/records?{window}&metric=time_to_detect");
    reader.get(behind).await.expect(200);
    let remediation =
        "/api/v1/metrics/remediation?group_by=priority&interval=month&time_zone=Europe/Oslo";
    reader.get(remediation).await.expect(200);
}

async fn answer_incidents(story: &Story) {
    let client = story.app.contributor();
    for (title, severity, compromised, detected, contained) in [
        (
            "Ransomware on the file servers",
            "critical",
            "2026-11-20T14:10:00Z",
            "2026-11-21T03:36:00Z",
            "2026-11-21T06:05:00Z",
        ),
        (
            "Mailbox rules of a stolen account",
            "high",
            "2026-10-12T07:00:00Z",
            "2026-10-12T16:20:00Z",
            "2026-10-12T17:05:00Z",
        ),
        (
            "Scanner infected by a USB stick",
            "high",
            "2026-10-28T09:30:00Z",
            "2026-10-28T09:34:00Z",
            "2026-10-28T10:10:00Z",
        ),
    ] {
        let at = |at: &str| json!({ "at": at });
        let body = json!({
            "title": title,
            "severity": severity,
            "category": "malicious_code",
            "status": "closed",
            "timestamps": { "compromised": at(compromised), "detected": at(detected), "contained": at(contained) },
        });
        made(&client, "/api/v1/incidents".to_owned(), &body).await;
    }
}

async fn improve(story: &Story) {
    let (client, review) = (story.app.admin(), under_review(story).await);
    let list = review.path("/actions");
    let mut actions = Vec::new();
    for (title, impact, due_on) in [
        ("Require a second factor on the VPN", 5, "2026-12-18"),
        ("Alert when the backup agent is stopped", 3, "2026-12-04"),
        ("Rehearse the restore of a file server", 4, "2027-02-26"),
    ] {
        let body = json!({
            "title": title,
            "type": "prevent",
            "owner": super::company::owner(),
            "due_on": due_on,
            "priority_inputs": { "risk": 20, "impact": impact, "effort": 2 },
        });
        let action = made(&client, list.clone(), &body).await;
        actions.push(format!("{list}/{}", action.id()));
    }
    let report =
        async |path: &str, body: Value| made(&client, format!("{path}/progress"), &body).await;
    story.app.wait(Duration::days(10));
    report(&actions[0], json!({ "status": "implemented" })).await;
    let proof = json!({ "method": "retest", "result": "effective", "verified_by": analyst() });
    step(&client, &actions[0], "verifications", &proof).await;
    report(
        &actions[1],
        json!({ "status": "in_progress", "percent": 60 }),
    )
    .await;
    story.app.wait(Duration::days(10));
}

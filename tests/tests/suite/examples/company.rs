//! Halden Freight, which never was: who works there, and the night that its file servers were
//! encrypted.

use debrief_tests::builders::{Review, a_review_with};
use debrief_tests::story::Story;
use debrief_tests::{Client, Reply};
use reqwest::Method;
use serde_json::{Value, json};

/// Who owns the review: the head of IT.
pub(super) fn owner() -> Value {
    json!({ "name": "Robin Vega", "subject": "robin.vega@example.org" })
}

/// Who leads it, and had no part in the response.
pub(super) fn facilitator() -> Value {
    json!({ "name": "Miriam Adeyemi", "subject": "miriam.adeyemi@example.org" })
}

/// Who watches over the alerts, and proves that things work.
pub(super) fn analyst() -> Value {
    json!({ "name": "Kim Sato", "subject": "kim.sato@example.org" })
}

/// The incident, as it was known in the morning.
pub(super) fn incident() -> Value {
    json!({
        "title": "Ransomware on the file servers",
        "summary": "Two file servers were encrypted on Saturday night through a VPN account.",
        "severity": "critical",
        "severity_raw": "P1",
        "category": "malicious_code",
        "status": "contained",
        "detection_source": "edr_antivirus",
        "detection_automated": true,
        "attack_patterns": ["ransomware", "phishing"],
        "attack_techniques": ["T1566.001", "T1486"],
        "affected_assets": ["fs-01", "fs-02"],
        "affected_services": ["Freight documents"],
        "tags": ["vpn"],
        "timestamps": {
            "compromised": { "at": "2026-11-20T14:10:00Z", "precision": "minute" },
            "detected": { "at": "2026-11-21T03:36:00Z" },
            "contained": { "at": "2026-11-21T06:05:00Z" },
        },
    })
}

/// The review of it.
pub(super) fn review() -> Value {
    json!({
        "title": "Ransomware on the file servers",
        "summary": "A phished VPN account led to the encryption of two file servers. Freight documents could not be read for 34 hours.",
        "kind": "incident",
        "depth": "in_depth",
        "severity": "critical",
        "tlp": "amber",
        "owner": owner(),
        "facilitator": facilitator(),
        "tags": ["vpn", "ransomware"],
        "publish_due_at": "2026-12-21T17:00:00Z",
    })
}

/// Opens the review, off the record.
pub(super) async fn under_review(story: &Story) -> Review {
    a_review_with(&story.app, review()).await
}

/// The alert that was the first to tell.
pub(super) fn alert() -> Value {
    json!({
        "occurred_at": "2026-11-21T04:36:12+01:00",
        "kind": "alert",
        "phase": "detection",
        "actor_side": "system",
        "summary": "EDR alert on fs-01: mass renaming of files",
        "source": "edr",
        "external_id": "alert-88213",
        "evidence": [{ "title": "The alert", "url": "https://edr.example.org/alerts/88213" }],
        "attack_techniques": ["T1486"],
        "marks": ["detected"],
        "is_key": true,
    })
}

/// How the intruder came in, which the forensic report told.
pub(super) fn sign_in() -> Value {
    json!({
        "occurred_at": "2026-11-20T14:10:00Z",
        "precision": "minute",
        "kind": "initial_access",
        "actor_side": "adversary",
        "summary": "VPN sign-in with a phished account, without a second factor",
        "attack_techniques": ["T1078"],
        "marks": ["compromised"],
        "hindsight_only": true,
    })
}

/// The end of the spread.
pub(super) fn isolation() -> Value {
    json!({
        "occurred_at": "2026-11-21T06:05:00Z",
        "kind": "containment_action",
        "phase": "containment",
        "actor_side": "responder",
        "actor_role": "soc_analyst",
        "summary": "fs-01 and fs-02 isolated from the network",
        "marks": ["contained"],
    })
}

/// What the review came to see as the cause.
pub(super) fn root_cause(event: &str) -> Value {
    json!({
        "kind": "root_cause",
        "statement": "VPN sign-in needed no second factor",
        "description": "Contractors' accounts were left out when the second factor was introduced, and nobody owned the exception.",
        "cause_category": "process_failure",
        "cause_detail": "exception without an end",
        "factor_kind": "causal",
        "factor_area": "process",
        "confidence": "high",
        "event_ids": [event],
        "control": { "name": "Multi-factor authentication", "function": "preventive", "state": "missing" },
        "attack_techniques": ["T1078"],
        "likelihood": 4,
        "severity_score": 5,
    })
}

/// What is to change.
pub(super) fn second_factor(finding: &str) -> Value {
    json!({
        "title": "Require a second factor on the VPN",
        "description": "For every account, contractors' too; exceptions end after 14 days by themselves.",
        "type": "prevent",
        "strength": "engineer",
        "owner": owner(),
        "due_on": "2027-01-29",
        "effort_days": 6.5,
        "finding_ids": [finding],
        "closure_criteria": "No sign-in without a second factor for 30 days",
        "tags": ["vpn"],
        "external_refs": [{ "system": "jira", "id": "SEC-77", "url": "https://jira.example.org/browse/SEC-77" }],
        "priority_inputs": { "impact": 5, "effort": 2, "resource_availability": "available" },
    })
}

/// Sends what has to succeed.
pub(super) async fn made(client: &Client, path: String, body: &Value) -> Reply {
    client.post(path, body).await.expect(201)
}

/// Takes a step that names the version it is taken from.
pub(super) async fn step(client: &Client, path: &str, verb: &str, body: &Value) -> Reply {
    let tag = client.get(path).await.expect(200).etag();
    let step = client
        .post(format!("{path}/{verb}"), body)
        .if_match(&tag)
        .await;
    assert!(step.status < 300, "{}: {}", step.call, step.text());
    step
}

/// Changes some of a resource.
pub(super) async fn changed(client: &Client, path: &str, patch: &Value) -> Reply {
    let tag = client.get(path).await.expect(200).etag();
    client.patch(path, patch).if_match(&tag).await.expect(200)
}

/// Takes something out of use, which is taken up again.
pub(super) async fn archived_and_restored(client: &Client, path: &str) {
    let tag = client.get(path).await.expect(200).etag();
    let archived = client.delete(path).if_match(&tag).await;
    assert!(
        archived.status < 300,
        "{}: {}",
        archived.call,
        archived.text()
    );
    let tag = client.get(path).await.expect(200).etag();
    let restored = client.call(Method::POST, format!("{path}/restore"));
    restored.if_match(&tag).await.expect(200);
}

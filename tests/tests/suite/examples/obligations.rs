//! What the law wants to be told, and by when.

use chrono::Duration;
use debrief_tests::Client;
use debrief_tests::story::Story;
use serde_json::json;

use super::company::{archived_and_restored, changed, made, step, under_review};

pub(super) async fn tell(story: &Story) {
    let (admin, lead, review) = (
        story.admin(),
        story.contributor(),
        under_review(story).await,
    );
    let regime = define_a_regime(&admin).await;
    let list = review.path("/obligations");
    let warning = json!({
        "regime_id": regime,
        "stage": "first_notice",
        "trigger_at": "2026-11-23T08:00:00Z",
        "owner": { "name": "Jonas Lindqvist", "subject": "jonas.lindqvist@example.org" },
    });
    let warning = made(&lead, list.clone(), &warning).await;
    let path = format!("{list}/{}", warning.id());
    changed(
        &lead,
        &path,
        &json!({ "description": "To the harbour master, by telephone and in writing." }),
    )
    .await;
    lead.get("/api/v1/deadlines").await.expect(200);
    story.app.wait(Duration::hours(5));
    let told = json!({ "submitted_at": "2026-11-23T15:20:00Z", "reference": "HM-2026-118" });
    step(&lead, &path, "submit", &told).await;
    let contract = json!({
        "title": "Tell the largest customer",
        "trigger_at": "2026-11-21T09:00:00Z",
        "due_at": "2026-11-28T09:00:00Z",
    });
    let contract = made(&lead, list.clone(), &contract).await;
    let path = format!("{list}/{}", contract.id());
    step(
        &lead,
        &path,
        "waive",
        &json!({ "reason": "None of their documents were on the servers" }),
    )
    .await;
    step(&lead, &path, "reopen", &json!({ "reason": "Two were" })).await;
    lead.get(&list).await.expect(200);
    lead.get("/api/v1/obligations?status=met").await.expect(200);
    let regime = format!("/api/v1/regimes/{regime}");
    archived_and_restored(&admin, &regime).await;
}

/// What the harbour asks for; the id of the regime.
async fn define_a_regime(admin: &Client) -> String {
    let regime = json!({
        "key": "harbour_rules",
        "name": "Rules of the harbour, section 12",
        "description": "Binds every company with a berth.",
        "jurisdiction": "Halden",
        "source_url": "https://harbour.example.org/rules#12",
        "stages": [
            { "name": "first_notice", "title": "First notice to the harbour master", "trigger": "aware", "amount": 24, "unit": "calendar_hours" },
            { "name": "report", "title": "Report of what was done", "trigger": "notified", "amount": 10, "unit": "business_days" },
        ],
    });
    let list = "/api/v1/regimes";
    let regime = made(admin, list.to_owned(), &regime).await;
    let path = format!("{list}/{}", regime.id());
    changed(admin, &path, &json!({ "jurisdiction": "Port of Halden" })).await;
    admin.get(format!("{list}?q=harbour")).await.expect(200);
    regime.id()
}

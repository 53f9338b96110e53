//! A forwarder gets a key, buys a token with it, and goes out of use; an organisation is added.

use chrono::Duration;
use debrief_tests::story::Story;
use reqwest::Method;
use serde_json::json;

use super::company::{changed, made, step};

pub(super) async fn tell(story: &Story) {
    let admin = story.admin();
    let body = json!({
        "name": "SIEM forwarder",
        "roles": ["contributor"],
        "expires_at": "2027-11-23T00:00:00Z",
    });
    let key = made(&admin, "/api/v1/api-keys".to_owned(), &body).await;
    let text = key.json()["key"].as_str().expect("a key").to_owned();
    story.bearing(&text).get("/api/v1/me").await.expect(200);
    buy_a_token(story, &key.id(), &text).await;

    let path = format!("/api/v1/api-keys/{}", key.id());
    story.app.wait(Duration::hours(20));
    changed(
        &admin,
        &path,
        &json!({ "name": "SIEM forwarder, Gothenburg" }),
    )
    .await;
    admin.get("/api/v1/api-keys?limit=2").await.expect(200);
    step(&admin, &path, "rotate", &json!({ "overlap_seconds": 3600 })).await;
    story.app.wait(Duration::hours(4));
    let tag = admin.get(&path).await.etag();
    let revoke = admin.call(Method::POST, format!("{path}/revoke"));
    revoke.if_match(&tag).await.expect(200);
    add_an_organisation(story).await;
}

async fn buy_a_token(story: &Story, id: &str, key: &str) {
    let form = [
        ("grant_type", "client_credentials"),
        ("scope", "incidents:write events:write"),
        ("client_id", id),
        ("client_secret", key),
    ];
    let form: Vec<_> = form
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let form = form.join("&").replace(' ', "+");
    let call = story
        .anonymous()
        .call(Method::POST, "/oauth/token")
        .bytes(form);
    let call = call.header("content-type", "application/x-www-form-urlencoded");
    call.await.expect(200);
}

async fn add_an_organisation(story: &Story) {
    let (platform, admin) = (story.platform(), story.admin());
    let body = json!({ "slug": "halden-rail", "name": "Halden Rail" });
    let added = made(&platform, "/api/v1/organizations".to_owned(), &body).await;
    let path = format!("/api/v1/organizations/{}", added.id());
    platform.get(path).await.expect(200);
    platform.get("/api/v1/organizations").await.expect(200);
    let settings = json!({ "name": "Halden Freight", "priority_weights": { "effort": 0.5 } });
    changed(&admin, "/api/v1/organization", &settings).await;
}

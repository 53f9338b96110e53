//! Identity: API keys and what becomes of them, tokens for client credentials, organisations.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::Duration;
use debrief_tests::client::Call;
use debrief_tests::world::incident;
use debrief_tests::{App, Character, Reply, both_databases};
use reqwest::Method;
use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::{Value, json};

both_databases!(
    everybody_is_told_who_they_are,
    an_api_key_is_shown_once_and_has_the_rights_it_was_made_with,
    nobody_makes_or_takes_over_a_key_with_rights_beyond_their_own,
    a_key_ends_when_it_expires,
    a_rotated_key_works_on_for_its_overlap,
    a_revoked_key_ends_at_once_and_for_good,
    the_last_use_of_a_key_is_written_down,
    an_earlier_use_is_not_written_over_a_later_one,
    a_client_gets_a_token_by_basic_authentication_or_in_the_form,
    a_token_ends_with_its_time_and_with_its_key,
    a_token_ends_with_the_very_key_that_bought_it,
    a_request_for_a_token_is_refused_as_oauth_wants,
    a_platform_admin_creates_organisations_that_are_strangers,
);

const KEYS: &str = "/api/v1/api-keys";
const ME: &str = "/api/v1/me";

async fn made(app: &App, body: Value) -> Reply {
    app.admin().post(KEYS, &body).await.expect(201)
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn secret(reply: &Reply) -> String {
    text(&reply.json()["key"])
}

/// The status that a credential gets, and that a refusal says how to authenticate.
async fn status(app: &App, credential: &str) -> u16 {
    let reply = app.bearing(Some(credential)).get(ME).await;
    if reply.status == 401 {
        let challenge = reply.header("www-authenticate").unwrap_or_default();
        assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
        return reply.problem(401, "unauthenticated").status;
    }
    reply.status
}

async fn rotated(app: &App, key: &Reply, body: &Value) -> Reply {
    let path = format!("{KEYS}/{}/rotate", key.id());
    let call = app.admin().post(path, body).if_match(&key.etag());
    call.await.expect(200)
}

fn revoking(app: &App, key: &Reply) -> Call {
    let path = format!("{KEYS}/{}/revoke", key.id());
    app.admin().call(Method::POST, path).if_match(&key.etag())
}

/// A request for a token.
fn asking(app: &App, form: &str) -> Call {
    let call = app.anonymous().call(Method::POST, "/oauth/token");
    let kind = "application/x-www-form-urlencoded";
    call.bytes(form).header("content-type", kind)
}

fn basic(call: Call, id: &str, secret: &str) -> Call {
    let pair = STANDARD.encode(format!("{id}:{secret}"));
    call.header("authorization", format!("Basic {pair}"))
}

async fn token(app: &App, key: &Reply) -> String {
    let form = "grant_type=client_credentials";
    let reply = basic(asking(app, form), &key.id(), &secret(key)).await;
    text(&reply.expect(200).json()["access_token"])
}

async fn everybody_is_told_who_they_are(app: App) {
    for who in Character::MEMBERS.into_iter().chain([Character::Stranger]) {
        let me = app.client(who).get(ME).await.expect(200).json();
        let scopes: Vec<_> = who
            .scopes()
            .iter()
            .map(|scope| json!(scope.as_str()))
            .collect();
        assert_eq!(me["scopes"], json!(scopes), "{who:?}");
        assert_eq!(me["credential"], "api_key");
        assert_eq!(me["expires_at"], Value::Null);
        assert!(text(&me["subject"]).starts_with("key:"));
        let home = if who == Character::Stranger {
            "elsewhere"
        } else {
            "default"
        };
        assert_eq!(me["organization"]["slug"], home, "{who:?}");
        let roles: Vec<_> = who
            .scopes()
            .roles()
            .map(|role| json!(role.as_str()))
            .collect();
        assert_eq!(me["roles"], json!(roles), "{who:?}");
    }
    let nobody = app
        .anonymous()
        .get(ME)
        .await
        .problem(401, "unauthenticated");
    assert_eq!(
        nobody.header("www-authenticate"),
        Some("Bearer realm=\"debrief\"")
    );
    for header in ["Basic eDp5", "Bearer", "Bearer ", "Token x"] {
        let call = app.anonymous().get(ME).header("authorization", header);
        call.await.problem(401, "unauthenticated");
    }
}

async fn an_api_key_is_shown_once_and_has_the_rights_it_was_made_with(app: App) {
    let admin = app.admin();
    let body = json!({
        "name": "SIEM", "roles": ["reader"], "scopes": ["events:write", "audit:read"],
        "expires_at": "2027-11-23T00:00:00Z",
    });
    let key = made(&app, body).await;
    let shown = secret(&key);
    assert!(shown.starts_with("dbf_") && shown.len() >= 36, "{shown}");
    assert_eq!(key.json()["prefix"], shown[..12]);
    assert_eq!(key.json()["roles"], json!(["reader", "auditor"]));
    assert_eq!(key.json()["active"], true);
    let path = format!("{KEYS}/{}", key.id());
    assert_eq!(key.header("location"), Some(path.as_str()));
    for path in [path.as_str(), KEYS, "/api/v1/audit-records"] {
        let read = admin.get(path).await.expect(200);
        assert!(!read.text().contains(&shown[..16]), "{path}");
    }
    let me = app.bearing(Some(&shown)).get(ME).await.expect(200).json();
    assert_eq!(me["subject"], format!("key:{}", key.id()));
    assert_eq!(me["name"], "SIEM");
    assert_eq!(me["scopes"], key.json()["scopes"]);
    assert_eq!(me["expires_at"], "2027-11-23T00:00:00Z");
    let write = app
        .bearing(Some(&shown))
        .post("/api/v1/incidents", &incident());
    write.await.problem(403, "missing_scope");

    let renamed = admin.patch(&path, &json!({ "name": "New SIEM", "expires_at": null }));
    renamed.clone().await.problem(428, "precondition_required");
    let renamed = renamed.if_match(&key.etag()).await.expect(200).json();
    assert_eq!(
        (&renamed["name"], &renamed["expires_at"]),
        (&json!("New SIEM"), &Value::Null)
    );
    let other = admin.patch(&path, &json!({ "scopes": ["keys:manage"] }));
    let other = other.if_match("*").await.problem(422, "validation_failed");
    assert_eq!(
        other.faults(),
        [("/scopes".to_owned(), "unknown_field".to_owned())]
    );
    for (body, place) in [
        (json!({ "name": "x" }), "/scopes"),
        (json!({ "name": "", "roles": ["reader"] }), "/name"),
        (json!({ "name": "x", "roles": ["king"] }), "/roles/0"),
        (json!({ "name": "x", "scopes": ["all"] }), "/scopes/0"),
        (
            json!({ "name": "x", "roles": ["reader"], "expires_at": "2026-11-23T12:00:00Z" }),
            "/expires_at",
        ),
    ] {
        let reply = admin.post(KEYS, &body).await;
        let faults = reply.problem(422, "validation_failed").faults();
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!(faults[0].0, place);
    }
}

async fn nobody_makes_or_takes_over_a_key_with_rights_beyond_their_own(app: App) {
    let body = json!({ "name": "keeper", "roles": ["reader"], "scopes": ["keys:manage"] });
    let keeper = app.bearing(Some(&secret(&made(&app, body).await)));
    let strong = made(&app, json!({ "name": "strong", "roles": ["contributor"] })).await;
    let path = format!("{KEYS}/{}", strong.id());
    let tag = strong.etag();
    for call in [
        keeper.post(KEYS, &json!({ "name": "x", "roles": ["contributor"] })),
        keeper.post(
            KEYS,
            &json!({ "name": "x", "scopes": ["metrics:read", "audit:read"] }),
        ),
        app.admin()
            .post(KEYS, &json!({ "name": "x", "scopes": ["platform:admin"] })),
        keeper
            .patch(&path, &json!({ "name": "mine" }))
            .if_match(&tag),
        keeper
            .post(format!("{path}/rotate"), &json!({}))
            .if_match(&tag),
    ] {
        let faults = call.await.problem(403, "forbidden").faults();
        assert!(!faults.is_empty());
        assert!(
            faults.iter().all(|(_, code)| code == "scope_not_held"),
            "{faults:?}"
        );
    }
    assert_eq!(status(&app, &secret(&strong)).await, 200);
    let within = json!({ "name": "x", "roles": ["reader"], "scopes": ["keys:manage"] });
    keeper.post(KEYS, &within).await.expect(201);
    // Ending a key gives nobody anything.
    let revoke = keeper.call(Method::POST, format!("{path}/revoke"));
    revoke.if_match(&tag).await.expect(200);
    for client in [app.facilitator(), app.auditor()] {
        client.get(KEYS).await.problem(403, "missing_scope");
    }
    app.stranger().get(&path).await.problem(404, "not_found");
}

async fn a_key_ends_when_it_expires(app: App) {
    let admin = app.admin();
    let body = json!({
        "name": "short", "roles": ["reader"], "expires_at": "2026-11-23T13:00:00Z",
    });
    let key = made(&app, body).await;
    let path = format!("{KEYS}/{}", key.id());
    let listed = async |active: bool| {
        let list = admin.all(&format!("{KEYS}?active={active}"), 2).await;
        list.iter().any(|one| one["id"] == key.id())
    };
    app.wait(Duration::seconds(3599));
    assert_eq!(status(&app, &secret(&key)).await, 200);
    assert!(listed(true).await && !listed(false).await);
    app.wait(Duration::seconds(1));
    assert_eq!(status(&app, &secret(&key)).await, 401);
    assert!(!listed(true).await && listed(false).await);
    let read = admin.get(&path).await.expect(200);
    assert_eq!(read.json()["active"], false);
    let rotate = admin.post(format!("{path}/rotate"), &json!({}));
    let refused = rotate
        .if_match(&read.etag())
        .await
        .problem(409, "state_conflict");
    assert_eq!(refused.faults(), [(String::new(), "expired".to_owned())]);
    let longer = admin.patch(&path, &json!({ "expires_at": "2026-11-24T00:00:00Z" }));
    longer.if_match(&read.etag()).await.expect(200);
    assert_eq!(status(&app, &secret(&key)).await, 200);
}

async fn a_rotated_key_works_on_for_its_overlap(app: App) {
    let first = made(&app, json!({ "name": "siem", "roles": ["reader"] })).await;
    let second = rotated(&app, &first, &json!({ "overlap_seconds": 3600 })).await;
    assert_eq!(second.id(), first.id());
    assert_ne!(secret(&second), secret(&first));
    assert_eq!(
        second.json()["previous_key_expires_at"],
        "2026-11-23T13:00:00Z"
    );
    let stale = app
        .admin()
        .post(format!("{KEYS}/{}/rotate", first.id()), &json!({}));
    let stale = stale.if_match(&first.etag()).await;
    stale.problem(412, "stale_version");
    app.wait(Duration::seconds(3599));
    assert_eq!(status(&app, &secret(&first)).await, 200);
    app.wait(Duration::seconds(1));
    assert_eq!(status(&app, &secret(&first)).await, 401);
    assert_eq!(status(&app, &secret(&second)).await, 200);

    let third = rotated(&app, &second, &json!({})).await;
    assert_eq!(
        status(&app, &secret(&second)).await,
        401,
        "without an overlap"
    );
    // There is never more than one key before: a second rotation ends the first.
    let fourth = rotated(&app, &third, &json!({ "overlap_seconds": 604_800 })).await;
    let fifth = rotated(&app, &fourth, &json!({ "overlap_seconds": 60 })).await;
    for (key, expected) in [(&third, 401), (&fourth, 200), (&fifth, 200)] {
        assert_eq!(status(&app, &secret(key)).await, expected);
    }
    let path = format!("{KEYS}/{}/rotate", first.id());
    let long = app
        .admin()
        .post(path, &json!({ "overlap_seconds": 604_801 }));
    let long = long.if_match("*").await.problem(422, "validation_failed");
    assert_eq!(long.faults()[0].0, "/overlap_seconds");
}

async fn a_revoked_key_ends_at_once_and_for_good(app: App) {
    let admin = app.admin();
    let old = made(&app, json!({ "name": "siem", "roles": ["reader"] })).await;
    let key = rotated(&app, &old, &json!({ "overlap_seconds": 3600 })).await;
    let path = format!("{KEYS}/{}", key.id());
    assert_eq!(status(&app, &secret(&key)).await, 200);
    assert_eq!(status(&app, &secret(&old)).await, 200);
    let bare = admin.call(Method::POST, format!("{path}/revoke"));
    bare.await.problem(428, "precondition_required");
    revoking(&app, &old).await.problem(412, "stale_version");
    let revoked = revoking(&app, &key).await.expect(200);
    assert_eq!(revoked.json()["active"], false);
    assert_eq!(revoked.json()["revoked_at"], "2026-11-23T12:00:00Z");
    for key in [&key, &old] {
        assert_eq!(status(&app, &secret(key)).await, 401);
    }
    for call in [
        admin.patch(&path, &json!({ "expires_at": "2027-01-01T00:00:00Z" })),
        admin.post(format!("{path}/rotate"), &json!({})),
    ] {
        let refused = call.if_match(&revoked.etag()).await;
        let refused = refused.problem(409, "state_conflict");
        assert_eq!(refused.faults(), [(String::new(), "revoked".to_owned())]);
    }
    app.wait(Duration::hours(1));
    let again = revoking(&app, &revoked).await.expect(200);
    assert_eq!(again.json(), revoked.json(), "it stays as it was");
}

async fn the_last_use_of_a_key_is_written_down(app: App) {
    let key = made(&app, json!({ "name": "siem", "roles": ["reader"] })).await;
    let path = format!("{KEYS}/{}", key.id());
    let last_use = async || app.admin().get(&path).await.expect(200).json()["last_used_at"].clone();
    app.restart(&[]).await;
    assert_eq!(last_use().await, Value::Null);
    app.wait(Duration::seconds(7 * 60 + 42));
    assert_eq!(status(&app, &secret(&key)).await, 200);
    app.wait(Duration::hours(1));
    app.restart(&[]).await;
    assert_eq!(last_use().await, "2026-11-23T12:07:00Z");
}

async fn an_earlier_use_is_not_written_over_a_later_one(app: App) {
    let key = made(&app, json!({ "name": "siem", "roles": ["reader"] })).await;
    app.wait(Duration::minutes(7));
    assert_eq!(status(&app, &secret(&key)).await, 200);
    let other = app.another().await;
    app.wait(Duration::hours(1));
    let call = app.http().get(format!("http://{}{ME}", other.address));
    let answer = call.bearer_auth(secret(&key)).send().await;
    assert_eq!(answer.expect("an answer").status(), 200);
    // Each writes down what it knows when it stops, this one the earlier use.
    other.stop().await.expect("it stops");
    app.restart(&[]).await;
    let shown = app.admin().get(format!("{KEYS}/{}", key.id())).await;
    let shown = shown.expect(200).json();
    assert_eq!(shown["last_used_at"], "2026-11-23T13:07:00Z");
}

async fn a_client_gets_a_token_by_basic_authentication_or_in_the_form(app: App) {
    let key = made(&app, json!({ "name": "siem", "roles": ["contributor"] })).await;
    let (id, secret) = (key.id(), secret(&key));
    let form = "grant_type=client_credentials";
    let whole = basic(asking(&app, form), &id, &secret).await.expect(200);
    assert_eq!(whole.header("cache-control"), Some("no-store"));
    let body = whole.json();
    assert_eq!(
        (&body["token_type"], &body["expires_in"]),
        (&json!("Bearer"), &json!(900))
    );
    let bearer = app.bearing(body["access_token"].as_str());
    let me = bearer.get(ME).await.expect(200).json();
    assert_eq!(me["credential"], "client_credentials");
    assert_eq!(me["subject"], format!("key:{id}"));
    assert_eq!(me["scopes"], key.json()["scopes"]);
    assert_eq!(me["expires_at"], "2026-11-23T12:15:00Z");
    let made = bearer
        .post("/api/v1/incidents", &incident())
        .await
        .expect(201);
    assert_eq!(made.json()["created_by"], me["subject"]);

    let form = format!("{form}&client_id={id}&client_secret={secret}&scope=incidents:read");
    let narrow = asking(&app, &form).await.expect(200).json();
    assert_eq!(narrow["scope"], "incidents:read");
    let bearer = app.bearing(narrow["access_token"].as_str());
    bearer.get("/api/v1/incidents").await.expect(200);
    let write = bearer.post("/api/v1/incidents", &incident()).await;
    write.problem(403, "missing_scope");

    // Anybody can check the token by the published key.
    let jwks = app
        .anonymous()
        .get("/.well-known/jwks.json")
        .await
        .expect(200)
        .json();
    let jwk = &jwks["keys"][0];
    assert_eq!(
        (&jwk["kty"], &jwk["crv"]),
        (&json!("OKP"), &json!("Ed25519"))
    );
    assert!(jwk.get("d").is_none());
    let token = text(&body["access_token"]);
    let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).expect("base64url");
    let (message, signature) = token.rsplit_once('.').expect("three parts");
    let public = UnparsedPublicKey::new(&ED25519, decoded(&text(&jwk["x"])));
    let valid = public.verify(message.as_bytes(), &decoded(signature));
    assert!(valid.is_ok());
    let header = decoded(message.split('.').next().expect("a header"));
    let header: Value = serde_json::from_slice(&header).expect("JSON");
    assert_eq!(
        header,
        json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": jwk["kid"] })
    );
}

async fn a_token_ends_with_its_time_and_with_its_key(app: App) {
    let key = made(&app, json!({ "name": "siem", "roles": ["reader"] })).await;
    let short = token(&app, &key).await;
    app.wait(Duration::seconds(899));
    assert_eq!(status(&app, &short).await, 200);
    app.wait(Duration::seconds(1));
    assert_eq!(status(&app, &short).await, 401);

    let before = token(&app, &key).await;
    app.wait(Duration::seconds(1));
    let kept = rotated(&app, &key, &json!({ "overlap_seconds": 60 })).await;
    assert_eq!(status(&app, &before).await, 200);
    app.wait(Duration::seconds(60));
    assert_eq!(status(&app, &before).await, 401);
    let key = kept;
    let after = token(&app, &key).await;
    assert_eq!(status(&app, &after).await, 200);
    let revoke = app
        .admin()
        .call(Method::POST, format!("{KEYS}/{}/revoke", key.id()));
    revoke.if_match("*").await.expect(200);
    assert_eq!(status(&app, &after).await, 401);

    let ends = json!((app.now() + Duration::minutes(5)).to_rfc3339());
    let key = made(
        &app,
        json!({ "name": "x", "roles": ["reader"], "expires_at": ends }),
    )
    .await;
    let form = "grant_type=client_credentials";
    let issued = basic(asking(&app, form), &key.id(), &secret(&key)).await;
    assert_eq!(issued.expect(200).json()["expires_in"], 300);
}

async fn a_token_ends_with_the_very_key_that_bought_it(app: App) {
    // All of it happens in one instant: no clock tells before from after.
    let first = made(&app, json!({ "name": "siem", "roles": ["reader"] })).await;
    let of_first = token(&app, &first).await;
    assert_eq!(status(&app, &of_first).await, 200);
    let second = rotated(&app, &first, &json!({})).await;
    assert_eq!(status(&app, &of_first).await, 401);
    let of_second = token(&app, &second).await;
    assert_eq!(status(&app, &of_second).await, 200);

    let third = rotated(&app, &second, &json!({ "overlap_seconds": 60 })).await;
    let late = token(&app, &second).await;
    let of_third = token(&app, &third).await;
    for token in [&of_second, &late, &of_third] {
        assert_eq!(status(&app, token).await, 200);
    }
    let me = app.bearing(Some(&of_second)).get(ME).await.expect(200);
    assert_eq!(me.json()["expires_at"], "2026-11-23T12:01:00Z");
    app.wait(Duration::seconds(60));
    for (token, expected) in [(&of_second, 401), (&late, 401), (&of_third, 200)] {
        assert_eq!(status(&app, token).await, expected);
    }
    // A second rotation ends the key before the last, and so its tokens.
    let fourth = rotated(&app, &third, &json!({ "overlap_seconds": 60 })).await;
    let of_fourth = token(&app, &fourth).await;
    rotated(&app, &fourth, &json!({ "overlap_seconds": 60 })).await;
    for (token, expected) in [(&of_first, 401), (&of_third, 401), (&of_fourth, 200)] {
        assert_eq!(status(&app, token).await, expected);
    }
}

async fn a_request_for_a_token_is_refused_as_oauth_wants(app: App) {
    let key = made(&app, json!({ "name": "siem", "roles": ["reader"] })).await;
    let other = made(&app, json!({ "name": "other", "roles": ["reader"] })).await;
    let gone = made(&app, json!({ "name": "gone", "roles": ["reader"] })).await;
    revoking(&app, &gone).await.expect(200);
    let grant = "grant_type=client_credentials";
    let (id, own) = (key.id(), secret(&key));
    let in_form = format!("{grant}&client_id={id}&client_secret={own}");
    let both = format!("{grant}&client_secret={own}");
    for (call, status, error) in [
        (
            basic(asking(&app, grant), &id, "dbf_wrong"),
            401,
            "invalid_client",
        ),
        (
            basic(asking(&app, grant), &other.id(), &own),
            401,
            "invalid_client",
        ),
        (
            basic(asking(&app, grant), &gone.id(), &secret(&gone)),
            401,
            "invalid_client",
        ),
        (
            basic(asking(&app, grant), "nobody", &own),
            401,
            "invalid_client",
        ),
        (asking(&app, grant), 401, "invalid_client"),
        (
            asking(&app, &format!("{grant}&client_id={id}")),
            401,
            "invalid_client",
        ),
        (basic(asking(&app, ""), &id, &own), 400, "invalid_request"),
        (
            basic(asking(&app, &both), &id, &own),
            400,
            "invalid_request",
        ),
        (
            basic(asking(&app, &in_form), &other.id(), &own),
            400,
            "invalid_request",
        ),
        (
            asking(&app, &format!("{in_form}&{grant}")),
            400,
            "invalid_request",
        ),
        (
            basic(asking(&app, "grant_type=password"), &id, &own),
            400,
            "unsupported_grant_type",
        ),
        (
            asking(&app, &format!("{in_form}&scope=events:write")),
            400,
            "invalid_scope",
        ),
        (
            asking(&app, &format!("{in_form}&scope=everything")),
            400,
            "invalid_scope",
        ),
    ] {
        let reply = call.await.expect(status);
        assert_eq!(reply.json()["error"], error, "{}", reply.text());
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let challenge = reply.header("www-authenticate");
        let expected = (status == 401).then_some("Basic realm=\"debrief\"");
        assert_eq!(challenge, expected);
    }
    asking(&app, &in_form).await.expect(200);
}

async fn a_platform_admin_creates_organisations_that_are_strangers(app: App) {
    let (platform, list) = (app.platform(), "/api/v1/organizations");
    let body = json!({ "slug": "example-health", "name": "Example Health" });
    app.admin()
        .post(list, &body)
        .await
        .problem(403, "missing_scope");
    app.admin().get(list).await.problem(403, "missing_scope");
    let made = platform.post(list, &body).await.expect(201);
    let path = format!("{list}/{}", made.id());
    assert_eq!(made.header("location"), Some(path.as_str()));
    assert_eq!(
        platform.get(&path).await.expect(200).json()["slug"],
        body["slug"]
    );
    let taken = platform.post(list, &body).await.problem(409, "conflict");
    assert_eq!(taken.faults(), [("/slug".to_owned(), "taken".to_owned())]);
    for slug in ["", "-x", "Example", "a b", &"x".repeat(65)] {
        let wrong = json!({ "slug": slug, "name": "x" });
        let wrong = platform
            .post(list, &wrong)
            .await
            .problem(422, "validation_failed");
        assert_eq!(wrong.faults()[0].0, "/slug");
    }
    let all = platform.all(list, 1).await;
    let slugs: Vec<_> = all.iter().map(|one| one["slug"].clone()).collect();
    assert_eq!(slugs, ["default", "elsewhere", "example-health"]);

    app.admin()
        .post("/api/v1/incidents", &incident())
        .await
        .expect(201);
    let first = app.bearing(Some(&secret_of(&made)));
    let me = first.get(ME).await.expect(200).json();
    assert_eq!(me["organization"]["id"], made.id());
    assert!(
        first
            .get("/api/v1/incidents")
            .await
            .expect(200)
            .items()
            .is_empty()
    );
    first
        .post(list, &json!({ "slug": "more", "name": "More" }))
        .await
        .expect(403);
    let log = first.get("/api/v1/audit-records?sort=sequence").await;
    let log = log.expect(200).items();
    let actions: Vec<_> = log.iter().map(|one| one["action"].clone()).collect();
    assert_eq!(actions, ["organization.create", "api_key.create"]);
    for client in [&first, &app.admin()] {
        let verified = client.get("/api/v1/audit/verify").await.expect(200);
        assert_eq!(verified.json()["valid"], true);
    }
    let own = "/api/v1/organization";
    let tag = first.get(own).await.expect(200).etag();
    let renamed = first
        .patch(own, &json!({ "name": "Renamed" }))
        .if_match(&tag);
    renamed.await.expect(200);
    assert_eq!(
        platform.get(&path).await.expect(200).json()["name"],
        "Renamed"
    );
}

fn secret_of(organization: &Reply) -> String {
    text(&organization.json()["admin_key"]["key"])
}

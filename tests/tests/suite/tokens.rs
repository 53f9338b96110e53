//! Bearer tokens, ours and an identity provider's: whom they name, and every way to be refused.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use debrief::kernel::credential::{fingerprint, thumbprint};
use debrief::kernel::token::{LocalClaims, SigningKey};
use debrief_tests::app::NOW;
use debrief_tests::world::incident;
use debrief_tests::{App, both_databases};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::{Value, json};
use tempfile::TempDir;

both_databases!(
    a_token_of_the_identity_provider_names_its_caller,
    a_token_is_for_the_organisation_that_it_names,
    the_platform_is_never_granted_by_a_claim,
    nobody_passes_for_a_key_or_the_service_by_a_subject_like_its,
    a_faulty_token_is_401_and_says_why,
    a_token_that_another_key_or_algorithm_signed_is_401,
    a_shared_secret_takes_hs256_and_nothing_else,
    our_own_tokens_cannot_be_forged_or_stretched,
    a_key_set_that_cannot_be_read_is_503,
);

const ISSUER: &str = "https://idp.example/";
const AUDIENCE: &str = "debrief";
const SECRET: &str = "a secret of thirty-two bytes, or more";

const MALFORMED: &str = "The token is not a well-formed signed JWT.";
const UNSIGNED: &str = "The token is not signed.";
const UNKNOWN_KEY: &str = "The token is signed with an unknown key.";
const WRONG_ALGORITHM: &str = "The token is signed with an algorithm that is not accepted.";
const BAD_SIGNATURE: &str = "The signature of the token is not valid.";
const EXPIRED: &str = "The token has expired.";
const NOT_YET: &str = "The token is not valid yet.";
const OTHER_ISSUER: &str = "The token comes from another issuer.";
const OTHER_AUDIENCE: &str = "The token is meant for another audience.";

/// An identity provider with one Ed25519 key called `idp`.
struct Provider {
    key: EncodingKey,
    jwk: Value,
    folder: TempDir,
}

impl Provider {
    /// A provider that the service trusts from now on.
    async fn trusted(app: &App) -> Self {
        let pkcs8 = SigningKey::generate().expect("a key");
        let jwk = SigningKey::from_pkcs8(Some("idp"), &pkcs8)
            .expect("a key")
            .public_jwk();
        let folder = tempfile::tempdir().expect("there is room for a file");
        let file = folder.path().join("jwks.json");
        std::fs::write(&file, json!({ "keys": [jwk] }).to_string()).expect("it can be written");
        let file = file.to_str().expect("a path").to_owned();
        let settings = [
            ("jwt_issuer", ISSUER),
            ("jwt_audience", AUDIENCE),
            ("jwt_jwks_file", file.as_str()),
        ];
        app.restart(&settings).await;
        let key = EncodingKey::from_ed_der(&pkcs8);
        Self { key, jwk, folder }
    }

    fn sign(&self, claims: &Value) -> String {
        signed(&header(Algorithm::EdDSA, Some("idp")), claims, &self.key)
    }
}

fn header(algorithm: Algorithm, kid: Option<&str>) -> Header {
    let mut header = Header::new(algorithm);
    header.kid = kid.map(str::to_owned);
    header
}

fn signed(header: &Header, claims: &Value, key: &EncodingKey) -> String {
    jsonwebtoken::encode(header, claims, key).expect("it can be signed")
}

/// A token out of parts, so that its header can say anything.
fn assembled(header: &Value, claims: &Value, signature: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", part(header), part(claims))
}

/// Claims that are accepted, but for one change; null takes a claim away.
fn claims(name: &str, value: Value) -> Value {
    let now = NOW.timestamp();
    let mut claims = json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "ada@example.org", "name": "Ada Lovelace",
        "exp": now + 300, "iat": now, "organization": "default", "roles": ["contributor"],
    });
    claims[name] = value;
    claims
}

async fn me(app: &App, token: &str) -> Value {
    let reply = app.bearing(Some(token)).get("/api/v1/me").await;
    reply.expect(200).json()
}

/// That the token is refused, for this reason.
async fn refused(app: &App, token: &str, why: &str) {
    let reply = app.bearing(Some(token)).get("/api/v1/me").await;
    let reply = reply.problem(401, "unauthenticated");
    assert_eq!(reply.json()["detail"], why, "{token}");
    let challenge = "Bearer realm=\"debrief\", error=\"invalid_token\"";
    assert_eq!(reply.header("www-authenticate"), Some(challenge), "{token}");
}

async fn a_token_of_the_identity_provider_names_its_caller(app: App) {
    let provider = Provider::trusted(&app).await;
    let token = provider.sign(&claims("scope", json!("audit:read nonsense")));
    let me = me(&app, &token).await;
    assert_eq!(me["credential"], "identity_provider");
    assert_eq!(
        (&me["subject"], &me["name"]),
        (&json!("ada@example.org"), &json!("Ada Lovelace"))
    );
    assert_eq!(me["organization"]["slug"], "default");
    assert_eq!(me["roles"], json!(["reader", "contributor", "auditor"]));
    assert_eq!(me["expires_at"], "2026-11-23T12:05:00Z");
    let ada = app.bearing(Some(&token));
    let made = ada.post("/api/v1/incidents", &incident()).await.expect(201);
    assert_eq!(made.json()["created_by"], "ada@example.org");
    let log = format!("/api/v1/audit-records?resource_id={}", made.id());
    let log = ada.get(log).await.expect(200).items();
    assert_eq!(
        (&log[0]["actor"], &log[0]["actor_name"]),
        (&me["subject"], &me["name"])
    );
    let delete = ada.get("/api/v1/api-keys").await;
    delete.problem(403, "missing_scope");
    // Who has no role may do nothing, and is still somebody.
    let nobody = provider.sign(&claims("roles", json!(["king"])));
    let nobody = app.bearing(Some(&nobody));
    nobody.get("/api/v1/me").await.expect(200);
    nobody
        .get("/api/v1/incidents")
        .await
        .problem(403, "missing_scope");
    assert!(provider.folder.path().exists());
}

async fn a_token_is_for_the_organisation_that_it_names(app: App) {
    let provider = Provider::trusted(&app).await;
    app.admin()
        .post("/api/v1/incidents", &incident())
        .await
        .expect(201);
    let own = app
        .admin()
        .get("/api/v1/organization")
        .await
        .expect(200)
        .id();
    for (name, count) in [("default", 1), (own.as_str(), 1), ("elsewhere", 0)] {
        let token = provider.sign(&claims("organization", json!(name)));
        let list = app.bearing(Some(&token)).get("/api/v1/incidents").await;
        assert_eq!(list.expect(200).items().len(), count, "{name}");
    }
    let unknown = "the token's organisation is not known here";
    for name in ["nowhere", "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11"] {
        let token = provider.sign(&claims("organization", json!(name)));
        refused(&app, &token, unknown).await;
    }
    let several = provider.sign(&claims("organization", json!(["default", "elsewhere"])));
    refused(&app, &several, MALFORMED).await;
}

async fn the_platform_is_never_granted_by_a_claim(app: App) {
    let provider = Provider::trusted(&app).await;
    for (name, value) in [
        ("scope", json!("platform:admin reviews:read")),
        ("roles", json!(["admin", "platform:admin"])),
    ] {
        let token = provider.sign(&claims(name, value));
        let scopes = me(&app, &token).await["scopes"].to_string();
        assert!(scopes.contains("reviews:read"), "{scopes}");
        assert!(!scopes.contains("platform:admin"), "{scopes}");
        let list = app.bearing(Some(&token)).get("/api/v1/organizations").await;
        list.problem(403, "missing_scope");
    }
}

async fn nobody_passes_for_a_key_or_the_service_by_a_subject_like_its(app: App) {
    let provider = Provider::trusted(&app).await;
    let admin = app.admin().get("/api/v1/me").await.expect(200).json();
    let why = "the token's subject is reserved";
    for subject in [
        admin["subject"].clone(),
        json!("key:"),
        json!("cli"),
        json!("system"),
    ] {
        refused(&app, &provider.sign(&claims("sub", subject)), why).await;
    }
    me(&app, &provider.sign(&claims("sub", json!("keyholder")))).await;
}

async fn a_faulty_token_is_401_and_says_why(app: App) {
    let provider = Provider::trusted(&app).await;
    let now = NOW.timestamp();
    for (name, value) in [
        ("exp", json!(now - 29)),
        ("nbf", json!(now + 30)),
        ("iat", json!(now + 30)),
        ("aud", json!(["elsewhere", AUDIENCE])),
    ] {
        me(&app, &provider.sign(&claims(name, value))).await;
    }
    for (name, value, why) in [
        ("exp", json!(now - 30), EXPIRED),
        ("exp", json!(0), EXPIRED),
        ("exp", json!("tomorrow"), MALFORMED),
        ("nbf", json!(now + 31), NOT_YET),
        ("iat", json!(now + 31), NOT_YET),
        ("iss", json!("https://idp.example"), OTHER_ISSUER),
        ("iss", json!("https://evil.example/"), OTHER_ISSUER),
        ("aud", json!("elsewhere"), OTHER_AUDIENCE),
        ("aud", json!([]), OTHER_AUDIENCE),
        ("aud", json!("debrief2"), OTHER_AUDIENCE),
    ] {
        refused(&app, &provider.sign(&claims(name, value)), why).await;
    }
    for name in ["exp", "iss", "aud", "sub", "organization"] {
        let token = provider.sign(&claims(name, Value::Null));
        refused(&app, &token, &format!("The token lacks the claim {name}.")).await;
    }
    let mut logout = header(Algorithm::EdDSA, Some("idp"));
    logout.typ = Some("logout+jwt".to_owned());
    let fine = claims("x", json!(1));
    refused(&app, &signed(&logout, &fine, &provider.key), MALFORMED).await;
    let token = provider.sign(&fine);
    let (message, _) = token.rsplit_once('.').expect("three parts");
    for broken in [message.to_owned(), format!("{token}.x"), "x.y.z".to_owned()] {
        refused(&app, &broken, MALFORMED).await;
    }
}

async fn a_token_that_another_key_or_algorithm_signed_is_401(app: App) {
    let provider = Provider::trusted(&app).await;
    let fine = claims("x", json!(1));
    let token = provider.sign(&fine);
    let (message, signature) = token.rsplit_once('.').expect("three parts");
    for alg in ["none", "None", "NONE"] {
        let unsigned = json!({ "alg": alg, "typ": "JWT", "kid": "idp" });
        for signature in ["", signature] {
            refused(&app, &assembled(&unsigned, &fine, signature), UNSIGNED).await;
        }
    }
    refused(&app, &format!("{message}."), UNSIGNED).await;
    let (head, _) = message.split_once('.').expect("two parts");
    let more = claims("roles", json!(["admin"])).to_string();
    let tampered = format!("{head}.{}.{signature}", URL_SAFE_NO_PAD.encode(more));
    refused(&app, &tampered, BAD_SIGNATURE).await;

    let other = EncodingKey::from_ed_der(&SigningKey::generate().expect("a key"));
    for (kid, why) in [
        (Some("idp"), BAD_SIGNATURE),
        (None, BAD_SIGNATURE),
        (Some("x"), UNKNOWN_KEY),
    ] {
        let forged = signed(&header(Algorithm::EdDSA, kid), &fine, &other);
        refused(&app, &forged, why).await;
    }
    let renamed = signed(&header(Algorithm::EdDSA, Some("x")), &fine, &provider.key);
    refused(&app, &renamed, UNKNOWN_KEY).await;

    // The public key, which everybody knows, is no secret for HS256.
    let x = provider.jwk["x"].as_str().expect("a key");
    let raw = URL_SAFE_NO_PAD.decode(x).expect("base64url");
    let written = provider.jwk.to_string();
    for public in [raw.as_slice(), x.as_bytes(), written.as_bytes()] {
        let key = EncodingKey::from_secret(public);
        for kid in [Some("idp"), None] {
            let confused = signed(&header(Algorithm::HS256, kid), &fine, &key);
            refused(&app, &confused, WRONG_ALGORITHM).await;
        }
    }
    let random = SystemRandom::new();
    let pair = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random);
    let key = EncodingKey::from_ec_der(pair.expect("a key").as_ref());
    let elliptic = signed(&header(Algorithm::ES256, Some("idp")), &fine, &key);
    refused(&app, &elliptic, WRONG_ALGORITHM).await;
    me(&app, &token).await;
}

async fn a_shared_secret_takes_hs256_and_nothing_else(app: App) {
    let settings = [
        ("jwt_issuer", ISSUER),
        ("jwt_audience", AUDIENCE),
        ("jwt_hs256_secret", SECRET),
    ];
    app.restart(&settings).await;
    let fine = claims("x", json!(1));
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    let token = signed(&header(Algorithm::HS256, None), &fine, &key);
    assert_eq!(me(&app, &token).await["subject"], "ada@example.org");
    let other = EncodingKey::from_secret(b"another secret of thirty-two bytes");
    let forged = signed(&header(Algorithm::HS256, None), &fine, &other);
    refused(&app, &forged, BAD_SIGNATURE).await;
    let longer = signed(&header(Algorithm::HS512, None), &fine, &key);
    refused(&app, &longer, WRONG_ALGORITHM).await;
    let pair = EncodingKey::from_ed_der(&SigningKey::generate().expect("a key"));
    let public = signed(&header(Algorithm::EdDSA, None), &fine, &pair);
    refused(&app, &public, WRONG_ALGORITHM).await;
    let expired = claims("exp", json!(NOW.timestamp() - 30));
    let expired = signed(&header(Algorithm::HS256, None), &expired, &key);
    refused(&app, &expired, EXPIRED).await;
    // Our own keys and tokens are taken as before.
    app.reader().get("/api/v1/me").await.expect(200);
}

async fn our_own_tokens_cannot_be_forged_or_stretched(app: App) {
    let body = json!({ "name": "siem", "roles": ["reader"] });
    let key = app
        .admin()
        .post("/api/v1/api-keys", &body)
        .await
        .expect(201);
    let shown = key.json()["key"].as_str().expect("a key").to_owned();
    let (state, now) = (app.state(), NOW.timestamp());
    let (signing, issuer) = (state.credentials.signing(), state.credentials.issuer());
    let fine = LocalClaims {
        iss: issuer.to_owned(),
        aud: issuer.to_owned(),
        sub: key.id(),
        client_id: key.id(),
        organization: "elsewhere".to_owned(),
        key_thumbprint: thumbprint(&fingerprint(&shown)),
        scope: "incidents:read incidents:write platform:admin".to_owned(),
        iat: now,
        exp: now + 300,
        jti: "1".to_owned(),
    };
    let sign = |claims: &LocalClaims| signing.sign(claims).expect("it can be signed");
    // The rights are the key's as well, and so is the organisation.
    let found = me(&app, &sign(&fine)).await;
    assert_eq!(found["scopes"], json!(["incidents:read"]));
    assert_eq!(found["organization"]["slug"], "default");

    let elsewhere = || "https://elsewhere.example".to_owned();
    let nobody = || "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11".to_owned();
    for (claims, why) in [
        (
            LocalClaims {
                exp: now,
                ..fine.clone()
            },
            EXPIRED,
        ),
        (
            LocalClaims {
                iat: now + 31,
                ..fine.clone()
            },
            NOT_YET,
        ),
        (
            LocalClaims {
                iss: elsewhere(),
                ..fine.clone()
            },
            OTHER_ISSUER,
        ),
        (
            LocalClaims {
                aud: elsewhere(),
                ..fine.clone()
            },
            OTHER_AUDIENCE,
        ),
        (
            LocalClaims {
                client_id: nobody(),
                ..fine.clone()
            },
            "the token's client is not known",
        ),
        (
            LocalClaims {
                key_thumbprint: thumbprint(&fingerprint("dbf_another")),
                ..fine.clone()
            },
            "the token's API key was rotated",
        ),
        (
            LocalClaims {
                jti: String::new(),
                ..fine.clone()
            },
            "The token lacks the claim jti.",
        ),
    ] {
        refused(&app, &sign(&claims), why).await;
    }
    let pkcs8 = SigningKey::generate().expect("a key");
    for (kid, why) in [(Some(signing.kid()), BAD_SIGNATURE), (None, UNKNOWN_KEY)] {
        let other = SigningKey::from_pkcs8(kid, &pkcs8).expect("a key");
        let forged = other.sign(&fine).expect("it can be signed");
        refused(&app, &forged, why).await;
    }
    let claims = serde_json::to_value(&fine).expect("JSON");
    let public = signing.public_jwk()["x"]
        .as_str()
        .expect("a key")
        .to_owned();
    let public = URL_SAFE_NO_PAD.decode(public).expect("base64url");
    let mut confused = header(Algorithm::HS256, Some(signing.kid()));
    confused.typ = Some("at+jwt".to_owned());
    let confused = signed(&confused, &claims, &EncodingKey::from_secret(&public));
    refused(&app, &confused, WRONG_ALGORITHM).await;
    let unsigned = json!({ "alg": "none", "typ": "at+jwt", "kid": signing.kid() });
    refused(&app, &assembled(&unsigned, &claims, ""), UNSIGNED).await;
}

async fn a_key_set_that_cannot_be_read_is_503(app: App) {
    let provider = Provider::trusted(&app).await;
    let token = provider.sign(&claims("x", json!(1)));
    std::fs::remove_file(provider.folder.path().join("jwks.json")).expect("it was there");
    let reply = app.bearing(Some(&token)).get("/api/v1/me").await;
    let reply = reply.problem(503, "unavailable");
    assert!(reply.header("retry-after").is_some());
    // Keys of the service need no provider.
    app.reader().get("/api/v1/me").await.expect(200);
}

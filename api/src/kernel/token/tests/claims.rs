//! What a token says: times, parties, and the claims that make a caller.

use super::super::SettingsRefused;
use super::*;

/// What the provider that shares a secret says to these claims.
async fn said(claims: &Value) -> Result<ExternalClaims, TokenRefused> {
    let token = Key::secret(SECRET.as_bytes()).sign(None, claims);
    sharing().verify(&token, NOW).await
}

#[tokio::test]
async fn a_valid_token_is_read_whole() {
    let expected = ExternalClaims {
        subject: "user-1".to_owned(),
        organization: "acme".to_owned(),
        scopes: vec!["reviews:read".to_owned(), "reviews:write".to_owned()],
        roles: vec!["facilitator".to_owned()],
        name: Some("Ada Lovelace".to_owned()),
        expires_at: NOW + 300,
    };
    assert_eq!(said(&claims()).await, Ok(expected));
}

#[tokio::test]
async fn one_wrong_claim_refuses_the_token() {
    use TokenRefused::*;
    for (name, value, refusal) in [
        ("exp", json!(null), MissingClaim("exp")),
        ("exp", json!("tomorrow"), Malformed),
        ("exp", json!(1e300), Malformed),
        ("exp", json!(u64::MAX), Malformed),
        ("exp", json!(-1), Expired),
        ("exp", json!(NOW - 30), Expired),
        ("nbf", json!(NOW + 31), NotYetValid),
        ("iat", json!(NOW + 31), NotYetValid),
        ("iss", json!(null), MissingClaim("iss")),
        ("iss", json!("https://idp.example"), WrongIssuer),
        ("iss", json!([ISSUER]), Malformed),
        ("aud", json!(null), MissingClaim("aud")),
        ("aud", json!("another"), WrongAudience),
        ("aud", json!(["another", "Debrief"]), WrongAudience),
        ("aud", json!([]), WrongAudience),
        ("sub", json!(null), MissingClaim("sub")),
        ("sub", json!(""), MissingClaim("sub")),
        ("sub", json!("a\u{0}b"), UnfitClaim("sub")),
        ("sub", json!("ü".repeat(256)), UnfitClaim("sub")),
        ("organization", json!("a\nb"), UnfitClaim("organization")),
        ("organization", json!(null), MissingClaim("organization")),
        ("organization", json!(""), MissingClaim("organization")),
        ("organization", json!(["acme", "rival"]), Malformed),
        ("roles", json!({"admin": true}), Malformed),
        ("scope", json!(7), Malformed),
    ] {
        let found = said(&claims_with(name, value.clone())).await;
        assert_eq!(found, Err(refusal), "{name} = {value}");
    }
}

#[tokio::test]
async fn the_clocks_may_differ_by_the_leeway() {
    for (name, value) in [
        ("exp", json!(NOW - 29)),
        ("exp", json!(f64::from(1_800_000_000) + 0.5)),
        ("nbf", json!(NOW + 30)),
        ("iat", json!(NOW + 30)),
        ("iat", json!(null)),
    ] {
        assert!(said(&claims_with(name, value)).await.is_ok(), "{name}");
    }
}

#[tokio::test]
async fn the_audience_may_be_one_of_several() {
    assert!(
        said(&claims_with("aud", json!(["other", AUDIENCE])))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn scopes_come_as_a_text_or_a_list() {
    let mut claims = claims_with("scope", json!(null));
    for (scp, expected) in [
        (json!(["a", "b", "a"]), vec!["a", "b"]),
        (json!("a  b"), vec!["a", "b"]),
        (json!(null), vec![]),
    ] {
        claims["scp"] = scp;
        assert_eq!(said(&claims).await.unwrap().scopes, expected);
    }
}

#[tokio::test]
async fn organization_and_roles_are_found_where_the_settings_say() {
    let token = Key::secret(SECRET.as_bytes()).sign(
        None,
        &json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": "user-1", "exp": NOW + 1,
            "https://idp.example/org": ["acme"],
            "realm_access": {"roles": ["admin", "auditor"]},
        }),
    );
    let keys = KeySource::Hs256(SECRET.to_owned());
    let mut settings = ExternalSettings::new(ISSUER, AUDIENCE, keys);
    settings.organization_claim = "https://idp.example/org".to_owned();
    settings.roles_claim = "/realm_access/roles".to_owned();
    let provider = ExternalIssuer::new(settings).unwrap();
    let found = provider.verify(&token, NOW).await.unwrap();
    assert_eq!(found.organization, "acme");
    assert_eq!(found.roles, ["admin", "auditor"]);
    assert_eq!(found.name, None);
}

#[test]
fn settings_that_would_let_anyone_in_are_refused() {
    use SettingsRefused::*;
    let refused = |keys: KeySource| {
        let settings = ExternalSettings::new(ISSUER, AUDIENCE, keys);
        ExternalIssuer::new(settings).unwrap_err()
    };
    assert_eq!(refused(KeySource::Hs256("short".to_owned())), ShortSecret);
    assert_eq!(refused(KeySource::Hs256(RSA_PEM.to_owned())), SecretIsAKey);
    for url in ["", "/jwks", "file:///etc/passwd", "ftp://idp.example/jwks"] {
        assert_eq!(refused(KeySource::JwksUrl(url.to_owned())), BadUrl);
    }
    let mut settings = ExternalSettings::new(ISSUER, " ", KeySource::JwksFile("x".into()));
    assert_eq!(ExternalIssuer::new(settings.clone()).unwrap_err(), Empty);
    settings.audience = AUDIENCE.to_owned();
    settings.algorithms = vec![Algorithm::HS256];
    assert_eq!(ExternalIssuer::new(settings).unwrap_err(), NoAlgorithm);
}

#[test]
fn secrets_do_not_show() {
    assert!(!format!("{:?}", sharing()).contains("thirty-two"));
}

#[test]
fn refusals_fit_into_a_header() {
    use TokenRefused::*;
    for refusal in [
        Malformed,
        Unsigned,
        UnknownKey,
        WrongAlgorithm,
        BadSignature,
        Expired,
        NotYetValid,
        WrongIssuer,
        WrongAudience,
        MissingClaim("exp"),
        UnfitClaim("organization"),
        Unavailable,
    ] {
        let text = refusal.to_string();
        let fits = |c: char| c == ' ' || (c.is_ascii_graphic() && c != '"' && c != '\\');
        assert!(text.chars().all(fits) && text.len() < 80, "{text}");
    }
}

#[tokio::test]
async fn a_name_is_shown_as_far_as_it_can_be() {
    for (sent, shown) in [
        (
            json!("Ada\u{0} Lovelace\n"),
            Some("Ada Lovelace".to_owned()),
        ),
        (json!("ü".repeat(300)), Some("ü".repeat(200))),
        (json!("\t"), None),
        (json!("ü".repeat(200)), Some("ü".repeat(200))),
    ] {
        let mut claims = claims();
        claims["name"] = sent;
        assert_eq!(said(&claims).await.map(|said| said.name), Ok(shown));
    }
    let mut longest = claims();
    longest["sub"] = json!("ü".repeat(255));
    said(&longest).await.expect("a subject of that length");
}

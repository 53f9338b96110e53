//! This service's own tokens.

use super::super::{LocalClaims, claimed_issuer};
use super::*;

const SELF: &str = "https://debrief.example";

fn local() -> LocalClaims {
    LocalClaims {
        iss: SELF.to_owned(),
        aud: SELF.to_owned(),
        sub: "account-1".to_owned(),
        client_id: "account-1".to_owned(),
        organization: "acme".to_owned(),
        key_thumbprint: "the key of account-1".to_owned(),
        scope: "events:write".to_owned(),
        iat: NOW,
        exp: NOW + 600,
        jti: "token-1".to_owned(),
    }
}

fn new_key() -> SigningKey {
    SigningKey::from_pkcs8(None, &SigningKey::generate().unwrap()).unwrap()
}

#[test]
fn a_token_of_our_own_is_accepted_until_it_ends() {
    let key = new_key();
    let token = key.sign(&local()).unwrap();
    assert_eq!(key.verify(&token, SELF, SELF, NOW + 599), Ok(local()));
    let late = key.verify(&token, SELF, SELF, NOW + 600);
    assert_eq!(late, Err(TokenRefused::Expired));
    let early = key.verify(&token, SELF, SELF, NOW - 31);
    assert_eq!(early, Err(TokenRefused::NotYetValid));
    let issuer = key.verify(&token, ISSUER, SELF, NOW);
    assert_eq!(issuer, Err(TokenRefused::WrongIssuer));
    let audience = key.verify(&token, SELF, ISSUER, NOW);
    assert_eq!(audience, Err(TokenRefused::WrongAudience));
    assert_eq!(claimed_issuer(&token).as_deref(), Some(SELF));
}

#[test]
fn another_key_is_refused_with_or_without_our_name() {
    let key = new_key();
    let token = new_key().sign(&local()).unwrap();
    assert_eq!(
        key.verify(&token, SELF, SELF, NOW),
        Err(TokenRefused::UnknownKey)
    );
    let pkcs8 = SigningKey::generate().unwrap();
    let posing = SigningKey::from_pkcs8(Some(key.kid()), &pkcs8).unwrap();
    let token = posing.sign(&local()).unwrap();
    assert_eq!(
        key.verify(&token, SELF, SELF, NOW),
        Err(TokenRefused::BadSignature)
    );
}

#[test]
fn only_access_tokens_of_ours_are_accepted() {
    let pkcs8 = SigningKey::generate().unwrap();
    let key = SigningKey::from_pkcs8(Some("k"), &pkcs8).unwrap();
    let raw = Key {
        algorithm: Algorithm::EdDSA,
        encoding: EncodingKey::from_ed_der(&pkcs8),
    };
    let claims = serde_json::to_value(local()).unwrap();
    let verdict = |token: &str| key.verify(token, SELF, SELF, NOW);
    assert_eq!(
        verdict(&raw.sign(Some("k"), &claims)),
        Err(TokenRefused::Malformed)
    );
    assert_eq!(
        verdict(&raw.sign(None, &claims)),
        Err(TokenRefused::UnknownKey)
    );
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some("k".to_owned());
    header.typ = Some("application/at+JWT".to_owned());
    assert_eq!(verdict(&raw.sign_with(&header, &claims)), Ok(local()));
    for name in [
        "iss",
        "aud",
        "exp",
        "sub",
        "client_id",
        "organization",
        "key_thumbprint",
        "jti",
    ] {
        let mut lacking = claims.clone();
        lacking[name] = Value::Null;
        let found = verdict(&raw.sign_with(&header, &lacking));
        assert_eq!(found, Err(TokenRefused::MissingClaim(name)));
    }
    let secret = Key::secret(key.public_jwk()["x"].as_str().unwrap().as_bytes());
    assert_eq!(
        verdict(&secret.sign(Some("k"), &claims)),
        Err(TokenRefused::WrongAlgorithm)
    );
    let unsigned = assembled(
        &json!({"alg": "none", "kid": "k", "typ": "at+jwt"}),
        &claims,
        "",
    );
    assert_eq!(verdict(&unsigned), Err(TokenRefused::Unsigned));
}

#[test]
fn the_name_of_a_key_is_its_thumbprint() {
    // The key of RFC 8037, appendix A, in PKCS#8 without its public half.
    let seed = URL_SAFE_NO_PAD
        .decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
        .unwrap();
    let prefix = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];
    let key = SigningKey::from_pkcs8(None, &[&prefix, seed.as_slice()].concat()).unwrap();
    assert_eq!(key.kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    let jwk = json!({
        "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        "kid": key.kid(), "alg": "EdDSA", "use": "sig",
    });
    assert_eq!(key.public_jwk(), jwk);
    let jwk: Jwk = serde_json::from_value(jwk).unwrap();
    let thumbprint = jwk.thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256);
    assert_eq!(thumbprint.unwrap(), key.kid(), "jsonwebtoken agrees");
}

#[test]
fn what_is_no_key_is_refused_and_keys_do_not_show() {
    assert!(SigningKey::from_pkcs8(None, b"not a key").is_err());
    let key = new_key();
    let shown = format!("SigningKey {{ kid: {:?}, .. }}", key.kid());
    assert_eq!(format!("{key:?}"), shown);
}

#[test]
fn the_claimed_issuer_is_what_anyone_wrote() {
    let token = assembled(&json!({"alg": "RS256"}), &claims(), "AAAA");
    assert_eq!(claimed_issuer(&token).as_deref(), Some(ISSUER));
    assert_eq!(claimed_issuer("a.b.c"), None);
}

//! Tests of tokens, and what they share: an identity provider with one key of each kind.

mod cache;
mod claims;
mod external;
mod issuer;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{
    ExternalClaims, ExternalIssuer, ExternalSettings, KeySource, SigningKey, TokenRefused, install,
};

const NOW: i64 = 1_800_000_000;
const ISSUER: &str = "https://idp.example/";
const AUDIENCE: &str = "debrief";
const SECRET: &str = "a secret of thirty-two bytes, or more";
const RSA_PEM: &str = include_str!("rsa_for_tests_only.pem");

/// A private key of the identity provider.
struct Key {
    algorithm: Algorithm,
    encoding: EncodingKey,
}

impl Key {
    fn rsa(algorithm: Algorithm) -> Self {
        install();
        let encoding = EncodingKey::from_rsa_pem(RSA_PEM.as_bytes()).unwrap();
        Self {
            algorithm,
            encoding,
        }
    }

    fn ec(algorithm: Algorithm) -> Self {
        let method: &EcdsaSigningAlgorithm = match algorithm {
            Algorithm::ES256 => &ECDSA_P256_SHA256_FIXED_SIGNING,
            _ => &ECDSA_P384_SHA384_FIXED_SIGNING,
        };
        install();
        let document = EcdsaKeyPair::generate_pkcs8(method, &SystemRandom::new()).unwrap();
        let encoding = EncodingKey::from_ec_der(document.as_ref());
        Self {
            algorithm,
            encoding,
        }
    }

    fn secret(secret: &[u8]) -> Self {
        install();
        let encoding = EncodingKey::from_secret(secret);
        Self {
            algorithm: Algorithm::HS256,
            encoding,
        }
    }

    /// The public half under a name, with `alg`.
    fn jwk(&self, kid: &str) -> Value {
        let jwk = Jwk::from_encoding_key(&self.encoding, self.algorithm).unwrap();
        let mut jwk = serde_json::to_value(jwk).unwrap();
        jwk["kid"] = json!(kid);
        jwk["use"] = json!("sig");
        jwk
    }

    fn sign(&self, kid: Option<&str>, claims: &Value) -> String {
        let mut header = Header::new(self.algorithm);
        header.kid = kid.map(str::to_owned);
        self.sign_with(&header, claims)
    }

    fn sign_with(&self, header: &Header, claims: &Value) -> String {
        jsonwebtoken::encode(header, claims, &self.encoding).unwrap()
    }
}

/// An Ed25519 key, as the only member of its own set, with a token signed by it.
fn ed25519(claims: &Value) -> (Value, String) {
    let pkcs8 = SigningKey::generate().unwrap();
    let jwk = SigningKey::from_pkcs8(Some("ed"), &pkcs8)
        .unwrap()
        .public_jwk();
    let key = Key {
        algorithm: Algorithm::EdDSA,
        encoding: EncodingKey::from_ed_der(&pkcs8),
    };
    (jwk, key.sign(Some("ed"), claims))
}

/// Claims that are accepted.
fn claims() -> Value {
    json!({
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "user-1",
        "exp": NOW + 300,
        "iat": NOW - 10,
        "organization": "acme",
        "scope": "reviews:read reviews:write",
        "roles": ["facilitator"],
        "name": "Ada Lovelace",
    })
}

/// Claims that are accepted, but for one change; null takes a claim away.
fn claims_with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn set(keys: &[Value]) -> String {
    json!({ "keys": keys }).to_string()
}

/// A provider with these keys in a file, which lives as long as the directory.
fn provider(keys: &[Value]) -> (ExternalIssuer, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("jwks.json");
    std::fs::write(&path, set(keys)).unwrap();
    let settings = ExternalSettings::new(ISSUER, AUDIENCE, KeySource::JwksFile(path));
    (ExternalIssuer::new(settings).unwrap(), directory)
}

/// A provider that shares [`SECRET`].
fn sharing() -> ExternalIssuer {
    let keys = KeySource::Hs256(SECRET.to_owned());
    ExternalIssuer::new(ExternalSettings::new(ISSUER, AUDIENCE, keys)).unwrap()
}

/// What a provider with these keys says to a token.
async fn verdict(keys: &[Value], token: &str) -> Result<ExternalClaims, TokenRefused> {
    let (provider, _directory) = provider(keys);
    provider.verify(token, NOW).await
}

/// A token out of parts, so that its header can say anything.
fn assembled(header: &Value, claims: &Value, signature: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", part(header), part(claims))
}

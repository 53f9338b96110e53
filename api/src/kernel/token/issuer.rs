//! Tokens that this service issues itself, to service accounts: its signing key, and the
//! access tokens of RFC 9068.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use ring::digest;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::compact::Compact;
use super::crypto;
use super::keys::{KeySet, VerifyingKey};
use super::refusal::TokenRefused;

/// By how much the clocks of two instances of the service may differ.
const LEEWAY_SECONDS: u32 = 30;

/// The key could not be made, read or used: for the log, not for a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SigningFailed {
    /// The operating system gave no randomness.
    #[error("no signing key could be generated")]
    Generation,
    /// The bytes are not an Ed25519 key in PKCS#8.
    #[error("the signing key is not an Ed25519 key in PKCS#8 form")]
    InvalidKey,
    /// The claims could not be written or signed.
    #[error("the token could not be signed")]
    Signature,
}

/// The claims of a token of this service (RFC 9068, section 2.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalClaims {
    /// Who issued it: this service.
    pub iss: String,
    /// Whom it is for: this service.
    pub aud: String,
    /// The service account.
    pub sub: String,
    /// The client it was issued to: the service account again.
    pub client_id: String,
    /// The organisation the account belongs to.
    pub organization: String,
    /// The key that the client showed, by its thumbprint: a rotation ends the token with the key.
    pub key_thumbprint: String,
    /// The rights granted, separated by spaces.
    pub scope: String,
    /// The second since the epoch when it was issued.
    pub iat: i64,
    /// The second since the epoch from which it is no longer accepted.
    pub exp: i64,
    /// The token's own identifier.
    pub jti: String,
}

/// An Ed25519 key that signs this service's tokens.
pub struct SigningKey {
    kid: String,
    public: Vec<u8>,
    encoding: EncodingKey,
    verifying: KeySet,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SigningKey")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

impl SigningKey {
    /// A new key, in PKCS#8 form, to be stored and given to [`SigningKey::from_pkcs8`].
    pub fn generate() -> Result<Vec<u8>, SigningFailed> {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
            .map_err(|_| SigningFailed::Generation)?;
        Ok(document.as_ref().to_vec())
    }

    /// Reads a key; without a `kid` its name is its thumbprint (RFC 7638).
    pub fn from_pkcs8(kid: Option<&str>, bytes: &[u8]) -> Result<Self, SigningFailed> {
        crypto::install();
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(bytes)
            .map_err(|_| SigningFailed::InvalidKey)?;
        let public = pair.public_key().as_ref().to_vec();
        let kid = kid.map_or_else(|| thumbprint(&public), str::to_owned);
        let verifying = KeySet::Public(vec![VerifyingKey::ed25519(&kid, &public)]);
        Ok(Self {
            kid,
            public,
            encoding: EncodingKey::from_ed_der(bytes),
            verifying,
        })
    }

    /// The name of the key.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half, for `/.well-known/jwks.json`.
    pub fn public_jwk(&self) -> Value {
        json!({
            "kty": "OKP",
            "crv": "Ed25519",
            "x": URL_SAFE_NO_PAD.encode(&self.public),
            "kid": self.kid,
            "alg": "EdDSA",
            "use": "sig",
        })
    }

    /// A token that says `claims`.
    pub fn sign(&self, claims: &LocalClaims) -> Result<String, SigningFailed> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(self.kid.clone());
        jsonwebtoken::encode(&header, claims, &self.encoding).map_err(|_| SigningFailed::Signature)
    }

    /// Checks a token at `now`, in seconds since the epoch. It ends at `exp` to the second: the
    /// clock that wrote it is this service's own.
    pub fn verify(
        &self,
        token: &str,
        issuer: &str,
        audience: &str,
        now: i64,
    ) -> Result<LocalClaims, TokenRefused> {
        let token = Compact::parse(token)?;
        if token.header.kid.is_none() {
            return Err(TokenRefused::UnknownKey);
        }
        let claims = token.verified(self.verifying.select(&token.header)?)?;
        if !token.header.is_a(&["at+jwt"]) {
            return Err(TokenRefused::Malformed);
        }
        claims.check_parties(issuer, audience)?;
        claims.check_expiry(now, 0)?;
        claims.check_begun(now, LEEWAY_SECONDS)?;
        for name in ["sub", "client_id", "organization", "key_thumbprint", "jti"] {
            claims.text(name)?.ok_or(TokenRefused::MissingClaim(name))?;
        }
        serde_json::from_value(Value::Object(claims.0)).map_err(|_| TokenRefused::Malformed)
    }
}

/// The SHA-256 thumbprint of a public key, whose members RFC 7638 puts in this order.
fn thumbprint(public: &[u8]) -> String {
    let x = URL_SAFE_NO_PAD.encode(public);
    let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, members.as_bytes()))
}

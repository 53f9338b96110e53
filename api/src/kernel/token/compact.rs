//! The compact form of a signed token (RFC 7515): taking it apart and checking its signature.
//! What the claims mean is not known here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};

use super::claims::Claims;
use super::keys::{VerifyingKey, algorithm_named};
use super::refusal::TokenRefused;

/// The longest token that is looked at.
const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// The members of a header that matter here.
#[derive(Debug, Deserialize)]
pub(super) struct Header {
    /// What the signer says it used; never believed, only compared.
    pub(super) alg: String,
    /// Which of the issuer's keys it used.
    #[serde(default)]
    pub(super) kid: Option<String>,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default, deserialize_with = "is_present")]
    crit: bool,
}

fn is_present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

impl Header {
    /// Whether `typ` is one of `kinds`: media types without `application/`, in lower case.
    pub(super) fn is_a(&self, kinds: &[&str]) -> bool {
        self.typ.as_deref().is_some_and(|typ| {
            let typ = typ.to_ascii_lowercase();
            kinds.contains(&typ.strip_prefix("application/").unwrap_or(&typ))
        })
    }

    /// Whether it says nothing about its type.
    pub(super) fn is_untyped(&self) -> bool {
        self.typ.is_none()
    }
}

/// A token taken apart, its signature not yet checked.
#[derive(Debug)]
pub(super) struct Compact<'a> {
    pub(super) header: Header,
    message: &'a str,
    payload: &'a str,
    signature: &'a str,
}

impl<'a> Compact<'a> {
    /// Takes a token apart.
    pub(super) fn parse(token: &'a str) -> Result<Self, TokenRefused> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenRefused::Malformed);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(TokenRefused::Malformed)?;
        let (head, payload) = message.split_once('.').ok_or(TokenRefused::Malformed)?;
        if payload.contains('.') {
            return Err(TokenRefused::Malformed);
        }
        let header: Header = decoded(head)?;
        if header.crit {
            return Err(TokenRefused::Malformed);
        }
        if signature.is_empty() || header.alg.eq_ignore_ascii_case("none") {
            return Err(TokenRefused::Unsigned);
        }
        Ok(Self {
            header,
            message,
            payload,
            signature,
        })
    }

    /// The claims, after the signature has been found to be `key`'s.
    pub(super) fn verified(&self, key: &VerifyingKey) -> Result<Claims, TokenRefused> {
        let algorithm = algorithm_named(&self.header.alg)
            .filter(|algorithm| key.algorithms.contains(algorithm))
            .ok_or(TokenRefused::WrongAlgorithm)?;
        let message = self.message.as_bytes();
        match jsonwebtoken::crypto::verify(self.signature, message, &key.decoding, algorithm) {
            Ok(true) => self.unverified_claims(),
            Ok(false) | Err(_) => Err(TokenRefused::BadSignature),
        }
    }

    /// The claims as anyone could have written them.
    pub(super) fn unverified_claims(&self) -> Result<Claims, TokenRefused> {
        decoded(self.payload).map(Claims)
    }
}

fn decoded<T: for<'de> Deserialize<'de>>(part: &str) -> Result<T, TokenRefused> {
    let bytes = URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| TokenRefused::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| TokenRefused::Malformed)
}

/// The issuer that a token claims to come from. Anyone can write anything there: this says
/// only whose keys to check it with.
pub fn claimed_issuer(token: &str) -> Option<String> {
    let claims = Compact::parse(token).ok()?.unverified_claims().ok()?;
    claims.text("iss").ok().flatten()
}

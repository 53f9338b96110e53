//! Keys that verify, each pinned to the algorithms it may be used with by what it is
//! (RFC 8725): the header of a token chooses among those, never beyond them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

use super::compact::Header;
use super::refusal::TokenRefused;

/// 2048 bits: shorter RSA keys are not accepted by anything current.
const MIN_MODULUS_BYTES: usize = 256;

/// One key, and what it may be used with.
#[derive(Clone, Debug)]
pub(super) struct VerifyingKey {
    kid: Option<String>,
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) decoding: DecodingKey,
}

impl VerifyingKey {
    /// An Ed25519 public key.
    pub(super) fn ed25519(kid: &str, public: &[u8]) -> Self {
        Self {
            kid: Some(kid.to_owned()),
            algorithms: vec![Algorithm::EdDSA],
            decoding: DecodingKey::from_ed_der(public),
        }
    }
}

/// The keys of one issuer.
#[derive(Clone, Debug)]
pub(super) enum KeySet {
    /// One shared secret, whatever name the token gives it.
    Secret(VerifyingKey),
    /// Public keys, found by name.
    Public(Vec<VerifyingKey>),
}

impl KeySet {
    /// The shared secret of a small set-up, for HS256 and nothing else.
    pub(super) fn secret(secret: &[u8]) -> Self {
        Self::Secret(VerifyingKey {
            kid: None,
            algorithms: vec![Algorithm::HS256],
            decoding: DecodingKey::from_secret(secret),
        })
    }

    /// The usable keys of a JWK set (RFC 7517); those of other kinds or uses are passed over,
    /// as that RFC wants. `None` when it is no JWK set at all.
    pub(super) fn from_jwks(document: &[u8], allowed: &[Algorithm]) -> Option<Self> {
        let document: JwkSet = serde_json::from_slice(document).ok()?;
        let keys = document.keys.into_iter();
        let known = keys.filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
        Some(Self::Public(
            known.filter_map(|key| key.usable(allowed)).collect(),
        ))
    }

    /// The key that a token must have been signed with.
    pub(super) fn select(&self, header: &Header) -> Result<&VerifyingKey, TokenRefused> {
        let algorithm = algorithm_named(&header.alg).ok_or(TokenRefused::WrongAlgorithm)?;
        let keys = match self {
            Self::Secret(key) => return Some(key).filter(fits(algorithm)).ok_or(WRONG),
            Self::Public(keys) => keys,
        };
        let Some(kid) = header.kid.as_deref() else {
            let mut fitting = keys.iter().filter(fits(algorithm));
            return match (fitting.next(), fitting.next()) {
                (Some(only), None) => Ok(only),
                (None, _) if !keys.is_empty() => Err(WRONG),
                _ => Err(TokenRefused::UnknownKey),
            };
        };
        let mut named = keys
            .iter()
            .filter(|key| key.kid.as_deref() == Some(kid))
            .peekable();
        if named.peek().is_none() {
            return Err(TokenRefused::UnknownKey);
        }
        named.find(fits(algorithm)).ok_or(WRONG)
    }
}

const WRONG: TokenRefused = TokenRefused::WrongAlgorithm;

fn fits(algorithm: Algorithm) -> impl Fn(&&VerifyingKey) -> bool {
    move |key| key.algorithms.contains(&algorithm)
}

/// The algorithm of that name; `Ed25519` is what RFC 9864 calls the only `EdDSA` there is here.
pub(super) fn algorithm_named(name: &str) -> Option<Algorithm> {
    if name == "Ed25519" {
        Some(Algorithm::EdDSA)
    } else {
        name.parse().ok()
    }
}

#[derive(Deserialize)]
struct JwkSet {
    keys: Vec<Value>,
}

/// The members of a JWK that matter here. There is none for the secret of a symmetric key:
/// a published secret is no secret.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    kid: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Jwk {
    fn usable(self, allowed: &[Algorithm]) -> Option<VerifyingKey> {
        let verifies = self.usage.as_deref().is_none_or(|usage| usage == "sig")
            && self
                .key_ops
                .as_ref()
                .is_none_or(|ops| ops.iter().any(|op| op == "verify"));
        if !verifies {
            return None;
        }
        let fitting = match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) => AlgorithmFamily::Rsa.algorithms(),
            ("EC", Some("P-256")) => &[Algorithm::ES256],
            ("EC", Some("P-384")) => &[Algorithm::ES384],
            ("OKP", Some("Ed25519")) => &[Algorithm::EdDSA],
            _ => return None,
        };
        let mut algorithms: Vec<_> = fitting
            .iter()
            .copied()
            .filter(|algorithm| allowed.contains(algorithm))
            .collect();
        if let Some(name) = &self.alg {
            let named = algorithm_named(name)?;
            algorithms.retain(|algorithm| *algorithm == named);
        }
        let decoding = self.public_key(*algorithms.first()?)?;
        Some(VerifyingKey {
            kid: self.kid,
            algorithms,
            decoding,
        })
    }

    fn public_key(&self, algorithm: Algorithm) -> Option<DecodingKey> {
        let bytes = |text: &Option<String>| URL_SAFE_NO_PAD.decode(text.as_deref()?).ok();
        let coordinate = |text: &Option<String>, length: usize| {
            bytes(text).filter(|bytes| bytes.len() == length)
        };
        match algorithm {
            Algorithm::ES256 | Algorithm::ES384 => {
                let length = if algorithm == Algorithm::ES256 {
                    32
                } else {
                    48
                };
                let (x, y) = (coordinate(&self.x, length)?, coordinate(&self.y, length)?);
                Some(DecodingKey::from_ec_der(
                    &[&[4], x.as_slice(), y.as_slice()].concat(),
                ))
            }
            Algorithm::EdDSA => Some(DecodingKey::from_ed_der(&coordinate(&self.x, 32)?)),
            _ => {
                // Some issuers write the sign byte of ASN.1, which `ring` does not take.
                let (n, e) = (bytes(&self.n)?, bytes(&self.e)?);
                let n = n.strip_prefix(&[0]).unwrap_or(&n);
                (n.len() >= MIN_MODULUS_BYTES).then(|| DecodingKey::from_rsa_raw_components(n, &e))
            }
        }
    }
}

//! Signatures: `ring` behind the interface of `jsonwebtoken`, and behind rustls.
//! Which algorithm a key may be used with is decided in `keys`, not here.

use std::sync::Once;

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result, new_error};
use jsonwebtoken::jwk::{EllipticCurve, ThumbprintHash};
use jsonwebtoken::signature::{Error, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair};
use ring::{digest, hmac};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| new_signer(*algorithm, key),
    verifier_factory: |algorithm, key| new_verifier(*algorithm, key),
    key_utils: KeyUtils {
        rsa_pub_components_from_private_key,
        rsa_pub_components_from_public_key,
        ec_pub_components_from_private_key,
        ed_pub_components_from_private_key,
        compute_digest: |data, hash| compute_digest(data, &hash),
    },
};

/// Makes `ring` the cryptography of tokens and of TLS in this process; repeating it does nothing.
pub fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        if PROVIDER.install_default().is_err() {
            tracing::warn!("another provider of token signatures was installed before");
        }
        // A program around us may have chosen one already: TLS works with either.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// A key that signs with one algorithm.
enum SigningKind {
    Hmac(hmac::Key),
    Rsa(Box<RsaKeyPair>, &'static dyn signature::RsaEncoding),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

struct RingSigner {
    algorithm: Algorithm,
    kind: SigningKind,
}

impl Signer<Vec<u8>> for RingSigner {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        let random = SystemRandom::new();
        match &self.kind {
            SigningKind::Hmac(key) => Ok(hmac::sign(key, message).as_ref().to_vec()),
            SigningKind::Rsa(pair, encoding) => {
                let mut bytes = vec![0; pair.public().modulus_len()];
                pair.sign(*encoding, &random, message, &mut bytes)
                    .map_err(|_| Error::new())?;
                Ok(bytes)
            }
            SigningKind::Ec(pair) => {
                let signed = pair.sign(&random, message).map_err(|_| Error::new())?;
                Ok(signed.as_ref().to_vec())
            }
            SigningKind::Ed(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        }
    }
}

impl JwtSigner for RingSigner {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

fn new_signer(algorithm: Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    if key.family() != algorithm.family() {
        return Err(new_error(ErrorKind::InvalidKeyFormat));
    }
    let bytes = key.as_bytes();
    let kind = if let Some(hmac) = hmac_algorithm(algorithm) {
        SigningKind::Hmac(hmac::Key::new(hmac, bytes))
    } else if let Some(encoding) = rsa_encoding(algorithm) {
        SigningKind::Rsa(Box::new(rsa_pair(bytes)?), encoding)
    } else {
        match algorithm {
            Algorithm::ES256 | Algorithm::ES384 => SigningKind::Ec(ec_pair(bytes, algorithm)?),
            Algorithm::EdDSA => SigningKind::Ed(ed_pair(bytes)?),
            _ => return Err(new_error(ErrorKind::UnsupportedAlgorithm)),
        }
    };
    Ok(Box::new(RingSigner { algorithm, kind }))
}

struct RingVerifier {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], signed: &Vec<u8>) -> std::result::Result<(), Error> {
        let outcome = if let Some(hmac) = hmac_algorithm(self.algorithm) {
            let secret = self.key.try_get_as_bytes().map_err(Error::from_source)?;
            hmac::verify(&hmac::Key::new(hmac, secret), message, signed)
        } else if let Some(parameters) = rsa_parameters(self.algorithm) {
            match self.key.kind() {
                DecodingKeyKind::SecretOrDer(der) => {
                    signature::UnparsedPublicKey::new(parameters, der).verify(message, signed)
                }
                DecodingKeyKind::RsaModulusExponent { n, e } => {
                    PublicKeyComponents { n, e }.verify(parameters, message, signed)
                }
            }
        } else {
            let method: &dyn signature::VerificationAlgorithm = match self.algorithm {
                Algorithm::ES256 => &signature::ECDSA_P256_SHA256_FIXED,
                Algorithm::ES384 => &signature::ECDSA_P384_SHA384_FIXED,
                Algorithm::EdDSA => &signature::ED25519,
                _ => return Err(Error::new()),
            };
            let public = self.key.try_get_as_bytes().map_err(Error::from_source)?;
            signature::UnparsedPublicKey::new(method, public).verify(message, signed)
        };
        outcome.map_err(|_| Error::new())
    }
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

fn new_verifier(algorithm: Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    if key.family() != algorithm.family() {
        return Err(new_error(ErrorKind::InvalidKeyFormat));
    }
    Ok(Box::new(RingVerifier {
        algorithm,
        key: key.clone(),
    }))
}

fn hmac_algorithm(algorithm: Algorithm) -> Option<hmac::Algorithm> {
    match algorithm {
        Algorithm::HS256 => Some(hmac::HMAC_SHA256),
        Algorithm::HS384 => Some(hmac::HMAC_SHA384),
        Algorithm::HS512 => Some(hmac::HMAC_SHA512),
        _ => None,
    }
}

fn rsa_encoding(algorithm: Algorithm) -> Option<&'static dyn signature::RsaEncoding> {
    match algorithm {
        Algorithm::RS256 => Some(&signature::RSA_PKCS1_SHA256),
        Algorithm::RS384 => Some(&signature::RSA_PKCS1_SHA384),
        Algorithm::RS512 => Some(&signature::RSA_PKCS1_SHA512),
        Algorithm::PS256 => Some(&signature::RSA_PSS_SHA256),
        Algorithm::PS384 => Some(&signature::RSA_PSS_SHA384),
        Algorithm::PS512 => Some(&signature::RSA_PSS_SHA512),
        _ => None,
    }
}

fn rsa_parameters(algorithm: Algorithm) -> Option<&'static signature::RsaParameters> {
    match algorithm {
        Algorithm::RS256 => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
        Algorithm::RS384 => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
        Algorithm::RS512 => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
        Algorithm::PS256 => Some(&signature::RSA_PSS_2048_8192_SHA256),
        Algorithm::PS384 => Some(&signature::RSA_PSS_2048_8192_SHA384),
        Algorithm::PS512 => Some(&signature::RSA_PSS_2048_8192_SHA512),
        _ => None,
    }
}

fn rsa_pair(der: &[u8]) -> Result<RsaKeyPair> {
    RsaKeyPair::from_der(der)
        .map_err(|rejected| new_error(ErrorKind::InvalidRsaKey(rejected.to_string())))
}

fn ec_pair(pkcs8: &[u8], algorithm: Algorithm) -> Result<EcdsaKeyPair> {
    let method = match algorithm {
        Algorithm::ES256 => &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
        Algorithm::ES384 => &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
        _ => return Err(new_error(ErrorKind::InvalidEcdsaKey)),
    };
    EcdsaKeyPair::from_pkcs8(method, pkcs8, &SystemRandom::new())
        .map_err(|_| new_error(ErrorKind::InvalidEcdsaKey))
}

/// Takes PKCS#8 with or without the public half: OpenSSL writes it without.
fn ed_pair(pkcs8: &[u8]) -> Result<Ed25519KeyPair> {
    Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8)
        .map_err(|_| new_error(ErrorKind::InvalidEddsaKey))
}

fn rsa_pub_components_from_private_key(der: &[u8]) -> Result<(Vec<u8>, Vec<u8>)> {
    let components = PublicKeyComponents::<Vec<u8>>::from(rsa_pair(der)?.public());
    Ok((components.n, components.e))
}

/// `ring` verifies with a public key in DER but does not take it apart.
fn rsa_pub_components_from_public_key(_der: &[u8]) -> Result<(Vec<u8>, Vec<u8>)> {
    Err(new_error(ErrorKind::InvalidRsaKey(
        "a public key in DER is not taken apart".to_owned(),
    )))
}

fn ec_pub_components_from_private_key(
    pkcs8: &[u8],
    algorithm: Algorithm,
) -> Result<(EllipticCurve, Vec<u8>, Vec<u8>)> {
    let pair = ec_pair(pkcs8, algorithm)?;
    let curve = match algorithm {
        Algorithm::ES256 => EllipticCurve::P256,
        _ => EllipticCurve::P384,
    };
    match pair.public_key().as_ref().split_first() {
        Some((4, point)) => {
            let (x, y) = point.split_at(point.len() / 2);
            Ok((curve, x.to_vec(), y.to_vec()))
        }
        _ => Err(new_error(ErrorKind::InvalidEcdsaKey)),
    }
}

fn ed_pub_components_from_private_key(pkcs8: &[u8], curve: &EllipticCurve) -> Result<Vec<u8>> {
    match curve {
        EllipticCurve::Ed25519 => Ok(ed_pair(pkcs8)?.public_key().as_ref().to_vec()),
        _ => Err(new_error(ErrorKind::InvalidAlgorithm)),
    }
}

fn compute_digest(data: &[u8], hash: &ThumbprintHash) -> Result<Vec<u8>> {
    let method = match hash {
        ThumbprintHash::SHA256 => &digest::SHA256,
        ThumbprintHash::SHA384 => &digest::SHA384,
        ThumbprintHash::SHA512 => &digest::SHA512,
        _ => return Err(new_error(ErrorKind::UnsupportedAlgorithm)),
    };
    Ok(digest::digest(method, data).as_ref().to_vec())
}

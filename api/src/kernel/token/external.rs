//! Tokens of the organisation's identity provider: its settings, and what a valid token says.
//! A token names who calls; what the caller may do is decided elsewhere.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use jsonwebtoken::Algorithm;

use super::cache::{KeyCache, Origin, Pace};
use super::claims::Claims;
use super::compact::Compact;
use super::crypto;
use super::keys::KeySet;
use super::refusal::TokenRefused;

/// The shortest secret for HS256 (RFC 7518, section 3.2).
const MIN_SECRET_BYTES: usize = 32;

/// How many characters a subject may have, as everywhere.
const LONGEST_SUBJECT: usize = 255;
/// How many characters the names of an organisation and of a caller may have, as everywhere.
const LONGEST_NAME: usize = 200;

/// Where the keys of an identity provider come from.
#[derive(Clone)]
pub enum KeySource {
    /// The address of its JWK set, over `https`, or over `http` in a network one trusts.
    JwksUrl(String),
    /// A file with its JWK set, read again when it changes.
    JwksFile(PathBuf),
    /// A secret of at least 32 bytes shared with it, for HS256.
    Hs256(String),
}

impl fmt::Debug for KeySource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::JwksUrl(url) => formatter.debug_tuple("JwksUrl").field(url).finish(),
            Self::JwksFile(path) => formatter.debug_tuple("JwksFile").field(path).finish(),
            Self::Hs256(_) => formatter.write_str("Hs256([redacted])"),
        }
    }
}

/// What is agreed with an identity provider.
#[derive(Clone, Debug)]
pub struct ExternalSettings {
    /// The `iss` of its tokens, letter by letter.
    pub issuer: String,
    /// The name of this service in `aud`.
    pub audience: String,
    /// Where its keys come from.
    pub keys: KeySource,
    /// The algorithms that its public keys may be used with, each by keys of its own type.
    pub algorithms: Vec<Algorithm>,
    /// The claim that names the caller's organisation: a claim's name, or a JSON pointer into
    /// nested claims.
    pub organization_claim: String,
    /// The claim that lists the caller's roles: a name or a JSON pointer, for Keycloak
    /// `/realm_access/roles`.
    pub roles_claim: String,
    /// By how much the clocks may differ.
    pub leeway_seconds: u32,
}

impl ExternalSettings {
    /// The usual agreement: every asymmetric algorithm, claims `organization` and `roles`,
    /// 30 seconds.
    pub fn new(issuer: &str, audience: &str, keys: KeySource) -> Self {
        Self {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            keys,
            algorithms: vec![
                Algorithm::RS256,
                Algorithm::RS384,
                Algorithm::RS512,
                Algorithm::PS256,
                Algorithm::PS384,
                Algorithm::PS512,
                Algorithm::ES256,
                Algorithm::ES384,
                Algorithm::EdDSA,
            ],
            organization_claim: "organization".to_owned(),
            roles_claim: "roles".to_owned(),
            leeway_seconds: 30,
        }
    }
}

/// Why settings can't be used, for whoever starts the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsRefused {
    /// The issuer, the audience or the organisation claim is empty: it would match too much.
    #[error("the issuer, the audience and the organization claim must not be empty")]
    Empty,
    /// The secret could be guessed.
    #[error("the HS256 secret must be at least 32 bytes long")]
    ShortSecret,
    /// The secret is a public key, which everyone knows.
    #[error("the HS256 secret must not be a key or a certificate in PEM form")]
    SecretIsAKey,
    /// The address is not one of the web.
    #[error("the JWKS address must be an absolute http or https URL")]
    BadUrl,
    /// No asymmetric algorithm is left.
    #[error("at least one asymmetric algorithm must be allowed")]
    NoAlgorithm,
    /// The HTTP client could not be made, usually for want of CA certificates.
    #[error(
        "the HTTP client for the JWKS address could not be set up (are CA certificates installed?)"
    )]
    NoClient,
}

/// What a valid token of the identity provider says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalClaims {
    /// Who calls: `sub`.
    pub subject: String,
    /// The organisation that the caller belongs to.
    pub organization: String,
    /// The rights granted in `scope` or `scp`.
    pub scopes: Vec<String>,
    /// The roles held.
    pub roles: Vec<String>,
    /// What to call the caller: `name`.
    pub name: Option<String>,
    /// The second since the epoch in which the token ends: `exp`, without leeway.
    pub expires_at: i64,
}

#[derive(Debug)]
enum Keys {
    Fixed(Arc<KeySet>),
    Loaded(KeyCache),
}

/// An identity provider whose tokens are accepted.
#[derive(Debug)]
pub struct ExternalIssuer {
    settings: ExternalSettings,
    keys: Keys,
}

impl ExternalIssuer {
    /// Takes settings; nothing is read or fetched before the first token.
    pub fn new(settings: ExternalSettings) -> Result<Self, SettingsRefused> {
        Self::with_pace(settings, Pace::of)
    }

    pub(super) fn with_pace(
        settings: ExternalSettings,
        pace: impl FnOnce(&Origin) -> Pace,
    ) -> Result<Self, SettingsRefused> {
        crypto::install();
        let vital = [
            &settings.issuer,
            &settings.audience,
            &settings.organization_claim,
        ];
        if vital.iter().any(|text| text.trim().is_empty()) {
            return Err(SettingsRefused::Empty);
        }
        let origin = match &settings.keys {
            KeySource::Hs256(secret) => {
                let keys = Keys::Fixed(Arc::new(shared_secret(secret)?));
                return Ok(Self { settings, keys });
            }
            KeySource::JwksFile(path) => Origin::File(path.clone()),
            KeySource::JwksUrl(url) => {
                let url = reqwest::Url::parse(url).map_err(|_| SettingsRefused::BadUrl)?;
                if !matches!(url.scheme(), "http" | "https") {
                    return Err(SettingsRefused::BadUrl);
                }
                Origin::url(url).map_err(|_| SettingsRefused::NoClient)?
            }
        };
        let mut allowed = settings.algorithms.clone();
        allowed.retain(|algorithm| algorithm.family() != jsonwebtoken::AlgorithmFamily::Hmac);
        if allowed.is_empty() {
            return Err(SettingsRefused::NoAlgorithm);
        }
        let pace = pace(&origin);
        Ok(Self {
            settings,
            keys: Keys::Loaded(KeyCache::new(origin, allowed, pace)),
        })
    }

    /// The `iss` of this provider's tokens.
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// How long after its end a token is still taken, in seconds: clocks differ.
    pub fn leeway_seconds(&self) -> i64 {
        self.settings.leeway_seconds.into()
    }

    /// Checks a token at `now`, in seconds since the epoch, and reads what it says.
    pub async fn verify(&self, token: &str, now: i64) -> Result<ExternalClaims, TokenRefused> {
        let token = Compact::parse(token)?;
        // Other kinds of JWT from the same issuer, such as logout tokens, are no credentials.
        if !token.header.is_untyped() && !token.header.is_a(&["jwt", "at+jwt"]) {
            return Err(TokenRefused::Malformed);
        }
        let claims = self.signed_claims(&token).await?;
        let settings = &self.settings;
        claims.check_parties(&settings.issuer, &settings.audience)?;
        let expires_at = claims.check_expiry(now, settings.leeway_seconds)?;
        claims.check_begun(now, settings.leeway_seconds)?;
        Ok(ExternalClaims {
            subject: claims
                .text("sub")?
                .ok_or(TokenRefused::MissingClaim("sub"))
                .and_then(|subject| kept(subject, "sub", LONGEST_SUBJECT))?,
            organization: claims
                .only_text(&settings.organization_claim)?
                .ok_or(TokenRefused::MissingClaim("organization"))
                .and_then(|name| kept(name, "organization", LONGEST_NAME))?,
            scopes: claims.scopes()?,
            roles: claims.texts(&settings.roles_claim)?,
            name: claims.text("name")?.as_deref().and_then(shown),
            expires_at,
        })
    }

    async fn signed_claims(&self, token: &Compact<'_>) -> Result<Claims, TokenRefused> {
        let cache = match &self.keys {
            Keys::Fixed(keys) => return token.verified(keys.select(&token.header)?),
            Keys::Loaded(cache) => cache,
        };
        let mut keys = cache.current().await.ok_or(TokenRefused::Unavailable)?;
        if keys
            .select(&token.header)
            .is_err_and(|why| why == TokenRefused::UnknownKey)
        {
            keys = cache.renewed().await.ok_or(TokenRefused::Unavailable)?;
        }
        token.verified(keys.select(&token.header)?)
    }
}

/// A claim that is kept as it is, within what is kept of others.
fn kept(text: String, claim: &'static str, longest: usize) -> Result<String, TokenRefused> {
    if text.chars().count() > longest || text.chars().any(char::is_control) {
        return Err(TokenRefused::UnfitClaim(claim));
    }
    Ok(text)
}

/// What is shown of a caller's name, on which nothing depends.
fn shown(name: &str) -> Option<String> {
    let name = name.chars().filter(|letter| !letter.is_control());
    let name: String = name.take(LONGEST_NAME).collect();
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

fn shared_secret(secret: &str) -> Result<KeySet, SettingsRefused> {
    if secret.contains("-----BEGIN ") {
        return Err(SettingsRefused::SecretIsAKey);
    }
    if secret.len() < MIN_SECRET_BYTES {
        return Err(SettingsRefused::ShortSecret);
    }
    Ok(KeySet::secret(secret.as_bytes()))
}

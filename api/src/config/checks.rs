//! What settings have to be to each other, and to the machine.

use std::path::Path;

use super::{Config, ConfigError, database_url};
use crate::workshops::calendar::address;

fn fail(text: impl Into<String>) -> Result<(), ConfigError> {
    Err(ConfigError(text.into()))
}

impl Config {
    /// Itself, when it can be started with.
    pub(super) fn checked(self) -> Result<Self, ConfigError> {
        self.check_bounds()?;
        if let Err(why) = database_url::check(self.database_url.expose()) {
            fail(format!("DEBRIEF_DATABASE_URL {why}"))?;
        }
        let is_weak = |key: &super::Secret| !is_strong_key(key.expose());
        if self.admin_key.as_ref().is_some_and(is_weak) {
            fail(
                "DEBRIEF_ADMIN_KEY must be dbf_ followed by at least 32 random letters, digits, - or _",
            )?;
        }
        if self
            .public_url
            .as_ref()
            .is_some_and(super::HttpUrl::has_query)
        {
            fail("DEBRIEF_PUBLIC_URL must have no query")?;
        }
        let email = self.organizer_email.as_deref();
        if email.is_some_and(|email| address(None, Some(email)).is_none()) {
            fail("DEBRIEF_ORGANIZER_EMAIL must be an e-mail address")?;
        }
        self.check_tokens()?;
        Ok(self)
    }

    fn check_bounds(&self) -> Result<(), ConfigError> {
        if !(1..=500).contains(&self.database_connections) {
            fail("DEBRIEF_DATABASE_CONNECTIONS must be 1 to 500")?;
        }
        if !(60..=86_400).contains(&self.token_seconds) {
            fail("DEBRIEF_TOKEN_SECONDS must be 60 to 86400")?;
        }
        if self.request_seconds == 0 {
            fail("DEBRIEF_REQUEST_SECONDS must be at least 1")?;
        }
        if !(1..=3600).contains(&self.database_timeout_seconds) {
            fail("DEBRIEF_DATABASE_TIMEOUT_SECONDS must be 1 to 3600")?;
        }
        Ok(())
    }

    fn check_tokens(&self) -> Result<(), ConfigError> {
        if let Some(Err(why)) = self.jwt_jwks_file.as_deref().map(readable) {
            fail(format!("DEBRIEF_JWT_JWKS_FILE {why}"))?;
        }
        let sources = [
            self.jwt_jwks_url.is_some(),
            self.jwt_jwks_file.is_some(),
            self.jwt_hs256_secret.is_some(),
        ];
        let sources = sources.iter().filter(|given| **given).count();
        let (issuer, audience) = (self.jwt_issuer.is_some(), self.jwt_audience.is_some());
        if !matches!(
            (issuer, audience, sources),
            (false, false, 0) | (true, true, 1)
        ) {
            fail(
                "DEBRIEF_JWT_ISSUER, DEBRIEF_JWT_AUDIENCE and one of DEBRIEF_JWT_JWKS_URL, \
                 DEBRIEF_JWT_JWKS_FILE and DEBRIEF_JWT_HS256_SECRET go together",
            )?;
        }
        let is_short = |secret: &super::Secret| secret.expose().len() < 32;
        if self.jwt_hs256_secret.as_ref().is_some_and(is_short) {
            fail("DEBRIEF_JWT_HS256_SECRET must have at least 32 bytes")?;
        }
        Ok(())
    }
}

fn readable(path: &Path) -> Result<(), String> {
    let why = match std::fs::File::open(path).and_then(|file| file.metadata()) {
        Ok(about) if about.is_file() => return Ok(()),
        Ok(_) => "it is no file".to_owned(),
        Err(error) => error.to_string(),
    };
    Err(format!(
        "names {}, which cannot be read: {why}",
        path.display()
    ))
}

/// Whether a key has the form and the length of one that nobody can guess.
pub fn is_strong_key(key: &str) -> bool {
    key.strip_prefix("dbf_").is_some_and(|random| {
        (32..=200).contains(&random.len())
            && random
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    })
}

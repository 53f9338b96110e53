//! Claims (RFC 7519): reading them by name, and the checks that every token goes through.

use serde_json::{Map, Value};

use super::refusal::TokenRefused;

/// The largest time that is taken: the year 9999, well inside what a float keeps exactly.
const MAX_SECONDS: f64 = 253_402_300_799.0;

/// The claims of a token.
#[derive(Debug)]
pub(super) struct Claims(pub(super) Map<String, Value>);

impl Claims {
    /// The claim called `name`, which may also be a JSON pointer (RFC 6901) into nested claims.
    fn value(&self, name: &str) -> Option<&Value> {
        let found = match self.0.get(name) {
            None if name.starts_with('/') => name[1..].split_once('/').map_or_else(
                || self.0.get(&unescaped(&name[1..])),
                |(first, rest)| self.0.get(&unescaped(first))?.pointer(&format!("/{rest}")),
            ),
            found => found,
        };
        found.filter(|value| !value.is_null())
    }

    /// A text that may be absent; empty counts as absent.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, TokenRefused> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
            Some(_) => Err(TokenRefused::Malformed),
        }
    }

    /// A text, or a list that holds exactly one.
    pub(super) fn only_text(&self, name: &str) -> Result<Option<String>, TokenRefused> {
        match self.value(name) {
            Some(Value::Array(_)) => match <[String; 1]>::try_from(self.texts(name)?) {
                Ok([only]) => Ok(Some(only).filter(|text| !text.is_empty())),
                Err(_) => Err(TokenRefused::Malformed),
            },
            _ => self.text(name),
        }
    }

    /// A list of texts, or one text.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, TokenRefused> {
        match self.value(name) {
            None => Ok(Vec::new()),
            Some(Value::String(text)) => Ok(vec![text.clone()]),
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| {
                    item.as_str()
                        .map(str::to_owned)
                        .ok_or(TokenRefused::Malformed)
                })
                .collect(),
            Some(_) => Err(TokenRefused::Malformed),
        }
    }

    /// The words of `scope` or else of `scp`, either of which may be a text or a list.
    pub(super) fn scopes(&self) -> Result<Vec<String>, TokenRefused> {
        let name = if self.value("scope").is_some() {
            "scope"
        } else {
            "scp"
        };
        let mut scopes: Vec<String> = Vec::new();
        for text in self.texts(name)? {
            for scope in text.split_ascii_whitespace() {
                if !scopes.iter().any(|known| known == scope) {
                    scopes.push(scope.to_owned());
                }
            }
        }
        Ok(scopes)
    }

    /// Refuses a token of another issuer or for another audience.
    pub(super) fn check_parties(&self, issuer: &str, audience: &str) -> Result<(), TokenRefused> {
        match self.text("iss")? {
            None => return Err(TokenRefused::MissingClaim("iss")),
            Some(found) if found != issuer => return Err(TokenRefused::WrongIssuer),
            Some(_) => {}
        }
        if self.value("aud").is_none() {
            return Err(TokenRefused::MissingClaim("aud"));
        }
        if !self.texts("aud")?.iter().any(|found| found == audience) {
            return Err(TokenRefused::WrongAudience);
        }
        Ok(())
    }

    /// Refuses a token whose `nbf` or `iat` is more than `leeway` seconds ahead of `now`.
    pub(super) fn check_begun(&self, now: i64, leeway: u32) -> Result<(), TokenRefused> {
        for name in ["nbf", "iat"] {
            if self
                .seconds(name)?
                .is_some_and(|from| from > now.saturating_add(leeway.into()))
            {
                return Err(TokenRefused::NotYetValid);
            }
        }
        Ok(())
    }

    /// When the token ends; refuses one without an end, or past it by `leeway` seconds.
    pub(super) fn check_expiry(&self, now: i64, leeway: u32) -> Result<i64, TokenRefused> {
        let until = self
            .seconds("exp")?
            .ok_or(TokenRefused::MissingClaim("exp"))?;
        if now >= until.saturating_add(leeway.into()) {
            return Err(TokenRefused::Expired);
        }
        Ok(until)
    }

    /// A `NumericDate`, which may have a fraction.
    fn seconds(&self, name: &str) -> Result<Option<i64>, TokenRefused> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let seconds = value
            .as_f64()
            .filter(|seconds| seconds.abs() <= MAX_SECONDS);
        #[expect(clippy::cast_possible_truncation, reason = "bounded by MAX_SECONDS")]
        seconds
            .map(|seconds| Some(seconds.floor() as i64))
            .ok_or(TokenRefused::Malformed)
    }
}

fn unescaped(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

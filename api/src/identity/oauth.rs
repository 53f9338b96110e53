//! OAuth 2.0 client credentials (RFC 6749, section 4.4): from a request to a token.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use utoipa::ToSchema;

use crate::kernel::access::{Scope, ScopeSet};
use crate::kernel::credential::{fingerprint, thumbprint};
use crate::kernel::error::{Code, Error};
use crate::kernel::ids;
use crate::kernel::state::State;
use crate::kernel::token::LocalClaims;

/// A token that was issued.
#[derive(Debug)]
pub struct Issued {
    /// The token.
    pub token: String,
    /// Seconds until it ends.
    pub seconds: i64,
    /// Its scopes, separated by spaces.
    pub scope: String,
}

/// Kind of refusal (RFC 6749, section 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "invalid_client")]
pub enum OAuthErrorCode {
    /// A parameter is missing or repeated, or the client is named in two ways.
    InvalidRequest,
    /// The client is not known, or its secret is wrong.
    InvalidClient,
    /// The grant is another than `client_credentials`.
    UnsupportedGrantType,
    /// A scope is unknown, or not among the key's.
    InvalidScope,
}

/// A refusal that the client gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OAuthError {
    /// What kind it is.
    pub error: OAuthErrorCode,
    /// What is wrong, for people.
    pub description: &'static str,
}

/// Why no token was issued.
#[derive(Debug)]
pub enum Failure {
    /// The request is refused.
    Refused(OAuthError),
    /// The service failed.
    Failed(Error),
}

impl From<OAuthError> for Failure {
    fn from(refusal: OAuthError) -> Self {
        Self::Refused(refusal)
    }
}

impl OAuthErrorCode {
    fn because(self, description: &'static str) -> OAuthError {
        OAuthError {
            error: self,
            description,
        }
    }
}

/// Issues a token to the client that an `Authorization` header or the form names.
pub async fn issue(
    state: &State,
    authorization: Option<&str>,
    form: &[(String, String)],
) -> Result<Issued, Failure> {
    let form = Form::read(form)?;
    let (id, secret) = form.client(authorization)?;
    let now = state.clock.now();
    let caller = state.credentials.client(&id, &secret, now).await;
    let caller = caller.map_err(|error| match error {
        Error::Refused(refusal) if refusal.code == Code::Unauthenticated => unknown().into(),
        other => Failure::Failed(other),
    })?;
    let scope = granted(caller.scopes, form.scope)?.to_names();
    let issued_at = now.seconds();
    let longest = issued_at + i64::from(state.token_seconds);
    let ends = caller.expires_at.map_or(longest, |end| end.min(longest));
    let (Some(key), true) = (caller.key, ends > issued_at) else {
        return Err(unknown().into());
    };
    let claims = LocalClaims {
        iss: state.credentials.issuer().to_owned(),
        aud: state.credentials.issuer().to_owned(),
        sub: key.to_string(),
        client_id: key.to_string(),
        organization: caller.organization.0.to_string(),
        key_thumbprint: thumbprint(&fingerprint(&secret)),
        scope: scope.clone(),
        iat: issued_at,
        exp: ends,
        jti: ids::next().to_string(),
    };
    let token = state.credentials.signing().sign(&claims);
    let token = token.map_err(|error| Failure::Failed(Error::Internal(error.to_string())))?;
    Ok(Issued {
        token,
        seconds: ends - issued_at,
        scope,
    })
}

fn unknown() -> OAuthError {
    OAuthErrorCode::InvalidClient.because("the client is not known or its secret is wrong")
}

/// The parameters that matter; empty ones count as absent.
#[derive(Debug, Default, PartialEq, Eq)]
struct Form<'a> {
    scope: Option<&'a str>,
    client_id: Option<&'a str>,
    client_secret: Option<&'a str>,
}

impl<'a> Form<'a> {
    fn read(pairs: &'a [(String, String)]) -> Result<Self, OAuthError> {
        let one =
            |name: &str| {
                let mut found = pairs.iter().filter(|(known, _)| known == name);
                match (found.next(), found.next()) {
                    (_, Some(_)) => Err(OAuthErrorCode::InvalidRequest
                        .because("a parameter may be given only once")),
                    (first, None) => Ok(first
                        .map(|(_, value)| value.as_str())
                        .filter(|value| !value.is_empty())),
                }
            };
        match one("grant_type")? {
            Some("client_credentials") => {}
            Some(_) => {
                return Err(OAuthErrorCode::UnsupportedGrantType
                    .because("the only grant is client_credentials"));
            }
            None => {
                return Err(OAuthErrorCode::InvalidRequest.because("grant_type is required"));
            }
        }
        Ok(Self {
            scope: one("scope")?,
            client_id: one("client_id")?,
            client_secret: one("client_secret")?,
        })
    }

    /// The client's id and secret: from HTTP Basic authentication or from the form, never both.
    fn client(&self, authorization: Option<&str>) -> Result<(String, String), OAuthError> {
        let Some(authorization) = authorization else {
            return match (self.client_id, self.client_secret) {
                (Some(id), Some(secret)) => Ok((id.to_owned(), secret.to_owned())),
                _ => Err(OAuthErrorCode::InvalidClient.because(
                    "name the client by HTTP Basic authentication or by client_id and client_secret",
                )),
            };
        };
        let (id, secret) = basic(authorization).ok_or(
            OAuthErrorCode::InvalidClient
                .because("clients authenticate by HTTP Basic authentication or in the form"),
        )?;
        if self.client_secret.is_some() || self.client_id.is_some_and(|other| other != id) {
            return Err(
                OAuthErrorCode::InvalidRequest.because("the client may be named in one way only")
            );
        }
        Ok((id, secret))
    }
}

/// The name and password of HTTP Basic authentication. Ids and keys hold no character that form
/// encoding changes, so what RFC 6749 encodes once more needs no decoding here.
fn basic(authorization: &str) -> Option<(String, String)> {
    let (scheme, credentials) = authorization.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

/// The scopes that a token gets: those asked for, or all of the key's.
fn granted(own: ScopeSet, wanted: Option<&str>) -> Result<ScopeSet, OAuthError> {
    let Some(wanted) = wanted else {
        return Ok(own);
    };
    let mut set = ScopeSet::default();
    for name in wanted.split(' ').filter(|name| !name.is_empty()) {
        let scope = Scope::from_name(name)
            .ok_or(OAuthErrorCode::InvalidScope.because("a scope is not known"))?;
        if !own.contains(scope) {
            return Err(OAuthErrorCode::InvalidScope.because("the key has not every scope"));
        }
        set = set.with(scope);
    }
    if set.is_empty() {
        return Err(OAuthErrorCode::InvalidScope.because("no scope is named"));
    }
    Ok(set)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::access::Role;

    fn pairs(form: &[(&str, &str)]) -> Vec<(String, String)> {
        form.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn refused<T>(result: Result<T, OAuthError>) -> Option<OAuthErrorCode> {
        result.err().map(|refusal| refusal.error)
    }

    const GRANT: (&str, &str) = ("grant_type", "client_credentials");

    #[test]
    fn only_one_grant_is_known_and_nothing_is_said_twice() {
        use OAuthErrorCode::{InvalidRequest, UnsupportedGrantType};
        let read = |form: &[(&str, &str)]| refused(Form::read(&pairs(form)));
        assert_eq!(read(&[GRANT, ("else", "ignored")]), None);
        assert_eq!(read(&[]), Some(InvalidRequest));
        assert_eq!(read(&[("grant_type", "")]), Some(InvalidRequest));
        assert_eq!(read(&[GRANT, GRANT]), Some(InvalidRequest));
        assert_eq!(
            read(&[("grant_type", "password")]),
            Some(UnsupportedGrantType)
        );
    }

    #[test]
    fn a_client_names_itself_in_one_way_and_never_by_a_token() {
        use OAuthErrorCode::{InvalidClient, InvalidRequest};
        let header = format!("Basic {}", STANDARD.encode("one:dbf_secret"));
        let client = |form: &[(&str, &str)], header: Option<&str>| {
            Form::read(&pairs(form)).and_then(|form| form.client(header))
        };
        let named = Ok(("one".to_owned(), "dbf_secret".to_owned()));
        let (id, secret) = (("client_id", "one"), ("client_secret", "dbf_secret"));
        assert_eq!(client(&[GRANT, id, secret], None), named);
        assert_eq!(client(&[GRANT], Some(&header)), named);
        assert_eq!(client(&[GRANT, id], Some(&header)), named);
        assert_eq!(
            refused(client(&[GRANT, secret], Some(&header))),
            Some(InvalidRequest)
        );
        assert_eq!(
            refused(client(&[GRANT, ("client_id", "two")], Some(&header))),
            Some(InvalidRequest)
        );
        for header in [None, Some("Bearer a.b.c"), Some("Basic !"), Some("")] {
            assert_eq!(
                refused(client(&[GRANT, id], header)),
                Some(InvalidClient),
                "{header:?}"
            );
        }
    }

    #[test]
    fn a_token_gets_what_was_asked_for_and_no_more_than_the_key_has() {
        let own = Role::Reader.scopes();
        assert_eq!(granted(own, None), Ok(own));
        assert_eq!(
            granted(own, Some("metrics:read  incidents:read")).map(ScopeSet::to_names),
            Ok("incidents:read metrics:read".to_owned())
        );
        for wanted in ["events:write", "reader", "nonsense", " "] {
            assert_eq!(
                refused(granted(own, Some(wanted))),
                Some(OAuthErrorCode::InvalidScope),
                "{wanted}"
            );
        }
    }
}

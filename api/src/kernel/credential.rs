//! From the `Authorization` header to a [`Caller`]: API keys, our tokens, the identity provider's.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::organization::OrganizationId;
use entity::{Timestamp, api_key, organization};
use moka::future::Cache;
use ring::digest::{SHA256, digest};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, prelude::Expr};
use uuid::Uuid;

use super::access::{Caller, CredentialKind, Scope, ScopeSet};
use super::database::Database;
use super::error::{Code, Error, Result};
use super::token::{self, ExternalIssuer, LocalClaims, SigningKey, TokenRefused};

/// How long a revocation elsewhere (another instance, the command line) may go unnoticed.
const TRUSTED_FOR: Duration = Duration::from_secs(1);
/// The prefix of every API key.
pub const KEY_PREFIX: &str = "dbf_";
/// How the subject of every API key begins, and no other.
const KEY_SUBJECT: &str = "key:";
/// Subjects of the service itself.
const OWN_SUBJECTS: [&str; 2] = ["cli", "system"];

/// The bearer credential of a request, if it has one.
pub fn bearer(headers: &HeaderMap) -> Result<Option<&str>> {
    let Some(header) = headers.get(AUTHORIZATION) else {
        return Ok(None);
    };
    let header = header
        .to_str()
        .map_err(|_| unauthenticated("the credential is not ASCII"))?;
    let credential = header
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, credential)| credential.trim());
    Ok(credential.filter(|credential| !credential.is_empty()))
}

/// Finds out who a credential belongs to.
#[derive(Debug)]
pub struct Credentials {
    database: Database,
    signing: SigningKey,
    issuer: String,
    external: Option<ExternalIssuer>,
    known: Cache<[u8; 32], Arc<Caller>>,
    /// How often everything was forgotten.
    forgotten: AtomicU64,
    /// Keys used since, with the minute of the use that is written down.
    used: Mutex<BTreeMap<Uuid, i64>>,
}

/// SHA-256 of a credential: keys have 256 random bits, so a slow hash would protect nothing more.
pub fn fingerprint(credential: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, credential.as_bytes()).as_ref());
    bytes
}

/// What a token of ours says of the key that bought it, so that it ends with that very key: of
/// what is stored of the key, only a digest is told.
pub fn thumbprint(print: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, print))
}

impl Credentials {
    /// Knows our own tokens by `signing`, issued as `issuer`, and others by `external`.
    pub fn new(
        database: Database,
        signing: SigningKey,
        issuer: String,
        external: Option<ExternalIssuer>,
    ) -> Self {
        let known = Cache::builder()
            .max_capacity(10_000)
            .time_to_live(TRUSTED_FOR)
            .build();
        Self {
            database,
            signing,
            issuer,
            external,
            known,
            forgotten: AtomicU64::new(0),
            used: Mutex::default(),
        }
    }

    /// The key that our tokens are signed with.
    pub fn signing(&self) -> &SigningKey {
        &self.signing
    }

    /// The `iss` and `aud` of our tokens.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// How long somebody is still known after the end: clocks of an identity provider differ from ours.
    fn leeway_seconds(&self, caller: &Caller) -> i64 {
        match (&self.external, caller.kind) {
            (Some(external), CredentialKind::IdentityProvider) => external.leeway_seconds(),
            _ => 0,
        }
    }

    /// Who holds this bearer credential, where that was found out a moment ago.
    pub async fn known(&self, bearer: &str, now: Timestamp) -> Result<Option<Arc<Caller>>> {
        let Some(caller) = self.known.get(&fingerprint(bearer)).await else {
            return Ok(None);
        };
        let leeway = self.leeway_seconds(&caller);
        let ended = |end: i64| end.saturating_add(leeway) <= now.seconds();
        if caller.expires_at.is_some_and(ended) {
            return Err(refused(TokenRefused::Expired));
        }
        Ok(Some(caller))
    }

    /// Who holds this bearer credential now.
    pub async fn caller(&self, bearer: &str, now: Timestamp) -> Result<Arc<Caller>> {
        if let Some(caller) = self.known(bearer, now).await? {
            return Ok(caller);
        }
        let print = fingerprint(bearer);
        let forgotten = self.forgotten.load(Ordering::SeqCst);
        let caller = Arc::new(if bearer.starts_with(KEY_PREFIX) {
            self.by_key(&print, now).await?
        } else {
            self.by_token(bearer, now).await?
        });
        self.known.insert(print, Arc::clone(&caller)).await;
        // What was read before a change must not be remembered after it.
        if self.forgotten.load(Ordering::SeqCst) != forgotten {
            self.known.invalidate(&print).await;
        }
        Ok(caller)
    }

    /// Forgets every credential, after one was changed or revoked.
    pub fn forget(&self) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.known.invalidate_all();
    }

    async fn by_key(&self, print: &[u8; 32], now: Timestamp) -> Result<Caller> {
        use api_key::Column;
        let previous = Condition::all()
            .add(Column::PreviousDigest.eq(print.to_vec()))
            .add(Column::PreviousExpiresAt.gt(now));
        let row = api_key::Entity::find()
            .filter(
                Condition::any()
                    .add(Column::Digest.eq(print.to_vec()))
                    .add(previous),
            )
            .one(&self.database)
            .await?
            .ok_or_else(|| unauthenticated("the API key is not known"))?;
        let caller = self.of_row(&row, now)?;
        if row.digest == print.as_slice() {
            return Ok(caller);
        }
        // The key before the last rotation ends with its overlap.
        let overlap = row.previous_expires_at.map(Timestamp::seconds);
        let ends = caller.expires_at.into_iter().chain(overlap).min();
        Ok(Caller {
            expires_at: ends,
            ..caller
        })
    }

    /// The caller behind a key's row, if the key still works.
    fn of_row(&self, row: &api_key::Model, now: Timestamp) -> Result<Caller> {
        if row.revoked_at.is_some() {
            return Err(unauthenticated("the API key was revoked"));
        }
        if row.expires_at.is_some_and(|end| end <= now) {
            return Err(unauthenticated("the API key has expired"));
        }
        self.used().insert(row.id, minute(now));
        Ok(Caller {
            organization: row.organization_id,
            subject: format!("{KEY_SUBJECT}{}", row.id),
            name: row.name.clone(),
            scopes: ScopeSet::from_names(row.scopes.split(' ')),
            kind: CredentialKind::ApiKey,
            key: Some(row.id),
            expires_at: row.expires_at.map(Timestamp::seconds),
        })
    }

    /// The caller behind a client id and secret, for `/oauth/token`.
    pub async fn client(&self, id: &str, secret: &str, now: Timestamp) -> Result<Caller> {
        let unknown = || unauthenticated("the client is not known or its secret is wrong");
        let id: Uuid = id.parse().map_err(|_| unknown())?;
        let caller = self
            .by_key(&fingerprint(secret), now)
            .await
            .map_err(|error| match error {
                Error::Refused(_) => unknown(),
                other => other,
            })?;
        if caller.key == Some(id) {
            Ok(caller)
        } else {
            Err(unknown())
        }
    }

    async fn by_token(&self, bearer: &str, now: Timestamp) -> Result<Caller> {
        let ours = token::claimed_issuer(bearer).is_some_and(|issuer| issuer == self.issuer);
        if ours || self.external.is_none() {
            let claims = self
                .signing
                .verify(bearer, &self.issuer, &self.issuer, now.seconds())
                .map_err(refused)?;
            return self.by_own_claims(&claims, now).await;
        }
        let Some(external) = &self.external else {
            return Err(refused(TokenRefused::WrongIssuer));
        };
        let claims = external
            .verify(bearer, now.seconds())
            .await
            .map_err(refused)?;
        // That is what a key or the service is called: who came by it would pass for them.
        let subject = claims.subject.as_str();
        if subject.starts_with(KEY_SUBJECT) || OWN_SUBJECTS.contains(&subject) {
            return Err(unauthenticated("the token's subject is reserved"));
        }
        let organization = self
            .organization(&claims.organization)
            .await?
            .ok_or_else(|| unauthenticated("the token's organisation is not known here"))?;
        let names = claims
            .roles
            .iter()
            .chain(&claims.scopes)
            .map(String::as_str);
        // The platform is administered with keys of the installation, never by a claim.
        let scopes =
            ScopeSet::from_names(names.filter(|name| *name != Scope::PlatformAdmin.as_str()));
        Ok(Caller {
            organization,
            name: claims.name.unwrap_or_else(|| claims.subject.clone()),
            subject: claims.subject,
            scopes,
            kind: CredentialKind::IdentityProvider,
            key: None,
            expires_at: Some(claims.expires_at),
        })
    }

    /// A token of ours ends with the key that bought it: when that is revoked, expires, or was
    /// rotated since and its overlap is over.
    async fn by_own_claims(&self, claims: &LocalClaims, now: Timestamp) -> Result<Caller> {
        let id: Uuid = claims
            .client_id
            .parse()
            .map_err(|_| refused(TokenRefused::Malformed))?;
        let row = api_key::Entity::find_by_id(id)
            .one(&self.database)
            .await?
            .ok_or_else(|| unauthenticated("the token's client is not known"))?;
        let bought_with = |print: &[u8]| thumbprint(print) == claims.key_thumbprint;
        let mut ends = Some(claims.exp);
        if !bought_with(&row.digest) {
            let before = row.previous_digest.as_deref().is_some_and(bought_with);
            let overlap = row.previous_expires_at.filter(|end| before && *end > now);
            let overlap =
                overlap.ok_or_else(|| unauthenticated("the token's API key was rotated"))?;
            ends = ends.min(Some(overlap.seconds()));
        }
        let owner = self.of_row(&row, now)?;
        Ok(Caller {
            scopes: owner
                .scopes
                .intersection(ScopeSet::from_names(claims.scope.split(' '))),
            kind: CredentialKind::ClientCredentials,
            expires_at: ends,
            ..owner
        })
    }

    async fn organization(&self, name: &str) -> Result<Option<OrganizationId>> {
        use organization::Column;
        let condition = match name.parse::<Uuid>() {
            Ok(id) => Column::Id.eq(OrganizationId(id)),
            Err(_) => Column::Slug.eq(name),
        };
        let found = organization::Entity::find()
            .filter(condition)
            .one(&self.database)
            .await?;
        Ok(found.map(|row| row.id))
    }

    /// Writes down when keys were last used; called now and then, not per request. What was not
    /// written down, or is dropped on the way, is left for the next time.
    pub async fn write_last_uses(&self) -> Result<()> {
        let used = self.used().clone();
        if used.is_empty() {
            return Ok(());
        }
        write_uses(&self.database, &used).await?;
        self.used().retain(|id, at| used.get(id) != Some(at));
        Ok(())
    }

    fn used(&self) -> MutexGuard<'_, BTreeMap<Uuid, i64>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes uses down: in the order of the keys, so that no two instances wait for each other.
async fn write_uses(database: &Database, used: &BTreeMap<Uuid, i64>) -> Result<()> {
    use api_key::Column;
    let tx = database.begin().await?;
    for (id, micros) in used {
        let at = Timestamp::from_micros(*micros);
        // Another instance may know of a later use.
        let newer = Condition::any()
            .add(Column::LastUsedAt.is_null())
            .add(Column::LastUsedAt.lt(at));
        api_key::Entity::update_many()
            .col_expr(Column::LastUsedAt, Expr::value(at))
            .filter(Column::Id.eq(*id))
            .filter(newer)
            .exec(&tx)
            .await?;
    }
    Ok(tx.commit(Vec::new()).await?)
}

/// The minute of a moment, in microseconds. No use is written down more exactly: when a key was
/// used is not to tell more than it must of what somebody did anonymously.
fn minute(at: Timestamp) -> i64 {
    const MINUTE: i64 = 60_000_000;
    at.micros().div_euclid(MINUTE) * MINUTE
}

/// A refusal with 401 that says how to authenticate.
pub fn unauthenticated(detail: &str) -> Error {
    Code::Unauthenticated
        .because(detail)
        .with_header(
            "www-authenticate",
            "Bearer realm=\"debrief\", error=\"invalid_token\"",
        )
        .into()
}

fn refused(why: TokenRefused) -> Error {
    if why == TokenRefused::Unavailable {
        return Code::Unavailable
            .because(why.to_string())
            .with_header("retry-after", "5")
            .into();
    }
    unauthenticated(&why.to_string())
}

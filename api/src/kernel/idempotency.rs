//! `Idempotency-Key`: the first answer of a POST, kept 24 hours beside its effect.
//!
//! The record is written in the transaction of the effect. The answer is sealed under the key the
//! client chose, of which only a digest is stored, so that a secret shown once stays unreadable.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use actix_web::http::header::HeaderMap;
use entity::idempotency::{Column, Entity, Model};
use ring::digest::{Context, SHA256};
use ring::{aead, hmac};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    QueryTrait, Value,
};

use super::access::Caller;
use super::database::{Inserts, Once, Tx};
use super::error::{Code, Error, Result};
use super::reply::Reply;
use entity::Timestamp;

/// How long an answer is kept, in seconds.
pub const KEPT_SECONDS: i64 = 24 * 60 * 60;

/// SHA-256 of a request's body.
#[derive(Clone, Copy, Debug)]
pub struct BodyDigest([u8; 32]);

impl BodyDigest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(digest(&[bytes]))
    }
}

fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&part.len().to_be_bytes());
        context.update(part);
    }
    let mut bytes = [0; 32];
    bytes.copy_from_slice(context.finish().as_ref());
    bytes
}

/// A key that a client sent, bound to the caller and the request.
#[derive(Debug)]
pub struct IdempotencyKey {
    /// What the record is stored under.
    lookup: [u8; 32],
    /// What makes two requests the same.
    fingerprint: [u8; 32],
    /// What the answer is sealed with; never stored.
    seal: [u8; 32],
}

impl IdempotencyKey {
    /// Reads the header; `None` when there is none.
    pub fn from_headers(
        headers: &HeaderMap,
        caller: &Caller,
        request: &[&str],
        body: Option<BodyDigest>,
    ) -> Result<Option<Self>> {
        let Some(value) = headers.get("idempotency-key") else {
            return Ok(None);
        };
        let text = value.to_str().unwrap_or_default();
        let text = text
            .strip_prefix('"')
            .and_then(|t| t.strip_suffix('"'))
            .unwrap_or(text);
        let printable = text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        let several = headers.get_all("idempotency-key").nth(1).is_some();
        if text.trim().is_empty() || text.len() > 255 || !printable || several {
            return Err(Code::InvalidParameter
                .because("Idempotency-Key takes 1 to 255 printable ASCII characters, once")
                .into());
        }
        let owner = [
            caller.organization.as_bytes().as_slice(),
            caller.subject.as_bytes(),
        ];
        let mut parts: Vec<&[u8]> = request.iter().map(|part| part.as_bytes()).collect();
        let body = body.map_or([0; 32], |body| body.0);
        parts.push(&body);
        Ok(Some(Self {
            lookup: digest(&[b"lookup", owner[0], owner[1], text.as_bytes()]),
            fingerprint: digest(&parts),
            seal: digest(&[b"seal", owner[0], owner[1], text.as_bytes()]),
        }))
    }

    /// What the key comes to under a secret, for what must not be found by the key itself: the same
    /// for the same caller and key, and nothing without the secret.
    pub fn under(&self, secret: &hmac::Key, purpose: &str) -> [u8; 32] {
        let mut context = hmac::Context::with_key(secret);
        context.update(purpose.as_bytes());
        context.update(&[0]);
        context.update(&self.seal);
        let mut bytes = [0; 32];
        bytes.copy_from_slice(context.sign().as_ref());
        bytes
    }

    fn cipher(&self) -> Result<aead::LessSafeKey> {
        aead::UnboundKey::new(&aead::CHACHA20_POLY1305, &self.seal)
            .map(aead::LessSafeKey::new)
            .map_err(|_| Error::Internal("no cipher for the answer".to_owned()))
    }
}

/// The keys whose first request still runs in this process.
#[derive(Clone, Debug, Default)]
pub struct InFlight(Arc<Mutex<HashSet<[u8; 32]>>>);

/// Holds a key until its request has ended.
#[derive(Debug)]
pub struct Running {
    lookup: [u8; 32],
    all: InFlight,
}

impl InFlight {
    /// Refuses with 409 when the key's first request still runs.
    pub fn start(&self, key: &IdempotencyKey) -> Result<Running> {
        let fresh = self.0.lock().is_ok_and(|mut keys| keys.insert(key.lookup));
        if fresh {
            Ok(Running {
                lookup: key.lookup,
                all: self.clone(),
            })
        } else {
            Err(in_progress())
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(mut keys) = self.all.0.lock() {
            keys.remove(&self.lookup);
        }
    }
}

fn in_progress() -> Error {
    Code::RequestInProgress
        .because("another request with this Idempotency-Key has not ended")
        .with_header("retry-after", "1")
        .into()
}

/// The refusal of a key that was used for another request.
pub fn mismatch() -> Error {
    Code::IdempotencyMismatch
        .because("this Idempotency-Key was used for another request")
        .into()
}

static FIND: Once<1> = Once::new();
static INSERT: Inserts = Inserts::new();

/// The stored answer of an earlier request with this key, or `None` for the first. One that has expired
/// makes room for another.
pub async fn replay(tx: &Tx, key: &IdempotencyKey, now: Timestamp) -> Result<Option<Reply>> {
    if !tx.try_serialize_on("idempotency", &key.lookup).await? {
        return Err(in_progress());
    }
    let find = |[lookup]: [Value; 1]| Entity::find().filter(Column::Lookup.eq(lookup));
    let find = FIND.statement(
        tx.get_database_backend(),
        [key.lookup.to_vec().into()],
        find,
    );
    let Some(found) = Model::find_by_statement(find).one(tx).await? else {
        return Ok(None);
    };
    if found.expires_at <= now {
        Entity::delete_by_id(found.lookup).exec(tx).await?;
        return Ok(None);
    }
    if found.fingerprint != key.fingerprint {
        return Err(mismatch());
    }
    let mut sealed = found.answer;
    let nonce = nonce(found.expires_at);
    let opened = key
        .cipher()?
        .open_in_place(nonce, aead::Aad::from(&key.fingerprint), &mut sealed)
        .map_err(|_| Error::Internal("a stored answer cannot be opened".to_owned()))?;
    let reply = Reply::from_stored(opened)
        .ok_or_else(|| Error::Internal("a stored answer cannot be read".to_owned()))?;
    Ok(Some(reply.replayed()))
}

/// Keeps the answer, in the transaction of its effect, in which [`replay`] found none.
pub async fn remember(tx: &Tx, key: &IdempotencyKey, reply: &Reply, now: Timestamp) -> Result<()> {
    let mut sealed = reply.to_stored();
    let expires_at = now.plus_seconds(KEPT_SECONDS);
    let nonce = nonce(expires_at);
    key.cipher()?
        .seal_in_place_append_tag(nonce, aead::Aad::from(&key.fingerprint), &mut sealed)
        .map_err(|_| Error::Internal("an answer cannot be sealed".to_owned()))?;
    let row = Model {
        lookup: key.lookup.to_vec(),
        fingerprint: key.fingerprint.to_vec(),
        answer: sealed,
        expires_at,
    };
    INSERT.run::<Entity>(tx, &[row]).await?;
    Ok(())
}

/// One key seals one answer at a time, and the next only after the first has expired.
fn nonce(expires_at: Timestamp) -> aead::Nonce {
    let mut bytes = [0; 12];
    bytes[..8].copy_from_slice(&expires_at.micros().to_be_bytes());
    aead::Nonce::assume_unique_for_key(bytes)
}

/// How many answers are forgotten at once: little enough to keep nobody waiting.
pub const FORGOTTEN_AT_ONCE: u64 = 500;

/// Forgets answers that are older than their time; how many, at most [`FORGOTTEN_AT_ONCE`].
pub async fn forget_expired(tx: &Tx, now: Timestamp) -> Result<u64> {
    let expired = Entity::find()
        .select_only()
        .column(Column::Lookup)
        .filter(Column::ExpiresAt.lte(now))
        .limit(FORGOTTEN_AT_ONCE);
    let gone = Entity::delete_many()
        .filter(Column::Lookup.in_subquery(expired.into_query()))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected)
}

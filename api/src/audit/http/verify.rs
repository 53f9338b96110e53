//! Verifying the audit log: what is asked, and what is found.

use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::audit::rules::{Anchor, Break, Way};
use crate::audit::service;
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::query::Query;

/// How many records one request walks at most.
const MOST_RECORDS: u32 = 100_000;

/// Mounts the route.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config.service(verify_audit);
}

/// What was noted of the chain earlier, and how far to walk.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VerifyAudit {
    /// Head of an earlier verification: its sequence, a colon, its hash. It is compared when the
    /// walk comes by.
    #[param(
        pattern = "^[1-9][0-9]{0,17}:[0-9a-f]{64}$",
        example = "42:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
    )]
    pub anchor: Option<String>,
    /// Where an earlier part of the walk ended, as its `next` says: goes on from there.
    #[param(
        pattern = "^[1-9][0-9]{0,17}:[0-9a-f]{64}$",
        example = "100000:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
    )]
    pub after: Option<String>,
    /// How many records are walked at most.
    #[param(minimum = 1, maximum = 100_000, default = 100_000, example = 100_000)]
    pub max_records: Option<u32>,
}

impl From<VerifyAudit> for Way {
    fn from(asked: VerifyAudit) -> Self {
        Self {
            after: asked.after.as_deref().and_then(read),
            anchor: asked.anchor.as_deref().and_then(read),
            most: asked.max_records.unwrap_or(MOST_RECORDS).into(),
        }
    }
}

/// A sequence and a hash, as the parameters' pattern writes them.
fn read(text: &str) -> Option<Anchor> {
    let (sequence, hash) = text.split_once(':')?;
    Some(Anchor {
        sequence: sequence.parse().ok()?,
        hash: hash.to_owned(),
    })
}

/// The newest record of a chain.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChainHead {
    /// Its sequence; 0 for an empty chain.
    #[schema(minimum = 0, example = 42)]
    sequence: i64,
    /// Its hash; 64 zeros for an empty chain.
    #[schema(
        pattern = "^[0-9a-f]{64}$",
        example = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
    )]
    hash: String,
}

/// Why a chain is broken at a place.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "changed")]
pub enum ChainBreakReason {
    /// The record is missing.
    Missing,
    /// The record does not say what its hash was made of.
    Changed,
    /// The record does not hold the hash of the one before it.
    Unlinked,
    /// The chain ends before the sequence that was noted earlier.
    Truncated,
    /// The record has another hash than was noted earlier.
    Rewritten,
}

impl From<Break> for ChainBreakReason {
    fn from(reason: Break) -> Self {
        match reason {
            Break::Missing => Self::Missing,
            Break::Changed => Self::Changed,
            Break::Unlinked => Self::Unlinked,
            Break::Truncated => Self::Truncated,
            Break::Rewritten => Self::Rewritten,
        }
    }
}

/// Where a chain is broken first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChainBreak {
    /// Sequence of the record that is missing or wrong.
    #[schema(minimum = 1, example = 17)]
    sequence: i64,
    /// What is wrong there.
    reason: ChainBreakReason,
}

/// What a verification found.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditVerificationBody {
    /// Whether what was walked is whole and agrees with what was noted earlier.
    #[schema(example = true)]
    valid: bool,
    /// Whether the walk came to its end, which is the head or the first break.
    #[schema(example = true)]
    complete: bool,
    /// How many records were found to be in order, from the first, or after `after`.
    #[schema(minimum = 0, example = 42)]
    checked: i64,
    /// The newest record: note it elsewhere, and give it to a later verification.
    head: ChainHead,
    /// Where to go on with, as `after`, while the walk is not complete.
    #[schema(
        pattern = "^[1-9][0-9]{0,17}:[0-9a-f]{64}$",
        example = "100000:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
    )]
    next: Option<String>,
    /// Where the chain is broken first, if it is.
    first_broken: Option<ChainBreak>,
}

/// Verify the audit log
///
/// Walks the chain of the organisation from its first record to its newest and finds records that
/// were changed, removed or put in another order. That the newest were cut off, or everything was
/// written anew, shows only against a head that was noted elsewhere: give it as
/// `anchor`. A long chain is walked in parts: while `complete` is false, give `next` as `after`.
#[utoipa::path(tag = "Audit", params(VerifyAudit), security(("oauth2" = ["audit:read"])), responses((status = 200, description = "What was found, also when the chain is broken", body = AuditVerificationBody)))]
#[get("/audit/verify")]
async fn verify_audit(call: Call, Query(asked): Query<VerifyAudit>) -> Result<HttpResponse> {
    let found = service::verify(call.read(), call.organization(), asked.into()).await?;
    let next = found.next.as_ref();
    call.ok(&AuditVerificationBody {
        valid: found.broken.is_none(),
        complete: next.is_none(),
        checked: found.checked,
        head: ChainHead {
            sequence: found.head.0,
            hash: found.head.1,
        },
        next: next.map(|place| format!("{}:{}", place.sequence, place.hash)),
        first_broken: found.broken.map(|(sequence, reason)| ChainBreak {
            sequence,
            reason: reason.into(),
        }),
    })
}

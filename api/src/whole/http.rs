//! Route of the whole review.

use actix_web::{HttpResponse, get};
use ring::digest::{SHA256, digest};

use super::body::FullReview;
use super::store;
use super::turn::turn;
use crate::kernel::audit::hex;
use crate::kernel::call::Call;
use crate::kernel::error::{Error, Result};
use crate::kernel::mount::ServiceConfig;
use crate::kernel::parts;
use crate::kernel::path::Path;
use crate::reviews::body::ReviewPath;

/// Mounts the route.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config.service(get_full_review);
}

/// Read a whole review
///
/// Everything of it in one answer, each part as it is shown where it is read alone: incidents,
/// participants, chronology, decisions, communications, assessments, impacts and what became of the
/// first estimate, findings, recommendations, actions with their progress, verifications and moved
/// dates, lessons, workshops with their invitations and boards, rounds of feedback with their summaries,
/// briefings, notes on wording, obligations, improvement measures, documents that it has reached,
/// deadlines. What is sealed on a board, or withheld of a round, is withheld here too. Read elsewhere:
/// earlier revisions of what was amended, published snapshots, what briefings say, what a follow-up
/// carried over, readiness. A review that holds more than 50,000 of a kind is refused with 409.
#[utoipa::path(tag = "Reviews", params(ReviewPath), security(("oauth2" = ["reviews:read", "incidents:read", "actions:read", "documents:read", "metrics:read"])), responses((status = 200, body = FullReview), (status = 409, description = "It holds more of a kind than is read at once", body = crate::kernel::error::Problem, content_type = "application/problem+json")))]
#[get("/reviews/{review}/full")]
async fn get_full_review(call: Call, path: Path<ReviewPath>) -> Result<HttpResponse> {
    let turn = turn().await?;
    let full = store::full(call.read(), &call.caller, (&path.review, call.now)).await?;
    let (tag, text) = parts::apart(move || {
        let text = serde_json::to_string(&full.shown());
        text.map(|text| {
            let sha256 = hex(digest(&SHA256, text.as_bytes()).as_ref());
            (format!("\"{}\"", &sha256[..24]), text)
        })
    })
    .await?
    .map_err(|error| Error::Internal(format!("a review cannot be written: {error}")))?;
    drop(turn);
    call.ok_text(tag, text)
}

//! Route of the progress of a review: every number from one read of its actions' facts.

use actix_web::{HttpResponse, get};
use entity::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::facts::ActionFact;
use super::super::store;
use super::super::summary::ProgressCounts;
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::path::Path;
use crate::reviews;
use crate::reviews::body::ReviewPath;

/// Mounts the route.
pub(super) fn routes(config: &mut ServiceConfig<'_, '_>) {
    config.service(get_review_progress);
}

/// How a review's actions stand.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewProgressBody {
    /// Of which review.
    review_id: Uuid,
    /// The review's key.
    #[schema(example = "PIR-2026-0042")]
    review_key: String,
    /// The moment that the numbers are of; days are UTC.
    as_of: Timestamp,
    /// The numbers.
    #[serde(flatten)]
    counts: ProgressCounts,
}

/// Read the progress of a review's actions
#[utoipa::path(tag = "Actions", params(ReviewPath), security(("oauth2" = ["actions:read"])), responses((status = 200, body = ReviewProgressBody)))]
#[get("/reviews/{review}/progress")]
async fn get_review_progress(call: Call, path: Path<ReviewPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let texts = store::facts(call.read(), call.organization(), review.id).await?;
    let facts = texts
        .iter()
        .map(|text| ActionFact::read(text))
        .collect::<Result<Vec<_>>>()?;
    call.ok(&ReviewProgressBody {
        review_id: review.id,
        review_key: review.key,
        as_of: call.now,
        counts: ProgressCounts::of(&facts, call.now),
    })
}

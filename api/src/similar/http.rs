//! The route of similar reviews.

use actix_web::{HttpResponse, get};

use super::body::{FindSimilar, SimilarReviewBody, SimilarReviews};
use super::service;
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::reviews::body::ReviewPath;

/// Mounts the route.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config.service(list_similar_reviews);
}

/// List similar reviews
///
/// Other reviews that share causes, factors, gaps, controls, ATT&CK techniques, assets or services of
/// their incidents, tags or telling words, the most alike first, each with its reasons. Two reviews
/// see each other with the same score. Where very many share something, the newest are compared.
#[utoipa::path(tag = "Search", params(ReviewPath, FindSimilar), security(("oauth2" = ["reviews:read"])), responses((status = 200, description = "The reviews that are alike", body = SimilarReviews)))]
#[get("/reviews/{review}/similar")]
async fn list_similar_reviews(
    call: Call,
    path: Path<ReviewPath>,
    Query(asked): Query<FindSimilar>,
) -> Result<HttpResponse> {
    let found = service::find(call.read(), &call.caller, &path.review, asked.most).await?;
    call.ok(&SimilarReviews {
        items: found.into_iter().map(SimilarReviewBody::from).collect(),
    })
}

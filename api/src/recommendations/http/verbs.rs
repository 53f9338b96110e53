//! Routes of the decisions about a recommendation.

use actix_web::{HttpResponse, post};

use super::super::list::RecommendationPath;
use super::super::steps::{
    AcceptRecommendation, AcceptRecommendationRisk, DeferRecommendation, MarkDuplicate,
    RecommendationReason,
};
use super::super::{accept, decide};
use super::tagged;
use crate::kernel::body::Body;
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::path::Path;
use crate::recommendations::body::RecommendationBody;

/// Mounts the routes.
pub(super) fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(accept_recommendation)
        .service(defer_recommendation)
        .service(reject_recommendation)
        .service(accept_recommendation_risk)
        .service(mark_recommendation_duplicate)
        .service(repropose_recommendation);
}

/// Accept a recommendation
///
/// With the actions that carry it out: new ones, made in the same transaction, or some of the review
/// that are there; they and the recommendation name each other from then on. What is accepted
/// already takes in more. Refused once the review is closed, waived or cancelled.
#[utoipa::path(tag = "Recommendations", params(RecommendationPath), request_body = AcceptRecommendation, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["actions:write", "recommendations:decide"])), responses((status = 200, body = RecommendationBody)))]
#[post("/reviews/{review}/recommendations/{recommendation}/accept")]
async fn accept_recommendation(
    call: Call,
    path: Path<RecommendationPath>,
    Body(given): Body<AcceptRecommendation>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.recommendation);
        tagged(accept::accept(change, named, &call.precondition, given).await?)
    })
    .await
}

/// Defer a recommendation
///
/// The decision is put off until a day. Possible for what is proposed, and again for what is
/// deferred.
#[utoipa::path(tag = "Recommendations", params(RecommendationPath), request_body = DeferRecommendation, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["recommendations:decide"])), responses((status = 200, body = RecommendationBody)))]
#[post("/reviews/{review}/recommendations/{recommendation}/defer")]
async fn defer_recommendation(
    call: Call,
    path: Path<RecommendationPath>,
    Body(given): Body<DeferRecommendation>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.recommendation);
        tagged(decide::defer(change, named, &call.precondition, given).await?)
    })
    .await
}

/// Reject a recommendation
///
/// It will not be carried out. A gap that nothing else answers asks for a reason of its own then.
#[utoipa::path(tag = "Recommendations", params(RecommendationPath), request_body = RecommendationReason, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["recommendations:decide"])), responses((status = 200, body = RecommendationBody)))]
#[post("/reviews/{review}/recommendations/{recommendation}/reject")]
async fn reject_recommendation(
    call: Call,
    path: Path<RecommendationPath>,
    Body(why): Body<RecommendationReason>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.recommendation);
        tagged(decide::reject(change, named, &call.precondition, why.reason).await?)
    })
    .await
}

/// Accept a recommendation's risk
///
/// It will not be carried out, and somebody other than the review's owner approves that the risk is
/// borne until a date; nor can the owner record it in another's name. Possible again while it is so,
/// with a new date.
#[utoipa::path(tag = "Recommendations", params(RecommendationPath), request_body = AcceptRecommendationRisk, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["recommendations:decide"])), responses((status = 200, body = RecommendationBody)))]
#[post("/reviews/{review}/recommendations/{recommendation}/accept-risk")]
async fn accept_recommendation_risk(
    call: Call,
    path: Path<RecommendationPath>,
    Body(given): Body<AcceptRecommendationRisk>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.recommendation);
        tagged(decide::accept_risk(change, named, &call.precondition, given).await?)
    })
    .await
}

/// Mark a recommendation as a duplicate
///
/// Another recommendation of the review says the same: what becomes of that one counts for this one
/// too.
#[utoipa::path(tag = "Recommendations", params(RecommendationPath), request_body = MarkDuplicate, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["recommendations:decide"])), responses((status = 200, body = RecommendationBody)))]
#[post("/reviews/{review}/recommendations/{recommendation}/duplicate")]
async fn mark_recommendation_duplicate(
    call: Call,
    path: Path<RecommendationPath>,
    Body(given): Body<MarkDuplicate>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.recommendation);
        tagged(decide::duplicate(change, named, &call.precondition, given).await?)
    })
    .await
}

/// Propose a recommendation again
///
/// What was decided is taken back, with a reason; it stays in the history. Actions that were to
/// carry it out go on by themselves and name it no longer.
#[utoipa::path(tag = "Recommendations", params(RecommendationPath), request_body = RecommendationReason, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["recommendations:decide"])), responses((status = 200, body = RecommendationBody)))]
#[post("/reviews/{review}/recommendations/{recommendation}/repropose")]
async fn repropose_recommendation(
    call: Call,
    path: Path<RecommendationPath>,
    Body(why): Body<RecommendationReason>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.recommendation);
        tagged(decide::repropose(change, named, &call.precondition, why.reason).await?)
    })
    .await
}

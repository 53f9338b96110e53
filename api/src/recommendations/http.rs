//! Routes of recommendations: the recommendations themselves here, the decisions below.

use actix_web::{HttpResponse, get, patch, post};
use entity::recommendation::Model;

use super::body::RecommendationBody;
use super::input::{ProposeRecommendation, RecommendationPatch};
use super::list::{ListRecommendations, RecommendationList, RecommendationPath};
use super::{service, store};
use crate::chronology::body::OfReviews;
use crate::kernel::body::Body;
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::etag;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::Paging;
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;
use crate::reviews;
use crate::reviews::body::ReviewPath;

pub mod verbs;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_recommendations)
        .service(list_review_recommendations)
        .service(propose_recommendation)
        .service(get_recommendation)
        .service(update_recommendation);
    verbs::routes(config);
}

fn tagged(row: Model) -> Result<Reply> {
    let tag = etag::tag(row.version, "");
    Ok(Reply::ok(&RecommendationBody::from(row))?.with_tag(tag))
}

/// List recommendations across reviews
///
/// Of every review that exists for the caller; changes are made below the review.
#[utoipa::path(tag = "Recommendations", params(OfReviews, ListRecommendations, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = RecommendationList)))]
#[get("/recommendations")]
async fn list_recommendations(
    call: Call,
    Query(of): Query<OfReviews>,
    Query(filter): Query<ListRecommendations>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let (read, caller, request) = (call.read(), &call.caller, call.page(&paging));
    let page = store::list_across(read, caller, &of.review_id, &filter, &request).await?;
    call.list(page, RecommendationBody::from)
}

/// List a review's recommendations
#[utoipa::path(tag = "Recommendations", params(ReviewPath, ListRecommendations, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = RecommendationList)))]
#[get("/reviews/{review}/recommendations")]
async fn list_review_recommendations(
    call: Call,
    path: Path<ReviewPath>,
    Query(filter): Query<ListRecommendations>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let page = store::list(call.read(), &review, &filter, &call.page(&paging)).await?;
    call.list(page, RecommendationBody::from)
}

/// Propose a recommendation
///
/// From scratch, or from one of the library by `template_id`: what is left out is taken from there.
/// Proposing commits nobody; decisions are made by the verbs. Refused once the review is closed,
/// waived or cancelled.
#[utoipa::path(tag = "Recommendations", params(ReviewPath), request_body = ProposeRecommendation, security(("oauth2" = ["recommendations:write"])), responses((status = 201, body = RecommendationBody)))]
#[post("/reviews/{review}/recommendations")]
async fn propose_recommendation(
    call: Call,
    path: Path<ReviewPath>,
    Body(recommendation): Body<ProposeRecommendation>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::create(change, &path.review, recommendation).await?;
        let location = format!(
            "/api/v1/reviews/{}/recommendations/{}",
            row.review_id, row.id
        );
        let tag = etag::tag(row.version, "");
        Reply::created(location, tag, &RecommendationBody::from(row))
    })
    .await
}

/// Read a recommendation
#[utoipa::path(tag = "Recommendations", params(RecommendationPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = RecommendationBody)))]
#[get("/reviews/{review}/recommendations/{recommendation}")]
async fn get_recommendation(call: Call, path: Path<RecommendationPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let row = store::find(call.read(), &review, path.recommendation).await?;
    call.ok_tagged(etag::tag(row.version, ""), &RecommendationBody::from(row))
}

/// Change a recommendation
///
/// Only while it is proposed; what was decided about is reproposed first.
#[utoipa::path(tag = "Recommendations", params(RecommendationPath), request_body(content((RecommendationPatch = "application/merge-patch+json"), (RecommendationPatch = "application/json"))), security(("oauth2" = ["recommendations:write"])), responses((status = 200, body = RecommendationBody)))]
#[patch("/reviews/{review}/recommendations/{recommendation}")]
async fn update_recommendation(
    call: Call,
    path: Path<RecommendationPath>,
    patch: RecommendationPatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.recommendation);
        tagged(service::update(change, named, &call.precondition, &patch).await?)
    })
    .await
}

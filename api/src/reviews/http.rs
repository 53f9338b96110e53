//! Routes of reviews.

use actix_web::{HttpResponse, get, patch, post};

use super::body::{ListReviews, OpenReview, ReviewBody, ReviewList, ReviewPatch, ReviewPath};
use super::{policy, service, store};
use crate::kernel::body::Body;
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::etag;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::Paging;
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_reviews)
        .service(open_review)
        .service(get_review)
        .service(update_review)
        .service(reapply_policy);
}

/// List reviews
#[utoipa::path(tag = "Reviews", params(ListReviews, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = ReviewList)))]
#[get("/reviews")]
async fn list_reviews(
    call: Call,
    Query(filter): Query<ListReviews>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let page = store::list(call.read(), &call.caller, &filter, &call.page(&paging)).await?;
    call.list(page, ReviewBody::from)
}

/// Open a review
///
/// It begins as a draft and gets a key for people. A review may open while the incident still
/// runs, so that lessons are caught as they happen. It keeps the policy that applies to it as
/// `policy_snapshot`; the due dates that nobody gives are the policy's, counted from the closure of
/// the last of its incidents once they are all closed, or from now when it has none.
#[utoipa::path(tag = "Reviews", request_body = OpenReview, security(("oauth2" = ["reviews:write"])), responses((status = 201, body = ReviewBody)))]
#[post("/reviews")]
async fn open_review(call: Call, Body(review): Body<OpenReview>) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::open(change, review).await?;
        let location = format!("/api/v1/reviews/{}", row.id);
        Reply::created(location, etag::tag(row.version, ""), &ReviewBody::from(row))
    })
    .await
}

/// Read a review
#[utoipa::path(tag = "Reviews", params(ReviewPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = ReviewBody)))]
#[get("/reviews/{review}")]
async fn get_review(call: Call, path: Path<ReviewPath>) -> Result<HttpResponse> {
    let row = store::find(call.read(), &call.caller, &path.review).await?;
    call.ok_tagged(etag::tag(row.version, ""), &ReviewBody::from(row))
}

/// Change a review
///
/// A published or closed review has to be reopened first. Its policy stays as it was applied.
#[utoipa::path(tag = "Reviews", params(ReviewPath), request_body(content((ReviewPatch = "application/merge-patch+json"), (ReviewPatch = "application/json"))), security(("oauth2" = ["reviews:write"])), responses((status = 200, body = ReviewBody)))]
#[patch("/reviews/{review}")]
async fn update_review(
    call: Call,
    path: Path<ReviewPath>,
    patch: ReviewPatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::update(change, &path.review, &call.precondition, &patch).await?;
        let tag = etag::tag(row.version, "");
        Ok(Reply::ok(&ReviewBody::from(row))?.with_tag(tag))
    })
    .await
}

/// Apply the policy of now to a review
///
/// In place of the one that was applied before: after its severity, kind or incidents changed, or
/// the policy did. Due dates that somebody set stay; those that the policy had set are set anew.
#[utoipa::path(tag = "Reviews", params(ReviewPath), security(("oauth2" = ["reviews:transition"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = ReviewBody)))]
#[post("/reviews/{review}/reapply-policy")]
async fn reapply_policy(call: Call, path: Path<ReviewPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = policy::reapply(change, &path.review, &call.precondition).await?;
        let tag = etag::tag(row.version, "");
        Ok(Reply::ok(&ReviewBody::from(row))?.with_tag(tag))
    })
    .await
}

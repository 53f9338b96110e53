//! Routes of obligations.

use actix_web::{HttpResponse, get, patch, post};
use entity::obligation::Model;

use super::body::{
    ListObligations, ObligationBody, ObligationList, ObligationPatch, ObligationPath,
    ObligationReason, RecordObligation, SubmitObligation,
};
use super::service::InReview;
use super::{rules, service, store};
use crate::chronology::body::OfReviews;
use crate::kernel::body::{Body, OptionalBody};
use crate::kernel::call::{Call, Change};
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::{Page, Paging};
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;
use crate::reviews;
use crate::reviews::body::ReviewPath;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_obligations)
        .service(list_review_obligations)
        .service(record_obligation)
        .service(get_obligation)
        .service(update_obligation)
        .service(submit_obligation)
        .service(waive_obligation)
        .service(reopen_obligation);
}

async fn listed(call: &Call, page: Page<Model>) -> Result<HttpResponse> {
    let ended = store::ended_reviews(call.read(), &page.items).await?;
    call.list(page, |row| {
        let has_ended = ended.contains(&row.review_id);
        ObligationBody::of(row, has_ended, call.now)
    })
}

/// The answer to a change of an obligation.
fn changed(change: &Change, (row, has_ended): InReview) -> Result<Reply> {
    let body = ObligationBody::of(row, has_ended, change.now);
    Ok(Reply::ok(&body)?.with_tag(body.tag()))
}

/// List obligations across reviews
///
/// The earliest due first.
#[utoipa::path(tag = "Obligations", params(OfReviews, ListObligations, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = ObligationList)))]
#[get("/obligations")]
async fn list_obligations(
    call: Call,
    Query(of): Query<OfReviews>,
    Query(filter): Query<ListObligations>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let which = (&filter, of.review_id.as_slice());
    let (caller, request) = (&call.caller, call.page(&paging));
    let page = store::list_everywhere(call.read(), caller, which, call.now, &request).await?;
    listed(&call, page).await
}

/// List a review's obligations
#[utoipa::path(tag = "Obligations", params(ReviewPath, ListObligations, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = ObligationList)))]
#[get("/reviews/{review}/obligations")]
async fn list_review_obligations(
    call: Call,
    path: Path<ReviewPath>,
    Query(filter): Query<ListObligations>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let request = call.page(&paging);
    let page = store::list(call.read(), &review, &filter, call.now, &request).await?;
    listed(&call, page).await
}

/// Record an obligation
///
/// By a stage of a regime, whose clock computes when it is due, or freely with a title and a date.
/// It keeps the hours that the regime has now.
#[utoipa::path(tag = "Obligations", params(ReviewPath), request_body = RecordObligation, security(("oauth2" = ["obligations:write"])), responses((status = 201, body = ObligationBody)))]
#[post("/reviews/{review}/obligations")]
async fn record_obligation(
    call: Call,
    path: Path<ReviewPath>,
    Body(obligation): Body<RecordObligation>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let (row, has_ended) = service::record(change, &path.review, obligation).await?;
        let location = format!("/api/v1/reviews/{}/obligations/{}", row.review_id, row.id);
        let body = ObligationBody::of(row, has_ended, change.now);
        Reply::created(location, body.tag(), &body)
    })
    .await
}

/// Read an obligation
///
/// Its ETag changes with its version, and with where it stands, which time changes as well.
#[utoipa::path(tag = "Obligations", params(ObligationPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = ObligationBody)))]
#[get("/reviews/{review}/obligations/{obligation}")]
async fn get_obligation(call: Call, path: Path<ObligationPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let row = store::find(call.read(), &review, path.obligation).await?;
    let body = ObligationBody::of(row, rules::has_ended(review.status), call.now);
    call.ok_tagged(body.tag(), &body)
}

/// Change an obligation
///
/// Only while it is neither submitted nor waived. Another trigger computes another due date, by the
/// hours that it was recorded with. Also after its review was published or has ended.
#[utoipa::path(tag = "Obligations", params(ObligationPath), request_body(content((ObligationPatch = "application/merge-patch+json"), (ObligationPatch = "application/json"))), security(("oauth2" = ["obligations:write"])), responses((status = 200, body = ObligationBody)))]
#[patch("/reviews/{review}/obligations/{obligation}")]
async fn update_obligation(
    call: Call,
    path: Path<ObligationPath>,
    patch: ObligationPatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.obligation);
        changed(
            change,
            service::update(change, named, &call.precondition, &patch).await?,
        )
    })
    .await
}

/// Submit an obligation
///
/// It was met: when, and under which reference. Also after its review has ended.
#[utoipa::path(tag = "Obligations", params(ObligationPath), request_body = SubmitObligation, security(("oauth2" = ["obligations:write"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = ObligationBody)))]
#[post("/reviews/{review}/obligations/{obligation}/submit")]
async fn submit_obligation(
    call: Call,
    path: Path<ObligationPath>,
    OptionalBody(sent): OptionalBody<SubmitObligation>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.obligation);
        changed(
            change,
            service::submit(change, named, &call.precondition, sent).await?,
        )
    })
    .await
}

/// Waive an obligation
///
/// It need not be met, or does not apply: with a reason.
#[utoipa::path(tag = "Obligations", params(ObligationPath), request_body = ObligationReason, security(("oauth2" = ["obligations:write"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = ObligationBody)))]
#[post("/reviews/{review}/obligations/{obligation}/waive")]
async fn waive_obligation(
    call: Call,
    path: Path<ObligationPath>,
    Body(why): Body<ObligationReason>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.obligation);
        changed(
            change,
            service::waive(change, named, &call.precondition, why.reason).await?,
        )
    })
    .await
}

/// Reopen an obligation
///
/// That it was submitted or waived was recorded in error: with a reason, which the audit log keeps.
#[utoipa::path(tag = "Obligations", params(ObligationPath), request_body = ObligationReason, security(("oauth2" = ["obligations:write"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = ObligationBody)))]
#[post("/reviews/{review}/obligations/{obligation}/reopen")]
async fn reopen_obligation(
    call: Call,
    path: Path<ObligationPath>,
    Body(why): Body<ObligationReason>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.obligation);
        changed(
            change,
            service::reopen(change, named, &call.precondition, why.reason).await?,
        )
    })
    .await
}

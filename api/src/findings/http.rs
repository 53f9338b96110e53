//! Routes of findings.

use actix_web::{HttpResponse, get, patch, post};
use entity::finding::Model;

use super::body::{
    AmendFinding, FindingBody, FindingList, FindingPatch, RecordFinding, RetractFinding,
};
use super::list::{FindingPath, ListFindings};
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
use crate::revisions::{self, RevisionList};

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_findings)
        .service(record_finding)
        .service(get_finding)
        .service(update_finding)
        .service(amend_finding)
        .service(retract_finding)
        .service(list_finding_revisions)
        .service(list_all_findings);
}

/// List a review's findings
#[utoipa::path(tag = "Findings", params(ReviewPath, ListFindings, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = FindingList)))]
#[get("/reviews/{review}/findings")]
async fn list_findings(
    call: Call,
    path: Path<ReviewPath>,
    Query(filter): Query<ListFindings>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let page = store::list(call.read(), &review, &filter, &call.page(&paging)).await?;
    call.list(page, FindingBody::from)
}

/// Record a finding
///
/// `parent_id` makes it one step of the why-chain: the reason for another finding.
#[utoipa::path(tag = "Findings", params(ReviewPath), request_body = RecordFinding, security(("oauth2" = ["findings:write"])), responses((status = 201, body = FindingBody)))]
#[post("/reviews/{review}/findings")]
async fn record_finding(
    call: Call,
    path: Path<ReviewPath>,
    Body(finding): Body<RecordFinding>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::create(change, &path.review, finding).await?;
        let location = format!("/api/v1/reviews/{}/findings/{}", row.review_id, row.id);
        Reply::created(
            location,
            etag::tag(row.version, ""),
            &FindingBody::from(row),
        )
    })
    .await
}

fn tagged(row: Model) -> Result<Reply> {
    let tag = etag::tag(row.version, "");
    Ok(Reply::ok(&FindingBody::from(row))?.with_tag(tag))
}

/// Read a finding
#[utoipa::path(tag = "Findings", params(FindingPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = FindingBody)))]
#[get("/reviews/{review}/findings/{finding}")]
async fn get_finding(call: Call, path: Path<FindingPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let row = store::find(call.read(), &review, path.finding).await?;
    call.ok_tagged(etag::tag(row.version, ""), &FindingBody::from(row))
}

/// Change a finding
///
/// Only while the review is not published; afterwards findings are amended.
#[utoipa::path(tag = "Findings", params(FindingPath), request_body(content((FindingPatch = "application/merge-patch+json"), (FindingPatch = "application/json"))), security(("oauth2" = ["findings:write"])), responses((status = 200, body = FindingBody)))]
#[patch("/reviews/{review}/findings/{finding}")]
async fn update_finding(
    call: Call,
    path: Path<FindingPath>,
    patch: FindingPatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let finding = (path.review.as_str(), path.finding);
        tagged(service::update(change, finding, &call.precondition, &patch).await?)
    })
    .await
}

/// Amend a finding
///
/// Makes a new revision with a reason; the old one stays readable. Possible also after the review
/// is published or closed.
#[utoipa::path(tag = "Findings", params(FindingPath), request_body = AmendFinding, security(("oauth2" = ["findings:write"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = FindingBody)))]
#[post("/reviews/{review}/findings/{finding}/amend")]
async fn amend_finding(
    call: Call,
    path: Path<FindingPath>,
    Body(amendment): Body<AmendFinding>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let finding = (path.review.as_str(), path.finding);
        tagged(service::amend(change, finding, &call.precondition, amendment).await?)
    })
    .await
}

/// Retract a finding
///
/// It stays readable, struck out. Refused while other findings are reasons for it.
#[utoipa::path(tag = "Findings", params(FindingPath), request_body = RetractFinding, security(("oauth2" = ["findings:write"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = FindingBody)))]
#[post("/reviews/{review}/findings/{finding}/retract")]
async fn retract_finding(
    call: Call,
    path: Path<FindingPath>,
    Body(retraction): Body<RetractFinding>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let finding = (path.review.as_str(), path.finding);
        tagged(service::retract(change, finding, &call.precondition, &retraction.reason).await?)
    })
    .await
}

/// List a finding's earlier revisions
#[utoipa::path(tag = "Findings", params(FindingPath, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = RevisionList)))]
#[get("/reviews/{review}/findings/{finding}/revisions")]
async fn list_finding_revisions(
    call: Call,
    path: Path<FindingPath>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let row = store::find(call.read(), &review, path.finding).await?;
    revisions::list(&call, store::RESOURCE, row.id, &paging).await
}

/// List findings across reviews
#[utoipa::path(tag = "Findings", params(OfReviews, ListFindings, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = FindingList)))]
#[get("/findings")]
async fn list_all_findings(
    call: Call,
    Query(of): Query<OfReviews>,
    Query(filter): Query<ListFindings>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let (read, caller, request) = (call.read(), &call.caller, call.page(&paging));
    let page = store::list_across(read, caller, &of.review_id, &filter, &request).await?;
    call.list(page, FindingBody::from)
}

//! Routes of decisions.

use actix_web::{HttpResponse, get, post};
use entity::decision::Model;

use super::body::{
    AmendDecision, AppendDecision, DecisionBody, DecisionList, DecisionPath, ListDecisions,
};
use super::{service, store};
use crate::append_only::body::Retract;
use crate::append_only::row::Row as _;
use crate::append_only::store::find;
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
        .service(list_decisions)
        .service(append_decision)
        .service(get_decision)
        .service(amend_decision)
        .service(retract_decision)
        .service(list_decision_revisions)
        .service(list_all_decisions);
}

/// List a review's decisions
///
/// The decision log, by the time decisions were taken; retracted ones stay in it, marked as such.
#[utoipa::path(tag = "Decisions", params(ReviewPath, ListDecisions, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = DecisionList)))]
#[get("/reviews/{review}/decisions")]
async fn list_decisions(
    call: Call,
    path: Path<ReviewPath>,
    Query(filter): Query<ListDecisions>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let page = store::list(call.read(), review.id, &filter, &call.page(&paging)).await?;
    call.list(page, DecisionBody::from)
}

/// Append a decision
///
/// What was known then stands beside what came of it, so that it is judged by the one and not by
/// the other.
#[utoipa::path(tag = "Decisions", params(ReviewPath), request_body = AppendDecision, security(("oauth2" = ["events:write"])), responses((status = 201, body = DecisionBody)))]
#[post("/reviews/{review}/decisions")]
async fn append_decision(
    call: Call,
    path: Path<ReviewPath>,
    Body(decision): Body<AppendDecision>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::append(change, &path.review, decision).await?;
        let location = format!("/api/v1/reviews/{}/decisions/{}", row.review_id, row.id);
        let tag = etag::tag(row.version, "");
        Reply::created(location, tag, &DecisionBody::from(row))
    })
    .await
}

fn tagged(row: Model) -> Result<Reply> {
    let tag = etag::tag(row.version, "");
    Ok(Reply::ok(&DecisionBody::from(row))?.with_tag(tag))
}

/// Read a decision
#[utoipa::path(tag = "Decisions", params(DecisionPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = DecisionBody)))]
#[get("/reviews/{review}/decisions/{decision}")]
async fn get_decision(call: Call, path: Path<DecisionPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let row: Model = find(call.read(), &review, path.decision).await?;
    call.ok_tagged(etag::tag(row.version, ""), &DecisionBody::from(row))
}

/// Amend a decision
///
/// Makes a new revision with a reason; the old one stays readable. Possible also after the review
/// is published or closed. A retracted decision cannot be amended.
#[utoipa::path(tag = "Decisions", params(DecisionPath), request_body = AmendDecision, security(("oauth2" = ["events:write"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = DecisionBody)))]
#[post("/reviews/{review}/decisions/{decision}/amend")]
async fn amend_decision(
    call: Call,
    path: Path<DecisionPath>,
    Body(amendment): Body<AmendDecision>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let decision = (path.review.as_str(), path.decision);
        tagged(service::amend(change, decision, &call.precondition, amendment).await?)
    })
    .await
}

/// Retract a decision
///
/// It stays in the log, struck out.
#[utoipa::path(tag = "Decisions", params(DecisionPath), request_body = Retract, security(("oauth2" = ["events:write"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = DecisionBody)))]
#[post("/reviews/{review}/decisions/{decision}/retract")]
async fn retract_decision(
    call: Call,
    path: Path<DecisionPath>,
    Body(retraction): Body<Retract>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let decision = (path.review.as_str(), path.decision);
        tagged(service::retract(change, decision, &call.precondition, &retraction.reason).await?)
    })
    .await
}

/// List a decision's earlier revisions
///
/// Each as it was, with the reason why it was amended or retracted.
#[utoipa::path(tag = "Decisions", params(DecisionPath, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = RevisionList)))]
#[get("/reviews/{review}/decisions/{decision}/revisions")]
async fn list_decision_revisions(
    call: Call,
    path: Path<DecisionPath>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let row: Model = find(call.read(), &review, path.decision).await?;
    revisions::list(&call, Model::RESOURCE, row.id, &paging).await
}

/// List decisions across reviews
#[utoipa::path(tag = "Decisions", params(OfReviews, ListDecisions, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = DecisionList)))]
#[get("/decisions")]
async fn list_all_decisions(
    call: Call,
    Query(of): Query<OfReviews>,
    Query(filter): Query<ListDecisions>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let whose = (&*call.caller, &*of.review_id);
    let page = store::list_across(call.read(), whose, &filter, &call.page(&paging)).await?;
    call.list(page, DecisionBody::from)
}

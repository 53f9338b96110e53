//! Routes of communications.

use actix_web::{HttpResponse, get, post};
use entity::communication::Model;

use super::body::{
    AmendCommunication, AppendCommunication, CommunicationBody, CommunicationList,
    CommunicationPath, ListCommunications,
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
        .service(list_communications)
        .service(append_communication)
        .service(get_communication)
        .service(amend_communication)
        .service(retract_communication)
        .service(list_communication_revisions)
        .service(list_all_communications);
}

/// List a review's communications
///
/// The communication log, by the time things were sent; retracted ones stay in it, marked as such.
#[utoipa::path(tag = "Communications", params(ReviewPath, ListCommunications, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = CommunicationList)))]
#[get("/reviews/{review}/communications")]
async fn list_communications(
    call: Call,
    path: Path<ReviewPath>,
    Query(filter): Query<ListCommunications>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let page = store::list(call.read(), review.id, &filter, &call.page(&paging)).await?;
    call.list(page, CommunicationBody::from)
}

/// Append a communication
///
/// What passes between people during the incident; how long it took is computed.
#[utoipa::path(tag = "Communications", params(ReviewPath), request_body = AppendCommunication, security(("oauth2" = ["events:write"])), responses((status = 201, body = CommunicationBody)))]
#[post("/reviews/{review}/communications")]
async fn append_communication(
    call: Call,
    path: Path<ReviewPath>,
    Body(communication): Body<AppendCommunication>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::append(change, &path.review, communication).await?;
        let location = format!(
            "/api/v1/reviews/{}/communications/{}",
            row.review_id, row.id
        );
        let tag = etag::tag(row.version, "");
        Reply::created(location, tag, &CommunicationBody::from(row))
    })
    .await
}

fn tagged(row: Model) -> Result<Reply> {
    let tag = etag::tag(row.version, "");
    Ok(Reply::ok(&CommunicationBody::from(row))?.with_tag(tag))
}

/// Read a communication
#[utoipa::path(tag = "Communications", params(CommunicationPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = CommunicationBody)))]
#[get("/reviews/{review}/communications/{communication}")]
async fn get_communication(call: Call, path: Path<CommunicationPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let row: Model = find(call.read(), &review, path.communication).await?;
    call.ok_tagged(etag::tag(row.version, ""), &CommunicationBody::from(row))
}

/// Amend a communication
///
/// Makes a new revision with a reason; the old one stays readable. Possible also after the review
/// is published or closed. A retracted communication cannot be amended.
#[utoipa::path(tag = "Communications", params(CommunicationPath), request_body = AmendCommunication, security(("oauth2" = ["events:write"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = CommunicationBody)))]
#[post("/reviews/{review}/communications/{communication}/amend")]
async fn amend_communication(
    call: Call,
    path: Path<CommunicationPath>,
    Body(amendment): Body<AmendCommunication>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let communication = (path.review.as_str(), path.communication);
        tagged(service::amend(change, communication, &call.precondition, amendment).await?)
    })
    .await
}

/// Retract a communication
///
/// It stays in the log, struck out.
#[utoipa::path(tag = "Communications", params(CommunicationPath), request_body = Retract, security(("oauth2" = ["events:write"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = CommunicationBody)))]
#[post("/reviews/{review}/communications/{communication}/retract")]
async fn retract_communication(
    call: Call,
    path: Path<CommunicationPath>,
    Body(retraction): Body<Retract>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let communication = (path.review.as_str(), path.communication);
        tagged(
            service::retract(
                change,
                communication,
                &call.precondition,
                &retraction.reason,
            )
            .await?,
        )
    })
    .await
}

/// List a communication's earlier revisions
///
/// Each as it was, with the reason why it was amended or retracted.
#[utoipa::path(tag = "Communications", params(CommunicationPath, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = RevisionList)))]
#[get("/reviews/{review}/communications/{communication}/revisions")]
async fn list_communication_revisions(
    call: Call,
    path: Path<CommunicationPath>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let row: Model = find(call.read(), &review, path.communication).await?;
    revisions::list(&call, Model::RESOURCE, row.id, &paging).await
}

/// List communications across reviews
#[utoipa::path(tag = "Communications", params(OfReviews, ListCommunications, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = CommunicationList)))]
#[get("/communications")]
async fn list_all_communications(
    call: Call,
    Query(of): Query<OfReviews>,
    Query(filter): Query<ListCommunications>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let whose = (&*call.caller, &*of.review_id);
    let page = store::list_across(call.read(), whose, &filter, &call.page(&paging)).await?;
    call.list(page, CommunicationBody::from)
}

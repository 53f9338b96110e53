//! Routes of events.

use actix_web::{HttpResponse, get, post};
use entity::event::Model;

use super::body::{AmendEvent, AppendEvent, EventBody, EventList, OfReviews};
use super::list::{EventPath, ListEvents};
use super::service::{self, Appended};
use super::store;
use crate::append_only::body::Retract;
use crate::append_only::row::Row as _;
use crate::append_only::store::find;
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
        .service(list_events)
        .service(append_event)
        .service(get_event)
        .service(amend_event)
        .service(retract_event)
        .service(list_event_revisions)
        .service(list_all_events);
}

/// List a review's events
///
/// The chronology, by the time things happened; retracted events stay in it, marked as such.
#[utoipa::path(tag = "Events", params(ReviewPath, ListEvents, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = EventList)))]
#[get("/reviews/{review}/events")]
async fn list_events(
    call: Call,
    path: Path<ReviewPath>,
    Query(filter): Query<ListEvents>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let page = store::list(call.read(), review.id, &filter, &call.page(&paging)).await?;
    call.list(page, EventBody::from)
}

/// Append an event
///
/// Milestones in `marks` fill the timestamps of the review's incidents. An event with `source`
/// and `external_id` that is stored already is answered with 200 and the stored one, also after
/// the review was published.
#[utoipa::path(tag = "Events", params(ReviewPath), request_body = AppendEvent, security(("oauth2" = ["events:write"])), responses((status = 201, body = EventBody), (status = 200, description = "Its source has sent it before; this is what is stored", body = EventBody)))]
#[post("/reviews/{review}/events")]
async fn append_event(
    call: Call,
    path: Path<ReviewPath>,
    Body(event): Body<AppendEvent>,
) -> Result<HttpResponse> {
    call.write(
        async |change| match service::append(change, &path.review, event).await? {
            Appended::Created(row) => {
                let location = format!("/api/v1/reviews/{}/events/{}", row.review_id, row.id);
                let tag = etag::tag(row.version, "");
                Reply::created(location, tag, &EventBody::from(*row))
            }
            Appended::Duplicate(row) => tagged(*row),
        },
    )
    .await
}

fn tagged(row: Model) -> Result<Reply> {
    let tag = etag::tag(row.version, "");
    Ok(Reply::ok(&EventBody::from(row))?.with_tag(tag))
}

/// Read an event
#[utoipa::path(tag = "Events", params(EventPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = EventBody)))]
#[get("/reviews/{review}/events/{event}")]
async fn get_event(call: Call, path: Path<EventPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let row: Model = find(call.read(), &review, path.event).await?;
    call.ok_tagged(etag::tag(row.version, ""), &EventBody::from(row))
}

/// Amend an event
///
/// Makes a new revision with a reason; the old one stays readable. Possible also after the review
/// is published or closed. A retracted event cannot be amended.
#[utoipa::path(tag = "Events", params(EventPath), request_body = AmendEvent, security(("oauth2" = ["events:write"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = EventBody)))]
#[post("/reviews/{review}/events/{event}/amend")]
async fn amend_event(
    call: Call,
    path: Path<EventPath>,
    Body(amendment): Body<AmendEvent>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let event = (path.review.as_str(), path.event);
        tagged(service::amend(change, event, &call.precondition, amendment).await?)
    })
    .await
}

/// Retract an event
///
/// It stays in the chronology, struck out, and marks no milestone any more.
#[utoipa::path(tag = "Events", params(EventPath), request_body = Retract, security(("oauth2" = ["events:write"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = EventBody)))]
#[post("/reviews/{review}/events/{event}/retract")]
async fn retract_event(
    call: Call,
    path: Path<EventPath>,
    Body(retraction): Body<Retract>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let event = (path.review.as_str(), path.event);
        tagged(service::retract(change, event, &call.precondition, &retraction.reason).await?)
    })
    .await
}

/// List an event's earlier revisions
///
/// Each as it was, with the reason why it was amended or retracted.
#[utoipa::path(tag = "Events", params(EventPath, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = RevisionList)))]
#[get("/reviews/{review}/events/{event}/revisions")]
async fn list_event_revisions(
    call: Call,
    path: Path<EventPath>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let row: Model = find(call.read(), &review, path.event).await?;
    revisions::list(&call, Model::RESOURCE, row.id, &paging).await
}

/// List events across reviews
#[utoipa::path(tag = "Events", params(OfReviews, ListEvents, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = EventList)))]
#[get("/events")]
async fn list_all_events(
    call: Call,
    Query(of): Query<OfReviews>,
    Query(filter): Query<ListEvents>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let whose = (&*call.caller, &*of.review_id);
    let page = store::list_across(call.read(), whose, &filter, &call.page(&paging)).await?;
    call.list(page, EventBody::from)
}

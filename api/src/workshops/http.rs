//! Routes of workshops: the workshops themselves here, their steps and reads below.

use actix_web::{HttpResponse, get, patch, post};
use entity::workshop::Model;

use super::body::WorkshopBody;
use super::input::{PlanWorkshop, WorkshopPatch};
use super::list::{ListWorkshops, WorkshopList, WorkshopPath};
use super::{invitations, service, store, view};
use crate::chronology::body::OfReviews;
use crate::kernel::body::Body;
use crate::kernel::call::{Call, Change};
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::{Page, Paging};
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;
use crate::reviews;
use crate::reviews::body::ReviewPath;

pub mod reads;
pub mod verbs;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_workshops)
        .service(list_review_workshops)
        .service(plan_workshop)
        .service(get_workshop)
        .service(update_workshop);
    verbs::routes(config);
    reads::routes(config);
    invitations::http::routes(config);
}

/// The answer to a change of a workshop.
async fn changed(change: &Change, row: Model) -> Result<Reply> {
    let body = view::one(&**change, row).await?;
    Ok(Reply::ok(&body)?.with_tag(body.tag()))
}

async fn listed(call: &Call, page: Page<Model>) -> Result<HttpResponse> {
    let page = Page {
        items: view::shown(call.read(), page.items).await?,
        next: page.next,
    };
    call.list(page, |body: WorkshopBody| body)
}

/// List workshops across reviews
///
/// Of every review that exists for the caller.
#[utoipa::path(tag = "Workshops", params(OfReviews, ListWorkshops, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = WorkshopList)))]
#[get("/workshops")]
async fn list_workshops(
    call: Call,
    Query(of): Query<OfReviews>,
    Query(filter): Query<ListWorkshops>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let whose = (&*call.caller, of.review_id.as_slice());
    let which = (&filter, call.now);
    let page = store::list_across(call.read(), whose, which, &call.page(&paging)).await?;
    listed(&call, page).await
}

/// List a review's workshops
#[utoipa::path(tag = "Workshops", params(ReviewPath, ListWorkshops, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = WorkshopList)))]
#[get("/reviews/{review}/workshops")]
async fn list_review_workshops(
    call: Call,
    path: Path<ReviewPath>,
    Query(filter): Query<ListWorkshops>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let which = (&filter, call.now);
    let page = store::list(call.read(), &review, which, &call.page(&paging)).await?;
    listed(&call, page).await
}

/// Plan a workshop
///
/// A `follow_up` carries every open action of the review over, as it stands now. Once the review
/// is published, only follow-ups and leadership readouts are planned.
#[utoipa::path(tag = "Workshops", params(ReviewPath), request_body = PlanWorkshop, security(("oauth2" = ["workshops:write"])), responses((status = 201, body = WorkshopBody)))]
#[post("/reviews/{review}/workshops")]
async fn plan_workshop(
    call: Call,
    path: Path<ReviewPath>,
    Body(workshop): Body<PlanWorkshop>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::plan(change, &path.review, workshop).await?;
        let location = format!("/api/v1/workshops/{}", row.id);
        let body = view::one(&**change, row).await?;
        Reply::created(location, body.tag(), &body)
    })
    .await
}

/// Read a workshop
///
/// Its ETag changes with its version, and with what its invitations say.
#[utoipa::path(tag = "Workshops", params(WorkshopPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = WorkshopBody)))]
#[get("/workshops/{workshop}")]
async fn get_workshop(call: Call, path: Path<WorkshopPath>) -> Result<HttpResponse> {
    let row = store::find(call.read(), &call.caller, path.workshop).await?;
    let body = view::one(call.read(), row).await?;
    call.ok_tagged(body.tag(), &body)
}

/// Change a workshop
///
/// A time that was set moves by `reschedule`. Of a workshop that was held, its facilitator, minutes,
/// excused functions, next session and references can still be changed. To name the other form of
/// facilitator replaces the one that was there.
#[utoipa::path(tag = "Workshops", params(WorkshopPath), request_body(content((WorkshopPatch = "application/merge-patch+json"), (WorkshopPatch = "application/json"))), security(("oauth2" = ["workshops:write"])), responses((status = 200, body = WorkshopBody)))]
#[patch("/workshops/{workshop}")]
async fn update_workshop(
    call: Call,
    path: Path<WorkshopPath>,
    patch: WorkshopPatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::update(change, path.workshop, &call.precondition, &patch).await?;
        changed(change, row).await
    })
    .await
}

//! Routes of actions: the actions themselves here, their steps and verbs below.

use actix_web::{HttpResponse, get, patch, post};
use chrono::NaiveDate;
use entity::action::Model;

use super::body::ActionBody;
use super::input::{ActionPatch, CreateAction};
use super::list::{ActionList, ActionPath, ListActions, OfReviews};
use super::{computed, service, store};
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

pub mod history;
pub mod summary;
pub mod verbs;
pub mod verification;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_actions)
        .service(list_review_actions)
        .service(create_action)
        .service(get_action)
        .service(update_action);
    history::routes(config);
    verification::routes(config);
    verbs::routes(config);
    summary::routes(config);
}

/// The day that a request is judged by.
fn today(call: &Call) -> NaiveDate {
    call.now.0.date_naive()
}

/// An action as it is now, within the change that made it so.
async fn shown(change: &Change, row: Model) -> Result<ActionBody> {
    let mut computed = computed::of(&**change, &change.caller, std::slice::from_ref(&row)).await?;
    let own = computed.remove(&row.id).unwrap_or_default();
    Ok(ActionBody::of(row, own, change.now.0.date_naive()))
}

/// The answer to a change of an action.
async fn changed(change: &Change, row: Model) -> Result<Reply> {
    let body = shown(change, row).await?;
    Ok(Reply::ok(&body)?.with_tag(body.tag()))
}

async fn listed(call: &Call, page: Page<Model>) -> Result<HttpResponse> {
    let mut computed = computed::of(call.read(), &call.caller, &page.items).await?;
    let today = today(call);
    call.list(page, |row| {
        let own = computed.remove(&row.id).unwrap_or_default();
        ActionBody::of(row, own, today)
    })
}

/// List actions across reviews
///
/// Of every review that exists for the caller; changes are made below the review.
#[utoipa::path(tag = "Actions", params(ListActions, OfReviews, Paging), security(("oauth2" = ["actions:read"])), responses((status = 200, body = ActionList)))]
#[get("/actions")]
async fn list_actions(
    call: Call,
    Query(filter): Query<ListActions>,
    Query(of): Query<OfReviews>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let (today, request) = (today(&call), call.page(&paging));
    let page =
        store::list_everywhere(call.read(), &call.caller, (&filter, &of), today, &request).await?;
    listed(&call, page).await
}

/// List a review's actions
#[utoipa::path(tag = "Actions", params(ReviewPath, ListActions, Paging), security(("oauth2" = ["actions:read"])), responses((status = 200, body = ActionList)))]
#[get("/reviews/{review}/actions")]
async fn list_review_actions(
    call: Call,
    path: Path<ReviewPath>,
    Query(filter): Query<ListActions>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let (today, request) = (today(&call), call.page(&paging));
    let of = (call.organization(), review.id);
    let page = store::list(call.read(), of, &filter, today, &request).await?;
    listed(&call, page).await
}

/// Add an action to a review
///
/// Refused once the review is closed, waived or cancelled. The actions that it has by then go on:
/// they outlive the review. One that somebody commits to without a due date is due within the days
/// that the review's policy gives its priority.
#[utoipa::path(tag = "Actions", params(ReviewPath), request_body = CreateAction, security(("oauth2" = ["actions:write"])), responses((status = 201, body = ActionBody)))]
#[post("/reviews/{review}/actions")]
async fn create_action(
    call: Call,
    path: Path<ReviewPath>,
    Body(action): Body<CreateAction>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::create(change, &path.review, action).await?;
        let location = format!("/api/v1/reviews/{}/actions/{}", row.review_id, row.id);
        let body = shown(change, row).await?;
        Reply::created(location, body.tag(), &body)
    })
    .await
}

/// Read an action
///
/// Its ETag changes with its version, and with what is computed when it is read: whether it is
/// overdue, its rank, and what blocks it.
#[utoipa::path(tag = "Actions", params(ActionPath), security(("oauth2" = ["actions:read"])), responses((status = 200, body = ActionBody)))]
#[get("/reviews/{review}/actions/{action}")]
async fn get_action(call: Call, path: Path<ActionPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let row = store::find(call.read(), call.organization(), review.id, path.action).await?;
    let mut computed = computed::of(call.read(), &call.caller, std::slice::from_ref(&row)).await?;
    let own = computed.remove(&row.id).unwrap_or_default();
    let body = ActionBody::of(row, own, today(&call));
    call.ok_tagged(body.tag(), &body)
}

/// Change an action
///
/// Also after its review was closed. Another due date than the one that was set counts as a
/// change of it; `reschedule` takes a reason as well. To name the other form of owner replaces the
/// one that was there.
#[utoipa::path(tag = "Actions", params(ActionPath), request_body(content((ActionPatch = "application/merge-patch+json"), (ActionPatch = "application/json"))), security(("oauth2" = ["actions:write"])), responses((status = 200, body = ActionBody)))]
#[patch("/reviews/{review}/actions/{action}")]
async fn update_action(
    call: Call,
    path: Path<ActionPath>,
    patch: ActionPatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.action);
        let row = service::update(change, named, &call.precondition, &patch).await?;
        changed(change, row).await
    })
    .await
}

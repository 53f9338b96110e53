//! Routes of groups.

use actix_web::{HttpResponse, delete, get, patch, post, put};
use entity::contribution::Outcomes;
use entity::contribution_group::Model;

use super::body::{GroupBody, GroupList, GroupPatch, GroupPath, ListGroups, MakeGroup};
use super::{service, store};
use crate::kernel::body::Body;
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::Paging;
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;
use crate::workshops;
use crate::workshops::list::WorkshopPath;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_contribution_groups)
        .service(create_contribution_group)
        .service(get_contribution_group)
        .service(update_contribution_group)
        .service(remove_contribution_group)
        .service(link_contribution_group);
}

fn tagged(row: Model) -> Result<Reply> {
    let body = GroupBody::from(row);
    Ok(Reply::ok(&body)?.with_tag(body.tag()))
}

/// List a workshop's groups of contributions
#[utoipa::path(tag = "Contributions", params(WorkshopPath, ListGroups, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = GroupList)))]
#[get("/workshops/{workshop}/contribution-groups")]
async fn list_contribution_groups(
    call: Call,
    path: Path<WorkshopPath>,
    Query(filter): Query<ListGroups>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let workshop = workshops::store::find(call.read(), &call.caller, path.workshop).await?;
    let page = store::list(call.read(), workshop.id, &filter, &call.page(&paging)).await?;
    call.list(page, GroupBody::from)
}

/// Make a group of contributions
///
/// Contributions are put into it by `PUT /contributions/{contribution}/group`, until people vote.
#[utoipa::path(tag = "Contributions", params(WorkshopPath), request_body = MakeGroup, security(("oauth2" = ["workshops:write"])), responses((status = 201, body = GroupBody)))]
#[post("/workshops/{workshop}/contribution-groups")]
async fn create_contribution_group(
    call: Call,
    path: Path<WorkshopPath>,
    Body(given): Body<MakeGroup>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::create(change, path.workshop, given).await?;
        let location = format!("/api/v1/contribution-groups/{}", row.id);
        let body = GroupBody::from(row);
        Reply::created(location, body.tag(), &body)
    })
    .await
}

/// Read a group of contributions
///
/// Its ETag changes with its version, and when the votes are counted.
#[utoipa::path(tag = "Contributions", params(GroupPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = GroupBody)))]
#[get("/contribution-groups/{group}")]
async fn get_contribution_group(call: Call, path: Path<GroupPath>) -> Result<HttpResponse> {
    let row = store::find(call.read(), &call.caller, path.group).await?;
    let body = GroupBody::from(row);
    call.ok_tagged(body.tag(), &body)
}

/// Change a group of contributions
///
/// Until people vote.
#[utoipa::path(tag = "Contributions", params(GroupPath), request_body(content((GroupPatch = "application/merge-patch+json"), (GroupPatch = "application/json"))), security(("oauth2" = ["workshops:write"])), responses((status = 200, body = GroupBody)))]
#[patch("/contribution-groups/{group}")]
async fn update_contribution_group(
    call: Call,
    path: Path<GroupPath>,
    patch: GroupPatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        tagged(service::update(change, path.group, &call.precondition, &patch).await?)
    })
    .await
}

/// Remove a group of contributions
///
/// Its contributions stay, in no group; until people vote.
#[utoipa::path(tag = "Contributions", params(GroupPath), security(("oauth2" = ["workshops:write"])), responses((status = 204)))]
#[delete("/contribution-groups/{group}")]
async fn remove_contribution_group(call: Call, path: Path<GroupPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        service::remove(change, path.group, &call.precondition).await?;
        Ok(Reply::no_content())
    })
    .await
}

/// Say what came of a group of contributions
///
/// The findings, actions and lessons of the review that it led to.
#[utoipa::path(tag = "Contributions", params(GroupPath), request_body = Outcomes, security(("oauth2" = ["workshops:write"])), responses((status = 200, body = GroupBody)))]
#[put("/contribution-groups/{group}/outcomes")]
async fn link_contribution_group(
    call: Call,
    path: Path<GroupPath>,
    Body(given): Body<Outcomes>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        tagged(service::link(change, path.group, &call.precondition, given).await?)
    })
    .await
}

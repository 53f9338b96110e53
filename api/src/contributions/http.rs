//! Routes of contributions.

use actix_web::{HttpResponse, delete, get, patch, post, put};
use entity::contribution::{Model, Outcomes};

use super::body::{
    ArrangeContribution, Contribute, ContributionBody, ContributionList, ContributionPatch,
    ContributionPath, ListContributions, NewContributionBody, WithdrawContribution,
};
use super::{ballots, board, groups, sealed, service, store};
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
        .service(list_contributions)
        .service(add_contribution)
        .service(withdraw_contribution)
        .service(get_contribution)
        .service(update_contribution)
        .service(remove_contribution)
        .service(arrange_contribution)
        .service(link_contribution);
    board::http::routes(config);
    groups::http::routes(config);
    ballots::http::routes(config);
}

fn tagged(row: Model) -> Result<Reply> {
    let body = ContributionBody::from(row);
    Ok(Reply::ok(&body)?.with_tag(body.tag()))
}

fn created(body: &NewContributionBody) -> Result<Reply> {
    let location = format!("/api/v1/contributions/{}", body.contribution.id());
    Reply::created(location, body.contribution.tag(), body)
}

/// List the contributions to a workshop
///
/// Those that are shown: anonymous ones appear all at once when the board is closed, in an order that
/// says nothing.
#[utoipa::path(tag = "Contributions", params(WorkshopPath, ListContributions, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = ContributionList)))]
#[get("/workshops/{workshop}/contributions")]
async fn list_contributions(
    call: Call,
    path: Path<WorkshopPath>,
    Query(filter): Query<ListContributions>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let workshop = workshops::store::find(call.read(), &call.caller, path.workshop).await?;
    let page = store::list(call.read(), workshop.id, &filter, &call.page(&paging)).await?;
    call.list(page, ContributionBody::from)
}

/// Contribute to a workshop
///
/// While its board collects, as somebody who takes part in the review or leads the workshop, once any
/// participant of the review is known by subject. On an anonymous board nothing is kept that says who contributed, when,
/// or before whom: there is no record in the log, no event in the feed, and nobody reads the
/// contribution before the board is closed. The answer has a token that takes it back until then, and
/// proves whose it is: keep it to yourself. An `Idempotency-Key` works as long as the board is open;
/// use one that nobody guesses, such as a UUID.
#[utoipa::path(tag = "Contributions", params(WorkshopPath), request_body = Contribute, security(("oauth2" = ["contributions:write"])), responses((status = 201, body = NewContributionBody)))]
#[post("/workshops/{workshop}/contributions")]
async fn add_contribution(
    call: Call,
    path: Path<WorkshopPath>,
    Body(given): Body<Contribute>,
) -> Result<HttpResponse> {
    call.hide_caller();
    let workshop = workshops::store::find(call.read(), &call.caller, path.workshop).await?;
    let board = board::store::of(call.read(), workshop.id).await?;
    if board.is_none_or(|board| board.anonymous) {
        return call
            .write_unsigned(async |tx| {
                let made = sealed::contribute(tx, &call.caller, workshop.id, given).await?;
                let reply = created(&made.body)?;
                Ok(if made.again { reply.replayed() } else { reply })
            })
            .await;
    }
    call.write(async |change| {
        let row = service::contribute(change, workshop.id, given).await?;
        created(&NewContributionBody {
            withdrawal_token: None,
            contribution: row.into(),
        })
    })
    .await
}

/// Withdraw an anonymous contribution
///
/// By the token that was handed out for it, while its board collects, also when its workshop was held
/// meanwhile. Once the board is closed, only
/// whoever leads the workshop can take a contribution off it. To withdraw it again changes nothing.
#[utoipa::path(tag = "Contributions", params(WorkshopPath), request_body = WithdrawContribution, security(("oauth2" = ["contributions:write"])), responses((status = 204)))]
#[post("/workshops/{workshop}/contributions/withdraw")]
async fn withdraw_contribution(
    call: Call,
    path: Path<WorkshopPath>,
    Body(given): Body<WithdrawContribution>,
) -> Result<HttpResponse> {
    call.write_unsigned(async |tx| {
        let token = &given.withdrawal_token;
        sealed::withdraw(tx, &call.caller, path.workshop, token).await?;
        Ok(Reply::no_content())
    })
    .await
}

/// Read a contribution
///
/// Its ETag changes with its version, and when the votes are counted.
#[utoipa::path(tag = "Contributions", params(ContributionPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = ContributionBody)))]
#[get("/contributions/{contribution}")]
async fn get_contribution(call: Call, path: Path<ContributionPath>) -> Result<HttpResponse> {
    let row = store::find(call.read(), &call.caller, path.contribution).await?;
    let body = ContributionBody::from(row);
    call.ok_tagged(body.tag(), &body)
}

/// Change a contribution
///
/// By whoever signed it, until people vote or the workshop is held. An anonymous one is nobody's: it
/// is withdrawn and made anew while the board collects.
#[utoipa::path(tag = "Contributions", params(ContributionPath), request_body(content((ContributionPatch = "application/merge-patch+json"), (ContributionPatch = "application/json"))), security(("oauth2" = ["contributions:write"])), responses((status = 200, body = ContributionBody)))]
#[patch("/contributions/{contribution}")]
async fn update_contribution(
    call: Call,
    path: Path<ContributionPath>,
    patch: ContributionPatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        tagged(service::update(change, path.contribution, &call.precondition, &patch).await?)
    })
    .await
}

/// Remove a contribution
///
/// By whoever signed it, until people vote or the workshop is held; with `workshops:write` anybody's,
/// until the review is published: where it blames or betrays somebody.
#[utoipa::path(tag = "Contributions", params(ContributionPath), security(("oauth2" = ["contributions:write"])), responses((status = 204)))]
#[delete("/contributions/{contribution}")]
async fn remove_contribution(call: Call, path: Path<ContributionPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        service::remove(change, path.contribution, &call.precondition).await?;
        Ok(Reply::no_content())
    })
    .await
}

/// Put a contribution into a group
///
/// Or, without `group_id`, out of the one that it is in; until people vote.
#[utoipa::path(tag = "Contributions", params(ContributionPath), request_body = ArrangeContribution, security(("oauth2" = ["workshops:write"])), responses((status = 200, body = ContributionBody)))]
#[put("/contributions/{contribution}/group")]
async fn arrange_contribution(
    call: Call,
    path: Path<ContributionPath>,
    Body(given): Body<ArrangeContribution>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let (id, group) = (path.contribution, given.group_id);
        tagged(service::arrange(change, id, &call.precondition, group).await?)
    })
    .await
}

/// Say what came of a contribution
///
/// The findings, actions and lessons of the review that it led to.
#[utoipa::path(tag = "Contributions", params(ContributionPath), request_body = Outcomes, security(("oauth2" = ["workshops:write"])), responses((status = 200, body = ContributionBody)))]
#[put("/contributions/{contribution}/outcomes")]
async fn link_contribution(
    call: Call,
    path: Path<ContributionPath>,
    Body(given): Body<Outcomes>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        tagged(service::link(change, path.contribution, &call.precondition, given).await?)
    })
    .await
}

//! Routes of ballots.

use actix_web::{HttpResponse, get, put};

use super::body::{BallotBody, CastBallot};
use super::service;
use crate::kernel::body::Body;
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::path::Path;
use crate::kernel::reply::Reply;
use crate::workshops;
use crate::workshops::list::WorkshopPath;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config.service(get_own_ballot).service(cast_ballot);
}

/// Read one's own ballot
///
/// What the caller has voted for, and how many votes are left. Nobody reads anybody else's; once the
/// votes were counted there is none any more.
#[utoipa::path(tag = "Contributions", params(WorkshopPath), security(("oauth2" = ["contributions:write"])), responses((status = 200, body = BallotBody)))]
#[get("/workshops/{workshop}/ballot")]
async fn get_own_ballot(call: Call, path: Path<WorkshopPath>) -> Result<HttpResponse> {
    call.hide_caller();
    let workshop = workshops::store::find(call.read(), &call.caller, path.workshop).await?;
    let body = service::own(call.read(), &call.caller, workshop.id).await?;
    call.ok_tagged(body.tag(), &body)
}

/// Cast a ballot
///
/// All of the caller's votes at once, while votes are taken, as somebody who takes part in the review
/// or leads the workshop, once any participant of the review is known by subject. It replaces what they voted for before,
/// so that a vote is taken back by leaving it out. Neither the log nor the feed tells of it.
#[utoipa::path(tag = "Contributions", params(WorkshopPath), request_body = CastBallot, security(("oauth2" = ["contributions:write"])), responses((status = 200, body = BallotBody)))]
#[put("/workshops/{workshop}/ballot")]
async fn cast_ballot(
    call: Call,
    path: Path<WorkshopPath>,
    Body(given): Body<CastBallot>,
) -> Result<HttpResponse> {
    call.write_unsigned(async |tx| {
        let caller = &call.caller;
        let body = service::cast(tx, caller, path.workshop, &call.precondition, &given).await?;
        Ok(Reply::ok(&body)?.with_tag(body.tag()))
    })
    .await
}

//! Routes of the verbs that end an action without its being done, or take it up again.

use actix_web::{HttpResponse, post};

use super::super::life;
use super::super::list::ActionPath;
use super::super::steps::{AcceptRisk, ActionReason};
use super::changed;
use crate::actions::body::ActionBody;
use crate::kernel::body::Body;
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::path::Path;

/// Mounts the routes.
pub(super) fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(decline_action)
        .service(accept_action_risk)
        .service(cancel_action)
        .service(reopen_action);
}

/// Decline an action
///
/// It will not be done. Only while it is unfinished.
#[utoipa::path(tag = "Actions", params(ActionPath), request_body = ActionReason, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["actions:verify"])), responses((status = 200, body = ActionBody)))]
#[post("/reviews/{review}/actions/{action}/decline")]
async fn decline_action(
    call: Call,
    path: Path<ActionPath>,
    Body(why): Body<ActionReason>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.action);
        let row = life::decline(change, named, &call.precondition, why.reason).await?;
        changed(change, row).await
    })
    .await
}

/// Accept an action's risk
///
/// It will not be done, and somebody else than its owner approves that the remaining risk is borne
/// until a date. Only while it is unfinished.
#[utoipa::path(tag = "Actions", params(ActionPath), request_body = AcceptRisk, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["actions:verify"])), responses((status = 200, body = ActionBody)))]
#[post("/reviews/{review}/actions/{action}/accept-risk")]
async fn accept_action_risk(
    call: Call,
    path: Path<ActionPath>,
    Body(accepted): Body<AcceptRisk>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.action);
        let row = life::accept_risk(change, named, &call.precondition, accepted).await?;
        changed(change, row).await
    })
    .await
}

/// Cancel an action
///
/// It is no longer needed. Only while it is unfinished.
#[utoipa::path(tag = "Actions", params(ActionPath), request_body = ActionReason, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["actions:verify"])), responses((status = 200, body = ActionBody)))]
#[post("/reviews/{review}/actions/{action}/cancel")]
async fn cancel_action(
    call: Call,
    path: Path<ActionPath>,
    Body(why): Body<ActionReason>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.action);
        let row = life::cancel(change, named, &call.precondition, why.reason).await?;
        changed(change, row).await
    })
    .await
}

/// Reopen an action
///
/// What was implemented, verified, declined, risk-accepted or cancelled is in progress again.
#[utoipa::path(tag = "Actions", params(ActionPath), request_body = ActionReason, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["actions:verify"])), responses((status = 200, body = ActionBody)))]
#[post("/reviews/{review}/actions/{action}/reopen")]
async fn reopen_action(
    call: Call,
    path: Path<ActionPath>,
    Body(why): Body<ActionReason>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.action);
        let row = life::reopen(change, named, &call.precondition, why.reason).await?;
        changed(change, row).await
    })
    .await
}

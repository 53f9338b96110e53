//! The route of capacity plans.

use actix_web::{HttpResponse, post, web};

use super::body::CapacityPlanBody;
use super::input::PlanCapacity;
use super::service;
use crate::kernel::body::Body;
use crate::kernel::call::Call;
use crate::kernel::error::{Error, Result};
use crate::kernel::mount::ServiceConfig;
use crate::kernel::reply::Reply;

/// Mounts the route.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config.service(plan_capacity);
}

/// Plan who does which action in which week
///
/// Computes and stores nothing. The unfinished actions that exist for the caller are laid out on
/// their owners' time, one after the other: each begins after those that it depends on, whoever does
/// them, goes on until it is done, and ends within the plan or is left out.
///
/// A plan is judged by three sums, and the first that differs decides: the scores of what does not
/// fit; the scores of what is late, times the days; the scores of everything, times the working days
/// until it is done. Where at most 10 actions share owners or wait for each other the plan is the
/// best there is; where they are more, the best of several rules is improved action by action, and
/// never worse than taking the highest score first (`first_fit`). The same actions have the same
/// plan.
#[utoipa::path(tag = "Actions", request_body = PlanCapacity, security(("oauth2" = ["actions:read", "reviews:read"])), responses((status = 200, description = "The plan", body = CapacityPlanBody)))]
#[post("/capacity-plan")]
async fn plan_capacity(call: Call, Body(asked): Body<PlanCapacity>) -> Result<HttpResponse> {
    let prepared = service::prepare(call.read(), &call.caller, asked, call.now).await?;
    let planned = web::block(move || prepared.solve())
        .await
        .map_err(|_| Error::Internal("a plan was not finished".to_owned()))?;
    let body = planned.shown(call.read(), &call.caller).await?;
    call.answer(Reply::ok(&body)?).await
}

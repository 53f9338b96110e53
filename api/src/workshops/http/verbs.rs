//! Routes of the steps of a workshop's life.

use actix_web::{HttpResponse, post};

use super::super::body::WorkshopBody;
use super::super::life;
use super::super::list::WorkshopPath;
use super::super::steps::{CancelWorkshop, HoldWorkshop, RescheduleWorkshop};
use super::changed;
use crate::kernel::body::{Body, OptionalBody};
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::path::Path;

/// Mounts the routes.
pub(super) fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(hold_workshop)
        .service(cancel_workshop)
        .service(reschedule_workshop);
}

/// Mark a workshop as held
///
/// With what came of it, and who came as far as it was not recorded before. A required function
/// that was not there does not keep it from being held: `absent_required_functions` names it, and
/// it has to be excused with a reason before a review whose policy asks for a workshop is handed
/// in. Refused when the facilitator turns out not to be neutral and no reason is given for it.
#[utoipa::path(tag = "Workshops", params(WorkshopPath), request_body = HoldWorkshop, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["workshops:write"])), responses((status = 200, body = WorkshopBody)))]
#[post("/workshops/{workshop}/hold")]
async fn hold_workshop(
    call: Call,
    path: Path<WorkshopPath>,
    OptionalBody(hold): OptionalBody<HoldWorkshop>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = life::hold(change, path.workshop, &call.precondition, hold).await?;
        changed(change, row).await
    })
    .await
}

/// Cancel a workshop
///
/// With a reason, while it is planned. Its calendar file takes the invitation back. Its board ends:
/// anonymous contributions that were not shown yet are destroyed, votes that were given are counted.
#[utoipa::path(tag = "Workshops", params(WorkshopPath), request_body = CancelWorkshop, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["workshops:write"])), responses((status = 200, body = WorkshopBody)))]
#[post("/workshops/{workshop}/cancel")]
async fn cancel_workshop(
    call: Call,
    path: Path<WorkshopPath>,
    Body(why): Body<CancelWorkshop>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = life::cancel(change, path.workshop, &call.precondition, why.reason).await?;
        changed(change, row).await
    })
    .await
}

/// Give a workshop another time
///
/// Keeps the one before, raises the sequence of its calendar file, and takes the answers back that
/// were given for the time before.
#[utoipa::path(tag = "Workshops", params(WorkshopPath), request_body = RescheduleWorkshop, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["workshops:write"])), responses((status = 200, body = WorkshopBody)))]
#[post("/workshops/{workshop}/reschedule")]
async fn reschedule_workshop(
    call: Call,
    path: Path<WorkshopPath>,
    Body(new): Body<RescheduleWorkshop>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = life::reschedule(change, path.workshop, &call.precondition, new).await?;
        changed(change, row).await
    })
    .await
}

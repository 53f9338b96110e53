//! Routes of agendas and of the briefing pack.

use actix_web::{HttpResponse, get, post, put};

use super::body::{AgendaBody, BriefingPack, GenerateAgenda, SetAgenda};
use super::{service, store};
use crate::kernel::body::{Body, OptionalBody};
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::etag;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::path::Path;
use crate::kernel::reply::Reply;
use crate::workshops::list::WorkshopPath;
use crate::{reviews, workshops};

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(get_workshop_agenda)
        .service(set_workshop_agenda)
        .service(generate_workshop_agenda)
        .service(get_briefing_pack);
}

/// Read a workshop's agenda
///
/// With the time that each topic begins at. Its ETag is the version of the workshop.
#[utoipa::path(tag = "Workshops", params(WorkshopPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = AgendaBody)))]
#[get("/workshops/{workshop}/agenda")]
async fn get_workshop_agenda(call: Call, path: Path<WorkshopPath>) -> Result<HttpResponse> {
    let workshop = workshops::store::find(call.read(), &call.caller, path.workshop).await?;
    let topics = workshop.agenda.0.clone();
    let tag = etag::tag(workshop.version, "");
    call.ok_tagged(tag, &AgendaBody::of(&workshop, topics))
}

/// Set a workshop's agenda
///
/// While the workshop is planned.
#[utoipa::path(tag = "Workshops", params(WorkshopPath), request_body = SetAgenda, security(("oauth2" = ["workshops:write"])), responses((status = 200, body = AgendaBody)))]
#[put("/workshops/{workshop}/agenda")]
async fn set_workshop_agenda(
    call: Call,
    path: Path<WorkshopPath>,
    Body(given): Body<SetAgenda>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::set(change, path.workshop, &call.precondition, given.topics).await?;
        let topics = row.agenda.0.clone();
        let tag = etag::tag(row.version, "");
        Ok(Reply::ok(&AgendaBody::of(&row, topics))?.with_tag(tag))
    })
    .await
}

/// Make a workshop's agenda
///
/// From what the review holds: the topics of the workshop's kind for which there is something, each
/// with a share of the time in proportion to how much that is. It replaces the agenda, and can be
/// changed afterwards; with `dry_run` it is only shown.
#[utoipa::path(tag = "Workshops", params(WorkshopPath), request_body = GenerateAgenda, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["workshops:write"])), responses((status = 200, body = AgendaBody)))]
#[post("/workshops/{workshop}/agenda/generate")]
async fn generate_workshop_agenda(
    call: Call,
    path: Path<WorkshopPath>,
    OptionalBody(given): OptionalBody<GenerateAgenda>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let (id, dry_run) = (path.workshop, given.dry_run);
        let (row, topics) = service::generate(change, id, &call.precondition, dry_run).await?;
        let tag = etag::tag(row.version, "");
        Ok(Reply::ok(&AgendaBody::of(&row, topics))?.with_tag(tag))
    })
    .await
}

/// Read a workshop's briefing pack
///
/// Everything that the session goes through, in one read: the review, its incidents with their
/// course, the chronology in short, findings and what explains them, actions, what people contributed by
/// group, open points, who is invited, agenda and ground rules.
#[utoipa::path(tag = "Workshops", params(WorkshopPath), security(("oauth2" = ["reviews:read", "incidents:read", "actions:read"])), responses((status = 200, body = BriefingPack)))]
#[get("/workshops/{workshop}/briefing-pack")]
async fn get_briefing_pack(call: Call, path: Path<WorkshopPath>) -> Result<HttpResponse> {
    let workshop = workshops::store::find(call.read(), &call.caller, path.workshop).await?;
    let name = workshop.review_id.to_string();
    let review = reviews::store::find(call.read(), &call.caller, &name).await?;
    let whose = (&*call.caller, call.now);
    call.ok(&store::pack(call.read(), whose, (review, workshop)).await?)
}

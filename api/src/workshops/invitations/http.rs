//! Routes of invitations and of the acknowledgement of ground rules.

use actix_web::{HttpResponse, delete, get, patch, post};

use super::body::{
    AcknowledgeGroundRules, AcknowledgementBody, AcknowledgementsBody, AnswerInvitation,
    InvitationBody, InvitationList, InvitationPatch, InvitationPath, InviteParticipant,
    ListInvitations, RecordAttendance,
};
use super::service::{self, Acknowledged, Invited};
use super::{acknowledgements, store};
use crate::kernel::body::{Body, OptionalBody};
use crate::kernel::call::Call;
use crate::kernel::error::{Error, Result};
use crate::kernel::etag;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::{Page, Paging};
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;
use crate::workshops;
use crate::workshops::list::WorkshopPath;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_workshop_invitations)
        .service(invite_participant)
        .service(get_invitation)
        .service(update_invitation)
        .service(withdraw_invitation)
        .service(answer_invitation)
        .service(record_attendance)
        .service(get_workshop_acknowledgements)
        .service(acknowledge_ground_rules);
}

/// List a workshop's invitations
#[utoipa::path(tag = "Workshops", params(WorkshopPath, ListInvitations, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = InvitationList)))]
#[get("/workshops/{workshop}/invitations")]
async fn list_workshop_invitations(
    call: Call,
    path: Path<WorkshopPath>,
    Query(filter): Query<ListInvitations>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let workshop = workshops::store::find(call.read(), &call.caller, path.workshop).await?;
    let page = store::list(call.read(), workshop.id, &filter, &call.page(&paging)).await?;
    let participants = store::participants(call.read(), &page.items).await?;
    let page = Page {
        items: InvitationBody::all(page.items, &participants),
        next: page.next,
    };
    call.list(page, |body| body)
}

fn tagged((row, participant): Invited) -> Result<Reply> {
    let tag = etag::tag(row.version, "");
    Ok(Reply::ok(&InvitationBody::of(row, &participant))?.with_tag(tag))
}

/// Invite a participant to a workshop
///
/// Each of a review's participants once, up to 200; while the workshop is planned.
#[utoipa::path(tag = "Workshops", params(WorkshopPath), request_body = InviteParticipant, security(("oauth2" = ["workshops:write"])), responses((status = 201, body = InvitationBody)))]
#[post("/workshops/{workshop}/invitations")]
async fn invite_participant(
    call: Call,
    path: Path<WorkshopPath>,
    Body(given): Body<InviteParticipant>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let (row, participant) = service::invite(change, path.workshop, given).await?;
        let location = format!(
            "/api/v1/workshops/{}/invitations/{}",
            row.workshop_id, row.id
        );
        let tag = etag::tag(row.version, "");
        Reply::created(location, tag, &InvitationBody::of(row, &participant))
    })
    .await
}

/// Read an invitation
#[utoipa::path(tag = "Workshops", params(InvitationPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = InvitationBody)))]
#[get("/workshops/{workshop}/invitations/{invitation}")]
async fn get_invitation(call: Call, path: Path<InvitationPath>) -> Result<HttpResponse> {
    let workshop = workshops::store::find(call.read(), &call.caller, path.workshop).await?;
    let row = store::find(call.read(), &workshop, path.invitation).await?;
    let participant = store::participant(call.read(), &row).await?;
    let tag = etag::tag(row.version, "");
    call.ok_tagged(tag, &InvitationBody::of(row, &participant))
}

/// Change an invitation
///
/// While the workshop is planned.
#[utoipa::path(tag = "Workshops", params(InvitationPath), request_body(content((InvitationPatch = "application/merge-patch+json"), (InvitationPatch = "application/json"))), security(("oauth2" = ["workshops:write"])), responses((status = 200, body = InvitationBody)))]
#[patch("/workshops/{workshop}/invitations/{invitation}")]
async fn update_invitation(
    call: Call,
    path: Path<InvitationPath>,
    patch: InvitationPatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.workshop, path.invitation);
        tagged(service::update(change, named, &call.precondition, &patch).await?)
    })
    .await
}

/// Withdraw an invitation
///
/// While the workshop is planned; the calendar file no longer names whom it invited. The one that takes
/// the workshop out of their calendar is `invite.ics?participant=…`.
#[utoipa::path(tag = "Workshops", params(InvitationPath), security(("oauth2" = ["workshops:write"])), responses((status = 204)))]
#[delete("/workshops/{workshop}/invitations/{invitation}")]
async fn withdraw_invitation(call: Call, path: Path<InvitationPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.workshop, path.invitation);
        service::withdraw(change, named, &call.precondition).await?;
        Ok(Reply::no_content())
    })
    .await
}

/// Answer an invitation
///
/// By whoever is invited, recognised by their subject; with `workshops:write` for anybody. Another
/// answer replaces the one before, until the workshop is held or cancelled.
#[utoipa::path(tag = "Workshops", params(InvitationPath), request_body = AnswerInvitation, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["contributions:write"])), responses((status = 200, body = InvitationBody)))]
#[post("/workshops/{workshop}/invitations/{invitation}/rsvp")]
async fn answer_invitation(
    call: Call,
    path: Path<InvitationPath>,
    Body(answer): Body<AnswerInvitation>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.workshop, path.invitation);
        tagged(service::answer(change, named, &call.precondition, answer).await?)
    })
    .await
}

/// Record whether somebody came
///
/// Before or after the workshop is marked as held. A required function of which nobody came, and
/// nobody is excused, keeps a review whose policy asks for a workshop from being handed in.
#[utoipa::path(tag = "Workshops", params(InvitationPath), request_body = RecordAttendance, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["workshops:write"])), responses((status = 200, body = InvitationBody)))]
#[post("/workshops/{workshop}/invitations/{invitation}/attendance")]
async fn record_attendance(
    call: Call,
    path: Path<InvitationPath>,
    Body(given): Body<RecordAttendance>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.workshop, path.invitation);
        tagged(service::attend(change, named, &call.precondition, given).await?)
    })
    .await
}

/// Read who acknowledged the ground rules
#[utoipa::path(tag = "Workshops", params(WorkshopPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = AcknowledgementsBody)))]
#[get("/workshops/{workshop}/acknowledgements")]
async fn get_workshop_acknowledgements(
    call: Call,
    path: Path<WorkshopPath>,
) -> Result<HttpResponse> {
    let workshop = workshops::store::find(call.read(), &call.caller, path.workshop).await?;
    let invitations = store::for_workshop(call.read(), workshop.id).await?;
    let participants = store::participants(call.read(), &invitations).await?;
    call.ok(&acknowledgements::of(
        &workshop,
        &invitations,
        &participants,
    ))
}

/// Acknowledge a workshop's ground rules
///
/// As they read now: when they are changed, everybody is asked again. The same text again is
/// answered with 200 and changes nothing.
#[utoipa::path(tag = "Workshops", params(WorkshopPath), request_body = AcknowledgeGroundRules, security(("oauth2" = ["contributions:write"])), responses((status = 201, body = AcknowledgementBody), (status = 200, description = "Acknowledged before; this is what is stored", body = AcknowledgementBody)))]
#[post("/workshops/{workshop}/acknowledgements")]
async fn acknowledge_ground_rules(
    call: Call,
    path: Path<WorkshopPath>,
    OptionalBody(given): OptionalBody<AcknowledgeGroundRules>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let (outcome, (row, participant)) =
            service::acknowledge(change, path.workshop, &given).await?;
        let tag = etag::tag(row.version, "");
        let body = AcknowledgementBody::of(&row, &participant)
            .ok_or_else(|| Error::Internal("an acknowledgement is not kept".to_owned()))?;
        let location = format!("/api/v1/workshops/{}/acknowledgements", row.workshop_id);
        match outcome {
            Acknowledged::Now => Reply::created(location, tag, &body),
            Acknowledged::Before => Ok(Reply::ok(&body)?.with_tag(tag)),
        }
    })
    .await
}

//! Routes of what is made of a workshop: its calendar file, and what a follow-up carries over.

use actix_web::{HttpResponse, get};
use uuid::Uuid;

use super::super::calendar_file::{self, People, file_name};
use super::super::carry_over;
use super::super::carry_over::body::CarryOverBody;
use super::super::invitations;
use super::super::list::{CalendarFileFor, WorkshopPath};
use super::super::store;
use crate::kernel::call::Call;
use crate::kernel::error::{Error, Result};
use crate::kernel::mount::ServiceConfig;
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::{participants, reviews};

/// Mounts the routes.
pub(super) fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(get_workshop_calendar_file)
        .service(get_carry_over);
}

/// Read a workshop's calendar file
///
/// An iCalendar object (RFC 5545) with everybody who is invited and has an address, to be sent to
/// them: a request, or the cancellation once the workshop is cancelled. For a `participant` who is no
/// longer invited it is the cancellation for them alone. Its UID stays the same, its
/// sequence rises with each change. Of a review that is restricted, TLP:RED or under legal
/// privilege it holds the key, no title and no agenda. 404 while the workshop has no time, and for a
/// participant who never was invited.
#[utoipa::path(tag = "Workshops", params(WorkshopPath, CalendarFileFor), security(("oauth2" = ["reviews:read"])), responses((status = 200, description = "The calendar file", body = String, content_type = "text/calendar")))]
#[get("/workshops/{workshop}/invite.ics")]
async fn get_workshop_calendar_file(
    call: Call,
    path: Path<WorkshopPath>,
    Query(whose): Query<CalendarFileFor>,
) -> Result<HttpResponse> {
    let workshop = store::find(call.read(), &call.caller, path.workshop).await?;
    let name = workshop.review_id.to_string();
    let review = reviews::store::find(call.read(), &call.caller, &name).await?;
    let invitations = invitations::store::for_workshop(call.read(), workshop.id).await?;
    let participants = participants::store::for_review(call.read(), review.id).await?;
    let about = (&review, &workshop);
    let people = People {
        invitations: &invitations,
        participants: &participants,
        service: call.state.organizer_email.as_deref(),
    };
    let is_invited = |id: &Uuid| invitations.iter().any(|one| one.participant_id == *id);
    let invite = match whose.participant.filter(|id| !is_invited(id)) {
        Some(no_longer) => calendar_file::taken_from(about, people, no_longer)
            .ok_or_else(|| Error::not_found("calendar file: the participant was not invited"))?,
        None => calendar_file::of(about, people)
            .ok_or_else(|| Error::not_found("calendar file: the workshop has no time yet"))?,
    };
    let media_type = format!(
        "text/calendar; charset=utf-8; method={}; component=VEVENT",
        invite.method()
    );
    Ok(call.ok_as(&media_type, &file_name(&workshop), invite.write()))
}

/// Read what a follow-up carries over
///
/// Each action as it was carried over and as it is now; once the follow-up was held, as the session
/// left it. What moved, what slipped and what is new is told for each. 404 for other workshops.
#[utoipa::path(tag = "Workshops", params(WorkshopPath), security(("oauth2" = ["reviews:read", "actions:read"])), responses((status = 200, body = CarryOverBody)))]
#[get("/workshops/{workshop}/carry-over")]
async fn get_carry_over(call: Call, path: Path<WorkshopPath>) -> Result<HttpResponse> {
    let workshop = store::find(call.read(), &call.caller, path.workshop).await?;
    call.ok(&carry_over::service::read(call.read(), &workshop).await?)
}

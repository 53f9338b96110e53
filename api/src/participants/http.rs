//! Routes and bodies of participants.

use actix_web::{HttpResponse, delete, get, patch, post};
use entity::Timestamp;
use entity::participant::{self, Model};
use entity::vocabulary::{IncidentRole, StakeholderFunction};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{service, store};
use crate::kernel::body::{Body, Patch};
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::etag;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::Paging;
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;
use crate::reviews;
use crate::reviews::body::ReviewPath;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_participants)
        .service(add_participant)
        .service(get_participant)
        .service(update_participant)
        .service(remove_participant);
}

/// A person or team in a review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddParticipant {
    /// Name of the person or team.
    #[schema(min_length = 1, max_length = 200, example = "Kim Larsen")]
    pub name: String,
    /// Subject in the identity provider, unique in the review; makes a member of a restricted one.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 255, example = "kim@example.org")]
    pub subject: Option<String>,
    /// Where to write to.
    #[serde(default)]
    #[schema(format = "email", max_length = 254, example = "kim@example.org")]
    pub email: Option<String>,
    /// The part of the organisation they stand for.
    pub function: StakeholderFunction,
    /// What they did in the incident.
    #[serde(default)]
    #[schema(max_items = 12)]
    pub incident_roles: Vec<IncidentRole>,
    /// Whether they took part in the response, and so cannot lead the workshop.
    #[serde(default)]
    #[schema(default = false, example = true)]
    pub involved_in_response: bool,
    /// How long they worked on it, in minutes.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000, example = 480)]
    pub effort_minutes: Option<i32>,
}

/// A change of a participant.
pub type ParticipantPatch = Patch<AddParticipant>;

impl From<&Model> for AddParticipant {
    fn from(row: &Model) -> Self {
        Self {
            name: row.name.clone(),
            subject: row.subject.clone(),
            email: row.email.clone(),
            function: row.function,
            incident_roles: row.incident_roles.0.clone(),
            involved_in_response: row.involved_in_response,
            effort_minutes: row.effort_minutes,
        }
    }
}

/// A participant.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipantBody {
    /// Its id.
    id: Uuid,
    /// The review.
    review_id: Uuid,
    /// Name of the person or team.
    #[schema(example = "Kim Larsen")]
    name: String,
    /// Subject in the identity provider.
    #[schema(example = "kim@example.org")]
    subject: Option<String>,
    /// Where to write to.
    #[schema(example = "kim@example.org")]
    email: Option<String>,
    /// The part of the organisation they stand for.
    function: StakeholderFunction,
    /// What they did in the incident.
    incident_roles: Vec<IncidentRole>,
    /// Whether they took part in the response.
    #[schema(example = true)]
    involved_in_response: bool,
    /// How long they worked on it, in minutes.
    #[schema(example = 480)]
    effort_minutes: Option<i32>,
    /// Version of the resource, as in its ETag.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// When it was created.
    created_at: Timestamp,
    /// Who created it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    created_by: String,
    /// When it was last changed.
    updated_at: Timestamp,
}

impl From<Model> for ParticipantBody {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            review_id: row.review_id,
            name: row.name,
            subject: row.subject,
            email: row.email,
            function: row.function,
            incident_roles: row.incident_roles.0,
            involved_in_response: row.involved_in_response,
            effort_minutes: row.effort_minutes,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }
}

/// A page of participants.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipantList {
    /// The participants, in order.
    items: Vec<ParticipantBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which participant of a review.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ParticipantPath {
    /// Id or key of the review.
    #[param(
        pattern = "^(PIR-[0-9]{4}-[0-9]{4,9}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        example = "PIR-2026-0001"
    )]
    pub review: String,
    /// Id of the participant.
    pub participant: Uuid,
}

crate::sorts! {
    /// Order of a list of participants.
    ParticipantSort of participant::Entity, default CreatedAt;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
    Name NameDescending "name" "-name" Name;
}

/// Which participants, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListParticipants {
    /// Any of these functions.
    #[serde(default)]
    pub function: Vec<StakeholderFunction>,
    /// Only those who took part in the response, or only the others.
    pub involved_in_response: Option<bool>,
    /// Words that the name holds, all of them.
    #[param(max_length = 200, example = "larsen")]
    pub q: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: ParticipantSort,
}

/// List a review's participants
#[utoipa::path(tag = "Participants", params(ReviewPath, ListParticipants, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = ParticipantList)))]
#[get("/reviews/{review}/participants")]
async fn list_participants(
    call: Call,
    path: Path<ReviewPath>,
    Query(filter): Query<ListParticipants>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let page = store::list(call.read(), review.id, &filter, &call.page(&paging)).await?;
    call.list(page, ParticipantBody::from)
}

/// Add a participant
#[utoipa::path(tag = "Participants", params(ReviewPath), request_body = AddParticipant, security(("oauth2" = ["reviews:write"])), responses((status = 201, body = ParticipantBody)))]
#[post("/reviews/{review}/participants")]
async fn add_participant(
    call: Call,
    path: Path<ReviewPath>,
    Body(participant): Body<AddParticipant>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::add(change, &path.review, participant).await?;
        let location = format!("/api/v1/reviews/{}/participants/{}", row.review_id, row.id);
        Reply::created(
            location,
            etag::tag(row.version, ""),
            &ParticipantBody::from(row),
        )
    })
    .await
}

/// Read a participant
#[utoipa::path(tag = "Participants", params(ParticipantPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = ParticipantBody)))]
#[get("/reviews/{review}/participants/{participant}")]
async fn get_participant(call: Call, path: Path<ParticipantPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let row = store::find(call.read(), &review, path.participant).await?;
    call.ok_tagged(etag::tag(row.version, ""), &ParticipantBody::from(row))
}

/// Change a participant
#[utoipa::path(tag = "Participants", params(ParticipantPath), request_body(content((ParticipantPatch = "application/merge-patch+json"), (ParticipantPatch = "application/json"))), security(("oauth2" = ["reviews:write"])), responses((status = 200, body = ParticipantBody)))]
#[patch("/reviews/{review}/participants/{participant}")]
async fn update_participant(
    call: Call,
    path: Path<ParticipantPath>,
    patch: ParticipantPatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let which = (path.review.as_str(), path.participant);
        let row = service::update(change, which, &call.precondition, &patch).await?;
        let tag = etag::tag(row.version, "");
        Ok(Reply::ok(&ParticipantBody::from(row))?.with_tag(tag))
    })
    .await
}

/// Remove a participant
///
/// Refused while the participant owns an action, leads a workshop or is invited to one, or the
/// decision log names them.
#[utoipa::path(tag = "Participants", params(ParticipantPath), security(("oauth2" = ["reviews:write"])), responses((status = 204)))]
#[delete("/reviews/{review}/participants/{participant}")]
async fn remove_participant(call: Call, path: Path<ParticipantPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        let which = (path.review.as_str(), path.participant);
        service::remove(change, which, &call.precondition).await?;
        Ok(Reply::no_content())
    })
    .await
}

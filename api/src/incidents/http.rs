//! Routes of incidents.

use actix_web::{HttpResponse, get, patch, post, put};
use entity::incident::Model;
use entity::vocabulary::{DetectionSource, IncidentCategory, IncidentStatus, Milestone, Severity};
use entity::{Timestamp, incident};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::body::{IncidentBody, IncidentList, UpsertBody, UpsertOutcome};
use super::input::{IncidentPatch, RecordIncident, UpsertIncident};
use super::seen::{SeenEvents, shown};
use super::service::{self, Upserted};
use super::store;
use crate::closures;
use crate::kernel::body::Body;
use crate::kernel::call::Call;
use crate::kernel::error::{Error, Result};
use crate::kernel::etag;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::Paging;
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;
use crate::references::ExternalRefName;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_incidents)
        .service(create_incident)
        .service(get_incident_by_ref)
        .service(upsert_incident)
        .service(get_incident)
        .service(update_incident);
}

/// Which incident.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct IncidentPath {
    /// Id of the incident.
    pub incident: Uuid,
}

/// Which incident, by the sender's own id.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct IncidentRefPath {
    /// The other system.
    #[param(
        min_length = 1,
        max_length = 64,
        pattern = "^[a-z0-9][a-z0-9_.-]*$",
        example = "jira"
    )]
    pub system: String,
    /// The id there.
    #[param(
        min_length = 1,
        max_length = 255,
        pattern = "^[^/?#\\u0000-\\u001f\\u007f-\\u009f]+$",
        example = "SEC-1042"
    )]
    pub external_id: String,
}

crate::sorts! {
    /// Order of a list of incidents.
    IncidentSort of incident::Entity, default CreatedAtDescending;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
    UpdatedAt UpdatedAtDescending "updated_at" "-updated_at" UpdatedAt;
    Title TitleDescending "title" "-title" Title;
}

/// Which incidents, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListIncidents {
    /// Any of these states.
    #[serde(default)]
    pub status: Vec<IncidentStatus>,
    /// Any of these severities.
    #[serde(default)]
    pub severity: Vec<Severity>,
    /// Any of these categories.
    #[serde(default)]
    pub category: Vec<IncidentCategory>,
    /// Any of these detection sources.
    #[serde(default)]
    pub detection_source: Vec<DetectionSource>,
    /// Called by any of these names in other systems, each of which is `system:id` of one of its
    /// `external_refs`.
    #[serde(default)]
    #[param(value_type = Vec<ExternalRefName>, example = json!(["jira:SEC-1042"]))]
    pub external_ref: Vec<String>,
    /// Any of these tags.
    #[serde(default)]
    #[param(example = json!(["vpn"]))]
    pub tag: Vec<String>,
    /// Only those recorded long after the fact, or only the others.
    pub backfilled: Option<bool>,
    /// Created at or after.
    pub created_at_from: Option<Timestamp>,
    /// Created before.
    pub created_at_to: Option<Timestamp>,
    /// Changed at or after.
    pub updated_at_from: Option<Timestamp>,
    /// Changed before.
    pub updated_at_to: Option<Timestamp>,
    /// Words that title or summary hold, all of them.
    #[param(max_length = 200, example = "ransomware")]
    pub q: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: IncidentSort,
}

/// List incidents
#[utoipa::path(tag = "Incidents", params(ListIncidents, Paging), security(("oauth2" = ["incidents:read"])), responses((status = 200, body = IncidentList)))]
#[get("/incidents")]
async fn list_incidents(
    call: Call,
    Query(filter): Query<ListIncidents>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let page = store::list(
        call.read(),
        call.organization(),
        &filter,
        &call.page(&paging),
    )
    .await?;
    let seen = SeenEvents::of(call.read(), &call.caller, &page.items).await?;
    call.list(page, |row| IncidentBody::of(row, &seen))
}

/// Record an incident
///
/// One that is closed may open its review: see `POST /policies`.
#[utoipa::path(tag = "Incidents", request_body = RecordIncident, security(("oauth2" = ["incidents:write"])), responses((status = 201, body = IncidentBody)))]
#[post("/incidents")]
async fn create_incident(call: Call, Body(incident): Body<RecordIncident>) -> Result<HttpResponse> {
    call.write(async |change| {
        let saved = service::create(change, incident).await?;
        closures::follow(change, &saved).await?;
        created(saved.row)
    })
    .await
}

fn created(row: Model) -> Result<Reply> {
    let location = format!("/api/v1/incidents/{}", row.id);
    let tag = etag::tag(row.version, "");
    // No chronology marks what has only just been recorded.
    Reply::created(location, tag, &IncidentBody::of(row, &SeenEvents::none()))
}

/// Read an incident
#[utoipa::path(tag = "Incidents", params(IncidentPath), security(("oauth2" = ["incidents:read"])), responses((status = 200, body = IncidentBody)))]
#[get("/incidents/{incident}")]
async fn get_incident(call: Call, path: Path<IncidentPath>) -> Result<HttpResponse> {
    let row = store::find(call.read(), call.organization(), path.incident).await?;
    let row = row.ok_or_else(|| Error::not_found("incident"))?;
    let tag = etag::tag(row.version, "");
    call.ok_tagged(tag, &shown(call.read(), &call.caller, row).await?)
}

/// Change an incident
///
/// Closing it may open its review: see `POST /policies`.
#[utoipa::path(tag = "Incidents", params(IncidentPath), request_body(content((IncidentPatch = "application/merge-patch+json"), (IncidentPatch = "application/json"))), security(("oauth2" = ["incidents:write"])), responses((status = 200, body = IncidentBody)))]
#[patch("/incidents/{incident}")]
async fn update_incident(
    call: Call,
    path: Path<IncidentPath>,
    patch: IncidentPatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let closes = patch
            .value("/status")
            .is_some_and(|status| status == "closed");
        if closes || patch.value("/timestamps/closed").is_some() {
            closures::expect(change, path.incident).await?;
        }
        let saved = service::update(change, path.incident, &call.precondition, &patch).await?;
        closures::follow(change, &saved).await?;
        let tag = etag::tag(saved.row.version, "");
        let body = shown(&**change, &change.caller, saved.row).await?;
        Ok(Reply::ok(&body)?.with_tag(tag))
    })
    .await
}

/// Read an incident by another system's id
#[utoipa::path(tag = "Incidents", params(IncidentRefPath), security(("oauth2" = ["incidents:read"])), responses((status = 200, body = IncidentBody)))]
#[get("/incidents/by-ref/{system}/{external_id}")]
async fn get_incident_by_ref(call: Call, path: Path<IncidentRefPath>) -> Result<HttpResponse> {
    let (read, organization) = (call.read(), call.organization());
    let row = store::find_by_ref(read, organization, &path.system, &path.external_id).await?;
    let row = row.ok_or_else(|| Error::not_found("incident"))?;
    let tag = etag::tag(row.version, "");
    call.ok_tagged(tag, &shown(call.read(), &call.caller, row).await?)
}

/// Create or replace an incident by another system's id
///
/// Takes the place of POST and PATCH for senders that repeat themselves: `sequence` stands in for
/// `If-Match`, which is honoured when it is sent: then nothing is created. An update whose sequence is older than the
/// stored one is dropped, and the answer says so.
#[utoipa::path(tag = "Incidents", params(IncidentRefPath), request_body = UpsertIncident, security(("oauth2" = ["incidents:write"])), responses((status = 200, body = UpsertBody), (status = 201, body = UpsertBody)))]
#[put("/incidents/by-ref/{system}/{external_id}")]
async fn upsert_incident(
    call: Call,
    path: Path<IncidentRefPath>,
    Body(upsert): Body<UpsertIncident>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let name = (path.system.as_str(), path.external_id.as_str());
        let sent = &upsert.incident;
        let marked = sent.timestamps.contains_key(&Milestone::Closed);
        if sent.status == IncidentStatus::Closed || marked {
            let (read, organization) = (&**change, change.organization());
            let known = store::find_by_ref(read, organization, name.0, name.1).await?;
            if let Some(known) = known.filter(|known| known.closed_at.is_none()) {
                closures::expect(change, known.id).await?;
            }
        }
        let done = service::upsert(change, name, &call.precondition, upsert).await;
        let (upserted, saved) = done.map_err(|error| error.under("/incident"))?;
        closures::follow(change, &saved).await?;
        let row = saved.row;
        let outcome = match upserted {
            Upserted::Created => UpsertOutcome::Created,
            Upserted::Updated => UpsertOutcome::Updated,
            Upserted::Unchanged => UpsertOutcome::Unchanged,
            Upserted::DroppedAsStale => UpsertOutcome::DroppedAsStale,
        };
        let tag = etag::tag(row.version, "");
        let location = format!("/api/v1/incidents/{}", row.id);
        let body = UpsertBody {
            outcome,
            incident: shown(&**change, &change.caller, row).await?,
        };
        match upserted {
            Upserted::Created => Reply::created(location, tag, &body),
            _ => Ok(Reply::ok(&body)?.with_tag(tag)),
        }
    })
    .await
}

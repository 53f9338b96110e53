//! Routes and bodies of incidents.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, patch, post, put, web};
use entity::incident::{KnownTime, Model};
use entity::shared::ExternalRef;
use entity::vocabulary::{
    AttackPattern, DetectionSource, IncidentCategory, IncidentCertainty, IncidentStatus,
    IncidentSubcategory, Milestone, Severity, TimeBasis, TimePrecision,
};
use entity::{Timestamp, incident};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::rules::{self, TimeSource};
use super::service::{self, Upserted};
use super::store;
use crate::attack::{self, Warning};
use crate::kernel::body::{Body, Patch};
use crate::kernel::call::Call;
use crate::kernel::error::{Error, Result};
use crate::kernel::etag;
use crate::kernel::page::Paging;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_incidents)
        .service(create_incident)
        .service(get_incident_by_ref)
        .service(upsert_incident)
        .service(get_incident)
        .service(update_incident);
}

/// When a milestone of an incident was, as its sender or an editor says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IncidentTime {
    /// The instant, or the best single value for it.
    pub at: Timestamp,
    /// How exactly it is known.
    #[serde(default = "exact")]
    #[schema(default = "exact")]
    pub precision: TimePrecision,
    /// Where it comes from.
    #[serde(default = "event_basis")]
    #[schema(default = "event")]
    pub basis: TimeBasis,
    /// The earliest it can have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest: Option<Timestamp>,
    /// The latest it can have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<Timestamp>,
    /// Why this time is to win over the chronology's; without a reason an event's mark wins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        min_length = 1,
        max_length = 1000,
        example = "The SIEM's clock was an hour ahead"
    )]
    pub override_reason: Option<String>,
}

fn exact() -> TimePrecision {
    TimePrecision::Exact
}

fn event_basis() -> TimeBasis {
    TimeBasis::Event
}

impl IncidentTime {
    /// The time without the reason.
    pub fn known(&self) -> KnownTime {
        KnownTime {
            at: self.at,
            precision: self.precision,
            basis: self.basis,
            earliest: self.earliest,
            latest: self.latest,
        }
    }

    /// A known time as it can be said.
    pub fn of(time: &KnownTime, override_reason: Option<String>) -> Self {
        Self {
            at: time.at,
            precision: time.precision,
            basis: time.basis,
            earliest: time.earliest,
            latest: time.latest,
            override_reason,
        }
    }
}

/// An incident as its sender records it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordIncident {
    /// What it is about.
    #[schema(
        min_length = 1,
        max_length = 300,
        example = "Ransomware on the file servers"
    )]
    pub title: String,
    /// What happened, in short.
    #[serde(default)]
    #[schema(
        max_length = 65536,
        example = "Files on two servers were encrypted overnight."
    )]
    pub summary: Option<String>,
    /// How bad it is.
    pub severity: Severity,
    /// The sender's own word for the severity.
    #[serde(default)]
    #[schema(max_length = 64, example = "P1")]
    pub severity_raw: Option<String>,
    /// How certain it is that it was an incident.
    #[serde(default = "confirmed")]
    #[schema(default = "confirmed")]
    pub certainty: IncidentCertainty,
    /// Kind of incident (ENISA RSIT, first level). `test` is left out of metrics.
    #[serde(default = "other_category")]
    #[schema(default = "other")]
    pub category: IncidentCategory,
    /// Kind of incident (ENISA RSIT, second level).
    #[serde(default)]
    pub subcategory: Option<IncidentSubcategory>,
    /// Where it stands.
    #[serde(default = "open")]
    #[schema(default = "open")]
    pub status: IncidentStatus,
    /// What found it.
    #[serde(default = "unknown_source")]
    #[schema(default = "unknown")]
    pub detection_source: DetectionSource,
    /// Whether a machine found it without a person.
    #[serde(default)]
    #[schema(example = true)]
    pub detection_automated: Option<bool>,
    /// Patterns of attack.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub attack_patterns: Vec<AttackPattern>,
    /// ATT&CK technique ids; unknown and retired ones are kept and warned of.
    #[serde(default)]
    #[schema(max_items = 100, value_type = Vec<attack::TechniqueId>)]
    pub attack_techniques: Vec<String>,
    /// What it affected: hosts, accounts, data.
    #[serde(default)]
    #[schema(max_items = 500, value_type = Vec<ShortText>)]
    pub affected_assets: Vec<String>,
    /// Which services it affected.
    #[serde(default)]
    #[schema(max_items = 100, value_type = Vec<ShortText>)]
    pub affected_services: Vec<String>,
    /// Tags to filter by.
    #[serde(default)]
    #[schema(max_items = 50, value_type = Vec<Tag>)]
    pub tags: Vec<String>,
    /// Its names in other systems, each unique in the organisation.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
    /// The canonical timestamps by milestone. A milestone marked in a chronology wins over what
    /// is given here without `override_reason`.
    #[serde(default)]
    pub timestamps: BTreeMap<Milestone, IncidentTime>,
    /// Whether it is recorded long after the fact, so that metrics can leave it out.
    #[serde(default)]
    #[schema(default = false, example = false)]
    pub backfilled: bool,
}

/// A change of an incident.
pub type IncidentPatch = Patch<RecordIncident>;

fn confirmed() -> IncidentCertainty {
    IncidentCertainty::Confirmed
}

fn other_category() -> IncidentCategory {
    IncidentCategory::Other
}

fn open() -> IncidentStatus {
    IncidentStatus::Open
}

fn unknown_source() -> DetectionSource {
    DetectionSource::Unknown
}

/// A word to filter by.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, min_length = 1, max_length = 64, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]+$", example = "vpn")]
pub struct Tag(#[expect(dead_code, reason = "stands for a schema")] String);

/// A name of something.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, min_length = 1, max_length = 300, example = "fs-01.example")]
pub struct ShortText(#[expect(dead_code, reason = "stands for a schema")] String);

impl From<&Model> for RecordIncident {
    fn from(row: &Model) -> Self {
        Self {
            title: row.title.clone(),
            summary: row.summary.clone(),
            severity: row.severity,
            severity_raw: row.severity_raw.clone(),
            certainty: row.certainty,
            category: row.category,
            subcategory: row.subcategory,
            status: row.status,
            detection_source: row.detection_source,
            detection_automated: row.detection_automated,
            attack_patterns: row.attack_patterns.0.clone(),
            attack_techniques: row.attack_techniques.0.clone(),
            affected_assets: row.affected_assets.0.clone(),
            affected_services: row.affected_services.0.clone(),
            tags: row.tags.0.clone(),
            external_refs: row.external_refs.0.clone(),
            timestamps: rules::given(&row.timestamps.0),
            backfilled: row.backfilled,
        }
    }
}

/// Which source a time was taken from.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "event")]
pub enum TimeSourceName {
    /// An override on the incident, with its reason.
    Override,
    /// An event of a chronology that marks the milestone.
    Event,
    /// The sender of the incident.
    Reported,
}

impl From<TimeSource> for TimeSourceName {
    fn from(source: TimeSource) -> Self {
        match source {
            TimeSource::Override => Self::Override,
            TimeSource::Event => Self::Event,
            TimeSource::Reported => Self::Reported,
        }
    }
}

/// The time of a milestone that counts, and where it is from.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentTimeBody {
    /// The instant, or the best single value for it.
    at: Timestamp,
    /// How exactly it is known.
    precision: TimePrecision,
    /// Where it comes from.
    basis: TimeBasis,
    /// The earliest it can have been.
    earliest: Option<Timestamp>,
    /// The latest it can have been.
    latest: Option<Timestamp>,
    /// Which of its sources was used.
    source: TimeSourceName,
    /// The event that marks the milestone, if one does, also when an override wins over it.
    event_id: Option<Uuid>,
    /// Why an override was made.
    override_reason: Option<String>,
}

/// An incident.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentBody {
    /// Its id.
    id: Uuid,
    /// What it is about.
    #[schema(example = "Ransomware on the file servers")]
    title: String,
    /// What happened, in short.
    #[schema(example = "Files on two servers were encrypted overnight.")]
    summary: Option<String>,
    /// How bad it is.
    severity: Severity,
    /// The sender's own word for the severity.
    #[schema(example = "P1")]
    severity_raw: Option<String>,
    /// How certain it is that it was an incident.
    certainty: IncidentCertainty,
    /// Kind of incident (ENISA RSIT, first level).
    category: IncidentCategory,
    /// Kind of incident (ENISA RSIT, second level).
    subcategory: Option<IncidentSubcategory>,
    /// Where it stands.
    status: IncidentStatus,
    /// What found it.
    detection_source: DetectionSource,
    /// Whether a machine found it without a person.
    #[schema(example = true)]
    detection_automated: Option<bool>,
    /// Patterns of attack.
    attack_patterns: Vec<AttackPattern>,
    /// ATT&CK technique ids.
    #[schema(example = json!(["T1486"]))]
    attack_techniques: Vec<String>,
    /// What it affected.
    #[schema(example = json!(["fs-01.example"]))]
    affected_assets: Vec<String>,
    /// Which services it affected.
    #[schema(example = json!(["file sharing"]))]
    affected_services: Vec<String>,
    /// Tags to filter by.
    #[schema(example = json!(["vpn"]))]
    tags: Vec<String>,
    /// Its names in other systems.
    external_refs: Vec<ExternalRef>,
    /// The canonical timestamps by milestone, each with the source that was used.
    timestamps: BTreeMap<Milestone, IncidentTimeBody>,
    /// Whether it was recorded long after the fact.
    #[schema(example = false)]
    backfilled: bool,
    /// Sequence of the sender's last update, if they number them.
    #[schema(example = 7)]
    sequence: Option<i64>,
    /// What was kept but looks wrong.
    warnings: Vec<Warning>,
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

impl From<Model> for IncidentBody {
    fn from(row: Model) -> Self {
        let timestamps = row
            .timestamps
            .0
            .into_iter()
            .filter_map(|(milestone, time)| {
                let (known, source) = rules::effective(&time)?;
                let body = IncidentTimeBody {
                    at: known.at,
                    precision: known.precision,
                    basis: known.basis,
                    earliest: known.earliest,
                    latest: known.latest,
                    source: source.into(),
                    event_id: time.event.as_ref().map(|event| event.event_id),
                    override_reason: time
                        .overridden
                        .as_ref()
                        .map(|decided| decided.reason.clone()),
                };
                Some((milestone, body))
            });
        Self {
            id: row.id,
            title: row.title,
            summary: row.summary,
            severity: row.severity,
            severity_raw: row.severity_raw,
            certainty: row.certainty,
            category: row.category,
            subcategory: row.subcategory,
            status: row.status,
            detection_source: row.detection_source,
            detection_automated: row.detection_automated,
            attack_patterns: row.attack_patterns.0,
            warnings: attack::warnings(&row.attack_techniques.0),
            attack_techniques: row.attack_techniques.0,
            affected_assets: row.affected_assets.0,
            affected_services: row.affected_services.0,
            tags: row.tags.0,
            external_refs: row.external_refs.0,
            timestamps: timestamps.collect(),
            backfilled: row.backfilled,
            sequence: row.sequence,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }
}

/// A page of incidents.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentList {
    /// The incidents, in order.
    items: Vec<IncidentBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
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
    call.list(page, IncidentBody::from)
}

/// Record an incident
#[utoipa::path(tag = "Incidents", request_body = RecordIncident, security(("oauth2" = ["incidents:write"])), responses((status = 201, body = IncidentBody)))]
#[post("/incidents")]
async fn create_incident(call: Call, Body(incident): Body<RecordIncident>) -> Result<HttpResponse> {
    call.write(async |change| created(service::create(change, incident).await?))
        .await
}

fn created(row: Model) -> Result<Reply> {
    let location = format!("/api/v1/incidents/{}", row.id);
    let tag = etag::tag(row.version, "");
    Reply::created(location, tag, &IncidentBody::from(row))
}

/// Read an incident
#[utoipa::path(tag = "Incidents", params(IncidentPath), security(("oauth2" = ["incidents:read"])), responses((status = 200, body = IncidentBody)))]
#[get("/incidents/{incident}")]
async fn get_incident(call: Call, path: web::Path<IncidentPath>) -> Result<HttpResponse> {
    let row = store::find(call.read(), call.organization(), path.incident).await?;
    let row = row.ok_or_else(|| Error::not_found("incident"))?;
    call.ok_tagged(etag::tag(row.version, ""), &IncidentBody::from(row))
}

/// Change an incident
#[utoipa::path(tag = "Incidents", params(IncidentPath), request_body(content((IncidentPatch = "application/merge-patch+json"), (IncidentPatch = "application/json"))), security(("oauth2" = ["incidents:write"])), responses((status = 200, body = IncidentBody)))]
#[patch("/incidents/{incident}")]
async fn update_incident(
    call: Call,
    path: web::Path<IncidentPath>,
    patch: IncidentPatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::update(change, path.incident, &call.if_match, &patch).await?;
        let tag = etag::tag(row.version, "");
        Ok(Reply::ok(&IncidentBody::from(row))?.with_tag(tag))
    })
    .await
}

/// Read an incident by another system's id
#[utoipa::path(tag = "Incidents", params(IncidentRefPath), security(("oauth2" = ["incidents:read"])), responses((status = 200, body = IncidentBody)))]
#[get("/incidents/by-ref/{system}/{external_id}")]
async fn get_incident_by_ref(call: Call, path: web::Path<IncidentRefPath>) -> Result<HttpResponse> {
    let (read, organization) = (call.read(), call.organization());
    let row = store::find_by_ref(read, organization, &path.system, &path.external_id).await?;
    let row = row.ok_or_else(|| Error::not_found("incident"))?;
    call.ok_tagged(etag::tag(row.version, ""), &IncidentBody::from(row))
}

/// An incident as another system sends it, again and again.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpsertIncident {
    /// The whole incident; what is left out has its default. The reference in the path is added
    /// to its `external_refs`.
    pub incident: RecordIncident,
    /// Number of the sender's update, growing with each; one older than the stored is dropped.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9007199254740991_i64, example = 7)]
    pub sequence: Option<i64>,
}

/// What became of an update.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "updated")]
pub enum UpsertOutcome {
    /// There was none: it was created.
    Created,
    /// It was changed.
    Updated,
    /// It was like this already: nothing was changed.
    Unchanged,
    /// The stored sequence is newer: nothing was changed.
    DroppedAsStale,
}

/// The incident, and what became of the update.
#[derive(Debug, Serialize, ToSchema)]
pub struct UpsertBody {
    /// What became of the update.
    outcome: UpsertOutcome,
    /// The incident as it is stored now.
    incident: IncidentBody,
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
    path: web::Path<IncidentRefPath>,
    Body(upsert): Body<UpsertIncident>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let (upserted, row) = service::upsert(
            change,
            (&path.system, &path.external_id),
            &call.if_match,
            upsert,
        )
        .await?;
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
            incident: IncidentBody::from(row),
        };
        match upserted {
            Upserted::Created => Reply::created(location, tag, &body),
            _ => Ok(Reply::ok(&body)?.with_tag(tag)),
        }
    })
    .await
}

//! An incident as it is answered.

use std::collections::BTreeMap;

use entity::Timestamp;
use entity::incident::Model;
use entity::shared::ExternalRef;
use entity::vocabulary::{
    AttackPattern, DetectionSource, IncidentCategory, IncidentCertainty, IncidentStatus,
    IncidentSubcategory, Milestone, Severity, TimeBasis, TimePrecision,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules::{self, TimeSource};
use super::seen::SeenEvents;
use crate::attack::{self, Warning};

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
    /// The event that marks the milestone, if one does, also when an override wins over it; absent
    /// when it belongs to a review that does not exist for the caller.
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
    /// When it counts as closed: its milestone `closed`, or else when its status became that.
    closed_at: Option<Timestamp>,
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

impl IncidentBody {
    /// An incident as it is shown to whom these events exist for.
    pub fn of(row: Model, seen: &SeenEvents) -> Self {
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
                    event_id: time
                        .event
                        .as_ref()
                        .map(|event| event.event_id)
                        .filter(|event| seen.holds(event)),
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
            closed_at: row.closed_at,
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
    pub(super) outcome: UpsertOutcome,
    /// The incident as it is stored now.
    pub(super) incident: IncidentBody,
}

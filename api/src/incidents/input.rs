//! An incident as it is sent: recorded, changed, or told again and again by another system.

use std::collections::BTreeMap;

use entity::Timestamp;
use entity::incident::{KnownTime, Model};
use entity::shared::ExternalRef;
use entity::vocabulary::{
    AttackPattern, DetectionSource, IncidentCategory, IncidentCertainty, IncidentStatus,
    IncidentSubcategory, Milestone, Severity, TimeBasis, TimePrecision,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rules;
use crate::attack;
use crate::kernel::body::Patch;
use crate::text::{ShortText, Tag};

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
    /// is given here without `override_reason`. An override is taken back by a change that removes
    /// its `override_reason` or the milestone: the time that it had won over counts again.
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

//! Incidents: light references to what ticketing and SIEM systems own.

use std::collections::BTreeMap;

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::organization::OrganizationId;
use crate::shared::ExternalRef;
use crate::vocabulary::{
    AttackPattern, DetectionSource, IncidentCategory, IncidentCertainty, IncidentStatus,
    IncidentSubcategory, Milestone, Severity, TimeBasis, TimePrecision,
};
use crate::{JsonColumn, Timestamp};

/// When something happened, as exactly as it is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownTime {
    /// The instant, or the best single value for it.
    pub at: Timestamp,
    /// How exactly it is known.
    pub precision: TimePrecision,
    /// Where it comes from.
    pub basis: TimeBasis,
    /// The earliest it can have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest: Option<Timestamp>,
    /// The latest it can have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<Timestamp>,
}

/// A milestone's time as its sources tell it; an override wins over an event, an event over a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MilestoneTime {
    /// As the sender of the incident told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported: Option<KnownTime>,
    /// As an event of a chronology marks it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<EventTime>,
    /// As somebody decided it is, with a reason.
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "override")]
    pub overridden: Option<OverriddenTime>,
}

/// A time that an event marks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventTime {
    /// The time.
    #[serde(flatten)]
    pub time: KnownTime,
    /// The event.
    pub event_id: Uuid,
}

/// A time that was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverriddenTime {
    /// The time.
    #[serde(flatten)]
    pub time: KnownTime,
    /// Why.
    pub reason: String,
}

/// Every milestone's time.
pub type Milestones = BTreeMap<Milestone, MilestoneTime>;

/// An incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "incidents")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// What it is about.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// What happened, in short.
    #[sea_orm(column_type = "Text", nullable)]
    pub summary: Option<String>,
    /// How bad it is.
    pub severity: Severity,
    /// The sender's own word for that.
    #[sea_orm(column_type = "Text", nullable)]
    pub severity_raw: Option<String>,
    /// How certain it is that it was one.
    pub certainty: IncidentCertainty,
    /// Kind of incident.
    pub category: IncidentCategory,
    /// Second level of the kind.
    pub subcategory: Option<IncidentSubcategory>,
    /// Where it stands.
    pub status: IncidentStatus,
    /// What found it.
    pub detection_source: DetectionSource,
    /// Whether a machine found it.
    pub detection_automated: Option<bool>,
    /// Patterns of attack.
    pub attack_patterns: JsonColumn<Vec<AttackPattern>>,
    /// ATT&CK technique ids.
    pub attack_techniques: JsonColumn<Vec<String>>,
    /// What it affected.
    pub affected_assets: JsonColumn<Vec<String>>,
    /// Which services it affected.
    pub affected_services: JsonColumn<Vec<String>>,
    /// Tags.
    pub tags: JsonColumn<Vec<String>>,
    /// Its names elsewhere.
    pub external_refs: JsonColumn<Vec<ExternalRef>>,
    /// The canonical timestamps.
    pub timestamps: JsonColumn<Milestones>,
    /// When it counts as closed: its milestone, or else when its status became that.
    pub closed_at: Option<Timestamp>,
    /// Whether it was recorded long after the fact.
    pub backfilled: bool,
    /// Sequence of the sender's last update.
    pub sequence: Option<i64>,
    /// Title and summary in lower case, for searching.
    #[serde(skip)]
    #[sea_orm(column_type = "Text")]
    pub search_text: String,
    /// Version of the row.
    pub version: i32,
    /// When it was created.
    pub created_at: Timestamp,
    /// Who created it.
    #[sea_orm(column_type = "Text")]
    pub created_by: String,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

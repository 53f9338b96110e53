//! Improvement measures: did it help?

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::organization::OrganizationId;
use crate::vocabulary::{
    CauseCategory, DesiredChange, DetectionSource, IncidentCategory, IncidentCertainty,
    MeasureMetric, MeasureVerdict, Severity,
};
use crate::{JsonColumn, Timestamp};

/// Which incidents a measure looks at, as it is kept; an empty list takes any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criteria {
    /// How bad they are.
    pub severities: Vec<Severity>,
    /// Kinds of incident.
    pub categories: Vec<IncidentCategory>,
    /// How certain it is that they were incidents.
    pub certainties: Vec<IncidentCertainty>,
    /// What found them.
    pub detection_sources: Vec<DetectionSource>,
    /// Tags.
    pub tags: Vec<String>,
    /// ATT&CK technique ids.
    pub attack_techniques: Vec<String>,
    /// Categories of the causes that their reviews found.
    pub cause_categories: Vec<CauseCategory>,
    /// Only those recorded long after the fact, or only the others.
    pub backfilled: Option<bool>,
}

/// An improvement measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "improvement_measures")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// In which review.
    #[serde(skip)]
    pub review_id: Uuid,
    /// What is measured, in a line.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// The same at length.
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    /// What kind of number is compared.
    pub metric: MeasureMetric,
    /// Name of the duration, where one is.
    #[sea_orm(column_type = "Text", nullable)]
    pub duration: Option<String>,
    /// Which incidents it looks at.
    pub criteria: JsonColumn<Criteria>,
    /// Which way it should go.
    pub desired: DesiredChange,
    /// How much of a change is none.
    #[sea_orm(column_type = "Double")]
    pub tolerance: f64,
    /// First instant of the time before.
    pub baseline_from: Timestamp,
    /// First instant after it.
    pub baseline_to: Timestamp,
    /// First instant of the time after.
    pub evaluation_from: Timestamp,
    /// First instant after it.
    pub evaluation_to: Timestamp,
    /// The actions whose effect it shows; `measure_actions` holds them too.
    pub action_ids: JsonColumn<Vec<Uuid>>,
    /// What the last evaluation showed.
    pub last_verdict: Option<MeasureVerdict>,
    /// When that was.
    pub last_evaluated_at: Option<Timestamp>,
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

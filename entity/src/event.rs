//! Events: the moments of a review's chronology.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::organization::OrganizationId;
use crate::shared::Evidence;
use crate::vocabulary::{ActorSide, EventKind, Milestone, Phase, TimePrecision};
use crate::{JsonColumn, Timestamp};

/// An event, in its current revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// In which review's chronology.
    #[serde(skip)]
    pub review_id: Uuid,
    /// When it happened, or began.
    pub occurred_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How exactly that is known.
    pub precision: TimePrecision,
    /// What kind of moment.
    pub kind: EventKind,
    /// In which phase of the response.
    pub phase: Option<Phase>,
    /// Whose doing it was.
    pub actor_side: ActorSide,
    /// Who it was, by role.
    #[sea_orm(column_type = "Text", nullable)]
    pub actor_role: Option<String>,
    /// What happened, in a line.
    #[sea_orm(column_type = "Text")]
    pub summary: String,
    /// What happened, at length.
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    /// Where it is known from.
    #[sea_orm(column_type = "Text", nullable)]
    pub source: Option<String>,
    /// Its id there.
    #[sea_orm(column_type = "Text", nullable)]
    pub external_id: Option<String>,
    /// What supports it.
    pub evidence: JsonColumn<Vec<Evidence>>,
    /// ATT&CK technique ids.
    pub attack_techniques: JsonColumn<Vec<String>>,
    /// The milestones that it is.
    pub marks: JsonColumn<Vec<Milestone>>,
    /// Whether it is any milestone.
    #[serde(skip)]
    pub has_marks: bool,
    /// Whether anything supports it.
    #[serde(skip)]
    pub has_evidence: bool,
    /// Whether it belongs in a short chronology.
    pub is_key: bool,
    /// Whether it was known only in hindsight.
    pub hindsight_only: bool,
    /// Whether it held the recovery up.
    pub inhibited_recovery: bool,
    /// When it was retracted.
    pub retracted_at: Option<Timestamp>,
    /// Who retracted it.
    #[sea_orm(column_type = "Text", nullable)]
    pub retracted_by: Option<String>,
    /// Why it was retracted.
    #[sea_orm(column_type = "Text", nullable)]
    pub retraction_reason: Option<String>,
    /// Summary, description and source in lower case, for searching.
    #[serde(skip)]
    #[sea_orm(column_type = "Text")]
    pub search_text: String,
    /// Number of the revision, from 1.
    pub version: i32,
    /// When it was appended.
    pub created_at: Timestamp,
    /// Who appended it.
    #[sea_orm(column_type = "Text")]
    pub created_by: String,
    /// When it was last amended or retracted.
    pub updated_at: Timestamp,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

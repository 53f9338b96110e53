//! Decisions: who decided what, on what they knew then.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::organization::OrganizationId;
use crate::vocabulary::TimePrecision;
use crate::{JsonColumn, Timestamp};

/// One way that could have been taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionOption {
    /// What could have been done.
    #[schema(
        min_length = 1,
        max_length = 1000,
        example = "Shut every system down at once"
    )]
    pub option: String,
    /// What spoke for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "Stops the encryption everywhere"
    )]
    pub pros: Option<String>,
    /// What spoke against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "Hospitals work on paper for days"
    )]
    pub cons: Option<String>,
    /// Whether it was taken; several may have been, or none.
    #[serde(default)]
    #[schema(default = false, example = true)]
    pub chosen: bool,
}

/// A decision, in its current revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "decisions")]
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
    /// When it was taken.
    pub decided_at: Timestamp,
    /// How exactly that is known.
    pub precision: TimePrecision,
    /// The participant who took it.
    pub decider_participant_id: Option<Uuid>,
    /// In which role it was taken.
    #[sea_orm(column_type = "Text", nullable)]
    pub decider_role: Option<String>,
    /// What was decided.
    #[sea_orm(column_type = "Text")]
    pub decision: String,
    /// What else could have been.
    pub options: JsonColumn<Vec<DecisionOption>>,
    /// What was known then.
    #[sea_orm(column_type = "Text", nullable)]
    pub information_available: Option<String>,
    /// Why it was decided so.
    #[sea_orm(column_type = "Text", nullable)]
    pub rationale: Option<String>,
    /// What came of it.
    #[sea_orm(column_type = "Text", nullable)]
    pub outcome: Option<String>,
    /// How it looks by what is known now.
    #[sea_orm(column_type = "Text", nullable)]
    pub in_hindsight: Option<String>,
    /// The events that it belongs to.
    pub event_ids: JsonColumn<Vec<Uuid>>,
    /// When it was retracted.
    pub retracted_at: Option<Timestamp>,
    /// Who retracted it.
    #[sea_orm(column_type = "Text", nullable)]
    pub retracted_by: Option<String>,
    /// Why it was retracted.
    #[sea_orm(column_type = "Text", nullable)]
    pub retraction_reason: Option<String>,
    /// Its texts in lower case, for searching.
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

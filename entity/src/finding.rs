//! Findings: what a review established.

use sea_orm::entity::prelude::*;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::organization::OrganizationId;
use crate::shared::Evidence;
use crate::vocabulary::{
    CauseCategory, Confidence, ControlFunction, ControlState, FactorArea, FactorKind, FindingKind,
    GapCategory,
};
use crate::{JsonColumn, Timestamp};

/// The control that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Its id in the organisation's catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100, example = "A.8.7")]
    pub id: Option<String>,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 300, example = "Endpoint protection")]
    pub name: Option<String>,
    /// What it is for.
    pub function: ControlFunction,
    /// How it stood in the incident.
    pub state: ControlState,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "findings")]
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
    /// What kind of finding.
    pub kind: FindingKind,
    /// What was established.
    #[sea_orm(column_type = "Text")]
    pub statement: String,
    /// The same at length.
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    /// Category of a cause.
    pub cause_category: Option<CauseCategory>,
    /// Second level of the category.
    #[sea_orm(column_type = "Text", nullable)]
    pub cause_detail: Option<String>,
    /// How a cause or factor worked.
    pub factor_kind: Option<FactorKind>,
    /// Where a factor lies.
    pub factor_area: Option<FactorArea>,
    /// What a gap is in.
    pub gap_category: Option<GapCategory>,
    /// How sure it is.
    pub confidence: Confidence,
    /// The events it rests on.
    pub event_ids: JsonColumn<Vec<Uuid>>,
    /// What supports it.
    pub evidence: JsonColumn<Vec<Evidence>>,
    /// What it is a reason for.
    pub parent_id: Option<Uuid>,
    /// The control it is about.
    pub control: Option<JsonColumn<Control>>,
    /// The control's state, for filters.
    #[serde(skip)]
    pub control_state: Option<ControlState>,
    /// ATT&CK technique ids.
    pub attack_techniques: JsonColumn<Vec<String>>,
    /// How likely it is to matter again, 1 to 5.
    pub likelihood: Option<i32>,
    /// How bad that would be, 1 to 5.
    pub severity_score: Option<i32>,
    /// The product of both.
    pub risk_score: Option<i32>,
    /// Why nothing is done about it.
    #[sea_orm(column_type = "Text", nullable)]
    pub no_recommendation_reason: Option<String>,
    /// When it was retracted.
    pub retracted_at: Option<Timestamp>,
    /// Who retracted it.
    #[sea_orm(column_type = "Text", nullable)]
    pub retracted_by: Option<String>,
    /// Why.
    #[sea_orm(column_type = "Text", nullable)]
    pub retraction_reason: Option<String>,
    /// Its texts in lower case, for searching.
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

//! Assessments: how well one dimension of the response went.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::organization::OrganizationId;
use crate::vocabulary::{AssessmentDimension, AssessmentRating, ProcedureAnswer};
use crate::{JsonColumn, Timestamp};

/// Something that went well or badly, and the events that show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssessmentPoint {
    /// What it was.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "The account was disabled 35 minutes after the alert"
    )]
    pub text: String,
    /// The events of the review's chronology that show it.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub event_ids: Vec<Uuid>,
}

/// The assessment of one dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "assessments")]
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
    /// What is assessed.
    pub dimension: AssessmentDimension,
    /// How well it went.
    pub rating: AssessmentRating,
    /// Why it does not apply.
    #[sea_orm(column_type = "Text", nullable)]
    pub not_applicable_reason: Option<String>,
    /// Whether the procedures were followed.
    pub procedures_followed: ProcedureAnswer,
    /// Whether they were adequate.
    pub procedures_adequate: ProcedureAnswer,
    /// What went well.
    pub strengths: JsonColumn<Vec<AssessmentPoint>>,
    /// What went badly.
    pub weaknesses: JsonColumn<Vec<AssessmentPoint>>,
    /// The judgement in words.
    #[sea_orm(column_type = "Text", nullable)]
    pub summary: Option<String>,
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

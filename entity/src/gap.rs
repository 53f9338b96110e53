//! The gap register: one narrow row per gap that stands, rewritten with every change of the finding
//! and of what answers it.

use sea_orm::entity::prelude::*;

use crate::Timestamp;
use crate::organization::OrganizationId;
use crate::vocabulary::{ControlState, GapCategory, GapState};

/// A gap.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "gaps")]
pub struct Model {
    /// The finding.
    #[sea_orm(primary_key, auto_increment = false)]
    pub finding_id: Uuid,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// In which review.
    pub review_id: Uuid,
    /// How it is answered.
    pub state: GapState,
    /// What the gap is in.
    pub gap_category: Option<GapCategory>,
    /// The control's id in the organisation's catalogue.
    #[sea_orm(column_type = "Text", nullable)]
    pub control_id: Option<String>,
    /// How the control stood.
    pub control_state: Option<ControlState>,
    /// How bad it would be, 1 to 5.
    pub severity_score: Option<i32>,
    /// Likelihood times severity.
    pub risk_score: Option<i32>,
    /// When the finding was created.
    pub created_at: Timestamp,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

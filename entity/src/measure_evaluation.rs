//! What an improvement measure showed at a moment, kept as it was.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::organization::OrganizationId;
use crate::vocabulary::MeasureVerdict;
use crate::{JsonColumn, Timestamp};

/// One evaluation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "measure_evaluations")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// Of which measure.
    pub measure_id: Uuid,
    /// Of which version of it.
    pub measure_version: i32,
    /// What it showed.
    pub verdict: MeasureVerdict,
    /// The measure as it was defined then.
    pub measure: JsonColumn<Json>,
    /// The numbers.
    pub result: JsonColumn<Json>,
    /// When it was evaluated.
    pub created_at: Timestamp,
    /// Who had it evaluated.
    #[sea_orm(column_type = "Text")]
    pub created_by: String,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

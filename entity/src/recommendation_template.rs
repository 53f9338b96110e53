//! The library of recommendations that are made again and again.

use sea_orm::entity::prelude::*;

use crate::organization::OrganizationId;
use crate::vocabulary::{ActionStrength, ActionType, GapCategory};
use crate::{JsonColumn, Timestamp};

/// A recommendation of the library.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recommendation_templates")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// What is proposed.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// Why.
    #[sea_orm(column_type = "Text", nullable)]
    pub rationale: Option<String>,
    /// What would be better then.
    #[sea_orm(column_type = "Text", nullable)]
    pub expected_effect: Option<String>,
    /// What kind of gap it answers.
    pub gap_category: Option<GapCategory>,
    /// What its actions would be meant to achieve.
    pub action_type: Option<ActionType>,
    /// How strong their effect is likely to be.
    pub action_strength: Option<ActionStrength>,
    /// How much work it is, 1 to 5.
    pub effort: Option<i32>,
    /// What would have to hold for it to be done.
    #[sea_orm(column_type = "Text", nullable)]
    pub closure_criteria: Option<String>,
    /// Tags.
    pub tags: JsonColumn<Vec<String>>,
    /// When it was taken out of use.
    pub archived_at: Option<Timestamp>,
    /// Its texts in lower case, for searching.
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

//! Boards: how the contributions to a workshop are collected, grouped and voted on.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::organization::OrganizationId;
use crate::vocabulary::{BoardPhase, ContributionPrompt};
use crate::{JsonColumn, Timestamp};

/// The board of a workshop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "boards")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Of which workshop, which also names the board.
    #[sea_orm(primary_key, auto_increment = false)]
    pub workshop_id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// Of which review.
    #[serde(skip)]
    pub review_id: Uuid,
    /// Whether nobody is to know who contributed what.
    pub anonymous: bool,
    /// What people are asked.
    pub prompts: JsonColumn<Vec<ContributionPrompt>>,
    /// How many votes each person has.
    pub votes_per_person: i32,
    /// Where it stands.
    pub phase: BoardPhase,
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

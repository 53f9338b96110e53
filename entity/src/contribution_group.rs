//! Groups that the contributions to a workshop are put into.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::contribution::Outcomes;
use crate::organization::OrganizationId;
use crate::{JsonColumn, Timestamp};

/// A group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "contribution_groups")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// Of which review.
    #[serde(skip)]
    pub review_id: Uuid,
    /// Of which workshop.
    pub workshop_id: Uuid,
    /// What its contributions have in common.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// The same at length.
    #[sea_orm(column_type = "Text", nullable)]
    pub summary: Option<String>,
    /// How many votes it got, once they were counted.
    pub votes: Option<i32>,
    /// What came of it.
    pub outcomes: JsonColumn<Outcomes>,
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

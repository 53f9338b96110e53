//! Progress of actions: append-only, and with every change of status also their history.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::organization::OrganizationId;
use crate::vocabulary::ActionStatus;

/// One report of progress, or one step of an action's life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "action_progress")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// Of which action.
    pub action_id: Uuid,
    /// When it was so.
    pub at: Timestamp,
    /// How much was done.
    pub percent: Option<i32>,
    /// Where the action was, when it moved.
    pub from_status: Option<ActionStatus>,
    /// Where it went, when it moved.
    pub status: Option<ActionStatus>,
    /// What there is to say.
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// Who recorded it.
    #[sea_orm(column_type = "Text")]
    pub created_by: String,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

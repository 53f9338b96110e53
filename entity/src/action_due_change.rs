//! Changes of actions' due dates: append-only.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::organization::OrganizationId;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "action_due_changes")]
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
    /// The date before, if there was one.
    pub from_on: Option<Date>,
    /// The date after, if there is one.
    pub to_on: Option<Date>,
    /// Why.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// When it was changed.
    pub created_at: Timestamp,
    /// Who changed it.
    #[sea_orm(column_type = "Text")]
    pub created_by: String,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

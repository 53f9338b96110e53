//! Earlier revisions of what is amended instead of edited.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::organization::OrganizationId;

/// One revision that was replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "revisions")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// Kind of resource: `event`, `finding`.
    #[sea_orm(column_type = "Text")]
    pub resource_type: String,
    /// Which resource.
    pub resource_id: Uuid,
    /// Number of the revision, from 1.
    pub revision: i32,
    /// The resource as it was, as JSON text.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    /// Why it was replaced.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// When it was replaced.
    pub at: Timestamp,
    /// Who replaced it.
    #[sea_orm(column_type = "Text")]
    pub by: String,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

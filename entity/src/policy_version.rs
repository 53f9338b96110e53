//! Every version that a policy ever had, so that what applied once can be read for good.

use sea_orm::entity::prelude::*;

use crate::Timestamp;
use crate::organization::OrganizationId;

/// One version of a policy.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "policy_versions")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// Of which policy.
    pub policy_id: Uuid,
    /// Its number, from 1.
    pub version: i32,
    /// The policy as its reads showed it.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    /// The business calendar that it named, which is therefore in use.
    pub calendar_id: Option<Uuid>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    #[sea_orm(column_type = "Text")]
    pub created_by: String,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

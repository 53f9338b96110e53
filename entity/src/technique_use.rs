//! ATT&CK techniques of resources, one row each, for filtering; the resource's own row holds them
//! for reading.

use sea_orm::entity::prelude::*;

use crate::organization::OrganizationId;

/// One technique of one resource.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "technique_uses")]
pub struct Model {
    /// Which resource.
    #[sea_orm(primary_key, auto_increment = false)]
    pub resource_id: Uuid,
    /// The technique's id.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub technique: String,
    /// Kind of resource: `finding` or `incident`.
    #[sea_orm(column_type = "Text")]
    pub resource_type: String,
    /// Whose it is.
    pub organization_id: OrganizationId,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

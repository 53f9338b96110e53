//! What other systems call a resource of ours; unique per system and kind in an organisation.

use sea_orm::entity::prelude::*;

use crate::organization::OrganizationId;

/// One reference.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "external_refs")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// Kind of resource: `incident`, `review`, `action`.
    #[sea_orm(column_type = "Text")]
    pub resource_type: String,
    /// Which resource.
    pub resource_id: Uuid,
    /// The other system.
    #[sea_orm(column_type = "Text")]
    pub system: String,
    /// The id there.
    #[sea_orm(column_type = "Text")]
    pub external_id: String,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

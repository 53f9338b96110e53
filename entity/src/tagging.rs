//! Tags on resources, one row each, for filtering; the resource's own row holds them for reading.

use sea_orm::entity::prelude::*;

use crate::organization::OrganizationId;

/// One tag on one resource.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "taggings")]
pub struct Model {
    /// Which resource.
    #[sea_orm(primary_key, auto_increment = false)]
    pub resource_id: Uuid,
    /// The tag.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub tag: String,
    /// Whose it is.
    pub organization_id: OrganizationId,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

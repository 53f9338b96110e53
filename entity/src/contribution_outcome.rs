//! What came of contributions and groups; their own rows hold it for reading.

use sea_orm::entity::prelude::*;

/// One link.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contribution_outcomes")]
pub struct Model {
    /// The contribution or group.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source_id: Uuid,
    /// The finding, action or lesson.
    #[sea_orm(primary_key, auto_increment = false)]
    pub resource_id: Uuid,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

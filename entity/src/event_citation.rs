//! Which events a decision or communication belongs to; its own row holds them for reading.

use sea_orm::entity::prelude::*;

/// One event of one resource.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_citations")]
pub struct Model {
    /// The resource that names the event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub resource_id: Uuid,
    /// The event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: Uuid,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

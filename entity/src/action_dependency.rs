//! Which actions an action waits for; never in a circle.

use sea_orm::entity::prelude::*;

/// One link.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "action_dependencies")]
pub struct Model {
    /// The action that waits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub action_id: Uuid,
    /// The action it waits for.
    #[sea_orm(primary_key, auto_increment = false)]
    pub depends_on_id: Uuid,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Which actions an improvement measure shows the effect of.

use sea_orm::entity::prelude::*;

/// One link.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "measure_actions")]
pub struct Model {
    /// The measure.
    #[sea_orm(primary_key, auto_increment = false)]
    pub measure_id: Uuid,
    /// The action.
    #[sea_orm(primary_key, auto_increment = false)]
    pub action_id: Uuid,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! How far the texts that were there before search have been filled in.

use sea_orm::entity::prelude::*;

/// One kind of resource.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_fills")]
pub struct Model {
    /// What kind.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub resource_type: String,
    /// The last one that was filled in.
    pub after_id: Option<Uuid>,
    /// Whether that was all.
    pub done: bool,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

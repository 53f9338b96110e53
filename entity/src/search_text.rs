//! Texts that are found by search, one per resource.

use sea_orm::entity::prelude::*;

use crate::Timestamp;
use crate::organization::OrganizationId;

/// The text of a resource. Its number and its words belong to the index.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_texts")]
pub struct Model {
    /// Which resource.
    #[sea_orm(primary_key, auto_increment = false)]
    pub resource_id: Uuid,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// In which review, which decides who finds it.
    pub review_id: Option<Uuid>,
    /// What kind of resource.
    #[sea_orm(column_type = "Text")]
    pub resource_type: String,
    /// The resource that it is part of, where its address needs that.
    pub parent_id: Option<Uuid>,
    /// What it is called, or says first.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// Whatever else it says.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    /// What others may have in common with it, one per line; `search_traits` holds them too.
    #[sea_orm(column_type = "Text")]
    pub traits: String,
    /// When it happened, or was recorded.
    pub at: Timestamp,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

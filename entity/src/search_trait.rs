//! What resources have in common: causes, controls, techniques, assets, tags, words.

use sea_orm::entity::prelude::*;

use crate::organization::OrganizationId;

/// One trait of one resource.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_traits")]
pub struct Model {
    /// The resource.
    #[sea_orm(primary_key, auto_increment = false)]
    pub resource_id: Uuid,
    /// The trait: its kind, a colon, its value.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub value: String,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// In which review; none for an incident, which several reviews may be about.
    pub review_id: Option<Uuid>,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

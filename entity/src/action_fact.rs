//! What metrics read of an action: one narrow row each, rewritten whole with every change.

use sea_orm::entity::prelude::*;

use crate::organization::OrganizationId;

/// One action's facts.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "action_facts")]
pub struct Model {
    /// Which action.
    #[sea_orm(primary_key, auto_increment = false)]
    pub action_id: Uuid,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// In which review.
    pub review_id: Uuid,
    /// A JSON array as text; its places are named in the API's `actions/facts.rs`.
    #[sea_orm(column_type = "Text")]
    pub facts: String,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

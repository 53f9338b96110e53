//! Which actions a revision of a document carries out. Who may see which is their reviews' to say.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "document_revision_actions")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The revision.
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision_id: Uuid,
    /// The action.
    #[sea_orm(primary_key, auto_increment = false)]
    pub action_id: Uuid,
    /// The revision's document.
    pub document_id: Uuid,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! What was published of a review: frozen, with its hash.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::organization::OrganizationId;

/// One publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "review_snapshots")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// Of which review.
    #[serde(skip)]
    pub review_id: Uuid,
    /// The review as it was, as the JSON text that the hash covers.
    #[sea_orm(column_type = "Text")]
    pub content: String,
    /// SHA-256 of the content.
    #[sea_orm(column_type = "Text")]
    pub sha256: String,
    /// When it was published.
    pub published_at: Timestamp,
    /// Who approved it.
    #[sea_orm(column_type = "Text")]
    pub published_by: String,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

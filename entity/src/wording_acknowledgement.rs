//! That somebody has seen a note on wording and leaves the phrase as it is written.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::organization::OrganizationId;

/// The acknowledgement of one note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "wording_acknowledgements")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The note's id, a digest of the text and of where it stands.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// In which review.
    #[serde(skip)]
    pub review_id: Uuid,
    /// Kind of the resource that the text is in.
    #[sea_orm(column_type = "Text")]
    pub resource_type: String,
    /// The resource that the text is in.
    pub resource_id: Uuid,
    /// Where the text stands in it.
    #[sea_orm(column_type = "Text")]
    pub pointer: String,
    /// The phrase.
    #[sea_orm(column_type = "Text")]
    pub phrase: String,
    /// Why it is left as it is.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// When that was said.
    pub acknowledged_at: Timestamp,
    /// Who said it.
    #[sea_orm(column_type = "Text")]
    pub acknowledged_by: String,
    /// The name they had then.
    #[sea_orm(column_type = "Text")]
    pub acknowledged_by_name: String,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Revisions of documents: published once, perhaps withdrawn, never changed.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::organization::OrganizationId;

/// A revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "document_revisions")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// Of which document.
    pub document_id: Uuid,
    /// What the document's owner calls it.
    #[sea_orm(column_type = "Text")]
    pub label: String,
    /// When it was published.
    pub published_at: Timestamp,
    /// What is new in it.
    #[sea_orm(column_type = "Text", nullable)]
    pub summary: Option<String>,
    /// Where it is.
    #[sea_orm(column_type = "Text", nullable)]
    pub url: Option<String>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
    /// Who withdrew it.
    #[sea_orm(column_type = "Text", nullable)]
    pub withdrawn_by: Option<String>,
    /// Why.
    #[sea_orm(column_type = "Text", nullable)]
    pub withdrawal_reason: Option<String>,
    /// Version of the row.
    pub version: i32,
    /// When it was created.
    pub created_at: Timestamp,
    /// Who created it.
    #[sea_orm(column_type = "Text")]
    pub created_by: String,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Who has read which revision of a document.

use sea_orm::entity::prelude::*;

use crate::organization::OrganizationId;
use crate::shared::Person;
use crate::{JsonColumn, Timestamp};

/// One person's acknowledgement of one revision.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "document_acknowledgements")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// Of which document.
    pub document_id: Uuid,
    /// Of which revision.
    pub revision_id: Uuid,
    /// What tells the reader from others, unique in a revision.
    #[sea_orm(column_type = "Text")]
    pub reader_key: String,
    /// The reader's name in lower case.
    #[sea_orm(column_type = "Text")]
    pub reader_name: String,
    /// Who has read it.
    pub reader: JsonColumn<Person>,
    /// When.
    pub acknowledged_at: Timestamp,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// Who recorded it.
    #[sea_orm(column_type = "Text")]
    pub created_by: String,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

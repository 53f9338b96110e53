//! The audit log: one row per change, each holding the hash of the one before.

use sea_orm::entity::prelude::*;

use crate::Timestamp;
use crate::organization::OrganizationId;

/// One record.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_records")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose chain it is in.
    pub organization_id: OrganizationId,
    /// Its place in the chain, from 1 without gaps.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    #[sea_orm(column_type = "Text")]
    pub actor_subject: String,
    /// Who, to show.
    #[sea_orm(column_type = "Text")]
    pub actor_name: String,
    /// In which request.
    #[sea_orm(column_type = "Text")]
    pub request_id: String,
    /// What was done.
    #[sea_orm(column_type = "Text")]
    pub action: String,
    /// To what kind of resource.
    #[sea_orm(column_type = "Text")]
    pub resource_type: String,
    /// To which one.
    pub resource_id: Uuid,
    /// In which review.
    pub review_id: Option<Uuid>,
    /// How it was, as the JSON text that the hash covers.
    #[sea_orm(column_type = "Text", nullable)]
    pub before: Option<String>,
    /// How it is, as the JSON text that the hash covers.
    #[sea_orm(column_type = "Text", nullable)]
    pub after: Option<String>,
    /// Hash of the record before.
    #[sea_orm(column_type = "Text")]
    pub previous_hash: String,
    /// Hash of this record.
    #[sea_orm(column_type = "Text")]
    pub hash: String,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

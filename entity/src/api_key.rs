//! API keys: opaque credentials, of which only a digest is kept.

use sea_orm::entity::prelude::*;

use crate::Timestamp;
use crate::organization::OrganizationId;

/// An API key.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    /// Its id, which is also its OAuth client id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// Its name to show.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// SHA-256 of the key.
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub digest: Vec<u8>,
    /// SHA-256 of the key before the last rotation.
    #[sea_orm(column_type = "VarBinary(StringLen::None)", nullable)]
    pub previous_digest: Option<Vec<u8>>,
    /// Until when the previous key works.
    pub previous_expires_at: Option<Timestamp>,
    /// When it was last rotated.
    pub rotated_at: Option<Timestamp>,
    /// The first characters of the key, to recognise it by.
    #[sea_orm(column_type = "Text")]
    pub prefix: String,
    /// Names of scopes, separated by spaces.
    #[sea_orm(column_type = "Text")]
    pub scopes: String,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
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

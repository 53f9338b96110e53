//! First answers of requests with an `Idempotency-Key`.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

/// One kept answer.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency")]
pub struct Model {
    /// Digest of organisation, caller and key.
    #[sea_orm(
        primary_key,
        auto_increment = false,
        column_type = "VarBinary(StringLen::None)"
    )]
    pub lookup: Vec<u8>,
    /// Digest of the request.
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub fingerprint: Vec<u8>,
    /// The sealed answer.
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub answer: Vec<u8>,
    /// Until when it is kept.
    pub expires_at: Timestamp,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

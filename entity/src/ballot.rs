//! Votes on the contributions to a workshop, while they are given. When they were counted, none is
//! kept.

use sea_orm::entity::prelude::*;

/// One vote.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ballots")]
pub struct Model {
    /// In which workshop.
    #[sea_orm(primary_key, auto_increment = false)]
    pub workshop_id: Uuid,
    /// Whose it is: an HMAC of their subject under the secret of the workshop's box.
    #[sea_orm(
        primary_key,
        auto_increment = false,
        column_type = "VarBinary(StringLen::None)"
    )]
    pub voter: Vec<u8>,
    /// For which contribution or group.
    #[sea_orm(primary_key, auto_increment = false)]
    pub target_id: Uuid,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

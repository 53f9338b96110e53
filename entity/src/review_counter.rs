//! The last number given to a review, per organisation and year.

use sea_orm::entity::prelude::*;

use crate::organization::OrganizationId;

/// One counter.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "review_counters")]
pub struct Model {
    /// Whose reviews.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// Opened in which year.
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    /// The last number given.
    pub last: i32,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

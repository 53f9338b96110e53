//! Which incidents a review is about.

use sea_orm::entity::prelude::*;

/// One incident of one review.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "review_incidents")]
pub struct Model {
    /// The review.
    #[sea_orm(primary_key, auto_increment = false)]
    pub review_id: Uuid,
    /// The incident.
    #[sea_orm(primary_key, auto_increment = false)]
    pub incident_id: Uuid,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Which findings a recommendation answers; the recommendation's own row holds them for reading.

use sea_orm::entity::prelude::*;

/// One link.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recommendation_findings")]
pub struct Model {
    /// The recommendation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub recommendation_id: Uuid,
    /// The finding.
    #[sea_orm(primary_key, auto_increment = false)]
    pub finding_id: Uuid,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

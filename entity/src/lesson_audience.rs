//! For whom a lesson is; the lesson's own row holds them for reading.

use sea_orm::entity::prelude::*;

use crate::vocabulary::Audience;

/// One link.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lesson_audiences")]
pub struct Model {
    /// The lesson.
    #[sea_orm(primary_key, auto_increment = false)]
    pub lesson_id: Uuid,
    /// For whom.
    #[sea_orm(primary_key, auto_increment = false)]
    pub audience: Audience,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

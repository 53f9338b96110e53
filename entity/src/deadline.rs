//! Deadlines: what will be due when, and how far that has been announced. Whoever owns the date
//! keeps its row.

use sea_orm::entity::prelude::*;

use crate::Timestamp;
use crate::organization::OrganizationId;
use crate::vocabulary::{DeadlineKind, DeadlineState};

/// A deadline.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deadlines")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// In which review, if in one.
    pub review_id: Option<Uuid>,
    /// What is due.
    pub kind: DeadlineKind,
    /// Of which resource; unique together with the kind.
    pub resource_id: Uuid,
    /// What the resource is called.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// Subject of who is to meet it, or their name where it is not known.
    #[sea_orm(column_type = "Text", nullable)]
    pub owner: Option<String>,
    /// When it is due.
    pub due_at: Timestamp,
    /// When it was met.
    pub met_at: Option<Timestamp>,
    /// Whether it was met in time; nothing while it is not met.
    pub outcome: Option<DeadlineState>,
    /// When there is something to announce next.
    pub announce_at: Option<Timestamp>,
    /// What was announced last: 0 nothing, 1 that it approaches, 2 that its moment has passed.
    pub announced: i32,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

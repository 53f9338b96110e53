//! Actions that a follow-up session carries over, as they were at its start and at its end.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::JsonColumn;
use crate::organization::OrganizationId;
use crate::vocabulary::ActionStatus;

/// How an action stood at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ActionState {
    /// Where it stood.
    pub status: ActionStatus,
    /// How much of it was done, in percent, as last reported by then.
    #[schema(minimum = 0, maximum = 100, example = 40)]
    pub percent: Option<i32>,
    /// When it was due.
    #[schema(value_type = Option<String>, format = "date", example = "2026-06-30")]
    pub due_on: Option<Date>,
    /// How often its due date had been moved later by then.
    #[schema(minimum = 0, example = 1)]
    pub slips: i32,
}

/// An action in a follow-up session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "carried_actions")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// Into which session.
    pub workshop_id: Uuid,
    /// Which action.
    pub action_id: Uuid,
    /// How it was carried over; absent for one that came up afterwards.
    pub at_start: Option<JsonColumn<ActionState>>,
    /// How the session left it; absent until the session is held.
    pub at_end: Option<JsonColumn<ActionState>>,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

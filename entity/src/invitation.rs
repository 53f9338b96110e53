//! Invitations: who is asked to a workshop, what they answered, and whether they came.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::organization::OrganizationId;
use crate::vocabulary::{Attendance, Rsvp, StakeholderFunction};

/// An invitation of a participant to a workshop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "invitations")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// To which workshop.
    pub workshop_id: Uuid,
    /// Whom it invites.
    pub participant_id: Uuid,
    /// The part of the organisation they stand for in the session.
    pub function: StakeholderFunction,
    /// Whether the session needs them.
    pub required: bool,
    /// Whether they chair the session.
    pub chair: bool,
    /// What they answered.
    pub rsvp: Rsvp,
    /// What they said with it.
    #[sea_orm(column_type = "Text", nullable)]
    pub rsvp_note: Option<String>,
    /// When they answered.
    pub rsvp_at: Option<Timestamp>,
    /// Who recorded the answer.
    #[sea_orm(column_type = "Text", nullable)]
    pub rsvp_by: Option<String>,
    /// Whether they came; absent until somebody says.
    pub attendance: Option<Attendance>,
    /// Why they are excused.
    #[sea_orm(column_type = "Text", nullable)]
    pub attendance_reason: Option<String>,
    /// When the attendance was recorded.
    pub attendance_at: Option<Timestamp>,
    /// Who recorded it.
    #[sea_orm(column_type = "Text", nullable)]
    pub attendance_by: Option<String>,
    /// When they acknowledged the ground rules.
    pub acknowledged_at: Option<Timestamp>,
    /// Who recorded that.
    #[sea_orm(column_type = "Text", nullable)]
    pub acknowledged_by: Option<String>,
    /// SHA-256 of the text that they acknowledged.
    #[sea_orm(column_type = "Text", nullable)]
    pub acknowledged_rules_sha256: Option<String>,
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

//! Participants: people and teams in a review.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::organization::OrganizationId;
use crate::vocabulary::{IncidentRole, StakeholderFunction};
use crate::{JsonColumn, Timestamp};

/// A participant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "participants")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// In which review.
    #[serde(skip)]
    pub review_id: Uuid,
    /// Name of the person or team.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Subject in the identity provider, which makes a member of a restricted review.
    #[sea_orm(column_type = "Text", nullable)]
    pub subject: Option<String>,
    /// Where to write to.
    #[sea_orm(column_type = "Text", nullable)]
    pub email: Option<String>,
    /// The part of the organisation they stand for.
    pub function: StakeholderFunction,
    /// What they did in the incident.
    pub incident_roles: JsonColumn<Vec<IncidentRole>>,
    /// Whether they took part in the response.
    pub involved_in_response: bool,
    /// How long they worked on it.
    pub effort_minutes: Option<i32>,
    /// Name in lower case, for searching.
    #[serde(skip)]
    #[sea_orm(column_type = "Text")]
    pub search_text: String,
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

//! Communications: flows of information during an incident.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::organization::OrganizationId;
use crate::vocabulary::{
    CommunicationChannel, CommunicationDirection, ContentClass, TimePrecision,
};
use crate::{JsonColumn, Timestamp};

/// A communication, in its current revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "communications")]
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
    /// When it was sent.
    pub sent_at: Timestamp,
    /// When it was received.
    pub received_at: Option<Timestamp>,
    /// How exactly both are known.
    pub precision: TimePrecision,
    /// Who sent it, by role.
    #[sea_orm(column_type = "Text")]
    pub from_role: String,
    /// For whom it was.
    #[sea_orm(column_type = "Text")]
    pub to_audience: String,
    /// By which means.
    pub channel: CommunicationChannel,
    /// Across which border of the organisation.
    pub direction: CommunicationDirection,
    /// What it was about.
    pub content_class: ContentClass,
    /// What was said.
    #[sea_orm(column_type = "Text", nullable)]
    pub summary: Option<String>,
    /// Whether it came in time.
    pub timely: Option<bool>,
    /// Whether it did what it was for.
    pub effective: Option<bool>,
    /// What was wrong with it.
    #[sea_orm(column_type = "Text", nullable)]
    pub issue: Option<String>,
    /// The events that it belongs to.
    pub event_ids: JsonColumn<Vec<Uuid>>,
    /// When it was retracted.
    pub retracted_at: Option<Timestamp>,
    /// Who retracted it.
    #[sea_orm(column_type = "Text", nullable)]
    pub retracted_by: Option<String>,
    /// Why it was retracted.
    #[sea_orm(column_type = "Text", nullable)]
    pub retraction_reason: Option<String>,
    /// Its texts in lower case, for searching.
    #[serde(skip)]
    #[sea_orm(column_type = "Text")]
    pub search_text: String,
    /// Number of the revision, from 1.
    pub version: i32,
    /// When it was appended.
    pub created_at: Timestamp,
    /// Who appended it.
    #[sea_orm(column_type = "Text")]
    pub created_by: String,
    /// When it was last amended or retracted.
    pub updated_at: Timestamp,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

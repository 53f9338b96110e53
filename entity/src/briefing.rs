//! Briefings: key findings of a review for an audience, frozen when they are issued.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::organization::OrganizationId;
use crate::shared::Person;
use crate::vocabulary::{BriefingAudience, BriefingSection, BriefingStatus, CommunicationChannel};
use crate::{JsonColumn, Timestamp};

/// That a briefing was given to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BriefingDelivery {
    /// To whom.
    pub recipient: Person,
    /// By which means.
    pub channel: CommunicationChannel,
    /// When.
    pub delivered_at: Timestamp,
    /// Who recorded it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    pub recorded_by: String,
}

/// That somebody has taken note of a briefing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BriefingAcknowledgement {
    /// Who has.
    pub recipient: Person,
    /// When.
    pub acknowledged_at: Timestamp,
    /// Who recorded it: they themselves, or somebody for them.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    pub recorded_by: String,
}

/// A briefing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "briefings")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// Of which review.
    #[serde(skip)]
    pub review_id: Uuid,
    /// The review's key, which never changes.
    #[serde(skip)]
    #[sea_orm(column_type = "Text")]
    pub review_key: String,
    /// For whom it is.
    pub audience: BriefingAudience,
    /// Where it stands.
    pub status: BriefingStatus,
    /// What it says above all.
    #[sea_orm(column_type = "Text")]
    pub headline: String,
    /// What its readers should take away.
    pub key_messages: JsonColumn<Vec<String>>,
    /// What its readers are asked to decide.
    pub decisions_wanted: JsonColumn<Vec<String>>,
    /// What it tells of, in this order.
    pub sections: JsonColumn<Vec<BriefingSection>>,
    /// To whom it was given.
    pub deliveries: JsonColumn<Vec<BriefingDelivery>>,
    /// Who has taken note of it.
    pub acknowledgements: JsonColumn<Vec<BriefingAcknowledgement>>,
    /// The newer one that takes its place.
    pub superseded_by_id: Option<Uuid>,
    /// What it tells, as JSON, once it is issued.
    #[sea_orm(column_type = "Text", nullable)]
    pub content: Option<String>,
    /// The same as Markdown.
    #[sea_orm(column_type = "Text", nullable)]
    pub markdown: Option<String>,
    /// SHA-256 of the JSON.
    #[sea_orm(column_type = "Text", nullable)]
    pub sha256: Option<String>,
    /// SHA-256 of the Markdown.
    #[sea_orm(column_type = "Text", nullable)]
    pub markdown_sha256: Option<String>,
    /// When it was issued.
    pub issued_at: Option<Timestamp>,
    /// Who issued it.
    #[sea_orm(column_type = "Text", nullable)]
    pub issued_by: Option<String>,
    /// Its own texts in lower case, for searching.
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

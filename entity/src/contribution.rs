//! Contributions: what people say before or in a workshop.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::organization::OrganizationId;
use crate::vocabulary::ContributionPrompt;
use crate::{JsonColumn, Timestamp};

/// What came of a contribution or a group of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Outcomes {
    /// The findings of the same review that it led to.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub finding_ids: Vec<Uuid>,
    /// The actions of the same review that it led to.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub action_ids: Vec<Uuid>,
    /// The lessons of the same review that it led to.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub lesson_ids: Vec<Uuid>,
}

/// A contribution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "contributions")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id; random where it is anonymous.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// Of which review.
    #[serde(skip)]
    pub review_id: Uuid,
    /// To which workshop.
    pub workshop_id: Uuid,
    /// What it answers.
    pub prompt: ContributionPrompt,
    /// What somebody has to say.
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// Subject of whoever said it; nothing where it is anonymous.
    #[sea_orm(column_type = "Text", nullable)]
    pub author_subject: Option<String>,
    /// Their name to show; nothing where it is anonymous.
    #[sea_orm(column_type = "Text", nullable)]
    pub author_name: Option<String>,
    /// The group that it is in.
    pub group_id: Option<Uuid>,
    /// How many votes it got, once they were counted.
    pub votes: Option<i32>,
    /// What came of it.
    pub outcomes: JsonColumn<Outcomes>,
    /// Its text in lower case, for filters.
    #[serde(skip)]
    #[sea_orm(column_type = "Text")]
    pub search_text: String,
    /// Version of the row.
    pub version: i32,
    /// Since when it is shown: since it was made, or where it is anonymous, since all of them are.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

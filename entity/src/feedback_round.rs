//! Rounds of feedback: when they are open and what they ask. What was answered is in `feedback_box`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::organization::OrganizationId;
use crate::vocabulary::{FeedbackOccasion, FeedbackQuestion};
use crate::{JsonColumn, Timestamp};

/// A question with the words that it is asked in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskedQuestion {
    /// Which statement people agree or disagree with.
    pub question: FeedbackQuestion,
    /// The statement in the organisation's own words.
    #[schema(
        min_length = 1,
        max_length = 300,
        example = "I could say what I thought without fear of blame"
    )]
    pub text: String,
}

/// A round of feedback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "feedback_rounds")]
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
    /// The review's key, which never changes.
    #[serde(skip)]
    #[sea_orm(column_type = "Text")]
    pub review_key: String,
    /// When it is held.
    pub occasion: FeedbackOccasion,
    /// The workshop that it follows, if it follows one.
    pub workshop_id: Option<Uuid>,
    /// The workshop or review that has one round of an occasion: this is it. Itself once it is
    /// cancelled, so that another can take its place.
    #[serde(skip)]
    pub place_id: Uuid,
    /// When it opens.
    pub opens_at: Timestamp,
    /// When it closes by itself.
    pub closes_at: Timestamp,
    /// When somebody closed it before that.
    pub closed_at: Option<Timestamp>,
    /// When it was cancelled.
    pub cancelled_at: Option<Timestamp>,
    /// Why it was cancelled.
    #[sea_orm(column_type = "Text", nullable)]
    pub cancellation_reason: Option<String>,
    /// How many have to answer before anything is shown: what people were promised.
    pub minimum_group: i32,
    /// What it asks, in this order.
    pub questions: JsonColumn<Vec<AskedQuestion>>,
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

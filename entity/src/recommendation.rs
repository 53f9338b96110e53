//! Recommendations: proposed improvements, and what was decided about each.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::organization::OrganizationId;
use crate::shared::{ExternalRef, Person};
use crate::vocabulary::{ActionStrength, ActionType, Disposition};
use crate::{JsonColumn, Timestamp};

/// A decision about a recommendation: who, when, why, until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DispositionStep {
    /// What it was before.
    pub from: Disposition,
    /// What it is from then on.
    pub to: Disposition,
    /// When.
    pub at: Timestamp,
    /// Who.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    pub by: String,
    /// Why, where somebody said.
    #[schema(example = "The budget of this year is spent")]
    pub reason: Option<String>,
    /// The day on which a deferred one is looked at again.
    pub deferred_until: Option<Date>,
    /// The last day on which an accepted risk is borne.
    pub expires_on: Option<Date>,
    /// Who approved it, where somebody had to.
    pub approver: Option<Person>,
    /// The recommendation that says the same.
    pub duplicate_of_id: Option<Uuid>,
    /// The actions that an acceptance yielded or took over.
    pub action_ids: Vec<Uuid>,
}

/// A recommendation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "recommendations")]
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
    /// What it was made from.
    pub template_id: Option<Uuid>,
    /// What is proposed.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// Why.
    #[sea_orm(column_type = "Text", nullable)]
    pub rationale: Option<String>,
    /// What would be better then.
    #[sea_orm(column_type = "Text", nullable)]
    pub expected_effect: Option<String>,
    /// What its actions would be meant to achieve.
    pub action_type: Option<ActionType>,
    /// How strong their effect is likely to be.
    pub action_strength: Option<ActionStrength>,
    /// How much work it is, 1 to 5.
    pub effort: Option<i32>,
    /// What would have to hold for it to be done.
    #[sea_orm(column_type = "Text", nullable)]
    pub closure_criteria: Option<String>,
    /// The findings it answers; `recommendation_findings` holds them too.
    pub finding_ids: JsonColumn<Vec<Uuid>>,
    /// The actions that carry it out; `recommendation_actions` holds them too.
    pub action_ids: JsonColumn<Vec<Uuid>>,
    /// Tags.
    pub tags: JsonColumn<Vec<String>>,
    /// Its names elsewhere.
    pub external_refs: JsonColumn<Vec<ExternalRef>>,
    /// What was decided about it.
    pub disposition: Disposition,
    /// When; absent while it is only proposed.
    pub decided_at: Option<Timestamp>,
    /// The day on which it is looked at again, while it is deferred.
    pub deferred_until: Option<Date>,
    /// The last day of its risk acceptance, while its risk is accepted.
    pub expires_on: Option<Date>,
    /// The recommendation that says the same, while it is a duplicate.
    pub duplicate_of_id: Option<Uuid>,
    /// Every decision about it.
    pub history: JsonColumn<Vec<DispositionStep>>,
    /// Its texts in lower case, for searching.
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

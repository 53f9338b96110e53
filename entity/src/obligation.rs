//! Obligations: the regulatory clocks that run for a review.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::organization::OrganizationId;
use crate::policy::Period;
use crate::regime::Limit;
use crate::shared::Person;
use crate::vocabulary::ObligationTrigger;
use crate::{JsonColumn, Timestamp};

/// How the due moment was computed, as the regime said it when the obligation was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Clock {
    /// Counted from `trigger_at`.
    pub period: Period,
    /// A second clock, counted from `limit_trigger_at`, that ends it if that is earlier.
    pub limit: Option<Limit>,
}

/// An obligation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "obligations")]
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
    /// By which regime, if by one that is known.
    pub regime_id: Option<Uuid>,
    /// The regime's short name.
    #[sea_orm(column_type = "Text", nullable)]
    pub regime: Option<String>,
    /// Short name of the regime's stage.
    #[sea_orm(column_type = "Text", nullable)]
    pub stage: Option<String>,
    /// What it is called.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// More about it.
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    /// What started it.
    pub trigger: ObligationTrigger,
    /// When that was.
    pub trigger_at: Timestamp,
    /// When the second clock started.
    pub limit_trigger_at: Option<Timestamp>,
    /// How the due moment was computed, if it was.
    pub clock: Option<JsonColumn<Clock>>,
    /// The business calendar that counted.
    pub calendar_id: Option<Uuid>,
    /// When it is due.
    pub due_at: Timestamp,
    /// Who is to meet it.
    pub owner: Option<JsonColumn<Person>>,
    /// The owner's subject, or their name where there is none.
    #[serde(skip)]
    #[sea_orm(column_type = "Text", nullable)]
    pub owner_key: Option<String>,
    /// When it was submitted.
    pub submitted_at: Option<Timestamp>,
    /// Whether it was submitted in time; nothing until it is.
    pub in_time: Option<bool>,
    /// Who recorded the submission.
    #[sea_orm(column_type = "Text", nullable)]
    pub submitted_by: Option<String>,
    /// What the authority calls it.
    #[sea_orm(column_type = "Text", nullable)]
    pub reference: Option<String>,
    /// When it was recorded that it need not be met.
    pub waived_at: Option<Timestamp>,
    /// Who recorded that.
    #[sea_orm(column_type = "Text", nullable)]
    pub waived_by: Option<String>,
    /// Why it need not be met.
    #[sea_orm(column_type = "Text", nullable)]
    pub waiver_reason: Option<String>,
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

//! Verifications: the proof that a finished action works, or does not.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::organization::OrganizationId;
use crate::shared::{Evidence, Person};
use crate::vocabulary::{VerificationMethod, VerificationResult};
use crate::{JsonColumn, Timestamp};

/// One verification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "verifications")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// Of which action.
    pub action_id: Uuid,
    /// How it was shown.
    pub method: VerificationMethod,
    /// What it showed.
    pub result: VerificationResult,
    /// What supports it.
    pub evidence: JsonColumn<Vec<Evidence>>,
    /// What there is to say.
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    /// When to look again.
    pub recheck_on: Option<Date>,
    /// Who verified.
    pub verified_by: JsonColumn<Person>,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// Who recorded it.
    #[sea_orm(column_type = "Text")]
    pub created_by: String,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

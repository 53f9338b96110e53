//! Organisations: whose everything is.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{JsonColumn, Timestamp};

/// The id of an organisation; queries ask for it by this type, so that none can forget whose.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, DeriveValueType, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct OrganizationId(pub Uuid);

impl OrganizationId {
    /// The id's 16 bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl sea_orm::TryFromU64 for OrganizationId {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("OrganizationId"))
    }
}

/// What an organisation decides about its own ranking of actions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriorityWeights {
    /// Exponent of the risk.
    pub risk: f64,
    /// Exponent of the impact.
    pub impact: f64,
    /// Exponent of the effort.
    pub effort: f64,
    /// Factor when the resources are available.
    pub available: f64,
    /// Factor when they are constrained.
    pub constrained: f64,
    /// Factor when there are none.
    pub unavailable: f64,
}

impl Default for PriorityWeights {
    fn default() -> Self {
        Self {
            risk: 1.0,
            impact: 1.0,
            effort: 1.0,
            available: 1.0,
            constrained: 0.75,
            unavailable: 0.5,
        }
    }
}

/// An organisation.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "organizations")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganizationId,
    /// Its short name, unique in the installation; tokens may name it.
    #[sea_orm(column_type = "Text")]
    pub slug: String,
    /// Its name to show.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// How it ranks actions.
    pub priority_weights: JsonColumn<PriorityWeights>,
    /// Version of the row.
    pub version: i32,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

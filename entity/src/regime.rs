//! Regimes: the laws that ask for notifications and reports, as data.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::vocabulary::{DurationUnit, ObligationTrigger};
use crate::{JsonColumn, Timestamp};

/// A period and what it is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// What starts it.
    pub trigger: ObligationTrigger,
    /// How many of the unit.
    #[schema(minimum = 1, maximum = 1000, example = 24)]
    pub amount: i32,
    /// What is counted.
    pub unit: DurationUnit,
}

/// One notification or report that a regime asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Its short name, unique in the regime.
    #[schema(
        min_length = 1,
        max_length = 64,
        pattern = "^[a-z0-9][a-z0-9_]*$",
        example = "early_warning"
    )]
    pub name: String,
    /// Its name to show.
    #[schema(min_length = 1, max_length = 200, example = "Early warning")]
    pub title: String,
    /// What it is, to whom it goes, and where that is written.
    #[serde(default)]
    #[schema(
        max_length = 4000,
        example = "To the CSIRT or competent authority. Directive (EU) 2022/2555, Article 23(4)(a)."
    )]
    pub description: Option<String>,
    /// What starts its clock.
    pub trigger: ObligationTrigger,
    /// How many of the unit; without it the law names no number, and each obligation its own date.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1000, example = 24)]
    pub amount: Option<i32>,
    /// What is counted; goes with `amount`.
    #[serde(default)]
    pub unit: Option<DurationUnit>,
    /// A second clock that ends it, if that is earlier.
    #[serde(default)]
    pub limit: Option<Limit>,
}

/// A regime.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "regimes")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is; nobody's when it came with the service and everybody sees it.
    pub organization_id: Option<Uuid>,
    /// Its short name.
    #[sea_orm(column_type = "Text")]
    pub key: String,
    /// Its name to show.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// What it is, and whom it binds.
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    /// Where it applies.
    #[sea_orm(column_type = "Text", nullable)]
    pub jurisdiction: Option<String>,
    /// Where its text is.
    #[sea_orm(column_type = "Text", nullable)]
    pub source_url: Option<String>,
    /// What it asks for, in order.
    pub stages: JsonColumn<Vec<Stage>>,
    /// The business calendar that its business time is counted by.
    pub calendar_id: Option<Uuid>,
    /// When it was archived.
    pub archived_at: Option<Timestamp>,
    /// Key, name and description in lower case, for searching.
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

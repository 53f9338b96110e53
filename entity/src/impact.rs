//! Impacts: what an incident cost, by dimension, as it was estimated at one time.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::organization::OrganizationId;
use crate::vocabulary::{
    DataType, ImpactDimension, ImpactRating, ImpactSnapshot, LossVariety, QuantityKind,
};
use crate::{JsonColumn, Timestamp};

/// Something counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImpactQuantity {
    /// What is counted, and in which unit.
    pub kind: QuantityKind,
    /// How many.
    #[schema(minimum = 0, maximum = 9007199254740991_i64, example = 700)]
    pub value: i64,
    /// Of which type of data; required for records, possible for volumes, only for these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_type: Option<DataType>,
    /// What is counted more closely; required where kind or data type is `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100, example = "wiki pages")]
    pub label: Option<String>,
}

/// An amount of money that is not known exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoneyRange {
    /// ISO 4217 code of a currency that has minor units.
    #[schema(pattern = "^[A-Z]{3}$", example = "EUR")]
    pub currency: String,
    /// The least that it can be, in minor units of the currency (cents); not above `likely`.
    #[schema(minimum = 0, maximum = 9007199254740991_i64, example = 8000000)]
    pub min: i64,
    /// What it most likely is, in minor units.
    #[schema(minimum = 0, maximum = 9007199254740991_i64, example = 10000000)]
    pub likely: i64,
    /// The most that it can be, in minor units; not below `likely`.
    #[schema(minimum = 0, maximum = 9007199254740991_i64, example = 15000000)]
    pub max: i64,
}

/// A loss of one variety.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImpactCost {
    /// What kind of loss it is.
    pub loss_variety: LossVariety,
    /// What it is more closely; required where the variety is `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100, example = "forensic supplier")]
    pub label: Option<String>,
    /// How much.
    pub amount: MoneyRange,
}

/// The impact in one dimension, as it was estimated at one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "impacts")]
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
    /// Which estimate it belongs to.
    pub snapshot: ImpactSnapshot,
    /// In which respect.
    pub dimension: ImpactDimension,
    /// How bad it was.
    pub rating: ImpactRating,
    /// What can be counted of it.
    pub quantities: JsonColumn<Vec<ImpactQuantity>>,
    /// What it cost.
    pub costs: JsonColumn<Vec<ImpactCost>>,
    /// The impact in words.
    #[sea_orm(column_type = "Text", nullable)]
    pub narrative: Option<String>,
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

//! Bodies and parameters of impacts.

use entity::Timestamp;
use entity::impact::{self, ImpactCost, ImpactQuantity, Model, MoneyRange};
use entity::vocabulary::{ImpactDimension, ImpactRating, ImpactSnapshot};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::rules;
use crate::wording::body::{PlacedText, Worded, WordingNote, at, notes};

/// What the incident cost in one dimension, as one estimate has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutImpact {
    /// How serious it was.
    pub rating: ImpactRating,
    /// What can be counted of it; each kind once, records once for each type of data.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub quantities: Vec<ImpactQuantity>,
    /// What it cost; each variety of loss once in each currency.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub costs: Vec<ImpactCost>,
    /// The impact in words.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 65536,
        example = "Outpatient care was down for weeks; the ransom was not paid."
    )]
    pub narrative: Option<String>,
}

impl From<&Model> for PutImpact {
    fn from(row: &Model) -> Self {
        Self {
            rating: row.rating,
            quantities: row.quantities.0.clone(),
            costs: row.costs.0.clone(),
            narrative: row.narrative.clone(),
        }
    }
}

/// The impact in one dimension, as one estimate has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImpactBody {
    /// Its id.
    id: Uuid,
    /// The review that it is part of.
    review_id: Uuid,
    /// Which estimate it belongs to.
    snapshot: ImpactSnapshot,
    /// In which respect.
    dimension: ImpactDimension,
    /// How serious it was.
    rating: ImpactRating,
    /// What can be counted of it.
    quantities: Vec<ImpactQuantity>,
    /// What it cost.
    costs: Vec<ImpactCost>,
    /// The costs added up, one for each currency: the least, the likely and the most of all.
    totals: Vec<MoneyRange>,
    /// The impact in words.
    #[schema(example = "Outpatient care was down for weeks; the ransom was not paid.")]
    narrative: Option<String>,
    /// Version of the resource, as in its ETag.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// When it was created.
    created_at: Timestamp,
    /// Who created it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    created_by: String,
    /// When it was last changed.
    updated_at: Timestamp,
    /// Phrases in its texts that blame or judge with hindsight: advice, never a refusal.
    wording_notes: Vec<WordingNote>,
}

impl Worded for Model {
    fn texts(&self) -> Vec<PlacedText<'_>> {
        vec![at("/narrative", self.narrative.as_deref())]
    }
}

impl From<Model> for ImpactBody {
    fn from(row: Model) -> Self {
        Self {
            wording_notes: notes(&row),
            id: row.id,
            review_id: row.review_id,
            snapshot: row.snapshot,
            dimension: row.dimension,
            rating: row.rating,
            quantities: row.quantities.0,
            totals: rules::totals(&row.costs.0),
            costs: row.costs.0,
            narrative: row.narrative,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }
}

/// A page of impacts.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImpactList {
    /// The impacts, in order.
    items: Vec<ImpactBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which impact of a review.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ImpactPath {
    /// Id or key of the review.
    #[param(
        pattern = "^(PIR-[0-9]{4}-[0-9]{4,9}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        example = "PIR-2026-0001"
    )]
    pub review: String,
    /// Which estimate.
    pub snapshot: ImpactSnapshot,
    /// In which respect.
    pub dimension: ImpactDimension,
}

crate::sorts! {
    /// Order of a list of impacts.
    ImpactSort of impact::Entity, default CreatedAt;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
    UpdatedAt UpdatedAtDescending "updated_at" "-updated_at" UpdatedAt;
    Dimension DimensionDescending "dimension" "-dimension" Dimension;
}

/// Which impacts, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListImpacts {
    /// With any of these ids.
    #[serde(default)]
    pub id: Vec<Uuid>,
    /// Of any of these estimates.
    #[serde(default)]
    pub snapshot: Vec<ImpactSnapshot>,
    /// In any of these respects.
    #[serde(default)]
    pub dimension: Vec<ImpactDimension>,
    /// With any of these ratings.
    #[serde(default)]
    pub rating: Vec<ImpactRating>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: ImpactSort,
}

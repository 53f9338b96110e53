//! Reviews that are alike, and what is asked.

use entity::Timestamp;
use entity::review::Model;
use entity::vocabulary::{ReviewKind, ReviewStatus, Severity};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::rules::{Alike, Reason};
use crate::traits::Trait;

/// What two reviews have in common.
#[derive(Debug, Serialize, ToSchema)]
pub struct SharedTrait {
    /// What kind of thing.
    kind: Trait,
    /// The thing itself, in lower case.
    #[schema(example = "process_failure")]
    value: String,
    /// How much it counts: the weight of its kind × ln(1 + N ÷ n) ÷ ln(1 + N), where n of N reviews
    /// have it. Weights: 3 for a cause's detail, a control, a technique or an asset; 2 for a cause's
    /// or gap's category, a service or a tag; 1.5 for a factor's area; 0.5 for a word.
    #[schema(minimum = 0, maximum = 3, example = 1.045)]
    weight: f64,
}

impl From<Reason> for SharedTrait {
    fn from(reason: Reason) -> Self {
        Self {
            kind: reason.kind,
            value: reason.value,
            weight: reason.weight,
        }
    }
}

/// A review that is alike.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimilarReviewBody {
    /// Its id.
    id: Uuid,
    /// Its name for people.
    #[schema(example = "PIR-2026-0042")]
    key: String,
    /// What it is about.
    #[schema(example = "Ransomware on the file servers")]
    title: String,
    /// What it reviews.
    kind: ReviewKind,
    /// How bad that was.
    severity: Severity,
    /// Where it stands.
    status: ReviewStatus,
    /// When it was opened.
    created_at: Timestamp,
    /// How alike it is: the sum of the weights of `reasons`.
    #[schema(minimum = 0, example = 7.5)]
    score: f64,
    /// What both have in common, the heaviest first, up to twenty.
    reasons: Vec<SharedTrait>,
}

impl From<(Model, Alike)> for SimilarReviewBody {
    fn from((row, alike): (Model, Alike)) -> Self {
        Self {
            id: row.id,
            key: row.key,
            title: row.title,
            kind: row.kind,
            severity: row.severity,
            status: row.status,
            created_at: row.created_at,
            score: alike.score,
            reasons: alike.reasons.into_iter().map(SharedTrait::from).collect(),
        }
    }
}

/// The reviews that are most alike.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimilarReviews {
    /// The reviews, the most alike first.
    pub items: Vec<SimilarReviewBody>,
}

/// How many reviews.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FindSimilar {
    /// How many at most.
    #[serde(default = "ten")]
    #[param(minimum = 1, maximum = 50, default = 10, example = 10)]
    pub most: usize,
}

fn ten() -> usize {
    10
}

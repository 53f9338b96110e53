//! How a priority is explained in an answer, and how an organisation weighs it.

use entity::action::{AvailabilityInput, Model, PriorityOverride, ScoreInput};
use entity::organization::PriorityWeights;
use entity::vocabulary::Priority;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rules;

/// The inputs of a score, each with its origin.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriorityInputsBody {
    /// Likelihood × severity, 1 to 25: the highest of the action's findings that are not
    /// retracted, else as given, else 6.
    risk: ScoreInput,
    /// How much it would improve, 1 to 5; 3 when nobody says.
    impact: ScoreInput,
    /// How much work it is, 1 to 5; 3 when nobody says.
    effort: ScoreInput,
    /// Whether the resources can be had; available when nobody says.
    resource_availability: AvailabilityInput,
}

/// How an organisation ranks its actions: the score of an action is
/// `risk^a × impact^b ÷ effort^c × availability`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriorityWeightsBody {
    /// Exponent of the risk; 0 leaves it out.
    #[serde(default = "one")]
    #[schema(minimum = 0, maximum = 3, default = 1.0, example = 1.0)]
    risk: f64,
    /// Exponent of the impact; 0 leaves it out.
    #[serde(default = "one")]
    #[schema(minimum = 0, maximum = 3, default = 1.0, example = 1.0)]
    impact: f64,
    /// Exponent of the effort; 0 leaves it out.
    #[serde(default = "one")]
    #[schema(minimum = 0, maximum = 3, default = 1.0, example = 1.0)]
    effort: f64,
    /// Factor when the resources are available.
    #[serde(default = "one")]
    #[schema(minimum = 0, maximum = 1, default = 1.0, example = 1.0)]
    available: f64,
    /// Factor when the resources are constrained.
    #[serde(default = "three_quarters")]
    #[schema(minimum = 0, maximum = 1, default = 0.75, example = 0.75)]
    constrained: f64,
    /// Factor when there are no resources.
    #[serde(default = "half")]
    #[schema(minimum = 0, maximum = 1, default = 0.5, example = 0.5)]
    unavailable: f64,
}

fn one() -> f64 {
    1.0
}

fn three_quarters() -> f64 {
    0.75
}

fn half() -> f64 {
    0.5
}

impl From<&PriorityWeights> for PriorityWeightsBody {
    fn from(weights: &PriorityWeights) -> Self {
        Self {
            risk: weights.risk,
            impact: weights.impact,
            effort: weights.effort,
            available: weights.available,
            constrained: weights.constrained,
            unavailable: weights.unavailable,
        }
    }
}

impl From<PriorityWeightsBody> for PriorityWeights {
    fn from(weights: PriorityWeightsBody) -> Self {
        Self {
            risk: weights.risk,
            impact: weights.impact,
            effort: weights.effort,
            available: weights.available,
            constrained: weights.constrained,
            unavailable: weights.unavailable,
        }
    }
}

/// How important an action is, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriorityBody {
    /// The level that counts: the override's, or the one that the score means.
    level: Priority,
    /// The score, three decimals.
    #[schema(minimum = 0, example = 24.0)]
    score: f64,
    /// Place among the unfinished actions of its review by score, 1 is the highest; equal scores
    /// share a place. `null` once it is finished.
    #[schema(minimum = 1, example = 2)]
    rank: Option<i64>,
    /// How the score is computed.
    #[schema(example = "risk × impact ÷ effort × resource_availability")]
    formula: String,
    /// What went into it.
    inputs: PriorityInputsBody,
    /// What the organisation weighs it with.
    weights: PriorityWeightsBody,
    /// The level that the score means: critical from 50, high from 20, medium from 8, else low.
    computed_level: Priority,
    /// The level that somebody decided on against the score.
    #[serde(rename = "override")]
    overridden: Option<PriorityOverride>,
}

impl PriorityBody {
    /// The explanation of an action's priority.
    pub fn of(action: &Model, rank: Option<i64>) -> Self {
        let how = &action.scoring.0;
        Self {
            level: action.priority,
            score: action.priority_score,
            rank,
            formula: rules::formula(&how.weights),
            inputs: PriorityInputsBody {
                risk: how.risk,
                impact: how.impact,
                effort: how.effort,
                resource_availability: how.resource_availability,
            },
            weights: (&how.weights).into(),
            computed_level: how.level,
            overridden: action.priority_override.clone().map(|column| column.0),
        }
    }

    /// Place among the unfinished actions of the review.
    pub fn rank(&self) -> Option<i64> {
        self.rank
    }
}

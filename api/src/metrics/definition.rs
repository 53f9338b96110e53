//! What a number means, sent with the number.

use serde::Serialize;
use utoipa::ToSchema;

/// What a metric measures, from where to where, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MetricDefinition {
    /// Its name.
    #[schema(example = "time_to_contain")]
    pub name: String,
    /// Where it starts: a milestone, an instant or the records it counts among.
    #[schema(example = "detected")]
    pub from: String,
    /// Where it stops: a milestone, an instant or the records it counts.
    #[schema(example = "contained")]
    pub to: String,
    /// How it is computed.
    #[schema(example = "contained − detected")]
    pub formula: String,
    /// Unit of every value: `seconds`, `days`, `actions`, `changes` or `ratio`.
    #[schema(example = "seconds")]
    pub unit: &'static str,
}

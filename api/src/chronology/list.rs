//! Which event, and which events in which order.

use entity::vocabulary::{ActorSide, EventKind, Phase};
use entity::{Timestamp, event};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

/// Which event of a review.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct EventPath {
    /// Id or key of the review.
    #[param(
        pattern = "^(PIR-[0-9]{4}-[0-9]{4,9}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        example = "PIR-2026-0001"
    )]
    pub review: String,
    /// Id of the event.
    pub event: Uuid,
}

crate::sorts! {
    /// Order of a chronology.
    EventSort of event::Entity, default OccurredAt;
    OccurredAt OccurredAtDescending "occurred_at" "-occurred_at" OccurredAt;
}

/// Which events, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListEvents {
    /// Any of these kinds.
    #[serde(default)]
    pub kind: Vec<EventKind>,
    /// Any of these phases.
    #[serde(default)]
    pub phase: Vec<Phase>,
    /// Any of these sides.
    #[serde(default)]
    pub actor_side: Vec<ActorSide>,
    /// Any of these sources.
    #[serde(default)]
    #[param(example = json!(["edr"]))]
    pub source: Vec<String>,
    /// Only those that belong in a short chronology, or only the others.
    pub is_key: Option<bool>,
    /// Only those that mark a milestone, or only the others.
    pub has_marks: Option<bool>,
    /// Only the retracted, or only the others.
    pub retracted: Option<bool>,
    /// Happened at or after.
    pub occurred_at_from: Option<Timestamp>,
    /// Happened before.
    pub occurred_at_to: Option<Timestamp>,
    /// Words that summary, description, source or role hold, all of them.
    #[param(max_length = 200, example = "alert")]
    pub q: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: EventSort,
}

//! Lists of workshops: filters, orders, pages, and which workshop a path names.

use entity::Timestamp;
use entity::vocabulary::{WorkshopKind, WorkshopStatus};
use entity::workshop;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::body::WorkshopBody;
use crate::references::ExternalRefName;

/// A page of workshops.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkshopList {
    /// The workshops, in order.
    items: Vec<WorkshopBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which workshop.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct WorkshopPath {
    /// Id of the workshop.
    pub workshop: Uuid,
}

/// Whose calendar file.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CalendarFileFor {
    /// Id of a participant of the review: whoever is no longer invited gets the cancellation for
    /// themselves, and whoever is invited what all get.
    pub participant: Option<Uuid>,
}

crate::sorts! {
    /// Order of a list of workshops.
    WorkshopSort of workshop::Entity, default CreatedAt;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
    ScheduledAt ScheduledAtDescending "scheduled_at" "-scheduled_at" ScheduledAt nullable;
    HeldAt HeldAtDescending "held_at" "-held_at" HeldAt nullable;
    NextSessionAt NextSessionAtDescending "next_session_at" "-next_session_at" NextSessionAt nullable;
}

/// Which workshops, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListWorkshops {
    /// Of any of these kinds.
    #[serde(default)]
    pub kind: Vec<WorkshopKind>,
    /// In any of these states.
    #[serde(default)]
    pub status: Vec<WorkshopStatus>,
    /// Led by any of these: by subject, or by name where there is no subject.
    #[serde(default)]
    #[param(example = json!(["kim@example.org"]))]
    pub facilitator: Vec<String>,
    /// Only those whose facilitator was found not to be neutral, or only the others.
    pub facilitator_conflicted: Option<bool>,
    /// Called by any of these names in other systems, each of which is `system:id` of one of its
    /// `external_refs`.
    #[serde(default)]
    #[param(value_type = Vec<ExternalRefName>, example = json!(["jira:SEC-1042"]))]
    pub external_ref: Vec<String>,
    /// To be held at or after.
    pub scheduled_at_from: Option<Timestamp>,
    /// To be held before.
    pub scheduled_at_to: Option<Timestamp>,
    /// Held at or after.
    pub held_at_from: Option<Timestamp>,
    /// Held before.
    pub held_at_to: Option<Timestamp>,
    /// With a next session at or after.
    pub next_session_at_from: Option<Timestamp>,
    /// With a next session before.
    pub next_session_at_to: Option<Timestamp>,
    /// Only those after which a follow-up is due by now, or only the others: a planned follow-up
    /// whose time has passed, or a session whose next one should have been held by now and was not.
    pub follow_up_due: Option<bool>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: WorkshopSort,
}

//! Lists of actions: filters, orders, pages, and which action a path names.

use chrono::NaiveDate;
use entity::Timestamp;
use entity::action;
use entity::vocabulary::{ActionStatus, ActionType, Priority, Severity, StakeholderFunction};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::body::ActionBody;

/// A page of actions.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionList {
    /// The actions, in order.
    items: Vec<ActionBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which action.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ActionPath {
    /// Id or key of the review.
    #[param(
        pattern = "^(PIR-[0-9]{4}-[0-9]{4,9}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        example = "PIR-2026-0001"
    )]
    pub review: String,
    /// Id of the action.
    pub action: Uuid,
}

crate::sorts! {
    /// Order of a list of actions.
    ActionSort of action::Entity, default CreatedAtDescending;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
    UpdatedAt UpdatedAtDescending "updated_at" "-updated_at" UpdatedAt;
    DueOn DueOnDescending "due_on" "-due_on" DueOn nullable;
    PriorityScore PriorityScoreDescending "priority_score" "-priority_score" PriorityScore;
}

/// Which actions, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListActions {
    /// Any of these states.
    #[serde(default)]
    pub status: Vec<ActionStatus>,
    /// Any of these types.
    #[serde(default, rename = "type")]
    #[param(rename = "type")]
    pub action_type: Vec<ActionType>,
    /// Any of these levels of priority, as they count.
    #[serde(default)]
    pub priority: Vec<Priority>,
    /// Owned by any of these: a subject, or the name of an owner whose subject is not known.
    #[serde(default)]
    #[param(example = json!(["ada@example.org"]))]
    pub owner: Vec<String>,
    /// Owned by any of these participants.
    #[serde(default)]
    pub owner_participant_id: Vec<Uuid>,
    /// Owned by a participant with any of these functions.
    #[serde(default)]
    pub owner_function: Vec<StakeholderFunction>,
    /// Only those that nobody owns, or only the others.
    pub unowned: Option<bool>,
    /// Only those past their due date today (UTC) and neither done nor ended, or only the others.
    pub overdue: Option<bool>,
    /// Due on or after.
    pub due_on_from: Option<NaiveDate>,
    /// Due before.
    pub due_on_to: Option<NaiveDate>,
    /// Any of these tags.
    #[serde(default)]
    #[param(example = json!(["vpn"]))]
    pub tag: Vec<String>,
    /// Answering any of these findings.
    #[serde(default)]
    pub finding_id: Vec<Uuid>,
    /// Only those that were ever reopened, or only the others.
    pub reopened: Option<bool>,
    /// Created at or after.
    pub created_at_from: Option<Timestamp>,
    /// Created before.
    pub created_at_to: Option<Timestamp>,
    /// Changed at or after.
    pub updated_at_from: Option<Timestamp>,
    /// Changed before.
    pub updated_at_to: Option<Timestamp>,
    /// Words that title, description or closure criteria hold, all of them.
    #[param(max_length = 200, example = "backup alert")]
    pub q: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: ActionSort,
}

/// Of which reviews, in the list across reviews.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OfReviews {
    /// Of any of these reviews.
    #[serde(default)]
    pub review_id: Vec<Uuid>,
    /// Of reviews with any of these severities.
    #[serde(default)]
    pub review_severity: Vec<Severity>,
}

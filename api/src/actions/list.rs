//! Lists of actions: filters, orders, pages, and which action a path names.

use chrono::NaiveDate;
use entity::Timestamp;
use entity::action;
use entity::vocabulary::{
    ActionStatus, ActionType, DetectionSource, IncidentCategory, Priority, Severity,
    StakeholderFunction,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::body::ActionBody;
use crate::references::ExternalRefName;
use crate::reviews::having::Having;

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

macro_rules! names {
    ($(#[doc = $doc:literal])+ $name:ident example $example:tt; $($variant:ident $wire:tt $text:literal;)+) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[schema(example = $example)]
        pub enum $name { $(#[doc = $text] #[serde(rename = $wire)] $variant,)+ }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $wire,)+ }
            }
        }
    };
}

names! {
    /// How far an action has come, whatever became of it since.
    ActionStage example "implemented";
    Proposed "proposed" "It is there.";
    Accepted "accepted" "Somebody is committed to it, or was.";
    Implemented "implemented" "It is done, or a verification came to a conclusion.";
    Verified "verified" "It is verified, or was found ineffective.";
    Effective "effective" "It is verified.";
}

names! {
    /// What became of an action's due date. Dates are those of UTC.
    Timeliness example "on_time";
    OnTime "on_time" "It was implemented by then.";
    Late "late" "It was implemented later.";
    Overdue "overdue" "It is past then and neither done nor ended.";
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
    /// Only those whose owner stands for a known function, or only the others.
    pub with_owner_function: Option<bool>,
    /// Only those that nobody owns, or only the others.
    pub unowned: Option<bool>,
    /// Only those that are neither done nor ended, or only the others.
    pub unfinished: Option<bool>,
    /// Only those past their due date today (UTC) and neither done nor ended, or only the others.
    pub overdue: Option<bool>,
    /// Due on or after.
    pub due_on_from: Option<NaiveDate>,
    /// Due before.
    pub due_on_to: Option<NaiveDate>,
    /// Called by any of these names in other systems, each of which is `system:id` of one of its
    /// `external_refs`.
    #[serde(default)]
    #[param(value_type = Vec<ExternalRefName>, example = json!(["jira:SEC-1042"]))]
    pub external_ref: Vec<String>,
    /// Any of these tags.
    #[serde(default)]
    #[param(example = json!(["vpn"]))]
    pub tag: Vec<String>,
    /// Answering any of these findings.
    #[serde(default)]
    pub finding_id: Vec<Uuid>,
    /// Carrying out any of these recommendations.
    #[serde(default)]
    pub recommendation_id: Vec<Uuid>,
    /// Only those that have come at least as far.
    pub reached: Option<ActionStage>,
    /// Only those that were ever done, also if they were reopened since, or only the others.
    pub once_done: Option<bool>,
    /// Only those that were ever reopened, or only the others.
    pub reopened: Option<bool>,
    /// Only those that were ever found ineffective, or only the others.
    pub ineffective: Option<bool>,
    /// Only those with a due date of which any of these became.
    #[serde(default)]
    pub timeliness: Vec<Timeliness>,
    /// Implemented at or after.
    pub implemented_at_from: Option<Timestamp>,
    /// Implemented before.
    pub implemented_at_to: Option<Timestamp>,
    /// Verified at or after.
    pub verified_at_from: Option<Timestamp>,
    /// Verified before.
    pub verified_at_to: Option<Timestamp>,
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
    /// Of reviews with any of these tags.
    #[serde(default)]
    #[param(example = json!(["vpn"]))]
    pub review_tag: Vec<String>,
    /// Only of reviews with a tag, or only of those without any.
    pub review_tagged: Option<bool>,
    /// Of reviews of an incident of any of these categories; with `detection_source`, of one
    /// incident that has both.
    #[serde(default)]
    pub incident_category: Vec<IncidentCategory>,
    /// Of reviews of an incident that any of these found.
    #[serde(default)]
    pub detection_source: Vec<DetectionSource>,
    /// Only of reviews of an incident, or only of the others.
    pub with_incident: Option<bool>,
}

impl OfReviews {
    /// What it asks of reviews, besides which they are and how severe.
    pub(super) fn having(&self) -> Having<'_> {
        Having {
            tag: &self.review_tag,
            tagged: self.review_tagged,
            category: &self.incident_category,
            detection_source: &self.detection_source,
            with_incident: self.with_incident,
        }
    }
}

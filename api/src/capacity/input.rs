//! What is asked of a capacity plan.

use chrono::NaiveDate;
use entity::vocabulary::{Priority, Severity, StakeholderFunction};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::text::Tag;

/// Whose time it is. Exactly one of the three is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanOwner {
    /// The owner with this subject.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 255, example = "ada@example.org")]
    pub subject: Option<String>,
    /// The owner, a person or a team, with this name, in any letter case.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, example = "Platform team")]
    pub name: Option<String>,
    /// Everybody who stands for this function and is not named by subject or name.
    #[serde(default)]
    pub function: Option<StakeholderFunction>,
}

/// How much time somebody has in one week.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeekCapacity {
    /// Which week of the plan, from 1.
    #[schema(minimum = 1, maximum = 104, example = 4)]
    pub week: u32,
    /// Days of work in it.
    #[schema(minimum = 0, maximum = 1000, example = 0.0)]
    pub days: f64,
}

/// How much time somebody has. Exactly one of `subject`, `name` and `function` is given.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CapacityInput {
    /// The owner with this subject.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 255, example = "ada@example.org")]
    pub subject: Option<String>,
    /// The owner, a person or a team, with this name, in any letter case.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, example = "Platform team")]
    pub name: Option<String>,
    /// Everybody who stands for this function and is not named by subject or name.
    #[serde(default)]
    pub function: Option<StakeholderFunction>,
    /// Days of work in a week. They are spread evenly over its working days, Monday to Friday.
    #[schema(minimum = 0, maximum = 1000, example = 2.5)]
    pub days_per_week: f64,
    /// Weeks in which it is more or less: holidays, on-call duty.
    #[serde(default)]
    #[schema(max_items = 104)]
    pub exceptions: Vec<WeekCapacity>,
}

impl CapacityInput {
    /// Whose time it is.
    pub fn owner(&self) -> PlanOwner {
        PlanOwner {
            subject: self.subject.clone(),
            name: self.name.clone(),
            function: self.function,
        }
    }
}

/// What is fixed beforehand for one action. At least one of `to` and `not_before` is given.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentInput {
    /// The action.
    pub action_id: Uuid,
    /// Who does it in this plan, whoever owns it: one of those in `capacity`.
    #[serde(default)]
    pub to: Option<PlanOwner>,
    /// The first day on which it may begin.
    #[serde(default)]
    #[schema(example = "2026-12-14")]
    pub not_before: Option<NaiveDate>,
}

/// Which of the unfinished actions are planned; all that exist for the caller, unless narrowed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanFilter {
    /// Only these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 2000)]
    pub action_ids: Vec<Uuid>,
    /// Of any of these reviews.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub review_ids: Vec<Uuid>,
    /// Of reviews with any of these severities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 5)]
    pub review_severities: Vec<Severity>,
    /// With any of these priorities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 4)]
    pub priorities: Vec<Priority>,
    /// With any of these tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50, value_type = Vec<Tag>)]
    pub tags: Vec<String>,
    /// Without what is only proposed, which nobody is committed to yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schema(default = false, example = false)]
    pub committed_only: bool,
}

/// How far ahead is planned, with whose time, and what.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanCapacity {
    /// The first day of the first week; today (UTC) when it is left out. On a Monday the weeks are
    /// calendar weeks.
    #[serde(default)]
    #[schema(example = "2026-11-30")]
    pub from: Option<NaiveDate>,
    /// For how many weeks.
    #[schema(minimum = 1, maximum = 104, example = 12)]
    pub weeks: u32,
    /// Whose time there is. An action is done by whom its owner's subject names here, else their
    /// name, else the function that they stand for.
    #[schema(min_items = 1, max_items = 200)]
    pub capacity: Vec<CapacityInput>,
    /// Which actions.
    #[serde(default)]
    pub filter: PlanFilter,
    /// What is fixed beforehand.
    #[serde(default)]
    #[schema(max_items = 2000)]
    pub assignments: Vec<AssignmentInput>,
}

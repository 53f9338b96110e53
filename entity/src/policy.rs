//! Policies: which reviews are required, what they must have and by when; and what a review keeps
//! of the one that applies to it.

use std::collections::BTreeMap;

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::feedback_round::AskedQuestion;
use crate::organization::OrganizationId;
use crate::vocabulary::{
    AssessmentDimension, DurationUnit, ImpactDimension, IncidentCategory, Priority, Requirement,
    ReviewKind, Severity, StakeholderFunction,
};
use crate::{JsonColumn, Timestamp};

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// How many of the unit.
    #[schema(minimum = 1, maximum = 1000, example = 5)]
    pub amount: i32,
    /// What is counted.
    #[schema(example = "business_days")]
    pub unit: DurationUnit,
}

/// Within how many days an action is due, by its priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionDueDays {
    /// Of a critical one, in days.
    #[serde(default = "fifteen")]
    #[schema(minimum = 1, maximum = 3650, default = 15, example = 15)]
    pub critical: i32,
    /// Of a high one, in days.
    #[serde(default = "thirty")]
    #[schema(minimum = 1, maximum = 3650, default = 30, example = 30)]
    pub high: i32,
    /// Of a medium one, in days.
    #[serde(default = "ninety")]
    #[schema(minimum = 1, maximum = 3650, default = 90, example = 90)]
    pub medium: i32,
    /// Of a low one, in days.
    #[serde(default = "one_hundred_and_eighty")]
    #[schema(minimum = 1, maximum = 3650, default = 180, example = 180)]
    pub low: i32,
}

fn fifteen() -> i32 {
    15
}

fn thirty() -> i32 {
    30
}

fn ninety() -> i32 {
    90
}

fn one_hundred_and_eighty() -> i32 {
    180
}

impl Default for ActionDueDays {
    fn default() -> Self {
        Self {
            critical: fifteen(),
            high: thirty(),
            medium: ninety(),
            low: one_hundred_and_eighty(),
        }
    }
}

impl ActionDueDays {
    /// The days of one priority.
    pub const fn of(&self, priority: Priority) -> i32 {
        match priority {
            Priority::Critical => self.critical,
            Priority::High => self.high,
            Priority::Medium => self.medium,
            Priority::Low => self.low,
        }
    }
}

/// What a policy says of the reviews that it applies to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PolicyRules {
    /// Whether a review has to be held.
    pub requirement: Requirement,
    /// Whether a mandatory review is opened when its incident is closed.
    #[schema(example = true)]
    pub open_automatically: bool,
    /// Whether a lessons-learned workshop has to be held.
    #[schema(example = true)]
    pub workshop_required: bool,
    /// Within which time after the incident's closure the workshop is due.
    pub workshop_due: Period,
    /// The same for single severities, which wins.
    #[schema(example = json!({ "critical": { "amount": 3, "unit": "calendar_days" } }))]
    pub workshop_due_by_severity: BTreeMap<Severity, Period>,
    /// Within which time after the incident's closure the publication is due.
    pub publish_due: Period,
    /// How long before the workshop everybody has to have the chronology, in hours.
    #[schema(minimum = 0, maximum = 1000, example = 24)]
    pub chronology_shared_before_workshop_hours: i32,
    /// Within how many days an action is due, by its priority.
    pub action_due_days: ActionDueDays,
    /// The functions that have to take part.
    #[schema(example = json!(["responder", "it", "management", "legal", "communications"]))]
    pub required_functions: Vec<StakeholderFunction>,
    /// The dimensions of the response that have to be assessed.
    #[schema(example = json!(["detection", "containment"]))]
    pub required_assessments: Vec<AssessmentDimension>,
    /// The dimensions of the impact that have to be stated.
    #[schema(example = json!(["business_operations", "financial"]))]
    pub required_impact_dimensions: Vec<ImpactDimension>,
    /// How many people have to answer before feedback is shown.
    #[schema(minimum = 3, maximum = 100, example = 5)]
    pub minimum_feedback_group: i32,
    /// The organisation's own words for questions of feedback; the others are asked in the usual ones.
    #[serde(default)]
    #[schema(required)]
    pub feedback_wording: Vec<AskedQuestion>,
    /// The business calendar that counts; the organisation's default, where none is named.
    pub calendar_id: Option<Uuid>,
}

impl PolicyRules {
    /// Within which time after the closure of an incident of this severity the workshop is due.
    pub fn workshop_due_for(&self, severity: Severity) -> Period {
        let own = self.workshop_due_by_severity.get(&severity);
        own.copied().unwrap_or(self.workshop_due)
    }
}

/// Which calendar counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountingCalendar {
    /// Its id; `null` for the built-in one.
    pub id: Option<Uuid>,
    /// Its name.
    #[schema(example = "Dublin office")]
    pub name: String,
    /// IANA name of its time zone.
    #[schema(example = "Europe/Dublin")]
    pub time_zone: String,
}

/// The policy that applies to a review, as it was when the review was opened or the policy was last
/// applied again on request. No later change of the policy changes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PolicySnapshot {
    /// The policy; `null` for the built-in one.
    pub policy_id: Option<Uuid>,
    /// Its version.
    #[schema(minimum = 1, example = 3)]
    pub version: i32,
    /// Its name.
    #[schema(example = "Critical incidents")]
    pub name: String,
    /// Everything that it says.
    pub rules: PolicyRules,
    /// The calendar that its business time, days and months are counted by.
    pub calendar: CountingCalendar,
    /// When it was applied.
    pub applied_at: Timestamp,
    /// Whether it was the policy that opened the review, on the closure of its incident.
    #[schema(example = true)]
    pub opened_review: bool,
    /// What its periods were counted from: the closure of the last of the review's incidents, or the
    /// opening of a review without incidents; `null` while an incident is not closed.
    pub counted_from: Option<Timestamp>,
    /// When the workshop is due by the policy.
    pub workshop_due_at: Option<Timestamp>,
    /// When the publication is due by the policy.
    pub publish_due_at: Option<Timestamp>,
}

/// A policy.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "policies")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// Its name, unique in the organisation.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// What it is for.
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    /// The severities that it applies to; all, when there is none.
    pub severities: JsonColumn<Vec<Severity>>,
    /// The categories that it applies to; all, when there is none.
    pub categories: JsonColumn<Vec<IncidentCategory>>,
    /// The kinds of review that it applies to; all, when there is none.
    pub kinds: JsonColumn<Vec<ReviewKind>>,
    /// Its rank: the highest of those that match applies.
    pub rank: i32,
    /// Whether a review has to be held; the rules hold it too.
    pub requirement: Requirement,
    /// What it says.
    pub rules: JsonColumn<PolicyRules>,
    /// The business calendar that it names; the rules hold it too.
    pub calendar_id: Option<Uuid>,
    /// When it was archived.
    pub archived_at: Option<Timestamp>,
    /// Name and description in lower case, for searching.
    #[sea_orm(column_type = "Text")]
    pub search_text: String,
    /// Version of the row, and so of the policy.
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

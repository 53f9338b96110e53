//! Workshops: the sessions of a review.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::organization::OrganizationId;
use crate::shared::ExternalRef;
use crate::vocabulary::{
    AgendaTopicKind, IncidentRole, StakeholderFunction, WorkshopKind, WorkshopStatus,
};
use crate::{JsonColumn, Timestamp};

/// Why somebody is not neutral.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "involved_in_response")]
pub enum ConflictKind {
    /// They took part in the response.
    InvolvedInResponse,
    /// They had a role in the incident.
    HadIncidentRole,
    /// They own an affected service, or the resources of the response.
    OwnsAffectedService,
    /// They took a logged decision.
    TookDecision,
}

/// One reason why a facilitator is not neutral, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NeutralityConflict {
    /// Which reason.
    pub kind: ConflictKind,
    /// The participant whose record says so.
    pub participant_id: Option<Uuid>,
    /// The roles that count, where roles are the reason.
    pub incident_roles: Vec<IncidentRole>,
    /// The decision that they took, where that is the reason.
    pub decision_id: Option<Uuid>,
}

/// What was found when a facilitator's neutrality was last checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Neutrality {
    /// Every reason why they are not neutral; none when they are.
    pub conflicts: Vec<NeutralityConflict>,
    /// When it was checked.
    pub checked_at: Timestamp,
}

/// The decision that somebody who is not neutral facilitates all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NeutralityOverride {
    /// Why.
    #[schema(example = "Nobody else knows the platform, and everybody invited agreed")]
    pub reason: String,
    /// Who decided.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// One topic of an agenda.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgendaTopic {
    /// What it is about.
    pub kind: AgendaTopicKind,
    /// Its title.
    #[schema(
        min_length = 1,
        max_length = 300,
        example = "Walk through the chronology"
    )]
    pub title: String,
    /// How long it takes, in minutes.
    #[schema(minimum = 1, maximum = 960, example = 25)]
    pub minutes: i32,
    /// What to bear in mind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "12 events, 5 of them key; 2 known only in hindsight"
    )]
    pub notes: Option<String>,
}

/// A required function that is excused from a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExcusedFunction {
    /// The function.
    pub function: StakeholderFunction,
    /// Why the session does without it.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "No legal question arose; legal reads the minutes"
    )]
    pub reason: String,
}

/// A change of the time of a workshop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ScheduleChange {
    /// When it was to be held before, if that was known.
    pub from: Option<Timestamp>,
    /// How long it was to take before, in minutes.
    #[schema(minimum = 5, maximum = 960, example = 90)]
    pub from_duration_minutes: i32,
    /// When it was to be held from then on.
    pub to: Timestamp,
    /// How long it was to take from then on, in minutes.
    #[schema(minimum = 5, maximum = 960, example = 60)]
    pub to_duration_minutes: i32,
    /// Why, if somebody said.
    #[schema(example = "Legal could not come")]
    pub reason: Option<String>,
    /// When it was changed.
    pub at: Timestamp,
    /// Who changed it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    pub by: String,
}

/// Somebody who was invited to a workshop and is no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawn {
    /// The participant, who may have left the review since.
    pub participant: Uuid,
    /// Their name.
    pub name: String,
    /// The address that their calendar has the invitation under.
    pub address: String,
}

/// A workshop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "workshops")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// Of which review.
    #[serde(skip)]
    pub review_id: Uuid,
    /// The review's key, which never changes.
    #[serde(skip)]
    #[sea_orm(column_type = "Text")]
    pub review_key: String,
    /// What it is for.
    pub kind: WorkshopKind,
    /// What it is called, where its kind does not say enough.
    #[sea_orm(column_type = "Text", nullable)]
    pub title: Option<String>,
    /// Where it stands.
    pub status: WorkshopStatus,
    /// When it is to be held.
    pub scheduled_at: Option<Timestamp>,
    /// How long it is to take.
    pub duration_minutes: i32,
    /// IANA name of the time zone that people in it think in.
    #[sea_orm(column_type = "Text")]
    pub time_zone: String,
    /// Where people meet.
    #[sea_orm(column_type = "Text", nullable)]
    pub location: Option<String>,
    /// Where people meet online.
    #[sea_orm(column_type = "Text", nullable)]
    pub url: Option<String>,
    /// The participant who leads it.
    pub facilitator_participant_id: Option<Uuid>,
    /// Name of whoever leads it.
    #[sea_orm(column_type = "Text", nullable)]
    pub facilitator_name: Option<String>,
    /// Their subject.
    #[sea_orm(column_type = "Text", nullable)]
    pub facilitator_subject: Option<String>,
    /// Their subject, or their name where there is none, for filters.
    #[serde(skip)]
    #[sea_orm(column_type = "Text", nullable)]
    pub facilitator_key: Option<String>,
    /// What was found when their neutrality was last checked.
    pub neutrality: Option<JsonColumn<Neutrality>>,
    /// Whether it was found that they are not neutral.
    pub facilitator_conflicted: bool,
    /// The decision that they lead it all the same.
    pub neutrality_override: Option<JsonColumn<NeutralityOverride>>,
    /// How people speak to each other.
    #[sea_orm(column_type = "Text")]
    pub ground_rules: String,
    /// What is gone through, in order.
    pub agenda: JsonColumn<Vec<AgendaTopic>>,
    /// The required functions that it does without.
    pub excused_functions: JsonColumn<Vec<ExcusedFunction>>,
    /// What was said and decided.
    #[sea_orm(column_type = "Text", nullable)]
    pub minutes: Option<String>,
    /// When the next session is to be.
    pub next_session_at: Option<Timestamp>,
    /// When it was held.
    pub held_at: Option<Timestamp>,
    /// How long it really took.
    pub actual_duration_minutes: Option<i32>,
    /// When it was cancelled.
    pub cancelled_at: Option<Timestamp>,
    /// Why it was cancelled.
    #[sea_orm(column_type = "Text", nullable)]
    pub cancellation_reason: Option<String>,
    /// Sequence of its calendar file, which rises with every change that the file shows.
    pub sequence: i32,
    /// When anything that its calendar file shows last changed.
    pub calendar_changed_at: Timestamp,
    /// Every change of its time.
    pub schedule_changes: JsonColumn<Vec<ScheduleChange>>,
    /// Those who are no longer invited and have it in their calendars.
    #[serde(default)]
    pub withdrawn: JsonColumn<Vec<Withdrawn>>,
    /// Its names elsewhere.
    pub external_refs: JsonColumn<Vec<ExternalRef>>,
    /// Version of the row.
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

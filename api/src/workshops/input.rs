//! A workshop as it is sent: planned or changed.

use entity::JsonColumn;
use entity::Timestamp;
use entity::shared::{ExternalRef, WebUrl};
use entity::vocabulary::WorkshopKind;
use entity::workshop::{ExcusedFunction, Model};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::body::Patch;

/// Who leads a workshop: a participant of the review, or somebody else by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FacilitatorInput {
    /// A participant of the same review; then without `name` and `subject`.
    #[serde(default)]
    pub participant_id: Option<Uuid>,
    /// Name to show of a person who takes no part in the review.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, example = "Ada Okafor")]
    pub name: Option<String>,
    /// Subject of their tokens, or `key:<id>`; without it they are recognised by their name only.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 255, example = "ada@example.org")]
    pub subject: Option<String>,
}

/// The decision that somebody who is not neutral leads the workshop all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OverrideNeutrality {
    /// Why.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "Nobody else knows the platform, and everybody invited agreed"
    )]
    pub reason: String,
}

/// A workshop as it is planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanWorkshop {
    /// What it is for. A `follow_up` carries every open action over.
    pub kind: WorkshopKind,
    /// What it is called, where its kind does not say enough.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 300,
        example = "Lessons learned: ransomware on the file servers"
    )]
    pub title: Option<String>,
    /// When it is to be held, if that is known; a workshop may be recorded after the fact.
    #[serde(default)]
    pub scheduled_at: Option<Timestamp>,
    /// How long it is to take, in minutes. Left out: 90 for `lessons_learned`, 120 for
    /// `causal_analysis`, 60 for `action_planning` and `exercise_debrief`, 45 for `follow_up`, 30
    /// for `hotwash` and `leadership_readout`.
    #[serde(default)]
    #[schema(minimum = 5, maximum = 960, example = 90)]
    pub duration_minutes: Option<i32>,
    /// IANA name of the time zone that the people in it think in; times are UTC all the same.
    #[serde(default = "utc")]
    #[schema(
        default = "UTC",
        min_length = 1,
        max_length = 64,
        example = "Europe/Dublin"
    )]
    pub time_zone: String,
    /// Where people meet.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 300, example = "Room 4.12")]
    pub location: Option<String>,
    /// Where people meet online.
    #[serde(default)]
    #[schema(value_type = Option<WebUrl>, example = "https://meet.example/pir-2026-0042")]
    pub url: Option<String>,
    /// Who leads it. Whoever took part in the response, had a role in the incident, owns an
    /// affected service or took a logged decision cannot, unless `neutrality_override` says why.
    #[serde(default)]
    pub facilitator: Option<FacilitatorInput>,
    /// Why the facilitator leads it although they are not neutral. Another facilitator needs
    /// another one.
    #[serde(default)]
    pub neutrality_override: Option<OverrideNeutrality>,
    /// How people speak to each other in it; a default text when it is left out.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 16384,
        example = "We talk about systems and decisions, never about who is to blame."
    )]
    pub ground_rules: Option<String>,
    /// The required functions that it does without, each with the reason.
    #[serde(default)]
    #[schema(max_items = 15)]
    pub excused_functions: Vec<ExcusedFunction>,
    /// What was said and decided.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 65536,
        example = "The chronology was confirmed. Two gaps were found in alerting."
    )]
    pub minutes: Option<String>,
    /// When the next session is to be; after this one.
    #[serde(default)]
    pub next_session_at: Option<Timestamp>,
    /// Its names in other systems, each unique in the organisation.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
}

/// A change of a workshop.
pub type WorkshopPatch = Patch<PlanWorkshop>;

fn utc() -> String {
    "UTC".to_owned()
}

impl From<&Model> for PlanWorkshop {
    fn from(row: &Model) -> Self {
        let facilitator = match (row.facilitator_participant_id, &row.facilitator_name) {
            (None, None) => None,
            (Some(participant), _) => Some(FacilitatorInput {
                participant_id: Some(participant),
                ..FacilitatorInput::default()
            }),
            (None, Some(name)) => Some(FacilitatorInput {
                participant_id: None,
                name: Some(name.clone()),
                subject: row.facilitator_subject.clone(),
            }),
        };
        let decided = row.neutrality_override.as_ref();
        Self {
            kind: row.kind,
            title: row.title.clone(),
            scheduled_at: row.scheduled_at,
            duration_minutes: Some(row.duration_minutes),
            time_zone: row.time_zone.clone(),
            location: row.location.clone(),
            url: row.url.clone(),
            facilitator,
            neutrality_override: decided.map(|JsonColumn(decided)| OverrideNeutrality {
                reason: decided.reason.clone(),
            }),
            ground_rules: Some(row.ground_rules.clone()),
            excused_functions: row.excused_functions.0.clone(),
            minutes: row.minutes.clone(),
            next_session_at: row.next_session_at,
            external_refs: row.external_refs.0.clone(),
        }
    }
}

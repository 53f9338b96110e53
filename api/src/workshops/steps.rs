//! Bodies of the steps of a workshop's life.

use entity::Timestamp;
use entity::vocabulary::Attendance;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::OverrideNeutrality;
use entity::workshop::ExcusedFunction;

/// Whether one of the invited came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitedAttendance {
    /// Whose invitation.
    pub invitation_id: Uuid,
    /// Whether they came.
    pub attendance: Attendance,
    /// Why they are excused; required for `excused`, only for it.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "On leave; the deputy was there"
    )]
    pub reason: Option<String>,
}

/// That a workshop was held, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldWorkshop {
    /// When it began; when it was to, if that has passed and nothing else is said, else now.
    #[serde(default)]
    pub held_at: Option<Timestamp>,
    /// How long it really took, in minutes.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1440, example = 95)]
    pub actual_duration_minutes: Option<i32>,
    /// What was said and decided; left out, what was written down before stays.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 65536,
        example = "The chronology was confirmed. Two gaps were found in alerting."
    )]
    pub minutes: Option<String>,
    /// When the next session is to be; left out, what was planned before stays.
    #[serde(default)]
    pub next_session_at: Option<Timestamp>,
    /// Who came, as far as it was not recorded before.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub attendance: Vec<InvitedAttendance>,
    /// The required functions that it did without, beside those that were excused before.
    #[serde(default)]
    #[schema(max_items = 15)]
    pub excused_functions: Vec<ExcusedFunction>,
    /// Why the facilitator led it although they turned out not to be neutral.
    #[serde(default)]
    pub neutrality_override: Option<OverrideNeutrality>,
}

/// That a workshop will not take place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelWorkshop {
    /// Why.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "Merged with the session of the sister review"
    )]
    pub reason: String,
}

/// A new time for a workshop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RescheduleWorkshop {
    /// When it is to be held.
    pub scheduled_at: Timestamp,
    /// How long it is to take, in minutes; left out, as long as before.
    #[serde(default)]
    #[schema(minimum = 5, maximum = 960, example = 60)]
    pub duration_minutes: Option<i32>,
    /// IANA name of the time zone that the people in it think in; left out, the one before.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64, example = "Europe/Dublin")]
    pub time_zone: Option<String>,
    /// Why.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, example = "Legal could not come")]
    pub reason: Option<String>,
}

//! A workshop as it is shown.

use entity::Timestamp;
use entity::shared::{ExternalRef, WebUrl};
use entity::vocabulary::{StakeholderFunction, WorkshopKind, WorkshopStatus};
use entity::workshop::{
    AgendaTopic, ExcusedFunction, Model, NeutralityConflict, NeutralityOverride, ScheduleChange,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::invitations::body::InvitationBody;
use super::presence::{self, RequiredFunction};
use crate::kernel::audit::{hex, stored};
use crate::kernel::error::Result;
use crate::kernel::etag;
use crate::wording::body::{PlacedText, Worded, WordingNote, at, notes};

/// Who leads a workshop.
#[derive(Debug, Serialize, ToSchema)]
pub struct FacilitatorBody {
    /// The participant, if they take part in the review.
    participant_id: Option<Uuid>,
    /// Name to show.
    #[schema(example = "Ada Okafor")]
    name: String,
    /// Subject of their tokens, if it is known.
    #[schema(example = "ada@example.org")]
    subject: Option<String>,
}

/// Whether the facilitator was close to what happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct NeutralityBody {
    /// Whether nothing was found that speaks against them.
    #[schema(example = true)]
    is_neutral: bool,
    /// What was found.
    conflicts: Vec<NeutralityConflict>,
    /// When it was last looked at: when they were named, and when the workshop was held.
    checked_at: Timestamp,
    /// Why they lead the workshop although they are not neutral, if somebody decided that.
    #[serde(rename = "override")]
    overridden: Option<NeutralityOverride>,
}

/// How many are invited, and what became of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct InvitationCounts {
    /// Invitations.
    #[schema(minimum = 0, example = 7)]
    pub total: usize,
    /// Not answered yet.
    #[schema(minimum = 0, example = 1)]
    pub pending: usize,
    /// Accepted.
    #[schema(minimum = 0, example = 5)]
    pub accepted: usize,
    /// Accepted with reserve.
    #[schema(minimum = 0, example = 1)]
    pub tentative: usize,
    /// Declined.
    #[schema(minimum = 0, example = 0)]
    pub declined: usize,
    /// Who came.
    #[schema(minimum = 0, example = 6)]
    pub attended: usize,
    /// Who did not come and was not excused.
    #[schema(minimum = 0, example = 0)]
    pub absent: usize,
    /// Who was excused.
    #[schema(minimum = 0, example = 1)]
    pub excused: usize,
    /// Who acknowledged the ground rules as they read now.
    #[schema(minimum = 0, example = 6)]
    pub acknowledged: usize,
}

/// What a workshop shows that its own row does not hold.
#[derive(Clone, Debug, Default)]
pub struct Computed {
    /// The functions it needs, and how they are represented.
    pub required_functions: Vec<RequiredFunction>,
    /// Its invitations in numbers.
    pub invitation_counts: InvitationCounts,
}

/// A workshop.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkshopBody {
    /// Its id.
    id: Uuid,
    /// The review.
    review_id: Uuid,
    /// The review's key.
    #[schema(example = "PIR-2026-0042")]
    review_key: String,
    /// What it is for.
    kind: WorkshopKind,
    /// What it is called, where its kind does not say enough.
    #[schema(example = "Lessons learned: ransomware on the file servers")]
    title: Option<String>,
    /// Where it stands; moved by `hold` and `cancel` only.
    status: WorkshopStatus,
    /// When it is to be held.
    scheduled_at: Option<Timestamp>,
    /// When it is to end.
    ends_at: Option<Timestamp>,
    /// How long it is to take, in minutes.
    #[schema(minimum = 5, maximum = 960, example = 90)]
    duration_minutes: i32,
    /// IANA name of the time zone that the people in it think in.
    #[schema(example = "Europe/Dublin")]
    time_zone: String,
    /// Where people meet.
    #[schema(example = "Room 4.12")]
    location: Option<String>,
    /// Where people meet online.
    #[schema(value_type = Option<WebUrl>, example = "https://meet.example/pir-2026-0042")]
    url: Option<String>,
    /// Who leads it.
    facilitator: Option<FacilitatorBody>,
    /// Whether they were close to what happened; null without a facilitator.
    neutrality: Option<NeutralityBody>,
    /// How people speak to each other in it.
    #[schema(example = "We talk about systems and decisions, never about who is to blame.")]
    ground_rules: String,
    /// What is gone through, in order.
    agenda: Vec<AgendaTopic>,
    /// The functions that it needs, and how they are represented: for lessons learned and exercise
    /// debriefs, as the review's policy says, else the usual five.
    required_functions: Vec<RequiredFunction>,
    /// Of `required_functions`, those that are missing without an excuse: once it was held, those
    /// that were not there; before, those for which nobody is invited who may come.
    absent_required_functions: Vec<StakeholderFunction>,
    /// The required functions that it does without, each with the reason.
    excused_functions: Vec<ExcusedFunction>,
    /// Its invitations in numbers.
    invitation_counts: InvitationCounts,
    /// What was said and decided.
    #[schema(example = "The chronology was confirmed. Two gaps were found in alerting.")]
    minutes: Option<String>,
    /// When the next session is to be.
    next_session_at: Option<Timestamp>,
    /// When it was held.
    held_at: Option<Timestamp>,
    /// How long it really took, in minutes.
    #[schema(minimum = 1, maximum = 1440, example = 95)]
    actual_duration_minutes: Option<i32>,
    /// When it was cancelled.
    cancelled_at: Option<Timestamp>,
    /// Why it was cancelled.
    #[schema(example = "Merged with the session of the sister review")]
    cancellation_reason: Option<String>,
    /// Every change of its time, the oldest first.
    schedule_changes: Vec<ScheduleChange>,
    /// Sequence of its calendar file.
    #[schema(minimum = 0, example = 1)]
    sequence: i32,
    /// Its names in other systems.
    external_refs: Vec<ExternalRef>,
    /// Version of the resource, which its ETag begins with.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// When it was created.
    created_at: Timestamp,
    /// Who created it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    created_by: String,
    /// When it was last changed.
    updated_at: Timestamp,
    /// Phrases in its minutes that blame or judge with hindsight: advice, never a refusal.
    wording_notes: Vec<WordingNote>,
}

/// A workshop with everybody who is invited, as it is kept and passed on.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkshopRecord {
    /// The workshop.
    pub workshop: WorkshopBody,
    /// Everybody who is invited, with their answers and whether they came.
    pub invitations: Vec<InvitationBody>,
}

impl Worded for Model {
    fn texts(&self) -> Vec<PlacedText<'_>> {
        vec![
            at("/title", self.title.as_deref()),
            at("/minutes", self.minutes.as_deref()),
        ]
    }
}

impl WorkshopBody {
    /// A workshop as it is shown.
    pub fn of(row: Model, computed: Computed) -> Self {
        let ends_at = ends_at(&row);
        let wording_notes = notes(&row);
        let overridden = row.neutrality_override.map(|column| column.0);
        Self {
            absent_required_functions: match row.status {
                WorkshopStatus::Cancelled => Vec::new(),
                _ => presence::missing(&computed.required_functions),
            },
            required_functions: computed.required_functions,
            invitation_counts: computed.invitation_counts,
            facilitator: row.facilitator_name.map(|name| FacilitatorBody {
                participant_id: row.facilitator_participant_id,
                name,
                subject: row.facilitator_subject,
            }),
            neutrality: row.neutrality.map(|checked| NeutralityBody {
                is_neutral: checked.0.conflicts.is_empty(),
                conflicts: checked.0.conflicts,
                checked_at: checked.0.checked_at,
                overridden,
            }),
            ends_at,
            wording_notes,
            id: row.id,
            review_id: row.review_id,
            review_key: row.review_key,
            kind: row.kind,
            title: row.title,
            status: row.status,
            scheduled_at: row.scheduled_at,
            duration_minutes: row.duration_minutes,
            time_zone: row.time_zone,
            location: row.location,
            url: row.url,
            ground_rules: row.ground_rules,
            agenda: row.agenda.0,
            excused_functions: row.excused_functions.0,
            minutes: row.minutes,
            next_session_at: row.next_session_at,
            held_at: row.held_at,
            actual_duration_minutes: row.actual_duration_minutes,
            cancelled_at: row.cancelled_at,
            cancellation_reason: row.cancellation_reason,
            schedule_changes: row.schedule_changes.0,
            sequence: row.sequence,
            external_refs: row.external_refs.0,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }

    /// Its id.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The entity tag: the version, and a digest of what its invitations say, which change without
    /// it.
    pub fn tag(&self) -> String {
        let shown = (&self.required_functions, &self.invitation_counts);
        let shown = serde_json::to_vec(&shown).unwrap_or_default();
        let digest = ring::digest::digest(&ring::digest::SHA256, &shown);
        etag::tag(self.version, &hex(&digest.as_ref()[..6]))
    }
}

/// When a workshop is to end.
pub fn ends_at(row: &Model) -> Option<Timestamp> {
    let starts_at = row.scheduled_at?;
    Some(starts_at.plus_seconds(i64::from(row.duration_minutes) * 60))
}

/// SHA-256 of ground rules, by which one sees that another text was acknowledged.
pub fn rules_digest(ground_rules: &str) -> String {
    hex(ring::digest::digest(&ring::digest::SHA256, ground_rules.as_bytes()).as_ref())
}

/// What an audit record keeps of a workshop: everything that is stored, nothing that is computed.
pub fn audited(row: &Model) -> Result<serde_json::Value> {
    let body = WorkshopBody::of(row.clone(), Computed::default());
    stored(
        &body,
        &[
            "ends_at",
            "required_functions",
            "absent_required_functions",
            "invitation_counts",
            "wording_notes",
        ],
    )
}

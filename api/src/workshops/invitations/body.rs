//! Bodies and parameters of invitations.

use std::collections::HashMap;

use entity::Timestamp;
use entity::invitation::{self, Model};
use entity::participant;
use entity::vocabulary::{Attendance, Rsvp, StakeholderFunction};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::kernel::body::Patch;

/// An invitation as it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteParticipant {
    /// The participant of the review who is invited.
    pub participant_id: Uuid,
    /// The part of the organisation they stand for in the session; their own, when left out.
    #[serde(default)]
    pub function: Option<StakeholderFunction>,
    /// Whether the session needs them; left out, it does when their function is a required one.
    #[serde(default)]
    #[schema(example = true)]
    pub required: Option<bool>,
    /// Whether they chair the session; left out, the facilitator does.
    #[serde(default)]
    #[schema(example = false)]
    pub chair: Option<bool>,
}

/// What may be changed of an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeInvitation {
    /// The part of the organisation they stand for in the session.
    pub function: StakeholderFunction,
    /// Whether the session needs them.
    #[schema(example = true)]
    pub required: bool,
    /// Whether they chair the session.
    #[schema(example = false)]
    pub chair: bool,
}

/// A change of an invitation.
pub type InvitationPatch = Patch<ChangeInvitation>;

impl From<&Model> for ChangeInvitation {
    fn from(row: &Model) -> Self {
        Self {
            function: row.function,
            required: row.required,
            chair: row.chair,
        }
    }
}

/// How an invitation can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "accepted")]
pub enum RsvpAnswer {
    /// They will come.
    Accepted,
    /// They may come.
    Tentative,
    /// They will not come.
    Declined,
}

impl From<RsvpAnswer> for Rsvp {
    fn from(answer: RsvpAnswer) -> Self {
        match answer {
            RsvpAnswer::Accepted => Self::Accepted,
            RsvpAnswer::Tentative => Self::Tentative,
            RsvpAnswer::Declined => Self::Declined,
        }
    }
}

/// An answer to an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerInvitation {
    /// The answer.
    pub rsvp: RsvpAnswer,
    /// What there is to say with it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, example = "I join after eleven")]
    pub note: Option<String>,
}

/// Whether somebody came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordAttendance {
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

/// An invitation.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationBody {
    /// Its id.
    id: Uuid,
    /// The workshop.
    workshop_id: Uuid,
    /// Who is invited.
    participant_id: Uuid,
    /// Their name.
    #[schema(example = "Kim Larsen")]
    name: String,
    /// Their subject in the identity provider, by which they answer themselves.
    #[schema(example = "kim@example.org")]
    subject: Option<String>,
    /// Where the calendar file is sent to.
    #[schema(example = "kim@example.org")]
    email: Option<String>,
    /// The part of the organisation they stand for in the session.
    function: StakeholderFunction,
    /// Whether the session needs them.
    #[schema(example = true)]
    required: bool,
    /// Whether they chair the session.
    #[schema(example = false)]
    chair: bool,
    /// What they answered; pending again after the workshop was given another time.
    rsvp: Rsvp,
    /// What they said with it.
    #[schema(example = "I join after eleven")]
    rsvp_note: Option<String>,
    /// When the answer was recorded.
    rsvp_at: Option<Timestamp>,
    /// Who recorded it.
    #[schema(example = "kim@example.org")]
    rsvp_by: Option<String>,
    /// Whether they came; null until somebody says.
    attendance: Option<Attendance>,
    /// Why they are excused.
    #[schema(example = "On leave; the deputy was there")]
    attendance_reason: Option<String>,
    /// When the attendance was recorded.
    attendance_at: Option<Timestamp>,
    /// Who recorded it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    attendance_by: Option<String>,
    /// When they acknowledged the ground rules.
    acknowledged_at: Option<Timestamp>,
    /// Version of the resource, as in its ETag.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// When it was created.
    created_at: Timestamp,
    /// Who created it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    created_by: String,
    /// When it was last changed.
    updated_at: Timestamp,
}

impl InvitationBody {
    /// An invitation of a participant.
    pub fn of(row: Model, participant: &participant::Model) -> Self {
        Self {
            id: row.id,
            workshop_id: row.workshop_id,
            participant_id: row.participant_id,
            name: participant.name.clone(),
            subject: participant.subject.clone(),
            email: participant.email.clone(),
            function: row.function,
            required: row.required,
            chair: row.chair,
            rsvp: row.rsvp,
            rsvp_note: row.rsvp_note,
            rsvp_at: row.rsvp_at,
            rsvp_by: row.rsvp_by,
            attendance: row.attendance,
            attendance_reason: row.attendance_reason,
            attendance_at: row.attendance_at,
            attendance_by: row.attendance_by,
            acknowledged_at: row.acknowledged_at,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }

    /// Invitations of a review's participants, in their order.
    pub fn all(rows: Vec<Model>, participants: &[participant::Model]) -> Vec<Self> {
        let known: HashMap<Uuid, &participant::Model> =
            participants.iter().map(|one| (one.id, one)).collect();
        let shown = rows.into_iter().filter_map(|row| {
            let participant = known.get(&row.participant_id)?;
            Some(Self::of(row, participant))
        });
        shown.collect()
    }
}

/// A page of invitations.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationList {
    /// The invitations, in order.
    items: Vec<InvitationBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which invitation to a workshop.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct InvitationPath {
    /// Id of the workshop.
    pub workshop: Uuid,
    /// Id of the invitation.
    pub invitation: Uuid,
}

crate::sorts! {
    /// Order of a list of invitations.
    InvitationSort of invitation::Entity, default CreatedAt;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
}

/// Which invitations, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListInvitations {
    /// For any of these functions.
    #[serde(default)]
    pub function: Vec<StakeholderFunction>,
    /// Only those that the session needs, or only the others.
    pub required: Option<bool>,
    /// With any of these answers.
    #[serde(default)]
    pub rsvp: Vec<Rsvp>,
    /// With any of these attendances.
    #[serde(default)]
    pub attendance: Vec<Attendance>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: InvitationSort,
}

/// Whose acknowledgement of the ground rules it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeGroundRules {
    /// The invitation of whoever acknowledges; the caller's own, when left out. To record what
    /// somebody else said in the room needs `workshops:write`.
    #[serde(default)]
    pub invitation_id: Option<Uuid>,
}

/// That somebody acknowledged the ground rules.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcknowledgementBody {
    /// Their invitation.
    invitation_id: Uuid,
    /// The participant.
    participant_id: Uuid,
    /// Their name.
    #[schema(example = "Kim Larsen")]
    name: String,
    /// When.
    acknowledged_at: Timestamp,
    /// Who recorded it.
    #[schema(example = "kim@example.org")]
    acknowledged_by: String,
    /// SHA-256 of the text that was acknowledged.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    ground_rules_sha256: String,
}

impl AcknowledgementBody {
    /// What an invitation says of it, if it does.
    pub fn of(row: &Model, participant: &participant::Model) -> Option<Self> {
        Some(Self {
            invitation_id: row.id,
            participant_id: row.participant_id,
            name: participant.name.clone(),
            acknowledged_at: row.acknowledged_at?,
            acknowledged_by: row.acknowledged_by.clone()?,
            ground_rules_sha256: row.acknowledged_rules_sha256.clone()?,
        })
    }
}

/// Somebody who has not acknowledged the ground rules as they read now.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingAcknowledgement {
    /// Their invitation.
    pub invitation_id: Uuid,
    /// The participant.
    pub participant_id: Uuid,
    /// Their name.
    #[schema(example = "Ada Okafor")]
    pub name: String,
    /// When they acknowledged an earlier text, if they did.
    pub earlier_text_at: Option<Timestamp>,
}

/// Who acknowledged a workshop's ground rules, and who did not.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcknowledgementsBody {
    /// The workshop.
    pub workshop_id: Uuid,
    /// The ground rules as they read now.
    #[schema(example = "We talk about systems and decisions, never about who is to blame.")]
    pub ground_rules: String,
    /// SHA-256 of them.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub ground_rules_sha256: String,
    /// Who acknowledged this text.
    pub acknowledged: Vec<AcknowledgementBody>,
    /// Who is invited and did not, save those who declined.
    pub missing: Vec<MissingAcknowledgement>,
}

//! What can be done with invitations.

use entity::invitation::Model;
use entity::vocabulary::{Attendance, Rsvp};
use entity::{participant, workshop};
use uuid::Uuid;

use super::body::{
    AcknowledgeGroundRules, AnswerInvitation, ChangeInvitation, InvitationBody, InvitationPatch,
    InviteParticipant, RecordAttendance,
};
use super::store;
use crate::kernel::access::Scope;
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Code, Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::participants;
use crate::workshops::body::rules_digest;
use crate::workshops::rules::{self, Step};
use crate::workshops::service::{locked_for, refuse};
use crate::workshops::{calendar_file, policy, store as workshops};

/// How many may be invited to one workshop.
const MOST: u64 = 200;

/// How many who are no longer invited are kept, the latest of them.
const MOST_WITHDRAWN: usize = 400;

/// An invitation with whom it invites.
pub type Invited = (Model, participant::Model);

/// Invites a participant of the review to a workshop.
pub async fn invite(change: &Change, workshop: Uuid, given: InviteParticipant) -> Result<Invited> {
    let (review, workshop) = locked_for(change, workshop, Step::Invite).await?;
    let participants = participants::store::for_review(&**change, review.id).await?;
    let found = participants
        .into_iter()
        .find(|one| one.id == given.participant_id);
    let Some(participant) = found else {
        let detail = "is not a participant of the review";
        let fault = Fault::at("/participant_id", "not_found", detail);
        return Err(Error::invalid(vec![fault]));
    };
    if store::count(&**change, workshop.id).await? >= MOST {
        let detail = format!("{MOST} are invited to the workshop already");
        let fault = Fault::of("too_many_invitations", detail.clone());
        return Err(Error::state(detail, vec![fault]));
    }
    let function = given.function.unwrap_or(participant.function);
    let needed = rules::needs_every_function(workshop.kind)
        && policy::of(&review).functions.contains(&function);
    let leads = workshop.facilitator_participant_id == Some(participant.id);
    let row = Model {
        function,
        required: given.required.unwrap_or(needed),
        chair: given.chair.unwrap_or(leads),
        ..blank(change, &workshop, participant.id)
    };
    let row = store::insert(change, row).await.map_err(taken)?;
    let mut withdrawn = workshop.withdrawn.0.clone();
    withdrawn.retain(|one| one.participant != participant.id);
    if withdrawn == workshop.withdrawn.0 {
        workshops::touch_calendar(change, &workshop, change.now).await?;
    } else {
        workshops::keep_withdrawn(change, &workshop, withdrawn, change.now).await?;
    }
    let invited = (row, participant);
    record(change, "invitation.create", &workshop, None, Some(&invited))?;
    Ok(invited)
}

/// Changes an invitation.
pub async fn update(
    change: &Change,
    (workshop, id): (Uuid, Uuid),
    precondition: &Precondition,
    patch: &InvitationPatch,
) -> Result<Invited> {
    let (_, workshop) = locked_for(change, workshop, Step::Invite).await?;
    let old = found(change, &workshop, id).await?;
    precondition.check(old.0.version)?;
    let given = patch.apply(&ChangeInvitation::from(&old.0))?;
    let row = Model {
        function: given.function,
        required: given.required,
        chair: given.chair,
        ..next_version(change, &old.0)
    };
    replace(change, "invitation.update", &workshop, old, row).await
}

/// Withdraws an invitation. Whoever may have it in their calendar is kept, for it to be taken out there.
pub async fn withdraw(
    change: &Change,
    (workshop, id): (Uuid, Uuid),
    precondition: &Precondition,
) -> Result<()> {
    let (_, workshop) = locked_for(change, workshop, Step::Invite).await?;
    let old = found(change, &workshop, id).await?;
    precondition.check(old.0.version)?;
    record(change, "invitation.withdraw", &workshop, Some(&old), None)?;
    let mut withdrawn = workshop.withdrawn.0.clone();
    withdrawn.extend(calendar_file::reached(&old.1));
    withdrawn.drain(..withdrawn.len().saturating_sub(MOST_WITHDRAWN));
    workshops::keep_withdrawn(change, &workshop, withdrawn, change.now).await?;
    store::remove(change, old.0).await
}

/// Answers an invitation: whoever it invites, or a facilitator for them.
pub async fn answer(
    change: &Change,
    (workshop, id): (Uuid, Uuid),
    precondition: &Precondition,
    answer: AnswerInvitation,
) -> Result<Invited> {
    let (_, workshop) = locked_for(change, workshop, Step::Answer).await?;
    let old = found(change, &workshop, id).await?;
    require_own(change, &old.1)?;
    precondition.check(old.0.version)?;
    let row = Model {
        rsvp: answer.rsvp.into(),
        rsvp_note: answer.note,
        rsvp_at: Some(change.now),
        rsvp_by: Some(change.caller.subject.clone()),
        ..next_version(change, &old.0)
    };
    replace(change, "invitation.answer", &workshop, old, row).await
}

/// Records whether somebody came.
pub async fn attend(
    change: &Change,
    (workshop, id): (Uuid, Uuid),
    precondition: &Precondition,
    given: RecordAttendance,
) -> Result<Invited> {
    let (_, workshop) = locked_for(change, workshop, Step::Attend).await?;
    let old = store::find(&**change, &workshop, id).await?;
    precondition.check(old.version)?;
    let fault = rules::check_attendance(given.attendance, given.reason.as_deref(), "");
    refuse(fault.into_iter().collect())?;
    attended(change, &workshop, old, (given.attendance, given.reason)).await
}

/// Keeps whether somebody came to a workshop that is held back from other changes.
pub async fn attended(
    change: &Change,
    workshop: &workshop::Model,
    old: Model,
    (attendance, reason): (Attendance, Option<String>),
) -> Result<Invited> {
    let participant = store::participant(&**change, &old).await?;
    let row = Model {
        attendance: Some(attendance),
        attendance_reason: reason,
        attendance_at: Some(change.now),
        attendance_by: Some(change.caller.subject.clone()),
        ..next_version(change, &old)
    };
    let old = (old, participant);
    save(change, "invitation.attendance", workshop, old, row).await
}

/// Whether an acknowledgement is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledged {
    /// It is.
    Now,
    /// The same text was acknowledged before.
    Before,
}

/// Acknowledges a workshop's ground rules as they read now: for oneself, or, as a facilitator, for
/// somebody who said so in the room.
pub async fn acknowledge(
    change: &Change,
    workshop: Uuid,
    given: &AcknowledgeGroundRules,
) -> Result<(Acknowledged, Invited)> {
    let (_, workshop) = locked_for(change, workshop, Step::Acknowledge).await?;
    let old = if let Some(id) = given.invitation_id {
        let named = store::find(&**change, &workshop, id).await;
        named.map_err(|error| unknown(error, "/invitation_id"))?
    } else {
        let own = store::of_subject(&**change, &workshop, &change.caller.subject).await?;
        own.ok_or_else(|| Code::Forbidden.because("you are not invited to this workshop"))?
    };
    let participant = store::participant(&**change, &old).await?;
    require_own(change, &participant)?;
    let digest = rules_digest(&workshop.ground_rules);
    if old.acknowledged_rules_sha256.as_deref() == Some(digest.as_str()) {
        return Ok((Acknowledged::Before, (old, participant)));
    }
    let row = Model {
        acknowledged_at: Some(change.now),
        acknowledged_by: Some(change.caller.subject.clone()),
        acknowledged_rules_sha256: Some(digest),
        ..next_version(change, &old)
    };
    let old = (old, participant);
    let invited = save(change, "invitation.acknowledge", &workshop, old, row).await?;
    Ok((Acknowledged::Now, invited))
}

/// In a body, what is not there is a fault of the body.
fn unknown(error: Error, pointer: &str) -> Error {
    match error {
        Error::Refused(refusal) if refusal.code == Code::NotFound => {
            let detail = "is not an invitation to this workshop";
            Error::invalid(vec![Fault::at(pointer, "not_found", detail)])
        }
        other => other,
    }
}

/// Refuses to speak for somebody else without the right to record what others said.
fn require_own(change: &Change, participant: &participant::Model) -> Result<()> {
    let own = participant.subject.as_deref() == Some(change.caller.subject.as_str());
    if own || change.caller.scopes.contains(Scope::WorkshopsWrite) {
        return Ok(());
    }
    let detail = "it is somebody else's; to answer for others needs workshops:write";
    Err(Code::Forbidden.because(detail).into())
}

async fn found(change: &Change, workshop: &workshop::Model, id: Uuid) -> Result<Invited> {
    let row = store::find(&**change, workshop, id).await?;
    let participant = store::participant(&**change, &row).await?;
    Ok((row, participant))
}

/// Replaces an invitation with a change that the calendar file shows.
async fn replace(
    change: &Change,
    what: &'static str,
    workshop: &workshop::Model,
    old: Invited,
    row: Model,
) -> Result<Invited> {
    workshops::touch_calendar(change, workshop, change.now).await?;
    save(change, what, workshop, old, row).await
}

async fn save(
    change: &Change,
    what: &'static str,
    workshop: &workshop::Model,
    old: Invited,
    row: Model,
) -> Result<Invited> {
    let row = store::save(change, row).await?;
    let new = (row, old.1.clone());
    record(change, what, workshop, Some(&old), Some(&new))?;
    Ok(new)
}

fn record(
    change: &Change,
    what: &'static str,
    workshop: &workshop::Model,
    before: Option<&Invited>,
    after: Option<&Invited>,
) -> Result<()> {
    let Some((row, _)) = after.or(before) else {
        return Ok(());
    };
    let mut entry = Entry::new(what, store::RESOURCE, row.id).in_review(workshop.review_id);
    let body = |(row, participant): &Invited| InvitationBody::of(row.clone(), participant);
    if let Some(before) = before {
        entry = entry.before(&body(before))?;
    }
    if let Some(after) = after {
        entry = entry.after(&body(after))?;
    }
    change.record(entry);
    Ok(())
}

fn taken(error: Error) -> Error {
    if !error.is_unique_violation() {
        return error;
    }
    let detail = "the participant is invited to this workshop already";
    Code::Conflict
        .because(detail)
        .with_faults(vec![Fault::at(
            "/participant_id",
            "already_invited",
            detail,
        )])
        .into()
}

/// The same invitation, one version later.
fn next_version(change: &Change, old: &Model) -> Model {
    Model {
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    }
}

/// An invitation of a participant before anything is said of it.
fn blank(change: &Change, workshop: &workshop::Model, participant: Uuid) -> Model {
    Model {
        id: ids::next(),
        organization_id: workshop.organization_id,
        workshop_id: workshop.id,
        participant_id: participant,
        function: entity::vocabulary::StakeholderFunction::Other,
        required: false,
        chair: false,
        rsvp: Rsvp::Pending,
        rsvp_note: None,
        rsvp_at: None,
        rsvp_by: None,
        attendance: None,
        attendance_reason: None,
        attendance_at: None,
        attendance_by: None,
        acknowledged_at: None,
        acknowledged_by: None,
        acknowledged_rules_sha256: None,
        version: 1,
        created_at: change.now,
        created_by: change.caller.subject.clone(),
        updated_at: change.now,
    }
}

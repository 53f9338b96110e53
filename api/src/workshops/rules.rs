//! Which steps a workshop takes in which state of itself and of its review, and what its body may
//! say. No HTTP, no SQL, no clock.

use chrono_tz::Tz;
use entity::Timestamp;
use entity::vocabulary::{Attendance, ReviewStatus, WorkshopKind, WorkshopStatus};

use super::input::{FacilitatorInput, PlanWorkshop};
use super::steps::{HoldWorkshop, InvitedAttendance};
use crate::kernel::error::{Error, Fault, Result};
use crate::references::repeated;
use crate::reviews;

/// The ground rules of a workshop that says nothing else.
pub const GROUND_RULES: &str = "\
We are here to learn, not to find who is to blame.
Everybody acted sensibly with what they knew, saw and could do at that moment.
We ask how it made sense, and what made it likely: systems, tools, procedures, information.
We say what happened before we say what should change.
We keep apart what was known then and what is known now.
Everybody speaks for themselves and is heard out; rank does not count here.
What somebody says here is not used against them.";

/// What is done to a workshop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is planned.
    Plan,
    /// What it says of itself is changed.
    Change,
    /// Its agenda is set.
    SetAgenda,
    /// Somebody is invited, invited differently, or no longer invited.
    Invite,
    /// An invitation is answered.
    Answer,
    /// Its ground rules are acknowledged.
    Acknowledge,
    /// It is recorded who came.
    Attend,
    /// It is given another time.
    Reschedule,
    /// It was held.
    Hold,
    /// It will not be held.
    Cancel,
}

/// Whether a review in this state takes the step for a workshop of this kind.
///
/// After the publication come the sessions that go through the actions or tell of the findings;
/// what was planned before is still carried to its end. Where a review was given up, what is in
/// people's calendars can still be cancelled.
pub fn review_takes(review: ReviewStatus, kind: WorkshopKind, step: Step) -> bool {
    use ReviewStatus::{Cancelled, Closed, Draft, InProgress, InReview, Published, Waived};
    let outlives = matches!(
        kind,
        WorkshopKind::FollowUp | WorkshopKind::LeadershipReadout
    );
    match review {
        Draft | InProgress | InReview => true,
        Published | Closed => step != Step::Plan || outlives,
        Waived | Cancelled => step == Step::Cancel,
    }
}

/// Whether a workshop in this state takes the step.
pub fn takes(status: WorkshopStatus, step: Step) -> bool {
    match status {
        WorkshopStatus::Planned => true,
        WorkshopStatus::Held => matches!(step, Step::Change | Step::Acknowledge | Step::Attend),
        WorkshopStatus::Cancelled => false,
    }
}

/// Refuses a step that the review or the workshop does not take in its state.
pub fn require(
    review: ReviewStatus,
    (kind, status): (WorkshopKind, WorkshopStatus),
    step: Step,
) -> Result<()> {
    if !review_takes(review, kind, step) {
        return Err(reviews::service::refused(review));
    }
    if takes(status, step) {
        return Ok(());
    }
    let detail = format!("the workshop is {status}");
    let fault = Fault::of(&format!("workshop_is_{status}"), detail.clone());
    Err(Error::state(detail, vec![fault]))
}

/// Whether a session of this kind brings all functions together, so that those that are required
/// have to be there.
pub fn needs_every_function(kind: WorkshopKind) -> bool {
    matches!(
        kind,
        WorkshopKind::LessonsLearned | WorkshopKind::ExerciseDebrief
    )
}

/// How long a session takes when nobody says, in minutes.
pub fn usual_minutes(kind: WorkshopKind) -> i32 {
    match kind {
        WorkshopKind::LessonsLearned => 90,
        WorkshopKind::CausalAnalysis => 120,
        WorkshopKind::ActionPlanning | WorkshopKind::ExerciseDebrief => 60,
        WorkshopKind::FollowUp => 45,
        WorkshopKind::Hotwash | WorkshopKind::LeadershipReadout => 30,
    }
}

/// The faults of a workshop, beyond what its schema says.
pub fn check(workshop: &PlanWorkshop) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Some(facilitator) = &workshop.facilitator {
        faults.extend(check_facilitator(facilitator));
    }
    faults.extend(check_zone(&workshop.time_zone));
    let functions: Vec<_> = workshop
        .excused_functions
        .iter()
        .map(|one| one.function)
        .collect();
    faults.extend(repeated("/excused_functions", &functions));
    faults.extend(check_next(workshop.scheduled_at, workshop.next_session_at));
    let refs: Vec<_> = workshop
        .external_refs
        .iter()
        .map(|one| (&one.system, &one.id))
        .collect();
    faults.extend(repeated("/external_refs", &refs));
    faults
}

fn check_facilitator(facilitator: &FacilitatorInput) -> Option<Fault> {
    let forms = (
        facilitator.participant_id.is_some(),
        facilitator.name.is_some(),
    );
    match forms {
        (true, true) => Some(Fault::at(
            "/facilitator",
            "two_forms",
            "names a participant or a person, not both",
        )),
        (false, false) => Some(Fault::at(
            "/facilitator",
            "required",
            "names neither a participant nor a person",
        )),
        (true, false) if facilitator.subject.is_some() => Some(Fault::at(
            "/facilitator/subject",
            "two_forms",
            "is the participant's own; leave it out",
        )),
        _ => None,
    }
}

/// The fault of a time zone that nobody knows.
pub fn check_zone(name: &str) -> Option<Fault> {
    let detail = "is not the name of an IANA time zone, such as Europe/Dublin";
    let unknown = name.parse::<Tz>().is_err();
    unknown.then(|| Fault::at("/time_zone", "unknown_time_zone", detail))
}

/// The fault of a next session that is not after this one.
pub fn check_next(this: Option<Timestamp>, next: Option<Timestamp>) -> Option<Fault> {
    let (this, next) = this.zip(next)?;
    let detail = "must be after this session";
    (next <= this).then(|| Fault::at("/next_session_at", "before_session", detail))
}

/// What a change of a workshop touches that its state keeps: a time that was set moves by
/// `reschedule`, and what was held stays as it was held.
pub fn check_fixed(status: WorkshopStatus, old: &PlanWorkshop, new: &PlanWorkshop) -> Vec<Fault> {
    let moved = old.scheduled_at != new.scheduled_at;
    let stretched = old.duration_minutes != new.duration_minutes;
    match status {
        WorkshopStatus::Planned if old.scheduled_at.is_some() => {
            let detail = "was set; reschedule the workshop";
            let fault = |at| Fault::at(at, "reschedule_instead", detail);
            let moved = moved.then(|| fault("/scheduled_at"));
            moved
                .into_iter()
                .chain(stretched.then(|| fault("/duration_minutes")))
                .collect()
        }
        WorkshopStatus::Held => [
            (old.kind != new.kind, "/kind"),
            (old.title != new.title, "/title"),
            (moved, "/scheduled_at"),
            (stretched, "/duration_minutes"),
            (old.time_zone != new.time_zone, "/time_zone"),
            (old.location != new.location, "/location"),
            (old.url != new.url, "/url"),
            (old.ground_rules != new.ground_rules, "/ground_rules"),
        ]
        .into_iter()
        .filter(|(changed, _)| *changed)
        .map(|(_, at)| Fault::at(at, "workshop_is_held", "stays as the workshop was held"))
        .collect(),
        WorkshopStatus::Planned | WorkshopStatus::Cancelled => Vec::new(),
    }
}

/// Whether a change is one that everybody who has the workshop in their calendar has to see.
pub fn changes_calendar(old: &PlanWorkshop, new: &PlanWorkshop) -> bool {
    (old.kind, &old.title, old.scheduled_at, old.duration_minutes)
        != (new.kind, &new.title, new.scheduled_at, new.duration_minutes)
        || (&old.location, &old.url, &old.facilitator)
            != (&new.location, &new.url, &new.facilitator)
}

/// The faults of an attendance: an excuse has a reason, and nothing else has one.
pub fn check_attendance(
    attendance: Attendance,
    reason: Option<&str>,
    under: &str,
) -> Option<Fault> {
    let (code, detail) = match (attendance == Attendance::Excused, reason.is_some()) {
        (true, false) => ("required", "is required for excused"),
        (false, true) => ("not_for_this_attendance", "is only for excused"),
        _ => return None,
    };
    Some(Fault::at(format!("{under}/reason"), code, detail))
}

/// The faults of holding a workshop, beyond what the schema says.
pub fn check_hold(hold: &HoldWorkshop, held_at: Timestamp, now: Timestamp) -> Vec<Fault> {
    let mut faults = Vec::new();
    if held_at > now {
        faults.push(Fault::at("/held_at", "in_the_future", "is in the future"));
    }
    faults.extend(check_next(Some(held_at), hold.next_session_at));
    let invited: Vec<_> = hold
        .attendance
        .iter()
        .map(|one| one.invitation_id)
        .collect();
    faults.extend(repeated("/attendance", &invited));
    let unexcused = hold.attendance.iter().enumerate().filter_map(
        |(
            at,
            InvitedAttendance {
                attendance, reason, ..
            },
        )| {
            check_attendance(*attendance, reason.as_deref(), &format!("/attendance/{at}"))
        },
    );
    faults.extend(unexcused);
    let functions: Vec<_> = hold
        .excused_functions
        .iter()
        .map(|one| one.function)
        .collect();
    faults.extend(repeated("/excused_functions", &functions));
    faults
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;

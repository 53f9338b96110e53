//! Which of the functions that a session needs are there. Pure.

use entity::vocabulary::{Attendance, Rsvp, StakeholderFunction, WorkshopStatus};
use entity::workshop::ExcusedFunction;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What counts of an invitation.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The invitation.
    pub invitation_id: Uuid,
    /// The function it is for.
    pub function: StakeholderFunction,
    /// What was answered.
    pub rsvp: Rsvp,
    /// Whether they came, if somebody said.
    pub attendance: Option<Attendance>,
    /// Why they are excused.
    pub reason: Option<String>,
}

/// How a required function is represented in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "present")]
pub enum Presence {
    /// Nobody is invited for it.
    NotInvited,
    /// Everybody who is invited for it declined.
    Declined,
    /// Somebody is invited for it who may come.
    Expected,
    /// Somebody was there for it.
    Present,
    /// The session does without it, for a recorded reason.
    Excused,
    /// The session was held without it, and nobody said why.
    Absent,
}

/// A function that a session needs, and how it is represented.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RequiredFunction {
    /// The function.
    pub function: StakeholderFunction,
    /// How it is represented.
    pub presence: Presence,
    /// Why the session does without it, where it does.
    #[schema(example = "No legal question arose; legal reads the minutes")]
    pub reason: Option<String>,
    /// The invitations for it.
    pub invitation_ids: Vec<Uuid>,
}

/// How each required function is represented in a session.
pub fn judge(
    required: &[StakeholderFunction],
    seats: &[Seat],
    excused: &[ExcusedFunction],
    status: WorkshopStatus,
) -> Vec<RequiredFunction> {
    let judge = |function: &StakeholderFunction| {
        let own: Vec<&Seat> = seats
            .iter()
            .filter(|seat| seat.function == *function)
            .collect();
        let excuse = excused.iter().find(|one| one.function == *function);
        let (presence, reason) = presence(&own, excuse, status == WorkshopStatus::Held);
        RequiredFunction {
            function: *function,
            presence,
            reason,
            invitation_ids: own.iter().map(|seat| seat.invitation_id).collect(),
        }
    };
    required.iter().map(judge).collect()
}

fn presence(
    seats: &[&Seat],
    excuse: Option<&ExcusedFunction>,
    held: bool,
) -> (Presence, Option<String>) {
    let has = |attendance| {
        let mut all = seats.iter();
        all.find(|seat| seat.attendance == Some(attendance))
    };
    if has(Attendance::Attended).is_some() {
        return (Presence::Present, None);
    }
    if let Some(excuse) = excuse {
        return (Presence::Excused, Some(excuse.reason.clone()));
    }
    if let Some(seat) = has(Attendance::Excused) {
        return (Presence::Excused, seat.reason.clone());
    }
    let presence = match (held, seats) {
        (true, _) => Presence::Absent,
        (false, []) => Presence::NotInvited,
        (false, all) if all.iter().all(|seat| seat.rsvp == Rsvp::Declined) => Presence::Declined,
        (false, _) => Presence::Expected,
    };
    (presence, None)
}

/// The functions that are missing without an excuse: from a session that was held, those that were
/// not there; from one to come, those for which nobody may come.
pub fn missing(functions: &[RequiredFunction]) -> Vec<StakeholderFunction> {
    let is_missing = |one: &&RequiredFunction| {
        matches!(
            one.presence,
            Presence::Absent | Presence::NotInvited | Presence::Declined
        )
    };
    let missing = functions.iter().filter(is_missing);
    missing.map(|one| one.function).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::vocabulary::StakeholderFunction::{It, Legal};

    fn seat(rsvp: Rsvp, attendance: Option<Attendance>) -> Seat {
        Seat {
            invitation_id: Uuid::nil(),
            function: Legal,
            rsvp,
            attendance,
            reason: (attendance == Some(Attendance::Excused)).then(|| "on leave".to_owned()),
        }
    }

    fn of(seats: &[Seat], excused: bool, status: WorkshopStatus) -> (Presence, Option<String>) {
        let excuse = ExcusedFunction {
            function: Legal,
            reason: "no legal question".to_owned(),
        };
        let excuses = if excused { vec![excuse] } else { vec![] };
        let judged = judge(&[Legal], seats, &excuses, status);
        (judged[0].presence, judged[0].reason.clone())
    }

    #[test]
    fn each_answer_and_attendance_is_a_presence() {
        use Presence::{Absent, Declined, Excused, Expected, NotInvited, Present};
        let (planned, held) = (WorkshopStatus::Planned, WorkshopStatus::Held);
        let (accepted, declined) = (Rsvp::Accepted, Rsvp::Declined);
        let table: [(&[Seat], bool, WorkshopStatus, Presence); 16] = [
            (&[], false, planned, NotInvited),
            (&[], true, planned, Excused),
            (&[seat(Rsvp::Pending, None)], false, planned, Expected),
            (&[seat(Rsvp::Tentative, None)], false, planned, Expected),
            (&[seat(accepted, None)], false, planned, Expected),
            (&[seat(declined, None)], false, planned, Declined),
            (
                &[seat(declined, None), seat(accepted, None)],
                false,
                planned,
                Expected,
            ),
            (&[seat(declined, None)], true, planned, Excused),
            (&[], false, held, Absent),
            (&[], true, held, Excused),
            (&[seat(accepted, None)], false, held, Absent),
            (
                &[seat(accepted, Some(Attendance::Absent))],
                false,
                held,
                Absent,
            ),
            (
                &[seat(accepted, Some(Attendance::Excused))],
                false,
                held,
                Excused,
            ),
            (
                &[seat(declined, Some(Attendance::Attended))],
                false,
                held,
                Present,
            ),
            (
                &[seat(accepted, Some(Attendance::Attended))],
                true,
                held,
                Present,
            ),
            (
                &[
                    seat(accepted, Some(Attendance::Absent)),
                    seat(accepted, Some(Attendance::Attended)),
                ],
                false,
                held,
                Present,
            ),
        ];
        for (seats, excused, status, expected) in table {
            let (presence, reason) = of(seats, excused, status);
            assert_eq!(presence, expected, "{seats:?} {excused} {status}");
            assert_eq!(reason.is_some(), expected == Excused, "{seats:?} {status}");
        }
    }

    #[test]
    fn the_excuse_of_the_session_is_told_before_that_of_a_person() {
        let seats = [seat(Rsvp::Accepted, Some(Attendance::Excused))];
        let reason = |excused| of(&seats, excused, WorkshopStatus::Held).1;
        assert_eq!(reason(true).as_deref(), Some("no legal question"));
        assert_eq!(reason(false).as_deref(), Some("on leave"));
    }

    #[test]
    fn what_is_missing_is_neither_there_nor_expected_nor_excused() {
        let seats = [seat(Rsvp::Accepted, None)];
        let missing_from = |status| missing(&judge(&[Legal, It], &seats, &[], status));
        assert_eq!(missing_from(WorkshopStatus::Planned), [It]);
        assert_eq!(missing_from(WorkshopStatus::Held), [Legal, It]);
        assert!(judge(&[], &seats, &[], WorkshopStatus::Held).is_empty());
    }
}

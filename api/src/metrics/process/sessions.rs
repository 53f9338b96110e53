//! What one workshop that was held says of a review: when it was, who led it and who came. Pure.

use entity::Timestamp;
use entity::vocabulary::{Attendance, StakeholderFunction, WorkshopKind, WorkshopStatus};
use entity::workshop::{ExcusedFunction, NeutralityOverride};
use uuid::Uuid;

use super::item::read;
use super::store::sessions::SessionRow;
use crate::kernel::error::Result;
use crate::workshops::invitations::store::SeatRow;
use crate::workshops::presence::{self, Presence};
use crate::workshops::readiness::Facilitation;
use crate::workshops::rules::needs_every_function;

/// A workshop that was held.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) id: Uuid,
    pub(super) kind: WorkshopKind,
    pub(super) held_at: Timestamp,
    pub(super) facilitation: Facilitation,
    /// Why somebody led it who is not neutral.
    pub(super) override_reason: Option<String>,
    /// Whether each function that it needed was there; none, where its kind needs none.
    pub(super) required: Vec<(StakeholderFunction, Presence)>,
    /// For which function each of the invited was asked, and whether they came.
    pub(super) invited: Vec<(StakeholderFunction, Option<Attendance>)>,
}

impl Session {
    /// A workshop with who was invited, of a review whose policy asks for these functions.
    pub(super) fn of(
        row: SessionRow,
        seats: Vec<SeatRow>,
        functions: &[StakeholderFunction],
    ) -> Result<Self> {
        let excused: Vec<ExcusedFunction> = read(&row.excused_functions)?;
        let given = row.neutrality_override.as_deref();
        let given: Option<NeutralityOverride> = given.map(read).transpose()?;
        let invited = seats.iter().map(|seat| (seat.function, seat.attendance));
        let invited = invited.collect();
        let seats: Vec<presence::Seat> = seats.into_iter().map(Into::into).collect();
        let needed = if needs_every_function(row.kind) {
            functions
        } else {
            &[]
        };
        let judged = presence::judge(needed, &seats, &excused, WorkshopStatus::Held);
        let facilitation = match (&row.facilitator_name, row.facilitator_conflicted, &given) {
            (None, ..) => Facilitation::Nobody,
            (_, false, _) => Facilitation::Neutral,
            (_, true, Some(_)) => Facilitation::Overridden,
            (_, true, None) => Facilitation::Conflicted,
        };
        let is_overridden = facilitation == Facilitation::Overridden;
        Ok(Self {
            id: row.id,
            kind: row.kind,
            held_at: row.held_at.unwrap_or(row.created_at),
            facilitation,
            override_reason: given.filter(|_| is_overridden).map(|given| given.reason),
            required: judged
                .into_iter()
                .map(|one| (one.function, one.presence))
                .collect(),
            invited,
        })
    }

    /// Whether it is the one that a review's policy asks for.
    pub(super) fn is_the_workshop(&self) -> bool {
        needs_every_function(self.kind)
    }

    /// The functions that it needed and that were as said.
    pub(super) fn functions(
        &self,
        presence: Presence,
    ) -> impl Iterator<Item = StakeholderFunction> + '_ {
        let own = self
            .required
            .iter()
            .filter(move |(_, own)| *own == presence);
        own.map(|(function, _)| *function)
    }
}

#[cfg(test)]
mod tests {
    use entity::vocabulary::Rsvp;
    use entity::vocabulary::StakeholderFunction::{It, Legal, Management};

    use super::*;

    const GIVEN: &str =
        r#"{"reason":"Nobody else knows it","by":"ada","at":"2026-11-20T12:00:00Z"}"#;

    fn row(kind: WorkshopKind) -> SessionRow {
        let at = Timestamp::parse("2026-11-20T12:00:00Z").expect("an instant");
        SessionRow {
            id: Uuid::nil(),
            review_id: Uuid::nil(),
            kind,
            held_at: None,
            created_at: at,
            facilitator_name: Some("Kim".to_owned()),
            facilitator_conflicted: false,
            neutrality_override: None,
            excused_functions: r#"[{"function":"legal","reason":"x"}]"#.to_owned(),
        }
    }

    fn seat(function: StakeholderFunction, attendance: Option<Attendance>) -> SeatRow {
        SeatRow {
            id: Uuid::nil(),
            workshop_id: Uuid::nil(),
            function,
            rsvp: Rsvp::Accepted,
            attendance,
            attendance_reason: None,
            acknowledged_rules_sha256: None,
        }
    }

    #[test]
    fn a_session_is_led_as_it_was_last_found() {
        use Facilitation::{Conflicted, Neutral, Nobody, Overridden};
        let given = || Some(GIVEN.to_owned());
        for (name, conflicted, given, expected) in [
            (None, false, None, Nobody),
            (Some("Kim"), false, None, Neutral),
            (Some("Kim"), false, given(), Neutral),
            (Some("Kim"), true, None, Conflicted),
            (Some("Kim"), true, given(), Overridden),
        ] {
            let row = SessionRow {
                facilitator_name: name.map(str::to_owned),
                facilitator_conflicted: conflicted,
                neutrality_override: given,
                ..row(WorkshopKind::Hotwash)
            };
            let session = Session::of(row, Vec::new(), &[]).expect("readable");
            assert_eq!(session.facilitation, expected);
            let told = session.override_reason.is_some();
            assert_eq!(told, expected == Overridden, "{expected:?}");
        }
    }

    #[test]
    fn only_what_brings_all_functions_together_needs_them() {
        let functions = [Legal, It, Management];
        let seats = || vec![seat(It, Some(Attendance::Attended)), seat(Management, None)];
        for kind in [WorkshopKind::LessonsLearned, WorkshopKind::ExerciseDebrief] {
            let session = Session::of(row(kind), seats(), &functions).expect("readable");
            let found = |presence| session.functions(presence).collect::<Vec<_>>();
            assert_eq!(found(Presence::Present), [It]);
            assert_eq!(found(Presence::Excused), [Legal]);
            assert_eq!(found(Presence::Absent), [Management]);
        }
        let hotwash = Session::of(row(WorkshopKind::Hotwash), seats(), &functions);
        let hotwash = hotwash.expect("readable");
        assert!(hotwash.required.is_empty() && !hotwash.is_the_workshop());
        assert_eq!(hotwash.invited.len(), 2);
    }
}

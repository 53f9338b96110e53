//! Workshops as they are shown, with what their invitations and their reviews' policies say: two
//! queries more, however many they are.

use std::collections::HashMap;

use entity::vocabulary::{Attendance, Rsvp};
use entity::workshop::Model;
use entity::{invitation, participant, review};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::body::{Computed, InvitationCounts, WorkshopBody, WorkshopRecord, rules_digest};
use super::invitations::body::InvitationBody;
use super::invitations::store::{self, SeatRow};
use super::policy::{self, WorkshopPolicy};
use super::presence::{self, Seat};
use super::rules;
use crate::kernel::error::{Error, Result};

/// Workshops as they are shown, in their order.
pub async fn shown(
    connection: &impl ConnectionTrait,
    workshops: Vec<Model>,
) -> Result<Vec<WorkshopBody>> {
    let ids: Vec<Uuid> = workshops.iter().map(|one| one.id).collect();
    let mut seats: HashMap<Uuid, Vec<SeatRow>> = HashMap::with_capacity(ids.len());
    for seat in store::seats(connection, &ids).await? {
        seats.entry(seat.workshop_id).or_default().push(seat);
    }
    let needing = workshops
        .iter()
        .filter(|one| rules::needs_every_function(one.kind));
    let reviews: Vec<Uuid> = needing.map(|one| one.review_id).collect();
    let policies = policy::of_reviews(connection, &reviews).await?;
    let shown = workshops.into_iter().map(|workshop| {
        let own = seats.remove(&workshop.id).unwrap_or_default();
        let computed = computed(&workshop, own, policies.get(&workshop.review_id));
        WorkshopBody::of(workshop, computed)
    });
    Ok(shown.collect())
}

/// One workshop as it is shown.
pub async fn one(connection: &impl ConnectionTrait, workshop: Model) -> Result<WorkshopBody> {
    let shown = shown(connection, vec![workshop]).await?;
    let mut shown = shown.into_iter();
    shown
        .next()
        .ok_or_else(|| Error::Internal("a workshop is not shown".to_owned()))
}

/// Every workshop of a review with everybody who is invited.
pub fn records(
    review: &review::Model,
    workshops: Vec<Model>,
    invitations: Vec<invitation::Model>,
    participants: &[participant::Model],
) -> Vec<WorkshopRecord> {
    let mut invited: HashMap<Uuid, Vec<_>> = HashMap::with_capacity(workshops.len());
    for invitation in invitations {
        let own = invited.entry(invitation.workshop_id).or_default();
        own.push(invitation);
    }
    let policy = policy::of(review);
    let records = workshops.into_iter().map(|workshop| {
        let own = invited.remove(&workshop.id).unwrap_or_default();
        let seats = own.iter().map(SeatRow::from).collect();
        let computed = computed(&workshop, seats, Some(&policy));
        WorkshopRecord {
            workshop: WorkshopBody::of(workshop, computed),
            invitations: InvitationBody::all(own, participants),
        }
    });
    records.collect()
}

fn computed(workshop: &Model, seats: Vec<SeatRow>, policy: Option<&WorkshopPolicy>) -> Computed {
    let invitation_counts = counts(&seats, &rules_digest(&workshop.ground_rules));
    let required = policy
        .filter(|_| rules::needs_every_function(workshop.kind))
        .map_or(&[][..], |policy| policy.functions.as_slice());
    let seats: Vec<Seat> = seats.into_iter().map(Seat::from).collect();
    let excused = &workshop.excused_functions.0;
    Computed {
        required_functions: presence::judge(required, &seats, excused, workshop.status),
        invitation_counts,
    }
}

fn counts(seats: &[SeatRow], rules: &str) -> InvitationCounts {
    let answered = |rsvp| seats.iter().filter(|seat| seat.rsvp == rsvp).count();
    let came = |attendance| {
        let known = seats.iter();
        known
            .filter(|seat| seat.attendance == Some(attendance))
            .count()
    };
    let acknowledged = seats
        .iter()
        .filter(|seat| seat.acknowledged_rules_sha256.as_deref() == Some(rules));
    InvitationCounts {
        total: seats.len(),
        pending: answered(Rsvp::Pending),
        accepted: answered(Rsvp::Accepted),
        tentative: answered(Rsvp::Tentative),
        declined: answered(Rsvp::Declined),
        attended: came(Attendance::Attended),
        absent: came(Attendance::Absent),
        excused: came(Attendance::Excused),
        acknowledged: acknowledged.count(),
    }
}

//! What the condition of handing a review in looks at in its workshops.

use std::collections::HashMap;

use entity::review;
use entity::workshop::Model;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::facilitator::{self, Facilitator};
use super::invitations;
use super::neutrality::Facts;
use super::presence::{self, Seat};
use super::readiness::{Facilitation, SessionFact, WorkshopFacts};
use super::{policy, rules, store};
use crate::contributions::board;
use crate::kernel::error::Result;

/// The facts of a review's workshops: one query, or five where its policy asks for a workshop.
pub async fn of(
    connection: &impl ConnectionTrait,
    review: &review::Model,
) -> Result<WorkshopFacts> {
    let open = board::store::left_open(connection, review.id).await?;
    let open_boards = open.iter().map(|board| (board.workshop_id, board.phase));
    let policy = policy::of(review);
    let mut facts = WorkshopFacts {
        required: policy.required,
        sessions: Vec::new(),
        open_boards: open_boards.collect(),
    };
    if !policy.required {
        return Ok(facts);
    }
    let mut held = store::held(connection, review.id).await?;
    held.retain(|workshop| rules::needs_every_function(workshop.kind));
    let ids: Vec<Uuid> = held.iter().map(|workshop| workshop.id).collect();
    let mut seats: HashMap<Uuid, Vec<Seat>> = HashMap::new();
    for seat in invitations::store::seats(connection, &ids).await? {
        seats.entry(seat.workshop_id).or_default().push(seat.into());
    }
    let close = facilitator::facts(connection, review.id).await?;
    let session = |workshop: &Model| {
        let own = seats.remove(&workshop.id).unwrap_or_default();
        let excused = &workshop.excused_functions.0;
        let judged = presence::judge(&policy.functions, &own, excused, workshop.status);
        SessionFact {
            held_at: workshop.held_at.unwrap_or(workshop.created_at),
            facilitation: facilitation(workshop, &close),
            missing: presence::missing(&judged),
        }
    };
    facts.sessions = held.iter().map(session).collect();
    Ok(facts)
}

/// How a session was led, by what is known now.
fn facilitation(workshop: &Model, close: &Facts) -> Facilitation {
    let Some(facilitator) = Facilitator::of(workshop) else {
        return Facilitation::Nobody;
    };
    if facilitator.conflicts(close).is_empty() {
        Facilitation::Neutral
    } else if workshop.neutrality_override.is_some() {
        Facilitation::Overridden
    } else {
        Facilitation::Conflicted
    }
}

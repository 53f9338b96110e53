//! The sessions of a whole review: each with everybody who is invited and with its board.

use std::collections::HashMap;

use entity::{board, contribution, contribution_group};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::{by, each};
use crate::contributions::board::body::{BoardBody, Holdings};
use crate::contributions::body::ContributionBody;
use crate::contributions::groups::body::GroupBody;
use crate::workshops::body::{WorkshopBody, WorkshopRecord};
use crate::workshops::invitations::body::InvitationBody;

/// A board with everything on it that is shown. What is still sealed is not there: nobody reads it
/// before the board is closed.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardRecord {
    /// The board.
    board: BoardBody,
    /// The groups that contributions were put into, the oldest first.
    groups: Vec<GroupBody>,
    /// What people said, the oldest first; what was said anonymously in an order that says nothing.
    contributions: Vec<ContributionBody>,
}

/// A session with everything that belongs to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionRecord {
    /// The workshop.
    workshop: WorkshopBody,
    /// Everybody who is invited, with their answers and whether they came.
    invitations: Vec<InvitationBody>,
    /// Its board with what is on it; null where it has none.
    board: Option<BoardRecord>,
}

/// The sessions with their boards, in the order of the sessions.
pub fn records(
    sessions: Vec<WorkshopRecord>,
    boards: Vec<board::Model>,
    groups: Vec<contribution_group::Model>,
    contributions: Vec<contribution::Model>,
) -> Vec<SessionRecord> {
    let mut groups = by(groups, |row| row.workshop_id);
    let mut contributions = by(contributions, |row| row.workshop_id);
    let boards = boards.into_iter().map(|board| {
        let id = board.workshop_id;
        let own = groups.remove(&id).unwrap_or_default();
        let said = contributions.remove(&id).unwrap_or_default();
        let holds = Holdings {
            contributions: said.len(),
            groups: own.len(),
        };
        let record = BoardRecord {
            board: BoardBody::of(board, holds),
            groups: each(own, GroupBody::from),
            contributions: each(said, ContributionBody::from),
        };
        (id, record)
    });
    let mut boards: HashMap<Uuid, BoardRecord> = boards.collect();
    each(sessions, |session| SessionRecord {
        board: boards.remove(&session.workshop.id()),
        workshop: session.workshop,
        invitations: session.invitations,
    })
}

//! What a follow-up carries over, as it is shown.

use entity::action::Model as Action;
use entity::carried_action::ActionState;
use entity::shared::Person;
use entity::vocabulary::{ActionStatus, WorkshopStatus};
use entity::{Timestamp, workshop};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules::{self, Movement};
use crate::actions::rules::is_unfinished;

/// An action in the course of a follow-up.
#[derive(Debug, Serialize, ToSchema)]
pub struct CarriedActionBody {
    /// The action.
    action_id: Uuid,
    /// What is to be done.
    #[schema(example = "Alert when the backup agent is stopped")]
    title: String,
    /// Who is to do it.
    owner: Option<Person>,
    /// How it was carried over; null for one that came up, or was taken up again, afterwards.
    start: Option<ActionState>,
    /// How the session left it; while it is planned, how it stands now.
    end: ActionState,
    /// What became of it.
    movement: Movement,
    /// By how many percent more of it is done; less than zero after a set-back.
    #[schema(example = 30)]
    percent_change: Option<i32>,
    /// Whether its due date was moved later, even if it was moved back afterwards.
    #[schema(example = false)]
    slipped: bool,
    /// By how many days its due date was moved; later is more than zero.
    #[schema(example = 7)]
    due_moved_days: Option<i64>,
}

impl CarriedActionBody {
    /// An action as it was at the start and is at the end.
    pub fn of(action: Action, start: Option<ActionState>, end: ActionState) -> Self {
        let percent = |state: &ActionState| state.percent.unwrap_or(0);
        Self {
            action_id: action.id,
            title: action.title,
            owner: action.owner_name.map(|name| Person {
                name,
                subject: action.owner_subject,
            }),
            movement: rules::movement(start.as_ref(), &end),
            percent_change: start.as_ref().map(|start| percent(&end) - percent(start)),
            slipped: rules::slipped(start.as_ref(), &end),
            due_moved_days: rules::due_moved_days(start.as_ref(), &end),
            start,
            end,
        }
    }
}

/// The actions of a follow-up in numbers.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct CarryOverCounts {
    /// Carried over.
    #[schema(minimum = 0, example = 6)]
    carried_over: usize,
    /// New since.
    #[schema(minimum = 0, example = 1)]
    new: usize,
    /// Further than they were.
    #[schema(minimum = 0, example = 3)]
    advanced: usize,
    /// Proven to work.
    #[schema(minimum = 0, example = 1)]
    verified: usize,
    /// As they were.
    #[schema(minimum = 0, example = 1)]
    unchanged: usize,
    /// Held up now.
    #[schema(minimum = 0, example = 0)]
    blocked: usize,
    /// Further from their end than they were.
    #[schema(minimum = 0, example = 0)]
    set_back: usize,
    /// Ended without being done.
    #[schema(minimum = 0, example = 1)]
    ended: usize,
    /// With a due date that was moved later.
    #[schema(minimum = 0, example = 2)]
    slipped: usize,
    /// Still open: proposed, open, in progress or blocked.
    #[schema(minimum = 0, example = 4)]
    still_open: usize,
    /// Implemented, and not verified yet.
    #[schema(minimum = 0, example = 1)]
    to_verify: usize,
}

impl CarryOverCounts {
    fn of(actions: &[CarriedActionBody]) -> Self {
        let count = |has: &dyn Fn(&CarriedActionBody) -> bool| {
            let counted = actions.iter().filter(|one| has(one));
            counted.count()
        };
        let moved = |movement| count(&|one| one.movement == movement);
        Self {
            carried_over: count(&|one| one.start.is_some()),
            new: moved(Movement::New),
            advanced: moved(Movement::Advanced),
            verified: moved(Movement::Verified),
            unchanged: moved(Movement::Unchanged),
            blocked: moved(Movement::Blocked),
            set_back: moved(Movement::SetBack),
            ended: moved(Movement::Ended),
            slipped: count(&|one| one.slipped),
            still_open: count(&|one| is_unfinished(one.end.status)),
            to_verify: count(&|one| one.end.status == ActionStatus::Implemented),
        }
    }
}

/// What a follow-up carries over, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CarryOverBody {
    /// The follow-up.
    workshop_id: Uuid,
    /// The review.
    review_id: Uuid,
    /// Where the follow-up stands.
    status: WorkshopStatus,
    /// Whether `end` is how the session left the actions, and no longer how they stand now.
    #[schema(example = true)]
    is_frozen: bool,
    /// When the session was held.
    held_at: Option<Timestamp>,
    /// When the next session is to be.
    next_session_at: Option<Timestamp>,
    /// The actions in numbers.
    counts: CarryOverCounts,
    /// The actions, the oldest first.
    actions: Vec<CarriedActionBody>,
}

impl CarryOverBody {
    /// The actions of a follow-up as they are shown.
    pub fn of(workshop: &workshop::Model, actions: Vec<CarriedActionBody>) -> Self {
        Self {
            workshop_id: workshop.id,
            review_id: workshop.review_id,
            status: workshop.status,
            is_frozen: workshop.status == WorkshopStatus::Held,
            held_at: workshop.held_at,
            next_session_at: workshop.next_session_at,
            counts: CarryOverCounts::of(&actions),
            actions,
        }
    }
}

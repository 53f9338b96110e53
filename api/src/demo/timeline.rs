//! What happened in a case, in the order of time, whatever file tells of it.

use entity::Timestamp;
use entity::shared::Person;
use uuid::Uuid;

use super::cases::{ActionStep, ReviewStep};
use super::deeds::Deed;
use crate::chronology::body::AppendEvent;

/// Something that happened.
#[derive(Debug)]
pub(super) enum Happening {
    /// An event of the chronology was known.
    Event(Box<AppendEvent>),
    /// The review took a step.
    Review(ReviewStep),
    /// Somebody did something with an action.
    Action(Uuid, Person, ActionStep),
    /// Somebody did something else.
    Deed(Box<Deed>),
}

/// When something happened.
#[derive(Debug)]
pub(super) struct Moment {
    /// When.
    pub(super) at: Timestamp,
    /// What.
    pub(super) what: Happening,
}

/// What is still to happen.
#[derive(Debug, Default)]
pub(super) struct Timeline(Vec<Moment>);

impl Timeline {
    /// Adds events, each at the moment when it was over.
    pub(super) fn add_events(&mut self, events: Vec<AppendEvent>) {
        self.0.extend(events.into_iter().map(|event| Moment {
            at: event.ended_at.unwrap_or(event.occurred_at),
            what: Happening::Event(Box::new(event)),
        }));
    }

    /// Adds what else people did.
    pub(super) fn add_deeds(&mut self, deeds: Vec<Deed>) {
        self.0.extend(deeds.into_iter().map(|deed| Moment {
            at: deed.at,
            what: Happening::Deed(Box::new(deed)),
        }));
    }

    /// Adds the steps of the review's life.
    pub(super) fn add_life(&mut self, steps: Vec<ReviewStep>) {
        self.0.extend(steps.into_iter().map(|step| Moment {
            at: step.at,
            what: Happening::Review(step),
        }));
    }

    /// Adds what was done with an action, by its owner or by whoever verified it or approved.
    pub(super) fn add_steps(
        &mut self,
        action: Uuid,
        owner: &Person,
        steps: Vec<(Timestamp, ActionStep)>,
    ) {
        self.0.extend(steps.into_iter().map(|(at, step)| {
            let other = match &step {
                ActionStep::Verify(given) => given.verified_by.as_ref(),
                ActionStep::AcceptRisk(accepted) => Some(&accepted.approver),
                _ => None,
            };
            let by = other.unwrap_or(owner).clone();
            Moment {
                at,
                what: Happening::Action(action, by, step),
            }
        }));
    }

    /// Takes what happened up to a moment, in order.
    pub(super) fn until(&mut self, end: Timestamp) -> Vec<Moment> {
        self.0.sort_by_key(|moment| moment.at);
        let later = self.0.partition_point(|moment| moment.at <= end);
        self.0.drain(..later).collect()
    }

    /// Takes everything else, in order.
    pub(super) fn rest(mut self) -> Vec<Moment> {
        self.0.sort_by_key(|moment| moment.at);
        self.0
    }
}

//! What can be done with a board and what is on it, in which state of itself, its workshop and its
//! review. No HTTP, no SQL, no clock.

use entity::vocabulary::{BoardPhase, ReviewStatus, WorkshopKind, WorkshopStatus};

use crate::kernel::error::{Error, Fault, Result};
use crate::reviews;

/// How many contributions a board holds, withdrawn ones of an anonymous board included.
pub const MOST_CONTRIBUTIONS: usize = 500;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// What the board asks, and how, is set.
    Set,
    /// It begins to collect.
    Open,
    /// It ends to collect.
    Close,
    /// It begins to take votes.
    OpenVoting,
    /// The votes are counted.
    CloseVoting,
    /// Somebody contributes.
    Contribute,
    /// Somebody changes or withdraws what they contributed under their name.
    Change,
    /// Somebody withdraws what they contributed anonymously.
    Unseal,
    /// A contribution is taken off the board by whoever leads the workshop.
    Remove,
    /// Groups are made, changed and removed, and contributions put into them.
    Arrange,
    /// It is said what came of a contribution or a group.
    Link,
    /// Somebody votes.
    Vote,
}

/// All that decides what can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Where the review stands.
    pub review: ReviewStatus,
    /// What the workshop is for.
    pub kind: WorkshopKind,
    /// Where the workshop stands.
    pub workshop: WorkshopStatus,
    /// Whether nobody is to know who contributed what.
    pub anonymous: bool,
    /// Where the board stands.
    pub phase: BoardPhase,
}

/// Whether a review takes steps of the boards of such workshops: after its publication only of those
/// that outlive it.
pub fn review_takes(review: ReviewStatus, kind: WorkshopKind) -> bool {
    use ReviewStatus::{Cancelled, Closed, Draft, InProgress, InReview, Published, Waived};
    match review {
        Draft | InProgress | InReview => true,
        Published | Closed => matches!(
            kind,
            WorkshopKind::FollowUp | WorkshopKind::LeadershipReadout
        ),
        Waived | Cancelled => false,
    }
}

/// What becomes of a board that goes on no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It is closed, and what was said anonymously is shown: that was promised for this moment.
    Shown,
    /// Its session does not take place. What was not shown yet never is: it is destroyed.
    Unshown,
}

/// What becomes of the board of a workshop of this kind that collects or takes votes, if nobody will
/// be able to close it any more.
pub fn ending(
    review: ReviewStatus,
    kind: WorkshopKind,
    workshop: WorkshopStatus,
) -> Option<Ending> {
    let given_up = matches!(review, ReviewStatus::Waived | ReviewStatus::Cancelled)
        || workshop == WorkshopStatus::Cancelled;
    if given_up {
        Some(Ending::Unshown)
    } else {
        (!review_takes(review, kind)).then_some(Ending::Shown)
    }
}

/// Whether a workshop takes the step: what is said and voted is said and voted before it is marked as
/// held, and sorted out then or afterwards.
pub fn workshop_takes(workshop: WorkshopStatus, step: Step) -> bool {
    match workshop {
        WorkshopStatus::Planned => true,
        WorkshopStatus::Held => matches!(
            step,
            Step::Close | Step::CloseVoting | Step::Remove | Step::Arrange | Step::Link
        ),
        WorkshopStatus::Cancelled => false,
    }
}

/// Whether a board in this phase takes the step.
pub fn board_takes(phase: BoardPhase, anonymous: bool, step: Step) -> bool {
    use BoardPhase::{Collecting, Done, Grouping, Preparing, Voting};
    match phase {
        Preparing => matches!(step, Step::Set | Step::Open),
        Collecting => match step {
            Step::Set | Step::Close | Step::Contribute => true,
            Step::Unseal => anonymous,
            Step::Change | Step::Remove | Step::Arrange | Step::Link => !anonymous,
            Step::Open | Step::OpenVoting | Step::CloseVoting | Step::Vote => false,
        },
        Grouping => match step {
            Step::Set | Step::OpenVoting | Step::Remove | Step::Arrange | Step::Link => true,
            // What comes alone after the others would be known by that.
            Step::Open | Step::Change => !anonymous,
            _ => false,
        },
        Voting => matches!(
            step,
            Step::CloseVoting | Step::Vote | Step::Remove | Step::Link
        ),
        Done => matches!(step, Step::Remove | Step::Link),
    }
}

/// Refuses a step that the review, the workshop or the board does not take. What lies in the box can
/// be taken back for as long as it lies there, whatever becomes of the rest.
pub fn require(standing: &Standing, step: Step) -> Result<()> {
    let always = step == Step::Unseal;
    if !always && !review_takes(standing.review, standing.kind) {
        return Err(reviews::service::refused(standing.review));
    }
    let (code, detail) = if !always && !workshop_takes(standing.workshop, step) {
        let status = standing.workshop;
        (
            format!("workshop_is_{status}"),
            format!("the workshop is {status}"),
        )
    } else if !board_takes(standing.phase, standing.anonymous, step) {
        let phase = standing.phase;
        (format!("board_is_{phase}"), format!("the board is {phase}"))
    } else {
        return Ok(());
    };
    Err(Error::state(detail.clone(), vec![Fault::of(&code, detail)]))
}

/// Refuses to turn anonymity off ever, and to turn it on once something may have been said.
pub fn require_anonymity(phase: BoardPhase, old: bool, new: bool) -> Result<()> {
    let detail = match (old, new) {
        (true, false) => "contributions stay anonymous once that was promised",
        (false, true) if phase != BoardPhase::Preparing => {
            "was decided when the board was opened: what was said is signed"
        }
        _ => return Ok(()),
    };
    let fault = Fault::at("/anonymous", "anonymity_is_final", detail);
    Err(Error::state(detail, vec![fault]))
}

/// Refuses more contributions than a board holds.
pub fn require_room(count: usize) -> Result<()> {
    if count < MOST_CONTRIBUTIONS {
        return Ok(());
    }
    let detail = format!("the board holds {MOST_CONTRIBUTIONS} contributions already");
    let fault = Fault::of("board_is_full", detail.clone());
    Err(Error::state(detail, vec![fault]))
}

/// The refusal of a workshop without a board.
pub fn no_board() -> Error {
    let detail = "the workshop has no board yet: set it first";
    Error::state(detail, vec![Fault::of("no_board", detail)])
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;

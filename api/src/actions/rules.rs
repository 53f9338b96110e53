//! Which moves an action's life allows, who may prove it, and what its body must hold. Pure
//! decisions.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::Timestamp;
use entity::vocabulary::{ActionStatus, VerificationResult};
use uuid::Uuid;

use super::input::CreateAction;
use super::steps::{RecordVerification, ReportProgress, ReportedStatus};
use crate::kernel::error::{Error, Fault, Result};
use crate::references::repeated;

/// A step of an action's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Progress says where it is.
    Report(ActionStatus),
    /// A verification had this result.
    Verify(VerificationResult),
    /// It will not be done.
    Decline,
    /// It will not be done and the risk is borne.
    AcceptRisk,
    /// It is no longer needed.
    Cancel,
    /// It has to be taken up again.
    Reopen,
}

/// Whether an action in this state is neither done nor ended.
pub fn is_unfinished(status: ActionStatus) -> bool {
    UNFINISHED.contains(&status)
}

/// The states that are neither done nor ended.
pub const UNFINISHED: [ActionStatus; 4] = [
    ActionStatus::Proposed,
    ActionStatus::Open,
    ActionStatus::InProgress,
    ActionStatus::Blocked,
];

/// Where a move leads from a state, or nothing where it is not allowed.
///
/// | from | report | verify | decline, accept risk, cancel | reopen |
/// | --- | --- | --- | --- | --- |
/// | proposed | open | | yes | |
/// | open, in progress, blocked | each other, implemented | | yes | |
/// | implemented | | effective → verified, ineffective → in progress, else stays | | in progress |
/// | verified | | effective or inconclusive stays, partially → implemented, ineffective → in progress | | in progress |
/// | declined, risk accepted, cancelled | | | | in progress |
///
/// To report the state that it has is no move and always allowed while it is unfinished.
pub fn after(status: ActionStatus, step: Move) -> Option<ActionStatus> {
    use ActionStatus::{
        Blocked, Cancelled, Declined, Implemented, InProgress, Open, Proposed, RiskAccepted,
        Verified,
    };
    use VerificationResult::{Effective, Inconclusive, Ineffective, PartiallyEffective};
    match (status, step) {
        (Proposed, Move::Report(to @ (Proposed | Open)))
        | (
            Open | InProgress | Blocked,
            Move::Report(to @ (Open | InProgress | Blocked | Implemented)),
        )
        | (Implemented, Move::Report(to @ Implemented)) => Some(to),
        (Implemented | Verified, Move::Verify(Effective)) => Some(Verified),
        (Implemented | Verified, Move::Verify(Ineffective)) => Some(InProgress),
        (Implemented | Verified, Move::Verify(PartiallyEffective)) => Some(Implemented),
        (stays @ (Implemented | Verified), Move::Verify(Inconclusive)) => Some(stays),
        (Proposed | Open | InProgress | Blocked, Move::Decline) => Some(Declined),
        (Proposed | Open | InProgress | Blocked, Move::AcceptRisk) => Some(RiskAccepted),
        (Proposed | Open | InProgress | Blocked, Move::Cancel) => Some(Cancelled),
        (Implemented | Verified | Declined | RiskAccepted | Cancelled, Move::Reopen) => {
            Some(InProgress)
        }
        _ => None,
    }
}

/// The state that a move leads to; a conflict where it is not allowed.
pub fn moved(status: ActionStatus, step: Move) -> Result<ActionStatus> {
    after(status, step).ok_or_else(|| {
        let wanted = match step {
            Move::Report(to) if to == status => "no progress is made on it".to_owned(),
            Move::Report(to) => format!("it can't be reported {to}"),
            Move::Verify(_) => "only what is implemented can be verified".to_owned(),
            Move::Decline => "it can't be declined".to_owned(),
            Move::AcceptRisk => "its risk can't be accepted".to_owned(),
            Move::Cancel => "it can't be cancelled".to_owned(),
            Move::Reopen => "it can't be reopened".to_owned(),
        };
        let detail = format!("the action is {status}; {wanted}");
        let fault = Fault::of(&format!("action_is_{status}"), detail.clone());
        Error::state(detail, vec![fault])
    })
}

/// The faults of a body that its schema cannot show.
pub fn check(action: &CreateAction) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Some(owner) = &action.owner {
        let forms = (owner.participant_id.is_some(), owner.name.is_some());
        match forms {
            (true, true) => faults.push(Fault::at(
                "/owner",
                "two_forms",
                "names a participant or a person, not both",
            )),
            (false, false) => faults.push(Fault::at(
                "/owner",
                "required",
                "names neither a participant nor a person",
            )),
            (true, false) if owner.subject.is_some() => faults.push(Fault::at(
                "/owner/subject",
                "two_forms",
                "is the participant's own; leave it out",
            )),
            _ => {}
        }
    }
    faults.extend(repeated("/tags", &action.tags));
    faults.extend(repeated("/finding_ids", &action.finding_ids));
    faults.extend(repeated("/depends_on", &action.depends_on));
    let refs: Vec<_> = action
        .external_refs
        .iter()
        .map(|one| (&one.system, &one.id))
        .collect();
    faults.extend(repeated("/external_refs", &refs));
    faults
}

/// Whether a due date was moved later.
pub fn is_slip(from: Option<NaiveDate>, to: Option<NaiveDate>) -> bool {
    matches!((from, to), (Some(from), Some(to)) if to > from)
}

/// The circle that waiting for `depends_on` would close: from the action back to it, if any.
///
/// `edges` are all dependencies that can be reached from `depends_on`.
pub fn cycle(action: Uuid, depends_on: &[Uuid], edges: &[(Uuid, Uuid)]) -> Option<Vec<Uuid>> {
    let mut next: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (from, to) in edges {
        next.entry(*from).or_default().push(*to);
    }
    // The action's own edges are about to be replaced.
    next.insert(action, depends_on.to_vec());
    let mut came_from: HashMap<Uuid, Uuid> = HashMap::new();
    let mut waiting = std::collections::VecDeque::from([action]);
    while let Some(at) = waiting.pop_front() {
        for to in next.get(&at).into_iter().flatten() {
            if *to == action {
                return Some(path_back(action, at, &came_from));
            }
            if let std::collections::hash_map::Entry::Vacant(entry) = came_from.entry(*to) {
                entry.insert(at);
                waiting.push_back(*to);
            }
        }
    }
    None
}

fn path_back(action: Uuid, last: Uuid, came_from: &HashMap<Uuid, Uuid>) -> Vec<Uuid> {
    let mut path = vec![action];
    let mut at = last;
    while at != action {
        path.push(at);
        match came_from.get(&at) {
            Some(before) => at = *before,
            None => break,
        }
    }
    path.push(action);
    path.reverse();
    path
}

/// The fault of closing a circle. It names the first step of it only, which the body itself took:
/// the others may belong to reviews that do not exist for the caller.
pub fn cycle_fault(path: &[Uuid]) -> Fault {
    let detail = match path {
        [_, first, _, ..] => format!("the action {first} waits for this one"),
        _ => "an action cannot wait for itself".to_owned(),
    };
    Fault::at("/depends_on", "dependency_cycle", detail)
}

/// Whether an action is past its due date on a day and not finished.
pub fn is_overdue(status: ActionStatus, due_on: Option<NaiveDate>, today: NaiveDate) -> bool {
    is_unfinished(status) && due_on.is_some_and(|due| due < today)
}

/// The faults of a report of progress that its schema cannot show.
pub fn check_progress(report: &ReportProgress, now: Timestamp) -> Vec<Fault> {
    let mut faults = Vec::new();
    if report.percent.is_none() && report.status.is_none() && report.note.is_none() {
        faults.push(Fault::at(
            "",
            "nothing_reported",
            "give at least one of percent, status and note",
        ));
    }
    let latest = now.plus_seconds(FUTURE_SECONDS);
    if report.at.is_some_and(|at| at > latest) {
        faults.push(Fault::at("/at", "in_the_future", "is in the future"));
    }
    if report.status == Some(ReportedStatus::Implemented)
        && report.percent.is_some_and(|percent| percent < 100)
    {
        let detail = "what is implemented is done to 100 percent";
        faults.push(Fault::at("/percent", "contradiction", detail));
    }
    faults
}

/// Refuses a move at a time before there was the action, or before it made its last move.
pub fn check_order(at: Timestamp, created: Timestamp, last_move: Option<Timestamp>) -> Result<()> {
    let (code, detail) = if at < created {
        ("before_creation", "is before the action was added")
    } else if last_move.is_some_and(|last| at < last) {
        ("before_last_move", "is before the action's last move")
    } else {
        return Ok(());
    };
    Err(Error::invalid(vec![Fault::at("/at", code, detail)]))
}

/// How far ahead of our clock a sender's may be.
const FUTURE_SECONDS: i64 = 300;

/// The faults of a verification that its schema cannot show.
pub fn check_verification(given: &RecordVerification, today: NaiveDate) -> Vec<Fault> {
    let passed = given.recheck_on.filter(|on| *on <= today);
    passed
        .map(|_| Fault::at("/recheck_on", "in_the_past", "must be after today (UTC)"))
        .into_iter()
        .collect()
}

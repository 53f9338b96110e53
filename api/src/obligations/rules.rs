//! When an obligation is due, where it stands, and what may be said of it. Pure.

use entity::Timestamp;
use entity::obligation::{Clock, Model};
use entity::policy::Period;
use entity::regime::Stage;
use entity::vocabulary::{ObligationStatus, ReviewStatus};

use super::body::{RecordObligation, SubmitObligation};
use crate::calendars::arithmetic::WorkCalendar;
use crate::kernel::error::{Error, Fault, Result};

/// How far ahead an obligation is due soon, in seconds.
pub const SOON: i64 = 86_400;

/// How far ahead of our clock a sender's may be.
const FUTURE_SECONDS: i64 = 300;

/// What an obligation rests on besides its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Basis<'a> {
    /// Whether it is a regime's.
    pub has_stage: bool,
    /// The clock that the regime gives it.
    pub clock: Option<&'a Clock>,
}

/// The clock of a stage, if it has one.
pub fn clock_of(stage: &Stage) -> Option<Clock> {
    let period = Period {
        amount: stage.amount?,
        unit: stage.unit?,
    };
    Some(Clock {
        period,
        limit: stage.limit,
    })
}

/// The last moment that is in time: the end of the period, or of the second clock if that is
/// earlier. A second clock that had ended before the first began ends nothing: whoever classifies an
/// incident as major only later has the whole period for DORA's initial notification (Delegated
/// Regulation (EU) 2025/301, article 5).
pub fn due_at(
    calendar: &WorkCalendar,
    clock: &Clock,
    trigger_at: Timestamp,
    limit_trigger_at: Option<Timestamp>,
) -> Option<Timestamp> {
    let due = calendar.after(trigger_at, clock.period)?;
    let Some((limit, from)) = clock.limit.zip(limit_trigger_at) else {
        return Some(due);
    };
    let period = Period {
        amount: limit.amount,
        unit: limit.unit,
    };
    let limit = calendar.after(from, period)?;
    Some(if limit > trigger_at {
        due.min(limit)
    } else {
        due
    })
}

/// Whether a review has ended, so that what is not met by then was missed.
pub fn has_ended(status: ReviewStatus) -> bool {
    ENDED.contains(&status)
}

/// The states of a review that has ended.
pub const ENDED: [ReviewStatus; 3] = [
    ReviewStatus::Closed,
    ReviewStatus::Waived,
    ReviewStatus::Cancelled,
];

/// Where an obligation stands at a moment.
pub fn status(row: &Model, review_has_ended: bool, now: Timestamp) -> ObligationStatus {
    standing(
        (row.waived_at.is_some(), row.in_time, row.due_at),
        review_has_ended,
        now,
    )
}

/// The same of what is known of one: whether it is waived, whether it was met in time if it was met,
/// and when it is due.
pub fn standing(
    (is_waived, in_time, due_at): (bool, Option<bool>, Timestamp),
    review_has_ended: bool,
    now: Timestamp,
) -> ObligationStatus {
    if is_waived {
        return ObligationStatus::NotApplicable;
    }
    match in_time {
        Some(true) => ObligationStatus::Met,
        Some(false) => ObligationStatus::MetLate,
        None if now > due_at && review_has_ended => ObligationStatus::Missed,
        None if now > due_at => ObligationStatus::Overdue,
        None if now.plus_seconds(SOON) >= due_at => ObligationStatus::DueSoon,
        None => ObligationStatus::Pending,
    }
}

/// The faults of an obligation that its schema cannot show.
pub fn check(obligation: &RecordObligation, basis: Basis<'_>, now: Timestamp) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut fault = |pointer: &str, code: &str, detail: &str| {
        faults.push(Fault::at(pointer, code, detail));
    };
    if !basis.has_stage && obligation.title.is_none() {
        fault("/title", "required", "is required without a regime");
    }
    if basis.has_stage && obligation.trigger.is_some() {
        fault("/trigger", "given_by_stage", "is what the stage says");
    }
    match (basis.clock, obligation.due_at) {
        (Some(_), Some(_)) => fault("/due_at", "computed", "is computed from the trigger"),
        (None, None) => fault("/due_at", "required", "is required without a clock"),
        (None, Some(due)) if due < obligation.trigger_at => {
            fault("/due_at", "before_trigger", "must not be before trigger_at");
        }
        _ => {}
    }
    let has_limit = basis.clock.is_some_and(|clock| clock.limit.is_some());
    if obligation.limit_trigger_at.is_some() && !has_limit {
        let detail = "starts a second clock, and there is none";
        fault("/limit_trigger_at", "without_limit", detail);
    }
    let latest = now.plus_seconds(FUTURE_SECONDS);
    let moments = [
        ("/trigger_at", Some(obligation.trigger_at)),
        ("/limit_trigger_at", obligation.limit_trigger_at),
    ];
    for (pointer, at) in moments {
        if at.is_some_and(|at| at > latest) {
            fault(pointer, "in_the_future", "lies in the future");
        }
    }
    faults
}

/// The faults of a submission that its schema cannot show.
pub fn check_submission(row: &Model, sent: &SubmitObligation, now: Timestamp) -> Vec<Fault> {
    let pointer = "/submitted_at";
    let fault = match sent.submitted_at {
        Some(at) if at > now => Fault::at(pointer, "in_the_future", "lies in the future"),
        Some(at) if at < row.trigger_at => {
            Fault::at(pointer, "before_trigger", "must not be before trigger_at")
        }
        _ => return Vec::new(),
    };
    vec![fault]
}

/// Refuses what is possible only while an obligation is neither met nor waived.
pub fn require_open(row: &Model) -> Result<()> {
    let (code, what) = if row.waived_at.is_some() {
        ("obligation_is_waived", "waived")
    } else if row.submitted_at.is_some() {
        ("obligation_is_submitted", "submitted")
    } else {
        return Ok(());
    };
    let detail = format!("the obligation is {what}; reopen it first");
    Err(Error::state(detail.clone(), vec![Fault::of(code, detail)]))
}

/// Refuses what is possible only when an obligation is met or waived.
pub fn require_done(row: &Model) -> Result<()> {
    if row.waived_at.is_some() || row.submitted_at.is_some() {
        return Ok(());
    }
    let detail = "the obligation is open";
    Err(Error::state(
        detail,
        vec![Fault::of("obligation_is_open", detail)],
    ))
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;

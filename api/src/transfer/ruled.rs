//! Whether the rows of a document are what their features would have let become of them: the rules of
//! each body across its fields, and states that agree with what led to them. Pure.

use entity::vocabulary::{ActionStatus, ReviewStatus, VerificationResult, WorkshopStatus};
use entity::{Timestamp, action, review, workshop};

use crate::kernel::error::Fault;
use crate::lifecycle::rules::Step;
use crate::whole::rows::Rows;
use crate::{
    actions, assessments, chronology, communications, decisions, impacts, measures, priority,
    workshops,
};

/// Every fault of rows that were written then.
pub(super) fn faults(
    review: &review::Model,
    rows: &Rows,
    written: Option<Timestamp>,
) -> Vec<Fault> {
    let written = written.unwrap_or(review.updated_at);
    let mut faults = Vec::new();
    faults.extend(
        of_review(review)
            .into_iter()
            .map(|one| one.under("/review")),
    );
    bodies(rows, written, &mut faults);
    each("actions", &rows.actions, &mut faults, |row| {
        of_action(row, rows)
    });
    each("workshops", &rows.workshops, &mut faults, of_workshop);
    faults
}

/// Judges every row of a list.
fn each<M>(list: &str, rows: &[M], faults: &mut Vec<Fault>, judge: impl Fn(&M) -> Vec<Fault>) {
    for (at, row) in rows.iter().enumerate() {
        let own = judge(row).into_iter();
        faults.extend(own.map(|fault| fault.under(&format!("/{list}/{at}"))));
    }
}

/// What each feature asks of a body beyond its schema.
fn bodies(rows: &Rows, written: Timestamp, faults: &mut Vec<Fault>) {
    each("events", &rows.events, faults, |row| {
        chronology::rules::check(&row.into(), written)
    });
    each("decisions", &rows.decisions, faults, |row| {
        decisions::rules::check(&row.into(), written)
    });
    each("communications", &rows.communications, faults, |row| {
        communications::rules::check(&row.into(), written)
    });
    let events = rows.events.iter().map(|row| row.id).collect();
    each("assessments", &rows.assessments, faults, |row| {
        assessments::rules::check(&row.into(), &events)
    });
    each("impacts", &rows.impacts, faults, |row| {
        impacts::rules::check(&row.into())
    });
    each("actions", &rows.actions, faults, |row| {
        actions::rules::check(&row.into())
    });
    each("workshops", &rows.workshops, faults, |row| {
        workshops::rules::check(&row.into())
    });
    each(
        "improvement_measures",
        &rows.improvement_measures,
        faults,
        |row| measures::rules::check(&row.into()),
    );
}

/// A state without what leads to it.
fn without(pointer: &str, detail: &str) -> Fault {
    Fault::at(pointer, "state_disagrees", detail)
}

fn of_review(row: &review::Model) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut stands = ReviewStatus::Draft;
    for (at, step) in row.transitions.0.iter().enumerate() {
        let leads = |one: &Step| one.target() == step.to && one.sources().contains(&step.from);
        if step.from != stands || !Step::ALL.iter().any(leads) {
            let pointer = format!("/transitions/{at}");
            faults.push(without(&pointer, "no step leads from there to there"));
        }
        stands = step.to;
    }
    if stands != row.status {
        faults.push(without("/status", "is not where the transitions led"));
    }
    let made_known = matches!(row.status, ReviewStatus::Published | ReviewStatus::Closed);
    if made_known && row.published_at.is_none() {
        faults.push(without("/published_at", "is when it was published"));
    }
    if made_known && row.snapshot_sha256.is_none() {
        faults.push(without(
            "/snapshot_sha256",
            "is the hash of what was published",
        ));
    }
    if row.status == ReviewStatus::Closed && row.closed_at.is_none() {
        faults.push(without("/closed_at", "is when it was closed"));
    }
    faults
}

fn of_action(row: &action::Model, rows: &Rows) -> Vec<Fault> {
    use ActionStatus::{Cancelled, Declined, Implemented, RiskAccepted, Verified};
    let mut faults = Vec::new();
    let done = matches!(row.status, Implemented | Verified);
    if done && row.implemented_at.is_none() {
        faults.push(without("/implemented_at", "is when it was implemented"));
    }
    let mut proofs = rows.verifications.iter();
    let is_proven =
        proofs.any(|one| one.action_id == row.id && one.result == VerificationResult::Effective);
    if row.status == Verified && !is_proven {
        faults.push(without("/status", "no verification found it effective"));
    }
    let has_ended = matches!(row.status, Cancelled | Declined | RiskAccepted);
    if has_ended != (row.ended.is_some() && row.ended_at.is_some()) {
        faults.push(without("/ended", "is why it ended without being done"));
    }
    if !priority::rules::is_score(row.priority_score, &row.scoring.0) {
        let detail = "is not what the scoring comes to";
        faults.push(Fault::at("/priority_score", "wrong_score", detail));
    }
    faults
}

fn of_workshop(row: &workshop::Model) -> Vec<Fault> {
    let is_held = row.status == WorkshopStatus::Held;
    let fault = || without("/held_at", "is when it was held");
    (is_held != row.held_at.is_some())
        .then(fault)
        .into_iter()
        .collect()
}

//! Which of the actions can be planned, and what keeps out the others. Pure.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use uuid::Uuid;

use super::body::NotPlannableReason;
use super::input::{AssignmentInput, CapacityInput, PlanCapacity, PlanOwner};
use super::rules::Owners;
use super::solver::calendar::Calendar;
use super::solver::problem::{Job, Moment, Owner, Problem};
use super::store::Row;

/// An action that cannot be planned, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Obstacle {
    /// Its place among the rows.
    pub(super) row: usize,
    /// Everything that keeps it out.
    pub(super) reasons: Vec<NotPlannableReason>,
    /// What it waits for that is not planned.
    pub(super) waits_for: Vec<Uuid>,
}

/// What can be planned, and what cannot.
#[derive(Debug)]
pub(super) struct Draft {
    /// What the solver plans.
    pub(super) problem: Problem,
    /// The row of each job.
    pub(super) rows: Vec<usize>,
    /// What is left apart.
    pub(super) obstacles: Vec<Obstacle>,
}

/// How much of an action is left, in thousandths of a day; at least one, so that nothing takes no time.
pub(super) fn remaining(row: &Row) -> Option<u64> {
    let open = f64::from(100 - row.percent.unwrap_or(0).clamp(0, 100));
    let effort = row.effort_days?;
    Some(thousandths(effort * open / 100.0).max(1))
}

/// Days in thousandths, or a score in its own.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "days are bounded by their schemas, scores by their weights"
)]
fn thousandths(value: f64) -> u64 {
    (value * 1000.0).round().max(0.0) as u64
}

/// Sorts rows into the order in which they matter: by score, due date, id.
pub(super) fn sort(rows: &mut [Row]) {
    rows.sort_by(|a, b| {
        let due = |row: &Row| (row.due_on.is_none(), row.due_on);
        b.priority_score
            .total_cmp(&a.priority_score)
            .then_with(|| due(a).cmp(&due(b)))
            .then_with(|| a.id.cmp(&b.id))
    });
}

/// Makes a problem of sorted rows. `unfinished` are those of their dependencies that are not among
/// them and still to be done.
pub(super) fn draft(
    asked: &PlanCapacity,
    from: NaiveDate,
    rows: &[Row],
    unfinished: &HashSet<Uuid>,
) -> Draft {
    let calendar = Calendar::new(from, asked.weeks as usize);
    let owners: Vec<Owner> = asked
        .capacity
        .iter()
        .map(|one| owner(one, asked.weeks))
        .collect();
    let known = Owners::of(asked);
    let fixed: HashMap<Uuid, &AssignmentInput> = asked
        .assignments
        .iter()
        .map(|one| (one.action_id, one))
        .collect();
    let place: HashMap<Uuid, usize> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| (row.id, at))
        .collect();
    let whose: Vec<_> = rows
        .iter()
        .map(|row| whose(row, fixed.get(&row.id).copied(), &known))
        .collect();
    let obstacles = obstacles(rows, &whose, &place, unfinished);
    let kept_out: HashSet<usize> = obstacles.iter().map(|one| one.row).collect();
    let planned: Vec<usize> = (0..rows.len())
        .filter(|at| !kept_out.contains(at))
        .collect();
    let job_of: HashMap<usize, usize> = planned
        .iter()
        .enumerate()
        .map(|(job, row)| (*row, job))
        .collect();
    let job = |at: &usize| {
        let row = &rows[*at];
        let owner = whose[*at].as_ref().ok().copied()?;
        let not_before = fixed.get(&row.id).and_then(|one| one.not_before);
        let after = row.depends_on.0.iter().filter_map(|id| place.get(id));
        Some(Job {
            owner,
            effort: remaining(row)?,
            weight: thousandths(row.priority_score).max(1),
            due: row.due_on.map(|due| calendar.days_from_begin(due)),
            release: not_before.map_or(0, |date| match calendar.not_before(date) {
                Some(day) => owners[owner].place_at(Moment::of_day(day)),
                None => u64::MAX,
            }),
            after: after.filter_map(|row| job_of.get(row)).copied().collect(),
        })
    };
    Draft {
        problem: Problem {
            jobs: planned.iter().filter_map(job).collect(),
            calendar: calendar.clone(),
            owners: owners.clone(),
        },
        rows: planned,
        obstacles,
    }
}

fn owner(one: &CapacityInput, weeks: u32) -> Owner {
    let mut capacity = vec![thousandths(one.days_per_week); weeks as usize];
    for exception in &one.exceptions {
        if let Some(week) = capacity.get_mut(exception.week as usize - 1) {
            *week = thousandths(exception.days);
        }
    }
    Owner::new(capacity)
}

/// Who does an action, or everything that keeps it from being done by anybody.
fn whose(
    row: &Row,
    fixed: Option<&AssignmentInput>,
    owners: &Owners,
) -> Result<usize, Vec<NotPlannableReason>> {
    let named = fixed.and_then(|one| one.to.clone()).or_else(|| {
        row.owner_name.as_ref()?;
        Some(PlanOwner {
            subject: row.owner_subject.clone(),
            name: row.owner_name.clone(),
            function: row.owner_function,
        })
    });
    let found = match named {
        None => Err(NotPlannableReason::NoOwner),
        Some(owner) => owners.find(&owner).ok_or(NotPlannableReason::NoCapacity),
    };
    match (row.effort_days, found) {
        (Some(_), Ok(owner)) => Ok(owner),
        (Some(_), Err(reason)) => Err(vec![reason]),
        (None, Ok(_)) => Err(vec![NotPlannableReason::NoEffort]),
        (None, Err(reason)) => Err(vec![NotPlannableReason::NoEffort, reason]),
    }
}

/// What cannot be planned, and what waits for it.
fn obstacles(
    rows: &[Row],
    whose: &[Result<usize, Vec<NotPlannableReason>>],
    place: &HashMap<Uuid, usize>,
    unfinished: &HashSet<Uuid>,
) -> Vec<Obstacle> {
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
    for (at, row) in rows.iter().enumerate() {
        for other in row.depends_on.0.iter().filter_map(|id| place.get(id)) {
            waiting[*other].push(at);
        }
    }
    let is_outside = |row: &Row| row.depends_on.0.iter().any(|id| unfinished.contains(id));
    let mut kept_out: Vec<bool> = whose.iter().map(Result::is_err).collect();
    for (out, row) in kept_out.iter_mut().zip(rows) {
        *out |= is_outside(row);
    }
    let mut next: Vec<usize> = (0..rows.len()).filter(|at| kept_out[*at]).collect();
    while let Some(at) = next.pop() {
        for other in &waiting[at] {
            if !std::mem::replace(&mut kept_out[*other], true) {
                next.push(*other);
            }
        }
    }
    let all = (0..rows.len()).filter(|at| kept_out[*at]);
    all.map(|row| {
        let waits_for: Vec<Uuid> = rows[row]
            .depends_on
            .0
            .iter()
            .filter(|id| {
                unfinished.contains(id) || place.get(id).is_some_and(|other| kept_out[*other])
            })
            .copied()
            .collect();
        let mut reasons = whose[row].as_ref().err().cloned().unwrap_or_default();
        if !waits_for.is_empty() {
            reasons.push(NotPlannableReason::DependencyNotPlanned);
        }
        Obstacle {
            row,
            reasons,
            waits_for,
        }
    })
    .collect()
}

#[cfg(test)]
#[path = "draft_tests.rs"]
mod tests;

//! Lays jobs on their owners' time lines, one behind the other in a given order, and judges what
//! comes of it.

use super::problem::{Job, Problem};

/// From where to where on its owner's time line a job is worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it begins.
    pub start: u64,
    /// Where it ends.
    pub end: u64,
}

/// What a plan is judged by, in this order; less is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Objective {
    /// What is left out: the sum of its weights.
    pub left_out: u128,
    /// What is late: the sum of weight × days.
    pub lateness: u128,
    /// How soon the weightiest is done: the sum of weight × working days until its end.
    pub finish: u128,
}

impl Objective {
    /// Adds what a job contributes.
    pub fn add(&mut self, problem: &Problem, job: &Job, span: Option<Span>) {
        let weight = u128::from(job.weight);
        match span {
            None => self.left_out += weight,
            Some(Span { end, .. }) => {
                self.lateness += weight * u128::from(problem.days_late(job, end));
                let days = problem.owners[job.owner].day_ended(end) + 1;
                self.finish += weight * u128::from(days);
            }
        }
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            left_out: self.left_out + other.left_out,
            lateness: self.lateness + other.lateness,
            finish: self.finish + other.finish,
        }
    }
}

/// A plan: where each job is, if it has a place.
#[derive(Clone, Debug)]
pub struct Plan {
    /// By job.
    pub spans: Vec<Option<Span>>,
    /// What it is worth.
    pub objective: Objective,
}

impl Plan {
    /// Judges spans.
    pub fn of(problem: &Problem, spans: Vec<Option<Span>>) -> Self {
        let mut objective = Objective::default();
        for (job, span) in problem.jobs.iter().zip(&spans) {
            objective.add(problem, job, *span);
        }
        Self { spans, objective }
    }
}

/// Lays jobs out in an order in which each stands behind those it waits for. Each begins as soon as
/// its owner is free and those are done; one that would not end within the plan is left out, and
/// with it what waits for it.
pub fn lay_out(problem: &Problem, order: &[usize]) -> Plan {
    let mut spans = vec![None; problem.jobs.len()];
    let mut free = vec![0; problem.owners.len()];
    for at in order {
        let job = &problem.jobs[*at];
        let Some(earliest) = earliest(problem, job, |other| spans[other]) else {
            continue;
        };
        let start = earliest.max(free[job.owner]);
        if let Some(end) = end_within(problem, job, start) {
            free[job.owner] = end;
            spans[*at] = Some(Span { start, end });
        }
    }
    Plan::of(problem, spans)
}

/// Where a job may begin at the earliest; nowhere when something it waits for has no place.
pub fn earliest(
    problem: &Problem,
    job: &Job,
    span_of: impl Fn(usize) -> Option<Span>,
) -> Option<u64> {
    let mut earliest = job.release;
    for other in &job.after {
        let owner = problem.jobs[*other].owner;
        let end = span_of(*other)?.end;
        let from = if owner == job.owner {
            end
        } else {
            problem.owners[job.owner].place_at(problem.owners[owner].ended(end))
        };
        earliest = earliest.max(from);
    }
    Some(earliest)
}

/// Where a job that begins at a place ends, if that is within the plan.
pub fn end_within(problem: &Problem, job: &Job, start: u64) -> Option<u64> {
    let end = start.checked_add(job.effort)?;
    (end <= problem.owners[job.owner].total()).then_some(end)
}

/// The jobs so that each stands behind those it waits for, and else by its rank. What waits in a
/// circle has no place in it.
pub fn in_order(problem: &Problem, rank: &[usize]) -> Vec<usize> {
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;
    let mut waiting: Vec<usize> = problem.jobs.iter().map(|job| job.after.len()).collect();
    let mut next = vec![Vec::new(); problem.jobs.len()];
    for (at, job) in problem.jobs.iter().enumerate() {
        for other in &job.after {
            next[*other].push(at);
        }
    }
    let ready = (0..problem.jobs.len()).filter(|at| waiting[*at] == 0);
    let mut ready: BinaryHeap<_> = ready.map(|at| Reverse((rank[at], at))).collect();
    let mut order = Vec::with_capacity(problem.jobs.len());
    while let Some(Reverse((_, at))) = ready.pop() {
        order.push(at);
        for later in &next[at] {
            waiting[*later] -= 1;
            if waiting[*later] == 0 {
                ready.push(Reverse((rank[*later], *later)));
            }
        }
    }
    order
}

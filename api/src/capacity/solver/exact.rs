//! The best plan of a few jobs: every set of them is built up job by job, and of each set only those
//! states are kept than which no other is better in everything that matters afterwards.

use super::problem::Problem;
use super::schedule::{Objective, Plan, Span, earliest, end_within};

/// How many states are looked at before it is given up; no problem of ordinary size comes near.
const MOST_STATES: usize = 100_000;

/// Some jobs laid out.
#[derive(Clone, Debug)]
struct State {
    spans: Vec<Option<Span>>,
    /// Where each owner is free again.
    free: Vec<u64>,
    /// Of the jobs laid out, so that nothing is left out yet.
    objective: Objective,
}

/// The best plan; none when the jobs are too entangled to look at every state.
pub(super) fn plan(problem: &Problem) -> Option<Plan> {
    let jobs = problem.jobs.len();
    let mut sets: Vec<Vec<State>> = vec![Vec::new(); 1 << jobs];
    sets[0].push(State {
        spans: vec![None; jobs],
        free: vec![0; problem.owners.len()],
        objective: Objective::default(),
    });
    let waited_for = waited_for_elsewhere(problem);
    let mut seen = 0;
    let mut best: Option<Plan> = None;
    for set in 0..sets.len() {
        for state in std::mem::take(&mut sets[set]) {
            seen += 1;
            if seen > MOST_STATES {
                return None;
            }
            for job in (0..jobs).filter(|job| set & (1 << job) == 0) {
                if let Some(next) = with(problem, &state, job) {
                    let set = set | 1 << job;
                    keep(&mut sets[set], next, |job| waited_for[job] & !set != 0);
                }
            }
            let plan = Plan::of(problem, state.spans);
            if best
                .as_ref()
                .is_none_or(|best| plan.objective < best.objective)
            {
                best = Some(plan);
            }
        }
    }
    best
}

/// For each job the set of those that other owners begin only after it.
fn waited_for_elsewhere(problem: &Problem) -> Vec<usize> {
    let mut waited_for = vec![0; problem.jobs.len()];
    for (at, job) in problem.jobs.iter().enumerate() {
        for other in &job.after {
            if problem.jobs[*other].owner != job.owner {
                waited_for[*other] |= 1 << at;
            }
        }
    }
    waited_for
}

/// The state with one more job, if it can be next and fits.
fn with(problem: &Problem, state: &State, at: usize) -> Option<State> {
    let job = &problem.jobs[at];
    let start = earliest(problem, job, |other| state.spans[other])?.max(state.free[job.owner]);
    let span = Span {
        start,
        end: end_within(problem, job, start)?,
    };
    let mut next = state.clone();
    next.spans[at] = Some(span);
    next.free[job.owner] = span.end;
    next.objective.add(problem, job, Some(span));
    Some(next)
}

/// Keeps a state of a set, unless another of the set is as good in everything that still matters:
/// when owners are free, when jobs end that others wait for, and what it has cost.
fn keep(states: &mut Vec<State>, new: State, matters: impl Fn(usize) -> bool) {
    let as_good = |a: &State, b: &State| {
        let ends = a.spans.iter().zip(&b.spans).enumerate();
        let mut ends = ends.filter(|(job, _)| matters(*job));
        a.objective <= b.objective
            && a.free.iter().zip(&b.free).all(|(a, b)| a <= b)
            && ends.all(|(_, (a, b))| a.map(|span| span.end) <= b.map(|span| span.end))
    };
    if states.iter().any(|old| as_good(old, &new)) {
        return;
    }
    states.retain(|old| !as_good(&new, old));
    states.push(new);
}

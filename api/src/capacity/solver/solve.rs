//! Takes a problem apart into what does not wait for each other, plans each part, and puts the
//! plans together.

use super::problem::{Job, Problem};
use super::schedule::{Objective, Plan, Span};
use super::{exact, first_fit, improve};

/// Parts with at most this many jobs are planned by looking at all their orders.
pub const EXACT: usize = 10;

/// How many jobs may be laid out while a plan is improved, over all its parts.
const STEPS: usize = 8_000_000;

/// A plan and how good it is.
#[derive(Clone, Debug)]
pub struct Solved {
    /// Where each job is, if it has a place.
    pub spans: Vec<Option<Span>>,
    /// What the plan is worth.
    pub objective: Objective,
    /// What the plan would be worth that first fit makes.
    pub first_fit: Objective,
    /// Whether no plan is better.
    pub is_optimal: bool,
}

/// Plans.
pub fn solve(problem: &Problem) -> Solved {
    let mut solved = Solved {
        spans: vec![None; problem.jobs.len()],
        objective: Objective::default(),
        first_fit: Objective::default(),
        is_optimal: true,
    };
    for part in parts(problem) {
        let (own, is_optimal) = solve_part(problem, &part, &mut solved.first_fit);
        solved.objective = solved.objective.plus(own.objective);
        solved.is_optimal &= is_optimal;
        for (at, span) in part.iter().zip(own.spans) {
            solved.spans[*at] = span;
        }
    }
    solved
}

fn solve_part(problem: &Problem, part: &[usize], first_fit: &mut Objective) -> (Plan, bool) {
    let own = extract(problem, part);
    let first = first_fit::plan(&own);
    *first_fit = first_fit.plus(first.objective);
    let best = (part.len() <= EXACT).then(|| exact::plan(&own)).flatten();
    match best {
        Some(plan) => (plan, true),
        None => {
            let share = STEPS / problem.jobs.len().max(1) * part.len();
            (improve::plan(&own, &first, share), false)
        }
    }
}

/// The jobs by what hangs together: one owner's, and those of owners who wait for each other.
fn parts(problem: &Problem) -> Vec<Vec<usize>> {
    let mut leader: Vec<usize> = (0..problem.owners.len()).collect();
    for job in &problem.jobs {
        for other in &job.after {
            let (a, b) = (
                root(&mut leader, job.owner),
                root(&mut leader, problem.jobs[*other].owner),
            );
            leader[a.max(b)] = a.min(b);
        }
    }
    let mut parts = vec![Vec::new(); problem.owners.len()];
    for (at, job) in problem.jobs.iter().enumerate() {
        parts[root(&mut leader, job.owner)].push(at);
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn root(leader: &mut [usize], mut owner: usize) -> usize {
    while leader[owner] != owner {
        leader[owner] = leader[leader[owner]];
        owner = leader[owner];
    }
    owner
}

/// Some jobs as a problem of their own.
fn extract(problem: &Problem, part: &[usize]) -> Problem {
    let mut owners = Vec::new();
    let mut owner_at = vec![usize::MAX; problem.owners.len()];
    let mut job_at = vec![usize::MAX; problem.jobs.len()];
    for (new, old) in part.iter().enumerate() {
        job_at[*old] = new;
        let owner = problem.jobs[*old].owner;
        if owner_at[owner] == usize::MAX {
            owner_at[owner] = owners.len();
            owners.push(problem.owners[owner].clone());
        }
    }
    let jobs = part.iter().map(|old| {
        let job = &problem.jobs[*old];
        Job {
            owner: owner_at[job.owner],
            after: job.after.iter().map(|other| job_at[*other]).collect(),
            ..job.clone()
        }
    });
    Problem {
        calendar: problem.calendar.clone(),
        jobs: jobs.collect(),
        owners,
    }
}

//! A good plan of many jobs: the best of a few rules, then one job after the other is moved to where
//! it does most good. How much is tried is counted, never timed.

use super::first_fit;
use super::problem::Problem;
use super::schedule::{Plan, in_order, lay_out};

/// A good plan, never worse than `first`, which first fit made. `steps` is how many jobs may be laid
/// out on the way.
pub(super) fn plan(problem: &Problem, first: &Plan, steps: usize) -> Plan {
    let mut orders = vec![first_fit::order(problem, first)];
    for rank in ranks(problem) {
        orders.push(in_order(problem, &rank));
    }
    let plans = orders.into_iter().map(|order| {
        let plan = lay_out(problem, &order);
        (plan, order)
    });
    let best = plans.min_by_key(|(plan, _)| plan.objective);
    let Some((plan, order)) = best else {
        return first.clone();
    };
    let mut search = Search {
        problem,
        plan,
        order,
        steps,
    };
    search.run();
    search.plan
}

/// Rules by which jobs can be ranked: what is weightiest, for its effort, due first, and each of
/// them for what waits for a job as well.
fn ranks(problem: &Problem) -> Vec<Vec<usize>> {
    let inherited = inherited(problem);
    let own: Vec<u64> = problem.jobs.iter().map(|job| job.weight).collect();
    let due = |at: usize| problem.jobs[at].due.unwrap_or(i64::MAX);
    let effort = |at: usize| u128::from(problem.jobs[at].effort);
    let mut ranks = Vec::new();
    for weight in [&own, &inherited.0] {
        ranks.push(rank(problem, |a, b| weight[b].cmp(&weight[a])));
        ranks.push(rank(problem, |a, b| {
            // Weight for effort, without dividing.
            let first = u128::from(weight[a]) * effort(b);
            (u128::from(weight[b]) * effort(a)).cmp(&first)
        }));
    }
    ranks.push(rank(problem, |a, b| due(a).cmp(&due(b))));
    ranks.push(rank(problem, |a, b| inherited.1[a].cmp(&inherited.1[b])));
    ranks
}

/// For each job the greatest weight and the earliest due date among itself and what waits for it.
fn inherited(problem: &Problem) -> (Vec<u64>, Vec<i64>) {
    let mut weights: Vec<u64> = problem.jobs.iter().map(|job| job.weight).collect();
    let due = |job: &super::problem::Job| job.due.unwrap_or(i64::MAX);
    let mut dues: Vec<i64> = problem.jobs.iter().map(due).collect();
    let any: Vec<usize> = (0..problem.jobs.len()).collect();
    for at in in_order(problem, &any).into_iter().rev() {
        for other in &problem.jobs[at].after {
            weights[*other] = weights[*other].max(weights[at]);
            dues[*other] = dues[*other].min(dues[at]);
        }
    }
    (weights, dues)
}

fn rank(problem: &Problem, order: impl Fn(usize, usize) -> std::cmp::Ordering) -> Vec<usize> {
    let mut jobs: Vec<usize> = (0..problem.jobs.len()).collect();
    jobs.sort_by(|a, b| order(*a, *b));
    let mut rank = vec![0; jobs.len()];
    for (place, at) in jobs.into_iter().enumerate() {
        rank[at] = place;
    }
    rank
}

struct Search<'a> {
    problem: &'a Problem,
    plan: Plan,
    order: Vec<usize>,
    /// How many jobs may still be laid out.
    steps: usize,
}

impl Search<'_> {
    /// Moves what is left out or late, then anything, until nothing helps or the steps are used up.
    fn run(&mut self) {
        loop {
            let before = self.plan.objective;
            for at in self.troubled() {
                self.move_ahead(at);
            }
            if self.plan.objective == before {
                for at in 0..self.problem.jobs.len() {
                    self.move_ahead(at);
                }
            }
            if self.plan.objective == before || self.steps < self.order.len() {
                return;
            }
        }
    }

    /// What is left out or late, the weightiest first.
    fn troubled(&self) -> Vec<usize> {
        let jobs = self.problem.jobs.iter().zip(&self.plan.spans).enumerate();
        let troubled = jobs.filter(|(_, (job, span))| {
            span.is_none_or(|span| self.problem.days_late(job, span.end) > 0)
        });
        troubled.map(|(at, _)| at).collect()
    }

    /// Tries a job before each of those that its owner does ahead of it, and keeps the best.
    fn move_ahead(&mut self, at: usize) {
        let job = &self.problem.jobs[at];
        let Some(place) = self.order.iter().position(|other| *other == at) else {
            return;
        };
        let first = self.order[..place]
            .iter()
            .rposition(|other| job.after.contains(other))
            .map_or(0, |last| last + 1);
        let mut best: Option<(Plan, Vec<usize>)> = None;
        for to in (first..place).rev() {
            if self.problem.jobs[self.order[to]].owner != job.owner {
                continue;
            }
            if self.steps < self.order.len() {
                break;
            }
            self.steps -= self.order.len();
            let mut order = self.order.clone();
            order[to..=place].rotate_right(1);
            let plan = lay_out(self.problem, &order);
            let so_far = best.as_ref().map_or(&self.plan, |(plan, _)| plan);
            if plan.objective < so_far.objective {
                best = Some((plan, order));
            }
        }
        if let Some((plan, order)) = best {
            (self.plan, self.order) = (plan, order);
        }
    }
}

//! First fit: the weightiest job first, each in the first gap of its owner's time that takes it.

use super::problem::Problem;
use super::schedule::{Plan, Span, earliest, in_order};

/// The plan that first fit makes.
pub(super) fn plan(problem: &Problem) -> Plan {
    let by_weight: Vec<usize> = (0..problem.jobs.len()).collect();
    let mut spans: Vec<Option<Span>> = vec![None; problem.jobs.len()];
    let mut gaps: Vec<Vec<Span>> = problem
        .owners
        .iter()
        .map(|owner| {
            vec![Span {
                start: 0,
                end: owner.total(),
            }]
        })
        .collect();
    for at in in_order(problem, &by_weight) {
        let job = &problem.jobs[at];
        let Some(from) = earliest(problem, job, |other| spans[other]) else {
            continue;
        };
        let own = &mut gaps[job.owner];
        let placed = own.iter().enumerate().find_map(|(place, gap)| {
            let start = gap.start.max(from);
            let end = start.checked_add(job.effort)?;
            (end <= gap.end).then_some((place, *gap, Span { start, end }))
        });
        let Some((place, gap, span)) = placed else {
            continue;
        };
        spans[at] = Some(span);
        let before = Span {
            end: span.start,
            ..gap
        };
        let behind = Span {
            start: span.end,
            ..gap
        };
        let left = [before, behind].into_iter();
        own.splice(place..=place, left.filter(|gap| gap.start < gap.end));
    }
    Plan::of(problem, spans)
}

/// A plan's jobs as they begin, then those that have no place: laid out in this order, none ends
/// later than in the plan.
pub(super) fn order(problem: &Problem, plan: &Plan) -> Vec<usize> {
    let by_weight: Vec<usize> = (0..problem.jobs.len()).collect();
    let mut order = in_order(problem, &by_weight);
    order.sort_by_cached_key(|at| {
        let owner = &problem.owners[problem.jobs[*at].owner];
        let begun = plan.spans[*at].map(|span| owner.begun(span.start));
        (begun.is_none(), begun)
    });
    order
}

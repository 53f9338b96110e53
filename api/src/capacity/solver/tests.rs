//! Plans against a naive model: time as ticks instead of places, and every order tried.

use chrono::{Datelike as _, Days, NaiveDate};
use proptest::prelude::*;

use super::calendar::Calendar;
use super::problem::{Job, Moment, Owner, Problem};
use super::schedule::{Objective, Span};
use super::{EXACT, solve};

/// A week in ticks: a thousandth of a day is a whole number of them for every capacity that is drawn.
const WEEK: u64 = 20_000;

/// What was drawn: capacities, and for each job owner, effort, weight, due date, first day and which
/// of the jobs before it it waits for.
#[derive(Clone, Debug)]
struct Drawn {
    from: NaiveDate,
    capacities: Vec<Vec<u64>>,
    jobs: Vec<(usize, u64, u64, Option<i64>, u64, u32)>,
}

fn drawn(owners: usize, jobs: usize, weeks: usize) -> impl Strategy<Value = Drawn> {
    let capacity = prop::sample::select(&[0_u64, 1000, 2000, 4000, 5000][..]);
    let capacities = prop::collection::vec(prop::collection::vec(capacity, weeks), 1..=owners);
    let due = prop::option::weighted(0.7, -5_i64..30);
    let first_day = prop_oneof![3 => Just(0_u64), 1 => 0..12_u64];
    let waits = prop_oneof![2 => Just(0_u32), 1 => any::<u32>()];
    let job = (0..owners, 1..3000_u64, 1..60_u64, due, first_day, waits);
    (0..7_u64, capacities, prop::collection::vec(job, 0..=jobs)).prop_map(
        |(day, capacities, mut jobs)| {
            jobs.sort_by_key(|job| std::cmp::Reverse(job.2));
            for job in &mut jobs {
                job.0 %= capacities.len();
            }
            let monday = entity::time::parse_date("2026-11-30").expect("a date");
            Drawn {
                from: monday + Days::new(day),
                capacities,
                jobs,
            }
        },
    )
}

impl Drawn {
    fn problem(&self) -> Problem {
        let calendar = Calendar::new(self.from, self.capacities[0].len());
        let owners: Vec<Owner> = self.capacities.iter().cloned().map(Owner::new).collect();
        let jobs = self.jobs.iter().enumerate().map(|(at, job)| Job {
            owner: job.0,
            effort: job.1,
            weight: job.2,
            due: job.3,
            release: owners[job.0].place_at(Moment::of_day(job.4)),
            after: self.waits_for(at),
        });
        Problem {
            jobs: jobs.collect(),
            calendar,
            owners,
        }
    }

    /// At most two, so that not everything waits for everything; heavier jobs wait as well.
    fn waits_for(&self, at: usize) -> Vec<usize> {
        let mask = self.jobs[at].5;
        let backwards = at.is_multiple_of(2);
        let others: Vec<usize> = if backwards {
            (at + 1..self.jobs.len())
                .filter(|other| other % 2 == 1)
                .collect()
        } else {
            (0..at).filter(|other| other % 2 == 1).collect()
        };
        let chosen = others.into_iter().enumerate();
        let chosen = chosen.filter(|(place, _)| mask & (1 << (place % 32)) != 0);
        chosen.map(|(_, other)| other).take(2).collect()
    }
}

/// The naive model: jobs from tick to tick.
struct Naive<'a> {
    drawn: &'a Drawn,
    ticks: Vec<Option<(u64, u64)>>,
}

impl<'a> Naive<'a> {
    fn new(drawn: &'a Drawn) -> Self {
        Self {
            drawn,
            ticks: vec![None; drawn.jobs.len()],
        }
    }

    /// From where to where a job is worked on that begins no earlier than a tick; ticks in which
    /// `busy` says that the owner is not free are stepped over whole.
    fn run(&self, at: usize, from: u64) -> Option<(u64, u64)> {
        let (owner, effort, ..) = self.drawn.jobs[at];
        let weeks = &self.drawn.capacities[owner];
        let (mut left, mut begun, mut tick) = (effort, None, from);
        loop {
            let week = usize::try_from(tick / WEEK).expect("few");
            let capacity = *weeks.get(week)?;
            if capacity == 0 {
                tick = (tick / WEEK + 1) * WEEK;
                continue;
            }
            let each = WEEK / capacity;
            let start = tick.div_ceil(each) * each;
            let next_week = (tick / WEEK + 1) * WEEK;
            if start >= next_week {
                tick = next_week;
                continue;
            }
            begun = begun.or(Some(start));
            let possible = (next_week - start) / each;
            if left <= possible {
                return Some((begun?, start + left * each));
            }
            left -= possible;
            tick = next_week;
        }
    }

    /// When what a job waits for is done, and its first day has come.
    fn released(&self, at: usize) -> Option<u64> {
        let mut tick = self.drawn.jobs[at].4 * WEEK / 5;
        for other in self.drawn.waits_for(at) {
            tick = tick.max(self.ticks[other]?.1);
        }
        Some(tick)
    }

    fn objective(&self) -> Objective {
        let mut sum = Objective::default();
        for (job, ticks) in self.drawn.jobs.iter().zip(&self.ticks) {
            let weight = u128::from(job.2);
            let Some((_, end)) = ticks else {
                sum.left_out += weight;
                continue;
            };
            let working_day = (end - 1) / (WEEK / 5);
            let dates = self.drawn.from.iter_days().enumerate();
            let mut working = dates.filter(|(_, date)| date.weekday().number_from_monday() <= 5);
            let days = working
                .nth(usize::try_from(working_day).expect("few"))
                .expect("days")
                .0;
            let late = i64::try_from(days).expect("few") - job.3.unwrap_or(i64::MAX);
            sum.lateness += weight * u128::try_from(late.max(0)).expect("not negative");
            sum.finish += weight * u128::from(working_day + 1);
        }
        sum
    }

    /// The best of all orders, with everything left out that is not in them.
    fn best(&mut self) -> Objective {
        let mut best = self.objective();
        for at in 0..self.ticks.len() {
            if self.ticks[at].is_some() {
                continue;
            }
            let owner = self.drawn.jobs[at].0;
            let own = self
                .drawn
                .jobs
                .iter()
                .zip(&self.ticks)
                .filter(|(job, _)| job.0 == owner);
            let free = own
                .filter_map(|(_, ticks)| Some((*ticks)?.1))
                .max()
                .unwrap_or(0);
            let Some(released) = self.released(at) else {
                continue;
            };
            let Some(ticks) = self.run(at, released.max(free)) else {
                continue;
            };
            self.ticks[at] = Some(ticks);
            best = best.min(self.best());
            self.ticks[at] = None;
        }
        best
    }

    /// The heaviest that can be next, in the first gap that takes it.
    fn first_fit(&mut self) -> Objective {
        let mut tried = vec![false; self.ticks.len()];
        loop {
            let next = (0..tried.len()).find(|at| {
                !tried[*at] && self.drawn.waits_for(*at).iter().all(|other| tried[*other])
            });
            let Some(at) = next else {
                return self.objective();
            };
            tried[at] = true;
            let Some(released) = self.released(at) else {
                continue;
            };
            let owner = self.drawn.jobs[at].0;
            let own = self
                .drawn
                .jobs
                .iter()
                .zip(&self.ticks)
                .filter(|(job, _)| job.0 == owner);
            let busy: Vec<(u64, u64)> = own.filter_map(|(_, ticks)| *ticks).collect();
            let mut starts: Vec<u64> = busy.iter().map(|(_, end)| (*end).max(released)).collect();
            starts.push(released);
            starts.sort_unstable();
            let free = |(start, end): &(u64, u64)| {
                busy.iter().all(|(from, to)| end <= from || to <= start)
            };
            let found = starts
                .into_iter()
                .filter_map(|start| self.run(at, start))
                .find(free);
            self.ticks[at] = found;
        }
    }
}

/// What has to hold of every plan.
fn check(problem: &Problem, spans: &[Option<Span>]) -> Result<(), TestCaseError> {
    prop_assert_eq!(spans.len(), problem.jobs.len());
    for (owner, capacity) in problem.owners.iter().enumerate() {
        let jobs = problem.jobs.iter().zip(spans);
        let mut own: Vec<Span> = jobs
            .filter(|(job, _)| job.owner == owner)
            .filter_map(|(_, span)| *span)
            .collect();
        own.sort_by_key(|span| span.start);
        prop_assert!(
            own.windows(2).all(|two| two[0].end <= two[1].start),
            "one after the other"
        );
        prop_assert!(own.iter().all(|span| span.end <= capacity.total()));
        for week in 0..problem.calendar.weeks() {
            let done: u64 = own
                .iter()
                .map(|span| capacity.within(week, span.start, span.end))
                .sum();
            prop_assert!(done <= capacity.capacity(week), "never more than there is");
        }
    }
    for (job, span) in problem.jobs.iter().zip(spans) {
        let Some(span) = span else { continue };
        prop_assert_eq!(span.end - span.start, job.effort);
        prop_assert!(span.start >= job.release);
        for other in &job.after {
            let before = spans[*other];
            prop_assert!(before.is_some(), "nothing without what it waits for");
            let done = problem.owners[problem.jobs[*other].owner].ended(before.unwrap().end);
            prop_assert!(done <= problem.owners[job.owner].begun(span.start));
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_plan_of_a_few_is_the_best_of_all_orders(drawn in drawn(3, 6, 3)) {
        let problem = drawn.problem();
        let solved = solve(&problem);
        prop_assert!(solved.is_optimal);
        check(&problem, &solved.spans)?;
        prop_assert_eq!(solved.objective, Naive::new(&drawn).best());
    }

    #[test]
    fn a_plan_of_many_is_sound_and_never_worse_than_first_fit(drawn in drawn(5, 60, 4)) {
        let problem = drawn.problem();
        let solved = solve(&problem);
        check(&problem, &solved.spans)?;
        let naive = Naive::new(&drawn).first_fit();
        prop_assert_eq!(solved.first_fit, naive);
        prop_assert!(solved.objective <= naive);
        prop_assert!(solved.objective.left_out <= naive.left_out);
    }

    #[test]
    fn a_problem_has_one_plan(drawn in drawn(4, 40, 4)) {
        let problem = drawn.problem();
        let (once, again) = (solve(&problem), solve(&problem));
        prop_assert_eq!(once.spans, again.spans);
    }
}

/// Ten jobs of one owner, so that all their orders are looked at.
fn one_owner(jobs: usize) -> Problem {
    let calendar = Calendar::new(entity::time::parse_date("2026-11-30").expect("a date"), 8);
    let job = |at: usize| Job {
        owner: 0,
        effort: 1000 + 137 * (at as u64 % 7),
        weight: 100 - at as u64,
        due: i64::try_from(at % 5 * 7).ok(),
        release: 0,
        after: Vec::new(),
    };
    Problem {
        calendar,
        owners: vec![Owner::new(vec![2000; 8])],
        jobs: (0..jobs).map(job).collect(),
    }
}

#[test]
fn only_parts_that_are_small_are_proven() {
    assert!(solve(&one_owner(EXACT)).is_optimal);
    assert!(!solve(&one_owner(EXACT + 1)).is_optimal);
    assert!(solve(&one_owner(0)).is_optimal);
}

#[test]
fn what_matters_more_is_left_out_last_and_late_last() {
    let mut problem = one_owner(3);
    problem.owners = vec![Owner::new(vec![2000])];
    problem.calendar = Calendar::new(entity::time::parse_date("2026-11-30").expect("a date"), 1);
    for (job, (effort, weight, due)) in problem.jobs.iter_mut().zip([
        (2000, 50, Some(4)),
        (1000, 30, Some(4)),
        (1000, 25, Some(1)),
    ]) {
        (job.effort, job.weight, job.due) = (effort, weight, due);
    }
    let solved = solve(&problem);
    // Both smaller ones together weigh more than the greatest alone, which first fit would take.
    assert!(solved.spans[0].is_none());
    assert_eq!(
        (solved.objective.left_out, solved.first_fit.left_out),
        (50, 55)
    );
    // Due on Tuesday, done on Wednesday; behind the other it would be Friday.
    assert_eq!(solved.spans[2].map(|span| span.start), Some(0));
    let first = problem.days_late(&problem.jobs[2], 1000);
    assert_eq!((first, solved.objective.lateness), (1, 25));
}

//! Turns what the solver answered into what is shown.

use std::collections::{HashMap, HashSet};

use entity::Timestamp;
use entity::vocabulary::ActionStatus;
use uuid::Uuid;

use super::body::{
    CapacityPlanBody, FindingAtRisk, NotPlannableAction, OwnerSchedule, PlanObjective, PlanRisk,
    PlanWeek, PlannedAction, ScheduledAction, UnscheduledAction, UnscheduledReason,
};
use super::draft::{Draft, remaining};
use super::input::PlanCapacity;
use super::solver::Solved;
use super::solver::problem::Owner;
use super::solver::schedule::{Objective, Span};
use super::store::{Answer, FindingRow, Row};
use crate::metrics::distribution::ratio;

/// A plan in the making: what was asked, what there is, and where the solver put it.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) asked: PlanCapacity,
    pub(super) as_of: Timestamp,
    pub(super) rows: Vec<Row>,
    pub(super) draft: Draft,
    pub(super) solved: Solved,
}

impl Outcome {
    /// The rows that have no place.
    fn left_out(&self) -> impl Iterator<Item = &Row> {
        let jobs = self.draft.rows.iter().zip(&self.solved.spans);
        let unscheduled = jobs.filter(|(_, span)| span.is_none()).map(|(row, _)| *row);
        let obstacles = self.draft.obstacles.iter().map(|one| one.row);
        unscheduled.chain(obstacles).map(|row| &self.rows[row])
    }

    /// The findings that they answer.
    pub(super) fn findings_left_out(&self) -> Vec<Uuid> {
        let findings = self
            .left_out()
            .flat_map(|row| row.finding_ids.0.iter().copied());
        let mut findings: Vec<Uuid> = findings.collect();
        findings.sort_unstable();
        findings.dedup();
        findings
    }

    /// The plan as it is shown.
    pub(super) fn body(
        self,
        findings: Vec<FindingRow>,
        answers: &HashMap<Uuid, Vec<Answer>>,
    ) -> CapacityPlanBody {
        let calendar = &self.draft.problem.calendar;
        let owners: Vec<OwnerSchedule> = (0..self.asked.capacity.len())
            .map(|owner| self.schedule(owner))
            .collect();
        let scheduled = || owners.iter().flat_map(|owner| &owner.actions);
        CapacityPlanBody {
            as_of: self.as_of,
            from: calendar.begin(0),
            to: calendar.begin(calendar.weeks()),
            weeks: self.asked.weeks,
            objective: objective(self.solved.objective),
            first_fit: objective(self.solved.first_fit),
            optimal: self.solved.is_optimal,
            n: self.rows.len() as u64,
            n_scheduled: scheduled().count() as u64,
            n_late: scheduled().filter(|one| one.days_late > 0).count() as u64,
            unscheduled: self.unscheduled(),
            not_plannable: self.not_plannable(),
            at_risk: self.risk(findings, answers),
            owners,
            filter: self.asked.filter,
        }
    }

    fn schedule(&self, at: usize) -> OwnerSchedule {
        let owner = &self.draft.problem.owners[at];
        let jobs = self
            .draft
            .problem
            .jobs
            .iter()
            .zip(&self.solved.spans)
            .enumerate();
        let own = jobs.filter(|(_, (job, _))| job.owner == at);
        let mut own: Vec<(usize, Span)> = own
            .filter_map(|(job, (_, span))| Some((job, (*span)?)))
            .collect();
        own.sort_by_key(|(_, span)| span.start);
        let planned = own.iter().map(|(_, span)| span.end - span.start).sum();
        let numbered = (1..).zip(&own);
        OwnerSchedule {
            owner: self.asked.capacity[at].owner(),
            capacity_days: days(owner.total()),
            planned_days: days(planned),
            utilisation: ratio(planned, owner.total()),
            actions: numbered
                .map(|(n, (job, span))| self.scheduled(n, *job, *span))
                .collect(),
            weeks: self.weeks(owner, &own),
        }
    }

    fn scheduled(&self, position: u32, at: usize, span: Span) -> ScheduledAction {
        let problem = &self.draft.problem;
        let job = &problem.jobs[at];
        let owner = &problem.owners[job.owner];
        ScheduledAction {
            position,
            action: action(&self.rows[self.draft.rows[at]]),
            starts_on: problem.calendar.working_day(owner.day_begun(span.start)),
            ends_on: problem.calendar.working_day(owner.day_ended(span.end)),
            days_late: problem.days_late(job, span.end),
        }
    }

    fn weeks(&self, owner: &Owner, own: &[(usize, Span)]) -> Vec<PlanWeek> {
        let calendar = &self.draft.problem.calendar;
        let weeks = (1..).zip(0..calendar.weeks()).map(|(number, week)| {
            let within = |span: &Span| owner.within(week, span.start, span.end);
            let worked = own.iter().filter(|(_, span)| within(span) > 0);
            let planned = own.iter().map(|(_, span)| within(span)).sum();
            PlanWeek {
                week: number,
                begins_on: calendar.begin(week),
                capacity_days: days(owner.capacity(week)),
                planned_days: days(planned),
                utilisation: ratio(planned, owner.capacity(week)),
                action_ids: worked
                    .map(|(job, _)| self.rows[self.draft.rows[*job]].id)
                    .collect(),
            }
        });
        weeks.collect()
    }

    fn unscheduled(&self) -> Vec<UnscheduledAction> {
        let spans = &self.solved.spans;
        let jobs = self.draft.problem.jobs.iter().zip(spans).enumerate();
        let left_out = jobs.filter(|(_, (_, span))| span.is_none());
        let each = left_out.map(|(at, (job, _))| {
            let blockers = job.after.iter().filter(|other| spans[**other].is_none());
            let waits_for: Vec<Uuid> = blockers
                .map(|other| self.rows[self.draft.rows[*other]].id)
                .collect();
            UnscheduledAction {
                action: action(&self.rows[self.draft.rows[at]]),
                owner: self.asked.capacity[job.owner].owner(),
                reason: if waits_for.is_empty() {
                    UnscheduledReason::DoesNotFit
                } else {
                    UnscheduledReason::DependencyDoesNotFit
                },
                waits_for,
            }
        });
        each.collect()
    }

    fn not_plannable(&self) -> Vec<NotPlannableAction> {
        let each = self.draft.obstacles.iter().map(|one| NotPlannableAction {
            action: action(&self.rows[one.row]),
            reasons: one.reasons.clone(),
            waits_for: one.waits_for.clone(),
        });
        each.collect()
    }

    fn risk(&self, findings: Vec<FindingRow>, answers: &HashMap<Uuid, Vec<Answer>>) -> PlanRisk {
        let left_out: HashSet<Uuid> = self.left_out().map(|row| row.id).collect();
        let planned: HashSet<Uuid> = self.rows.iter().map(|row| row.id).collect();
        let helps = |answer: &Answer| {
            matches!(
                answer.status,
                ActionStatus::Implemented | ActionStatus::Verified
            ) || planned.contains(&answer.action_id) && !left_out.contains(&answer.action_id)
        };
        let mut findings: Vec<FindingAtRisk> = findings
            .into_iter()
            .map(|row| {
                let own = answers.get(&row.id).map(Vec::as_slice).unwrap_or_default();
                let mut without: Vec<Uuid> = own
                    .iter()
                    .map(|answer| answer.action_id)
                    .filter(|id| left_out.contains(id))
                    .collect();
                without.sort_unstable();
                FindingAtRisk {
                    finding_id: row.id,
                    review_id: row.review_id,
                    kind: row.kind,
                    gap_category: row.gap_category,
                    statement: row.statement,
                    risk_score: row.risk_score,
                    unaddressed: !own.iter().any(helps),
                    left_out: without,
                }
            })
            .collect();
        findings.sort_by_key(|one| (std::cmp::Reverse(one.risk_score), one.finding_id));
        let unaddressed = findings.iter().filter(|one| one.unaddressed);
        let risk = unaddressed.filter_map(|one| one.risk_score).map(i64::from);
        PlanRisk {
            n: left_out.len() as u64,
            // Not `sum`, to which no scores at all are -0.0.
            score: self
                .left_out()
                .fold(0.0, |sum, row| sum + row.priority_score),
            risk: risk.sum(),
            findings,
        }
    }
}

fn action(row: &Row) -> PlannedAction {
    PlannedAction {
        action_id: row.id,
        review_id: row.review_id,
        review_key: row.review_key.clone(),
        title: row.title.clone(),
        priority: row.priority,
        score: row.priority_score,
        remaining_days: remaining(row).map(days),
        due_on: row.due_on,
        depends_on: row.depends_on.0.clone(),
    }
}

fn objective(of: Objective) -> PlanObjective {
    PlanObjective {
        unscheduled_score: shown(of.left_out),
        weighted_lateness_days: shown(of.lateness),
        weighted_finish_days: shown(of.finish),
    }
}

/// Thousandths of a day as days.
#[expect(
    clippy::cast_precision_loss,
    reason = "at most some hundred years of work"
)]
fn days(thousandths: u64) -> f64 {
    thousandths as f64 / 1000.0
}

/// Thousandths of a sum as it is shown.
#[expect(
    clippy::cast_precision_loss,
    reason = "plans are compared by whole numbers, before this"
)]
fn shown(thousandths: u128) -> f64 {
    thousandths as f64 / 1000.0
}

//! A capacity plan as it is shown.

use chrono::NaiveDate;
use entity::Timestamp;
use entity::vocabulary::{FindingKind, GapCategory, Priority};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{PlanFilter, PlanOwner};

/// An action that a plan is about.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlannedAction {
    /// Its id.
    pub(super) action_id: Uuid,
    /// The review it comes from.
    pub(super) review_id: Uuid,
    /// The review's key.
    #[schema(example = "PIR-2026-0042")]
    pub(super) review_key: String,
    /// What is to be done.
    #[schema(example = "Alert when the backup agent is stopped")]
    pub(super) title: String,
    /// The level of priority that counts.
    pub(super) priority: Priority,
    /// The score that it is weighed with.
    #[schema(minimum = 0, example = 24.0)]
    pub(super) score: f64,
    /// How much work is left, in days: the effort less what is reported done. Counted in thousandths
    /// of a day, at least one; null without an effort.
    #[schema(minimum = 0, example = 1.5)]
    pub(super) remaining_days: Option<f64>,
    /// When it is due.
    #[schema(example = "2026-12-18")]
    pub(super) due_on: Option<NaiveDate>,
    /// The actions that have to be done first.
    pub(super) depends_on: Vec<Uuid>,
}

/// An action with its place in the plan.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScheduledAction {
    /// Which of its owner's actions it is, from 1.
    #[schema(minimum = 1, example = 1)]
    pub(super) position: u32,
    #[serde(flatten)]
    pub(super) action: PlannedAction,
    /// The working day on which it begins.
    #[schema(example = "2026-12-07")]
    pub(super) starts_on: NaiveDate,
    /// The working day on which it is done.
    #[schema(example = "2026-12-11")]
    pub(super) ends_on: NaiveDate,
    /// By how many days it is done after its due date.
    #[schema(minimum = 0, example = 0)]
    pub(super) days_late: u64,
}

/// One week of an owner.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlanWeek {
    /// Which week of the plan, from 1.
    #[schema(minimum = 1, example = 2)]
    pub(super) week: u32,
    /// Its first day.
    #[schema(example = "2026-12-07")]
    pub(super) begins_on: NaiveDate,
    /// How many days of work there are.
    #[schema(minimum = 0, example = 2.5)]
    pub(super) capacity_days: f64,
    /// How many of them are planned.
    #[schema(minimum = 0, example = 2.0)]
    pub(super) planned_days: f64,
    /// Planned ÷ there are, 0 to 1; null in a week without capacity.
    #[schema(minimum = 0, maximum = 1, example = 0.8)]
    pub(super) utilisation: Option<f64>,
    /// The actions that are worked on in it, in order.
    pub(super) action_ids: Vec<Uuid>,
}

/// What an owner does when.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwnerSchedule {
    /// Whose time it is, as it was asked for.
    pub(super) owner: PlanOwner,
    /// How many days of work there are in all weeks.
    #[schema(minimum = 0, example = 30.0)]
    pub(super) capacity_days: f64,
    /// How many of them are planned.
    #[schema(minimum = 0, example = 24.5)]
    pub(super) planned_days: f64,
    /// Planned ÷ there are, 0 to 1; null without capacity.
    #[schema(minimum = 0, maximum = 1, example = 0.817)]
    pub(super) utilisation: Option<f64>,
    /// Their actions in the order in which they are done.
    pub(super) actions: Vec<ScheduledAction>,
    /// Their weeks.
    pub(super) weeks: Vec<PlanWeek>,
}

/// Why an action that could be planned has no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "does_not_fit")]
pub enum UnscheduledReason {
    /// Its owner's time is taken by what weighs more, or is too short for it.
    DoesNotFit,
    /// Something that it waits for has no place.
    DependencyDoesNotFit,
}

/// An action that could be planned and does not fit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnscheduledAction {
    #[serde(flatten)]
    pub(super) action: PlannedAction,
    /// Whose time it would take.
    pub(super) owner: PlanOwner,
    /// Why it has no place.
    pub(super) reason: UnscheduledReason,
    /// What it waits for that has no place either.
    pub(super) waits_for: Vec<Uuid>,
}

/// Why an action cannot be planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "no_effort")]
pub enum NotPlannableReason {
    /// Nobody said how much work it is.
    NoEffort,
    /// Nobody owns it.
    NoOwner,
    /// Neither its owner nor their function is among the capacity.
    NoCapacity,
    /// It waits for an unfinished action that is not planned.
    DependencyNotPlanned,
}

/// An action that cannot be planned.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NotPlannableAction {
    #[serde(flatten)]
    pub(super) action: PlannedAction,
    /// Everything that keeps it out.
    pub(super) reasons: Vec<NotPlannableReason>,
    /// What it waits for that is not planned.
    pub(super) waits_for: Vec<Uuid>,
}

/// A finding that an action without a place answers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FindingAtRisk {
    /// Its id.
    pub(super) finding_id: Uuid,
    /// The review that established it.
    pub(super) review_id: Uuid,
    /// What kind of finding it is.
    pub(super) kind: FindingKind,
    /// What a gap is in.
    pub(super) gap_category: Option<GapCategory>,
    /// What was established.
    #[schema(example = "Alerts had no accountable owner")]
    pub(super) statement: String,
    /// Likelihood × severity, 1 to 25, when both are known.
    #[schema(minimum = 1, maximum = 25, example = 20)]
    pub(super) risk_score: Option<i32>,
    /// Whether nothing that answers it is planned or done.
    #[schema(example = true)]
    pub(super) unaddressed: bool,
    /// The actions that answer it and have no place.
    pub(super) left_out: Vec<Uuid>,
}

/// What a plan leaves undone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlanRisk {
    /// How many actions have no place: those that do not fit, and those that cannot be planned.
    #[schema(minimum = 0, example = 3)]
    pub(super) n: u64,
    /// The sum of their scores.
    #[schema(minimum = 0, example = 41.5)]
    pub(super) score: f64,
    /// The sum of the risk scores of the findings that nothing else answers.
    #[schema(minimum = 0, example = 32)]
    pub(super) risk: i64,
    /// The findings that they answer, the riskiest first; the retracted are left out.
    pub(super) findings: Vec<FindingAtRisk>,
}

/// What plans are compared by: less is better, and the first that differs decides.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct PlanObjective {
    /// The sum of the scores of what does not fit.
    #[schema(minimum = 0, example = 12.5)]
    pub(super) unscheduled_score: f64,
    /// The sum of score × days late.
    #[schema(minimum = 0, example = 84.0)]
    pub(super) weighted_lateness_days: f64,
    /// The sum of score × working days from the first of the plan until it is done.
    #[schema(minimum = 0, example = 1240.5)]
    pub(super) weighted_finish_days: f64,
}

/// A capacity plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct CapacityPlanBody {
    /// The moment whose actions are planned.
    pub(super) as_of: Timestamp,
    /// The first day.
    #[schema(example = "2026-11-30")]
    pub(super) from: NaiveDate,
    /// The day on which it is over.
    #[schema(example = "2027-02-22")]
    pub(super) to: NaiveDate,
    /// For how many weeks it is.
    #[schema(minimum = 1, example = 12)]
    pub(super) weeks: u32,
    /// Which actions were asked for.
    pub(super) filter: PlanFilter,
    /// What the plan is worth.
    pub(super) objective: PlanObjective,
    /// What it would be worth to take the highest score first and put each action into the first gap
    /// that takes it. The plan is never worse.
    pub(super) first_fit: PlanObjective,
    /// Whether it is proven that no plan is better: it is where actions that share an owner, or wait
    /// for each other, are at most 10.
    #[schema(example = true)]
    pub(super) optimal: bool,
    /// How many unfinished actions there are.
    #[schema(minimum = 0, example = 42)]
    pub(super) n: u64,
    /// How many of them have a place.
    #[schema(minimum = 0, example = 38)]
    pub(super) n_scheduled: u64,
    /// How many of those are late against their due date.
    #[schema(minimum = 0, example = 2)]
    pub(super) n_late: u64,
    /// What each owner does when, in the order in which they were given.
    pub(super) owners: Vec<OwnerSchedule>,
    /// What does not fit, the highest score first.
    pub(super) unscheduled: Vec<UnscheduledAction>,
    /// What cannot be planned, the highest score first.
    pub(super) not_plannable: Vec<NotPlannableAction>,
    /// What is left at risk.
    pub(super) at_risk: PlanRisk,
}

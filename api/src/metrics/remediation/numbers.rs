//! Turns what was counted into what is sent: each number with its definition and its list.

use entity::vocabulary::{ActionStatus, Vocabulary};
use entity::vocabulary::{ActionType, Priority, Severity, StakeholderFunction};

use super::body::{
    ActionCount, ActionCounts, ActionDistribution, ActionRate, ActionsByValue, BurnUpPoint,
    FunnelStep, RemediationNumbers,
};
use super::definitions::Number;
use super::item::Moment;
use super::links::Records;
use super::query::RemediationGroupBy as Field;
use super::tally::{Share, Slot, Slots, Tally, Values};
use crate::actions::list::{ActionStage, Timeliness};
use crate::actions::rules::UNFINISHED;
use crate::metrics::distribution::{COUNTS, SECONDS, Sample, Statistics, ratio};
use crate::metrics::groups::MAX_GROUPS;

const DONE: &[ActionStatus] = &[ActionStatus::Implemented, ActionStatus::Verified];

/// What is to be done: somebody is committed, and it has not ended undone.
const EXPECTED: &[ActionStatus] = &[
    ActionStatus::Open,
    ActionStatus::InProgress,
    ActionStatus::Blocked,
    ActionStatus::Implemented,
    ActionStatus::Verified,
];

/// Everything that was counted, as it is sent.
pub(super) fn numbers(
    tally: Tally,
    series: Option<Vec<BurnUpPoint>>,
    moment: Moment,
    owners: &[String],
    records: Option<&Records>,
) -> RemediationNumbers {
    let lists = Lists { records, moment };
    let all = || records.cloned();
    let open = || lists.among(&UNFINISHED);
    let due = |days| open().map(|open| open.due_within(moment.today, days));
    RemediationNumbers {
        n: tally.n,
        records_url: url(all()),
        counts: counts(&tally, owners, records),
        open: count(Number::Open, tally.open, open()),
        overdue: count(Number::Overdue, tally.overdue, lists.overdue()),
        due_in_7_days: count(Number::DueIn7Days, tally.due_in_7_days, due(7)),
        due_in_30_days: count(Number::DueIn30Days, tally.due_in_30_days, due(30)),
        unowned: count(Number::Unowned, tally.unowned, open().map(Records::unowned)),
        completion_rate: rate(
            Number::CompletionRate,
            tally.completion,
            (lists.among(DONE), lists.among(EXPECTED)),
        ),
        verified_rate: rate(
            Number::VerifiedRate,
            tally.verification,
            (
                lists.among(&[ActionStatus::Verified]),
                lists.among(EXPECTED),
            ),
        ),
        on_time_rate: rate(
            Number::OnTimeRate,
            tally.on_time,
            (
                lists.timely(&[Timeliness::OnTime]),
                lists.timely(Timeliness::ALL),
            ),
        ),
        reopened_rate: rate(
            Number::ReopenedRate,
            tally.reopened,
            (all().map(Records::reopened), all().map(Records::once_done)),
        ),
        ineffective_rate: rate(
            Number::IneffectiveRate,
            tally.ineffective,
            (
                all().map(Records::ineffective),
                lists.reached(ActionStage::Verified),
            ),
        ),
        age_of_open: distribution(Number::AgeOfOpen, tally.ages, SECONDS, open()),
        time_to_implement: distribution(
            Number::TimeToImplement,
            tally.to_implement,
            SECONDS,
            lists.among(DONE),
        ),
        time_to_verify: distribution(
            Number::TimeToVerify,
            tally.to_verify,
            SECONDS,
            lists.among(&[ActionStatus::Verified]),
        ),
        slips_per_action: distribution(Number::SlipsPerAction, tally.slips, COUNTS, all()),
        funnel: funnel(tally.n, tally.funnel, &lists),
        series,
    }
}

/// The lists behind numbers, where there are any.
#[derive(Clone, Copy)]
struct Lists<'a> {
    records: Option<&'a Records>,
    moment: Moment,
}

impl Lists<'_> {
    fn among(&self, states: &[ActionStatus]) -> Option<Records> {
        self.records?.clone().in_states(states)
    }

    /// Those past their due date, also where another day has begun than in UTC.
    fn overdue(&self) -> Option<Records> {
        let open = self.among(&UNFINISHED)?;
        Some(if self.moment.is_utc() {
            open.overdue()
        } else {
            open.due_before(self.moment.today)
        })
    }

    /// Those that kept their due date or did not; the list reckons days in UTC.
    fn timely(&self, ways: &[Timeliness]) -> Option<Records> {
        let records = self.records.filter(|_| self.moment.is_utc())?;
        Some(records.clone().timely(ways))
    }

    fn reached(&self, stage: ActionStage) -> Option<Records> {
        Some(self.records?.clone().reached(stage))
    }
}

fn url(records: Option<Records>) -> Option<String> {
    records.map(|records| records.url())
}

fn count(number: Number, n: u64, records: Option<Records>) -> ActionCount {
    ActionCount {
        definition: number.definition(),
        n,
        records_url: url(records),
    }
}

fn rate(
    number: Number,
    share: Share,
    (part, whole): (Option<Records>, Option<Records>),
) -> ActionRate {
    ActionRate {
        definition: number.definition(),
        value: ratio(share.part, share.whole),
        numerator: share.part,
        denominator: share.whole,
        records_url: url(part),
        denominator_url: url(whole),
    }
}

fn distribution(
    number: Number,
    values: Values,
    begins: &[i64],
    records: Option<Records>,
) -> ActionDistribution {
    let sample = Sample::new(values.known);
    ActionDistribution {
        definition: number.definition(),
        statistics: Statistics {
            n_missing: values.missing,
            n_invalid: values.invalid,
            ..sample.statistics()
        },
        histogram: sample.histogram(begins),
        records_url: url(records),
    }
}

fn funnel(n: u64, reached: [u64; 4], lists: &Lists<'_>) -> Vec<FunnelStep> {
    let steps = [
        (Number::Accepted, ActionStage::Accepted),
        (Number::Implemented, ActionStage::Implemented),
        (Number::Verified, ActionStage::Verified),
        (Number::Effective, ActionStage::Effective),
    ];
    let mut previous = n;
    let mut funnel = vec![FunnelStep {
        definition: Number::Proposed.definition(),
        n,
        of_previous: None,
        records_url: url(lists.records.cloned()),
    }];
    for ((step, stage), n) in steps.into_iter().zip(reached) {
        funnel.push(FunnelStep {
            definition: step.definition(),
            n,
            of_previous: ratio(n, previous),
            records_url: url(lists.reached(stage)),
        });
        previous = n;
    }
    funnel
}

fn counts(tally: &Tally, owners: &[String], records: Option<&Records>) -> ActionCounts {
    let field = |field: Field| {
        move |value: Option<&str>| records.and_then(|records| records.clone().with(field, value))
    };
    let status = |value: Option<&str>| {
        let status: ActionStatus = value?.parse().ok()?;
        records?.clone().in_states(&[status])
    };
    let owner_names: Vec<&str> = owners.iter().map(String::as_str).collect();
    let mut by_owner = occurring(&tally.by_owner, &owner_names, field(Field::Owner));
    keep_largest(&mut by_owner);
    ActionCounts {
        by_status: every(&tally.by_status, &names::<ActionStatus>(), status),
        by_priority: every(
            &tally.by_priority,
            &names::<Priority>(),
            field(Field::Priority),
        ),
        by_severity: every(
            &tally.by_severity,
            &names::<Severity>(),
            field(Field::Severity),
        ),
        by_type: occurring(&tally.by_type, &names::<ActionType>(), field(Field::Type)),
        by_function: occurring(
            &tally.by_function,
            &names::<StakeholderFunction>(),
            field(Field::Function),
        ),
        by_owner,
    }
}

fn names<V: Vocabulary>() -> Vec<&'static str> {
    V::TERMS.iter().map(|term| term.value).collect()
}

/// One entry for each value, also for those that do not occur.
fn every(
    slots: &Slots,
    names: &[&str],
    records: impl Fn(Option<&str>) -> Option<Records>,
) -> Vec<ActionsByValue> {
    let values = names.iter().zip(&slots.values);
    values
        .map(|(name, slot)| by_value(Some(name), *slot, &records))
        .collect()
}

/// One entry for each value that occurs, most frequent first.
fn occurring(
    slots: &Slots,
    names: &[&str],
    records: impl Fn(Option<&str>) -> Option<Records>,
) -> Vec<ActionsByValue> {
    let named = names
        .iter()
        .copied()
        .map(Some)
        .zip(slots.values.iter().copied());
    let mut found: Vec<(Option<&str>, Slot)> = named.chain([(None, slots.none)]).collect();
    found.retain(|(_, slot)| slot.n > 0);
    found.sort_by(|(a, of_a), (b, of_b)| of_b.n.cmp(&of_a.n).then_with(|| a.cmp(b)));
    found
        .into_iter()
        .map(|(name, slot)| by_value(name, slot, &records))
        .collect()
}

fn by_value(
    value: Option<&str>,
    slot: Slot,
    records: &impl Fn(Option<&str>) -> Option<Records>,
) -> ActionsByValue {
    ActionsByValue {
        value: value.map(str::to_owned),
        other: false,
        n: slot.n,
        n_open: slot.open,
        n_overdue: slot.overdue,
        records_url: url(records(value)),
    }
}

/// Adds up what is beyond the largest.
fn keep_largest(values: &mut Vec<ActionsByValue>) {
    if values.len() <= MAX_GROUPS {
        return;
    }
    let rest = values.split_off(MAX_GROUPS);
    values.push(ActionsByValue {
        value: None,
        other: true,
        n: rest.iter().map(|one| one.n).sum(),
        n_open: rest.iter().map(|one| one.n_open).sum(),
        n_overdue: rest.iter().map(|one| one.n_overdue).sum(),
        records_url: None,
    });
}

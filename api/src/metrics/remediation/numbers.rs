//! Turns what was counted into what is sent: each number with its definition and its list.

use entity::vocabulary::{ActionStatus, Vocabulary};
use entity::vocabulary::{ActionType, Priority, Severity, StakeholderFunction};

use super::body::{
    ActionCount, ActionCounts, ActionDistribution, ActionRate, ActionsByValue, BurnUpPoint,
    FunnelStep, RemediationGroupBy as Field, RemediationNumbers,
};
use super::definitions::Number;
use super::item::Moment;
use super::links::Records;
use super::tally::{Share, Slot, Slots, Tally, Values};
use crate::actions::rules::UNFINISHED;
use crate::metrics::distribution::{COUNTS, SECONDS, Sample, Statistics, ratio};
use crate::metrics::groups::MAX_GROUPS;

const DONE: &[ActionStatus] = &[ActionStatus::Implemented, ActionStatus::Verified];

/// Everything that was counted, as it is sent.
pub(super) fn numbers(
    tally: Tally,
    series: Option<Vec<BurnUpPoint>>,
    moment: Moment,
    owners: &[String],
    records: Option<&Records>,
) -> RemediationNumbers {
    let url = |records: Option<Records>| records.map(|records| records.url());
    let among =
        |states: &[ActionStatus]| records.and_then(|records| records.clone().in_states(states));
    let open = among(&UNFINISHED);
    let of_open = |link: &dyn Fn(&Records) -> String| open.as_ref().map(link);
    let due = |days| of_open(&|open: &Records| open.due_within(moment.today, days));
    // The list reckons days in UTC.
    let overdue = of_open(&Records::overdue).filter(|_| moment.is_utc());
    RemediationNumbers {
        n: tally.n,
        records_url: records.map(Records::url),
        counts: counts(&tally, owners, records),
        open: count(Number::Open, tally.open, of_open(&Records::url)),
        overdue: count(Number::Overdue, tally.overdue, overdue),
        due_in_7_days: count(Number::DueIn7Days, tally.due_in_7_days, due(7)),
        due_in_30_days: count(Number::DueIn30Days, tally.due_in_30_days, due(30)),
        unowned: count(Number::Unowned, tally.unowned, of_open(&Records::unowned)),
        completion_rate: rate(Number::CompletionRate, tally.completion),
        verified_rate: rate(Number::VerifiedRate, tally.verification),
        on_time_rate: rate(Number::OnTimeRate, tally.on_time),
        reopened_rate: rate(Number::ReopenedRate, tally.reopened),
        ineffective_rate: rate(Number::IneffectiveRate, tally.ineffective),
        age_of_open: distribution(
            Number::AgeOfOpen,
            tally.ages,
            SECONDS,
            of_open(&Records::url),
        ),
        time_to_implement: distribution(
            Number::TimeToImplement,
            tally.to_implement,
            SECONDS,
            url(among(DONE)),
        ),
        time_to_verify: distribution(
            Number::TimeToVerify,
            tally.to_verify,
            SECONDS,
            url(among(&[ActionStatus::Verified])),
        ),
        slips_per_action: distribution(
            Number::SlipsPerAction,
            tally.slips,
            COUNTS,
            records.map(Records::url),
        ),
        funnel: funnel(tally.n, tally.funnel),
        series,
    }
}

fn count(number: Number, n: u64, records_url: Option<String>) -> ActionCount {
    ActionCount {
        definition: number.definition(),
        n,
        records_url,
    }
}

fn rate(number: Number, share: Share) -> ActionRate {
    ActionRate {
        definition: number.definition(),
        value: ratio(share.part, share.whole),
        numerator: share.part,
        denominator: share.whole,
    }
}

fn distribution(
    number: Number,
    values: Values,
    begins: &[i64],
    records_url: Option<String>,
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
        records_url,
    }
}

fn funnel(n: u64, reached: [u64; 4]) -> Vec<FunnelStep> {
    let steps = [
        Number::Accepted,
        Number::Implemented,
        Number::Verified,
        Number::Effective,
    ];
    let mut previous = n;
    let mut funnel = vec![FunnelStep {
        definition: Number::Proposed.definition(),
        n,
        of_previous: None,
    }];
    for (step, n) in steps.into_iter().zip(reached) {
        funnel.push(FunnelStep {
            definition: step.definition(),
            n,
            of_previous: ratio(n, previous),
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
    let values = names.iter().zip(&slots.0);
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
    let names = names.iter().copied().map(Some).chain([None]);
    let mut found: Vec<(Option<&str>, Slot)> = names.zip(slots.0.iter().copied()).collect();
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
        records_url: records(value).map(|records| records.url()),
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

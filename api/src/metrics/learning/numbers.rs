//! What some cases add up to.

use std::collections::HashMap;

use super::body::{
    LearningFilter, LearningNumbers, RecurrenceByStanding, RecurrenceByTrait, RecurringValue,
};
use super::cases::Case;
use super::definitions::Number;
use super::standing::ActionsStanding;
use super::traits::{LearningTrait, Traits};
use crate::metrics::distribution::SECONDS;
use crate::metrics::link::Link;
use crate::metrics::numbers::{MetricCount, MetricShare, Values};

/// How many values of a trait are named.
const MOST_VALUES: usize = 20;

/// A case and what its latest recurrence found.
#[derive(Debug)]
pub(super) struct Judged<'a> {
    pub(super) case: &'a Case,
    /// Nothing when it did not recur.
    pub(super) recurred: Option<Recurred>,
}

/// What a case found when it recurred.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recurred {
    pub(super) standing: ActionsStanding,
    pub(super) after_publication: bool,
    /// Seconds since the subject of the earlier review began.
    pub(super) seconds: i64,
}

/// The filter that leads to some cases, if one does.
#[derive(Clone, Debug)]
pub(super) struct Records<'a> {
    pub(super) filter: Option<LearningFilter>,
    pub(super) time_zone: &'a str,
}

impl Records<'_> {
    fn url(&self, of: &[(&str, &str)], kind: Option<LearningTrait>) -> Option<String> {
        let mut filter = self.filter.clone()?;
        if let Some(kind) = kind {
            filter.of = vec![kind];
        }
        let link = Link::to("/api/v1/metrics/learning/records").with_all(&filter);
        let link = of
            .iter()
            .fold(link, |link, (name, value)| link.with(name, value));
        let dated = of.iter().any(|(name, _)| *name == "standing") && self.time_zone != "UTC";
        let link = if dated {
            link.with("time_zone", self.time_zone)
        } else {
            link
        };
        Some(link.into_string())
    }
}

const RECURRENT: (&str, &str) = ("recurrent", "true");
const KNOWN: (&str, &str) = ("known", "true");

/// Counts cases.
pub(super) fn numbers(
    cases: &[&Judged<'_>],
    traits: &Traits,
    wanted: &[LearningTrait],
    records: &Records<'_>,
) -> LearningNumbers {
    let recurred = || cases.iter().filter_map(|one| one.recurred);
    let count = |it: &dyn Fn(&Recurred) -> bool| recurred().filter(|one| it(one)).count() as u64;
    let known = cases.iter().filter(|one| one.case.is_known()).count() as u64;
    let n = cases.len() as u64;
    let after = count(&|one| one.after_publication);
    let share = |number: Number, part: u64, of: &[(&str, &str)]| {
        let urls = (records.url(of, None), records.url(&[KNOWN], None));
        MetricShare::new(number.definition(), (part, known), urls)
    };
    let standings = ActionsStanding::ALL
        .into_iter()
        .map(|standing| RecurrenceByStanding {
            standing,
            n: count(&|one| one.standing == standing),
            records_url: records.url(&[RECURRENT, ("standing", standing.as_str())], None),
        });
    let times = Values {
        known: recurred().map(|one| one.seconds).collect(),
        ..Values::default()
    };
    LearningNumbers {
        cases: MetricCount {
            definition: Number::Cases.definition(),
            n,
            records_url: records.url(&[], None),
        },
        n_missing: n - known,
        recurrence_rate: share(Number::RecurrenceRate, count(&|_| true), &[RECURRENT]),
        after_publication_rate: share(
            Number::AfterPublicationRate,
            after,
            &[("after_publication", "true")],
        ),
        by_standing: standings.collect(),
        by_trait: by_trait(cases, traits, wanted, records),
        time_to_recurrence: times.distribution(
            Number::TimeToRecurrence.definition(),
            SECONDS,
            records.url(&[RECURRENT], None),
        ),
        series: None,
    }
}

fn by_trait(
    cases: &[&Judged<'_>],
    traits: &Traits,
    wanted: &[LearningTrait],
    records: &Records<'_>,
) -> Vec<RecurrenceByTrait> {
    let mut values: HashMap<usize, u64> = HashMap::new();
    let mut counts: HashMap<LearningTrait, (u64, u64)> = HashMap::new();
    for one in cases {
        let kinds = |ids: &mut dyn Iterator<Item = usize>| {
            let mut kinds: Vec<LearningTrait> = ids.map(|id| traits.name(id).0).collect();
            kinds.sort_unstable();
            kinds.dedup();
            kinds
        };
        for kind in kinds(&mut one.case.traits.iter().copied()) {
            counts.entry(kind).or_default().1 += 1;
        }
        for kind in kinds(&mut one.case.matches.iter().map(|one| one.of)) {
            counts.entry(kind).or_default().0 += 1;
        }
        for shared in &one.case.matches {
            *values.entry(shared.of).or_default() += 1;
        }
    }
    let kinds = LearningTrait::ALL.into_iter();
    let kinds = kinds.filter(|kind| wanted.is_empty() || wanted.contains(kind));
    kinds
        .map(|kind| RecurrenceByTrait {
            of: kind,
            recurrence_rate: MetricShare::new(
                Number::TraitRecurrenceRate.definition(),
                counts.get(&kind).copied().unwrap_or_default(),
                (
                    records.url(&[RECURRENT], Some(kind)),
                    records.url(&[KNOWN], Some(kind)),
                ),
            ),
            values: most_frequent(kind, &values, traits, records),
        })
        .collect()
}

fn most_frequent(
    kind: LearningTrait,
    values: &HashMap<usize, u64>,
    traits: &Traits,
    records: &Records<'_>,
) -> Vec<RecurringValue> {
    let named = values.iter().map(|(id, n)| (traits.name(*id), *n));
    let mut own: Vec<(&str, u64)> = named
        .filter(|((of, _), _)| *of == kind)
        .map(|((_, value), n)| (value, n))
        .collect();
    own.sort_unstable_by(|(a, of_a), (b, of_b)| of_b.cmp(of_a).then_with(|| a.cmp(b)));
    own.truncate(MOST_VALUES);
    own.into_iter()
        .map(|(value, n)| RecurringValue {
            value: value.to_owned(),
            n,
            records_url: records.url(&[RECURRENT, ("value", value)], Some(kind)),
        })
        .collect()
}

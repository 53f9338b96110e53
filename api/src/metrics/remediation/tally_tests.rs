//! Tests of what actions add up to, and of the series, against a naive model.

use super::*;
use crate::actions::facts::{ActionFact, PastState};
use crate::metrics::remediation::item::tests::fact;
use crate::metrics::remediation::series::{BurnUp, Frame};
use crate::metrics::window::{Interval, buckets};
use chrono_tz::Tz;
use entity::Timestamp;
use proptest::prelude::*;

const DAY: i64 = 86_400;
/// 2026-01-01T00:00:00Z, a day in days since the epoch.
const START: i64 = 20_454;

fn second(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000).expect("in range")
}

fn moment(day: i64) -> Moment {
    let at = second((START + day) * DAY);
    Moment::new(at, at, Tz::UTC)
}

fn tally(facts: &[ActionFact<'_>], moment: Moment) -> Tally {
    let mut tally = Tally::default();
    for fact in facts {
        let owner = (!fact.owner.is_empty()).then_some(0);
        if let Some(item) = Item::at(moment, Severity::High, fact, owner) {
            tally.add(&item, moment);
        }
    }
    tally
}

/// An action created on a day, due some days later, done some days after its creation.
fn action(status: ActionStatus, created: i64, due: i64, done: Option<i64>) -> ActionFact<'static> {
    let created_at = (START + created) * DAY + 3600;
    let done_at = done.map(|days| created_at + days * DAY);
    let verified = status == ActionStatus::Verified;
    let ended = matches!(
        status,
        ActionStatus::Declined | ActionStatus::RiskAccepted | ActionStatus::Cancelled
    );
    ActionFact {
        created_at,
        committed_at: (status != ActionStatus::Proposed).then_some(created_at),
        due_on: i32::try_from(START + due).ok(),
        implemented_at: done_at.filter(|_| !ended),
        verified_at: done_at.filter(|_| verified).map(|at| at + DAY),
        ended_at: done_at.filter(|_| ended),
        ..fact(status)
    }
}

#[test]
fn rates_count_what_their_definitions_say() {
    use ActionStatus as S;
    let facts = [
        action(S::Verified, 0, 10, Some(5)),
        action(S::Implemented, 0, 3, Some(5)),
        ActionFact {
            ineffective: 1,
            reopened: 1,
            ..action(S::InProgress, 0, 10, None)
        },
        action(S::Open, 0, 90, None),
        action(S::Proposed, 0, 90, None),
        action(S::Cancelled, 0, 10, Some(1)),
    ];
    let tally = tally(&facts, moment(20));
    let share = |part, whole| Share { part, whole };
    assert_eq!(tally.completion, share(2, 4));
    assert_eq!(tally.verification, share(1, 4));
    assert_eq!(tally.on_time, share(1, 3), "one late, one overdue");
    assert_eq!(tally.reopened, share(1, 3));
    assert_eq!(tally.ineffective, share(1, 2));
    assert_eq!(tally.funnel, [5, 3, 2, 1]);
    assert_eq!((tally.n, tally.open, tally.overdue), (6, 3, 1));
    assert_eq!(tally.to_implement.known, [5 * DAY, 5 * DAY]);
    assert_eq!(tally.to_implement.missing, 4);
    assert_eq!(tally.to_verify.known, [6 * DAY]);
    assert_eq!(tally.ages.known, [20 * DAY - 3600; 3]);
}

fn any_action() -> impl Strategy<Value = ActionFact<'static>> {
    let status = prop::sample::select(
        &[
            ActionStatus::Proposed,
            ActionStatus::Open,
            ActionStatus::Blocked,
            ActionStatus::Implemented,
            ActionStatus::Verified,
            ActionStatus::Declined,
        ][..],
    );
    let done = 0_i64..40;
    (status, 0_i64..90, 0_i64..120, done, 0..3_i32, any::<bool>()).prop_map(
        |(status, created, due, done, slips, has_due)| {
            let ends = !matches!(
                status,
                ActionStatus::Proposed | ActionStatus::Open | ActionStatus::Blocked
            );
            let mut fact = action(status, created, due, ends.then_some(done));
            fact.slips = slips;
            fact.due_on = fact.due_on.filter(|_| has_due);
            fact
        },
    )
}

/// An action that may have been done and proven, or given up, before it was taken up again.
fn any_life() -> impl Strategy<Value = ActionFact<'static>> {
    let past = (0_i64..20, 1_i64..10, 0_i64..10, any::<bool>());
    (any_action(), prop::option::of(past)).prop_map(|(mut fact, past)| {
        let Some((after, done, proven, given_up)) = past else {
            return fact;
        };
        let from = fact.created_at + after * DAY;
        let (until, end) = (from + done * DAY, from + (done + proven) * DAY);
        let (first, second) = if given_up {
            (ActionStatus::Declined, ActionStatus::Cancelled)
        } else {
            (ActionStatus::Implemented, ActionStatus::Verified)
        };
        fact.past = vec![PastState(first, from, until)];
        if until < end {
            fact.past.push(PastState(second, until, end));
        }
        let later = |at: i64| at + end - fact.created_at;
        fact.implemented_at = fact.implemented_at.map(later);
        fact.verified_at = fact.verified_at.map(later);
        fact.ended_at = fact.ended_at.map(later);
        fact
    })
}

proptest! {
    #[test]
    fn counts_agree_with_a_naive_model(facts in prop::collection::vec(any_action(), 0..60), today in 130_i64..200) {
        let now = moment(today);
        let tally = tally(&facts, now);
        let open = |fact: &&ActionFact<'_>| matches!(fact.status, ActionStatus::Proposed | ActionStatus::Open | ActionStatus::Blocked);
        let count = |it: &dyn Fn(&&ActionFact<'_>) -> bool| facts.iter().filter(|fact| it(fact)).count() as u64;
        prop_assert_eq!(tally.n, facts.len() as u64);
        prop_assert_eq!(tally.open, count(&open));
        prop_assert_eq!(tally.overdue, count(&|fact| open(fact) && fact.is_overdue(crate::actions::facts::date(now.today))));
        prop_assert_eq!(tally.slips.known.iter().sum::<i64>(), facts.iter().map(|fact| i64::from(fact.slips)).sum::<i64>());
        prop_assert_eq!(tally.by_status.values.iter().map(|slot| slot.n).sum::<u64>(), tally.n);
        prop_assert_eq!(tally.by_owner.values.iter().map(|slot| slot.n).sum::<u64>(), tally.n);
        prop_assert!(tally.funnel.windows(2).all(|two| two[0] >= two[1]) && tally.funnel[0] <= tally.n);
    }

    #[test]
    fn parts_add_up_to_the_whole_wherever_it_is_cut(facts in prop::collection::vec(any_action(), 0..60), cuts in prop::collection::vec(0_usize..60, 0..4)) {
        let now = moment(150);
        let owner = |at: usize| u32::try_from(at % 3).ok();
        let count = |from: usize, until: usize, owner: &dyn Fn(usize) -> Option<u32>| {
            let mut tally = Tally::default();
            for (at, fact) in facts.iter().enumerate().take(until).skip(from) {
                if let Some(item) = Item::at(now, Severity::High, fact, owner(at)) {
                    tally.add(&item, now);
                }
            }
            tally
        };
        let whole = count(0, facts.len(), &owner);
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(facts.len())).collect();
        cuts.extend([0, facts.len()]);
        cuts.sort_unstable();
        let mut parts = Tally::default();
        for cut in cuts.windows(2) {
            // A part knows the owners in another order.
            let part = count(cut[0], cut[1], &|at| owner(at).map(|owner| 2 - owner));
            parts.merge(part, &[2, 1, 0]);
        }
        let longest = whole.by_owner.values.len().max(parts.by_owner.values.len());
        let mut both = [whole, parts];
        both.iter_mut().for_each(|tally| tally.by_owner.values.resize(longest, Slot::default()));
        prop_assert_eq!(&both[0], &both[1]);
    }

    #[test]
    fn the_series_says_what_each_bucket_would_say_of_itself(
        facts in prop::collection::vec(any_life(), 0..40),
        today in 0_i64..200,
        zone in prop::sample::select(&["UTC", "Europe/Dublin", "America/New_York"][..]),
        interval in prop::sample::select(&[Interval::Day, Interval::Week, Interval::Month][..]),
    ) {
        let zone: Tz = zone.parse().expect("a zone");
        let as_of = second((START + today) * DAY + 45_000);
        let moment = Moment::new(as_of, as_of.plus_seconds(1), zone);
        let begin = second(START * DAY);
        let found = buckets(interval, zone, begin, as_of).expect("few");
        let items: Vec<Item> = facts.iter().filter_map(|fact| Item::at(moment, Severity::Low, fact, None)).collect();
        let frame = Frame::new(found, moment);
        let mut series = BurnUp::new(&frame);
        items.iter().for_each(|item| series.add(item));
        for point in series.points() {
            let end = if point.partial { as_of } else { Timestamp::from_micros(point.to.micros() - 1).expect("in range") };
            let then = Moment::new(end, as_of.plus_seconds(1), zone);
            let naive: Vec<Item> = facts.iter().filter_map(|fact| Item::at(then, Severity::Low, fact, None)).collect();
            let count = |it: &dyn Fn(&Item) -> bool| naive.iter().filter(|item| it(item)).count() as u64;
            prop_assert_eq!(point.created, naive.len() as u64);
            prop_assert_eq!(point.implemented, count(&|item| item.implemented_at.is_some()));
            prop_assert_eq!(point.verified, count(&|item| item.verified_at.is_some()));
            prop_assert_eq!(point.overdue, count(&|item| item.is_overdue(then.today)), "{}", point.date);
        }
    }
}

//! What some actions add up to, counted in one pass.

use entity::vocabulary::{
    ActionStatus, ActionType, Priority, Severity, StakeholderFunction, Vocabulary,
};

use super::item::{Item, Moment};

/// Actions with one value of a field: all, open, overdue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) n: u64,
    pub(super) open: u64,
    pub(super) overdue: u64,
}

impl Slot {
    fn of(open: bool, overdue: bool) -> Self {
        Self {
            n: 1,
            open: u64::from(open),
            overdue: u64::from(overdue),
        }
    }

    fn merge(&mut self, other: Self) {
        self.n += other.n;
        self.open += other.open;
        self.overdue += other.overdue;
    }
}

/// One slot for each value of a field, and one for actions that have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Slots {
    pub(super) values: Vec<Slot>,
    pub(super) none: Slot,
}

impl Slots {
    fn of<V: Vocabulary>() -> Self {
        Self {
            values: vec![Slot::default(); V::TERMS.len()],
            none: Slot::default(),
        }
    }

    fn add(&mut self, value: Option<usize>, slot: Slot) {
        let Some(value) = value else {
            return self.none.merge(slot);
        };
        if value >= self.values.len() {
            self.values.resize(value + 1, Slot::default());
        }
        self.values[value].merge(slot);
    }

    /// Takes over what was counted elsewhere, where a value has the place that `place` says.
    fn merge(&mut self, other: Self, place: impl Fn(usize) -> Option<usize>) {
        self.none.merge(other.none);
        for (value, slot) in other.values.into_iter().enumerate() {
            if slot.n > 0 {
                self.add(place(value), slot);
            }
        }
    }
}

/// A share in the making.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) part: u64,
    pub(super) whole: u64,
}

impl Share {
    fn add(&mut self, whole: bool, part: bool) {
        self.whole += u64::from(whole);
        self.part += u64::from(whole && part);
    }

    fn merge(&mut self, other: Self) {
        self.whole += other.whole;
        self.part += other.part;
    }
}

/// Values in the making, and how many actions have none or an impossible one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Values {
    pub(super) known: Vec<i64>,
    pub(super) missing: u64,
    pub(super) invalid: u64,
}

impl Values {
    fn add(&mut self, from: i64, to: Option<i64>) {
        match to {
            None => self.missing += 1,
            Some(to) if to < from => self.invalid += 1,
            Some(to) => self.known.push(to - from),
        }
    }

    fn merge(&mut self, other: Self) {
        self.known.extend(other.known);
        self.missing += other.missing;
        self.invalid += other.invalid;
    }
}

/// Everything that is counted, except over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) n: u64,
    pub(super) by_status: Slots,
    pub(super) by_priority: Slots,
    pub(super) by_severity: Slots,
    pub(super) by_type: Slots,
    pub(super) by_function: Slots,
    pub(super) by_owner: Slots,
    pub(super) open: u64,
    pub(super) overdue: u64,
    pub(super) due_in_7_days: u64,
    pub(super) due_in_30_days: u64,
    pub(super) unowned: u64,
    pub(super) completion: Share,
    pub(super) verification: Share,
    pub(super) on_time: Share,
    pub(super) reopened: Share,
    pub(super) ineffective: Share,
    pub(super) ages: Values,
    pub(super) to_implement: Values,
    pub(super) to_verify: Values,
    pub(super) slips: Values,
    /// Accepted, implemented, verified, effective; the first step, proposed, is `n`.
    pub(super) funnel: [u64; 4],
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            n: 0,
            by_status: Slots::of::<ActionStatus>(),
            by_priority: Slots::of::<Priority>(),
            by_severity: Slots::of::<Severity>(),
            by_type: Slots::of::<ActionType>(),
            by_function: Slots::of::<StakeholderFunction>(),
            by_owner: Slots::default(),
            open: 0,
            overdue: 0,
            due_in_7_days: 0,
            due_in_30_days: 0,
            unowned: 0,
            completion: Share::default(),
            verification: Share::default(),
            on_time: Share::default(),
            reopened: Share::default(),
            ineffective: Share::default(),
            ages: Values::default(),
            to_implement: Values::default(),
            to_verify: Values::default(),
            slips: Values::default(),
            funnel: [0; 4],
        }
    }
}

impl Tally {
    /// Takes one action.
    pub(super) fn add(&mut self, item: &Item, moment: Moment) {
        let (open, overdue) = (item.is_open(), item.is_overdue(moment.today));
        let slot = Slot::of(open, overdue);
        self.n += 1;
        let owner = item.owner.map(|owner| owner as usize);
        let function = item.function.map(|function| function as usize);
        self.by_status.add(Some(item.status as usize), slot);
        self.by_priority.add(Some(item.priority as usize), slot);
        self.by_severity.add(Some(item.severity as usize), slot);
        self.by_type.add(Some(item.action_type as usize), slot);
        self.by_function.add(function, slot);
        self.by_owner.add(owner, slot);
        self.open += u64::from(open);
        self.overdue += u64::from(overdue);
        self.due_in_7_days += u64::from(item.is_due_within(moment.today, 7));
        self.due_in_30_days += u64::from(item.is_due_within(moment.today, 30));
        self.unowned += u64::from(open && owner.is_none());
        self.add_shares(item, overdue);
        self.add_values(item, moment);
    }

    fn add_shares(&mut self, item: &Item, overdue: bool) {
        let (done, verified) = (item.is_done(), item.status == ActionStatus::Verified);
        self.completion.add(item.is_expected(), done);
        self.verification.add(item.is_expected(), verified);
        let due = overdue || (done && item.due_on.is_some());
        self.on_time.add(due, item.on_time);
        self.reopened.add(item.was_done(), item.reopened);
        self.ineffective.add(item.is_judged(), item.ineffective);
        let implemented = done || item.is_judged();
        let accepted = item.committed || implemented;
        let reached = [accepted, implemented, item.is_judged(), verified];
        for (step, reached) in self.funnel.iter_mut().zip(reached) {
            *step += u64::from(reached);
        }
    }

    fn add_values(&mut self, item: &Item, moment: Moment) {
        let created = item.created_at;
        if item.is_open() {
            self.ages.add(created, Some(moment.seconds));
        }
        self.to_implement.add(created, item.implemented_at);
        self.to_verify.add(created, item.verified_at);
        self.slips.add(0, Some(item.slips.into()));
    }

    /// Takes over what was counted elsewhere, where an owner has the place that `owners` says.
    pub(super) fn merge(&mut self, other: Self, owners: &[u32]) {
        let same = |value: usize| Some(value);
        let owner = |value: usize| owners.get(value).map(|owner| *owner as usize);
        self.n += other.n;
        self.by_status.merge(other.by_status, same);
        self.by_priority.merge(other.by_priority, same);
        self.by_severity.merge(other.by_severity, same);
        self.by_type.merge(other.by_type, same);
        self.by_function.merge(other.by_function, same);
        self.by_owner.merge(other.by_owner, owner);
        self.open += other.open;
        self.overdue += other.overdue;
        self.due_in_7_days += other.due_in_7_days;
        self.due_in_30_days += other.due_in_30_days;
        self.unowned += other.unowned;
        self.completion.merge(other.completion);
        self.verification.merge(other.verification);
        self.on_time.merge(other.on_time);
        self.reopened.merge(other.reopened);
        self.ineffective.merge(other.ineffective);
        self.ages.merge(other.ages);
        self.to_implement.merge(other.to_implement);
        self.to_verify.merge(other.to_verify);
        self.slips.merge(other.slips);
        for (step, reached) in self.funnel.iter_mut().zip(other.funnel) {
            *step += reached;
        }
    }
}

#[cfg(test)]
#[path = "tally_tests.rs"]
mod tests;

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

/// One slot for each value of a field, and the last for actions that have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slots(pub(super) Vec<Slot>);

impl Slots {
    fn of<V: Vocabulary>() -> Self {
        Self::with(V::TERMS.len())
    }

    fn with(values: usize) -> Self {
        Self(vec![Slot::default(); values + 1])
    }

    fn add(&mut self, value: Option<usize>, open: bool, overdue: bool) {
        let last = self.0.len() - 1;
        let slot = &mut self.0[value.map_or(last, |value| value.min(last))];
        slot.n += 1;
        slot.open += u64::from(open);
        slot.overdue += u64::from(overdue);
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

impl Tally {
    pub(super) fn new(owners: usize) -> Self {
        Self {
            n: 0,
            by_status: Slots::of::<ActionStatus>(),
            by_priority: Slots::of::<Priority>(),
            by_severity: Slots::of::<Severity>(),
            by_type: Slots::of::<ActionType>(),
            by_function: Slots::of::<StakeholderFunction>(),
            by_owner: Slots::with(owners),
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

    /// Takes one action.
    pub(super) fn add(&mut self, item: &Item, moment: Moment) {
        let (open, overdue) = (item.is_open(), item.is_overdue(moment.today));
        self.n += 1;
        let owner = item.owner.map(|owner| owner as usize);
        let function = item.function.map(|function| function as usize);
        self.by_status
            .add(Some(item.status as usize), open, overdue);
        self.by_priority
            .add(Some(item.priority as usize), open, overdue);
        self.by_severity
            .add(Some(item.severity as usize), open, overdue);
        self.by_type
            .add(Some(item.action_type as usize), open, overdue);
        self.by_function.add(function, open, overdue);
        self.by_owner.add(owner, open, overdue);
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
        self.on_time.add(due, item.is_on_time());
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
        self.slips.add(0, Some(item.slips));
    }
}

#[cfg(test)]
#[path = "tally_tests.rs"]
mod tests;

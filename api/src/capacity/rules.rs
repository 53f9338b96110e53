//! What may be asked of a plan, and who does which action. Pure.

use std::collections::HashMap;

use chrono::Datelike as _;
use entity::vocabulary::StakeholderFunction;
use uuid::Uuid;

use super::input::{AssignmentInput, PlanCapacity, PlanOwner};
use crate::kernel::error::Fault;
use crate::references::repeated;

/// Plans end before dates have five-digit years.
const LAST_YEAR: i32 = 9990;

/// The faults of a request that its schema cannot show.
pub(super) fn check(asked: &PlanCapacity) -> Vec<Fault> {
    let mut faults = Vec::new();
    if asked.from.is_some_and(|from| from.year() > LAST_YEAR) {
        let detail = format!("must not be after the year {LAST_YEAR}");
        faults.push(Fault::at("/from", "too_late", detail));
    }
    let owners: Vec<PlanOwner> = asked
        .capacity
        .iter()
        .map(|one| one.owner().folded())
        .collect();
    faults.extend(repeated("/capacity", &owners));
    for (at, one) in asked.capacity.iter().enumerate() {
        let pointer = format!("/capacity/{at}");
        faults.extend(form_fault(&pointer, &one.owner()));
        let weeks: Vec<u32> = one
            .exceptions
            .iter()
            .map(|exception| exception.week)
            .collect();
        faults.extend(repeated(&format!("{pointer}/exceptions"), &weeks));
        let late = weeks.iter().enumerate();
        let late = late.filter(|(_, week)| **week > asked.weeks);
        faults.extend(late.map(|(place, _)| {
            let pointer = format!("{pointer}/exceptions/{place}/week");
            Fault::at(pointer, "too_late", "is not a week of the plan")
        }));
    }
    faults.extend(repeated("/filter/action_ids", &asked.filter.action_ids));
    let named: Vec<Uuid> = asked.assignments.iter().map(|one| one.action_id).collect();
    faults.extend(repeated("/assignments", &named));
    for (at, assignment) in asked.assignments.iter().enumerate() {
        faults.extend(assignment_fault(at, assignment, &owners));
    }
    faults
}

fn form_fault(pointer: &str, owner: &PlanOwner) -> Option<Fault> {
    let given = [
        owner.subject.is_some(),
        owner.name.is_some(),
        owner.function.is_some(),
    ];
    match given.into_iter().filter(|given| *given).count() {
        1 => None,
        0 => Some(Fault::at(
            pointer,
            "required",
            "names neither a subject nor a name nor a function",
        )),
        _ => Some(Fault::at(
            pointer,
            "two_forms",
            "names one of subject, name and function, not several",
        )),
    }
}

fn assignment_fault(at: usize, one: &AssignmentInput, owners: &[PlanOwner]) -> Option<Fault> {
    let pointer = format!("/assignments/{at}");
    let Some(to) = &one.to else {
        let nothing = one.not_before.is_none();
        return nothing.then(|| Fault::at(pointer, "required", "fixes neither who nor when"));
    };
    let pointer = format!("{pointer}/to");
    form_fault(&pointer, to).or_else(|| {
        let known = owners.contains(&to.folded());
        (!known).then(|| Fault::at(pointer, "not_found", "is not among the capacity"))
    })
}

impl PlanOwner {
    /// As owners are compared: in any letter case.
    fn folded(&self) -> Self {
        let lower = |text: &Option<String>| text.as_deref().map(str::to_lowercase);
        Self {
            subject: lower(&self.subject),
            name: lower(&self.name),
            function: self.function,
        }
    }
}

/// The owners of a plan by what finds them.
#[expect(
    clippy::struct_field_names,
    reason = "`by_name` says what a bare `name` would not"
)]
pub(super) struct Owners {
    by_subject: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
    by_function: HashMap<StakeholderFunction, usize>,
}

impl Owners {
    pub(super) fn of(asked: &PlanCapacity) -> Self {
        let folded = asked
            .capacity
            .iter()
            .map(|one| one.owner().folded())
            .enumerate();
        let mut found = Self {
            by_subject: HashMap::new(),
            by_name: HashMap::new(),
            by_function: HashMap::new(),
        };
        for (at, owner) in folded {
            found
                .by_subject
                .extend(owner.subject.map(|subject| (subject, at)));
            found.by_name.extend(owner.name.map(|name| (name, at)));
            found
                .by_function
                .extend(owner.function.map(|function| (function, at)));
        }
        found
    }

    /// Whose time an owner's is: by subject, else by name, else by function.
    pub(super) fn find(&self, owner: &PlanOwner) -> Option<usize> {
        let owner = owner.folded();
        let by_subject = owner
            .subject
            .and_then(|subject| self.by_subject.get(&subject));
        let by_name = owner.name.and_then(|name| self.by_name.get(&name));
        let by_function = owner
            .function
            .and_then(|function| self.by_function.get(&function));
        by_subject.or(by_name).or(by_function).copied()
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;

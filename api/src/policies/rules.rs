//! Which policy applies, and what one says that is left out. Pure.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use entity::Timestamp;
use entity::policy::{ActionDueDays, Model, Period, PolicyRules};
use entity::vocabulary::{
    DurationUnit, IncidentCategory, Requirement, ReviewKind, Severity, StakeholderFunction,
};
use uuid::Uuid;

use super::body::DefinePolicy;
use crate::kernel::error::Fault;
use crate::references::repeated;

/// Name of the policy that applies where no other does.
pub const BUILT_IN: &str = "Built-in defaults";

/// The functions that take part in a mandatory review, unless its policy says otherwise.
pub const MANDATORY_FUNCTIONS: [StakeholderFunction; 5] = [
    StakeholderFunction::Responder,
    StakeholderFunction::It,
    StakeholderFunction::Management,
    StakeholderFunction::Legal,
    StakeholderFunction::Communications,
];

/// What a review is about, as far as policies look at it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Situation {
    /// How bad it was; a policy for single severities does not apply when nobody says.
    pub severity: Option<Severity>,
    /// The categories of its incidents.
    pub categories: Vec<IncidentCategory>,
    /// The kind of review.
    pub kind: Option<ReviewKind>,
}

/// What policies are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order {
    rank: Reverse<i32>,
    specificity: Reverse<usize>,
    terms: usize,
    created_at: Timestamp,
    id: Uuid,
}

/// What decides whether and in which place a policy applies.
#[derive(Clone, Copy, Debug)]
pub struct Reach<'a> {
    /// The policy.
    pub id: Uuid,
    /// The severities that it names.
    pub severities: &'a [Severity],
    /// The categories that it names.
    pub categories: &'a [IncidentCategory],
    /// The kinds of review that it names.
    pub kinds: &'a [ReviewKind],
    /// Its rank.
    pub rank: i32,
    /// Whether it is archived.
    pub is_archived: bool,
    /// When it was created.
    pub created_at: Timestamp,
}

impl<'a> From<&'a Model> for Reach<'a> {
    fn from(policy: &'a Model) -> Self {
        Self {
            id: policy.id,
            severities: &policy.severities.0,
            categories: &policy.categories.0,
            kinds: &policy.kinds.0,
            rank: policy.rank,
            is_archived: policy.archived_at.is_some(),
            created_at: policy.created_at,
        }
    }
}

impl Reach<'_> {
    /// Its place among others: the one that comes first applies.
    ///
    /// The highest rank comes first; among equal ranks the most specific, which names more of
    /// severity, category and kind; among these the one that names fewer terms in all; then the
    /// oldest.
    pub fn order(&self) -> Order {
        let named = self.named();
        Order {
            rank: Reverse(self.rank),
            specificity: Reverse(self.specificity()),
            terms: named.iter().sum(),
            created_at: self.created_at,
            id: self.id,
        }
    }

    fn named(&self) -> [usize; 3] {
        [
            self.severities.len(),
            self.categories.len(),
            self.kinds.len(),
        ]
    }

    /// How many of severity, category and kind it names.
    fn specificity(&self) -> usize {
        self.named().iter().filter(|count| **count > 0).count()
    }

    /// Whether it can apply.
    pub fn matches(&self, situation: &Situation) -> bool {
        fn holds<T: PartialEq>(named: &[T], found: impl IntoIterator<Item = T>) -> bool {
            named.is_empty() || found.into_iter().any(|one| named.contains(&one))
        }
        !self.is_archived
            && holds(self.severities, situation.severity)
            && holds(self.categories, situation.categories.iter().copied())
            && holds(self.kinds, situation.kind)
    }
}

/// The place of a policy among others.
pub fn order(policy: &Model) -> Order {
    Reach::from(policy).order()
}

/// How many of severity, category and kind a policy names.
pub fn specificity(policy: &Model) -> usize {
    Reach::from(policy).specificity()
}

/// Whether a policy can apply.
pub fn matches(policy: &Model, situation: &Situation) -> bool {
    Reach::from(policy).matches(situation)
}

/// The policies that match, in their order: the first applies.
pub fn matching(policies: Vec<Model>, situation: &Situation) -> Vec<Model> {
    let mut matching: Vec<Model> = policies
        .into_iter()
        .filter(|policy| matches(policy, situation))
        .collect();
    matching.sort_by_key(order);
    matching
}

/// Within which time a workshop is due, where no policy says otherwise.
fn workshop_due() -> Period {
    Period {
        amount: 5,
        unit: DurationUnit::BusinessDays,
    }
}

/// The same for single severities.
fn workshop_due_by_severity() -> BTreeMap<Severity, Period> {
    let three_days = Period {
        amount: 3,
        unit: DurationUnit::CalendarDays,
    };
    BTreeMap::from([(Severity::Critical, three_days)])
}

/// Within which time a publication is due, where no policy says otherwise.
pub fn publish_due() -> Period {
    Period {
        amount: 14,
        unit: DurationUnit::CalendarDays,
    }
}

/// What holds where no policy matches.
pub fn built_in() -> PolicyRules {
    PolicyRules {
        requirement: Requirement::Recommended,
        open_automatically: false,
        workshop_required: false,
        workshop_due: workshop_due(),
        workshop_due_by_severity: workshop_due_by_severity(),
        publish_due: publish_due(),
        chronology_shared_before_workshop_hours: 24,
        action_due_days: ActionDueDays::default(),
        required_functions: Vec::new(),
        required_assessments: Vec::new(),
        required_impact_dimensions: Vec::new(),
        minimum_feedback_group: 5,
        feedback_wording: Vec::new(),
        calendar_id: None,
    }
}

/// What a policy says, with what was left out.
pub fn resolved(policy: &DefinePolicy) -> PolicyRules {
    let is_mandatory = policy.requirement == Requirement::Mandatory;
    let functions = policy.required_functions.clone();
    let by_severity = policy.workshop_due_by_severity.clone();
    PolicyRules {
        requirement: policy.requirement,
        open_automatically: policy.open_automatically,
        workshop_required: policy.workshop_required.unwrap_or(is_mandatory),
        workshop_due: policy.workshop_due.unwrap_or_else(workshop_due),
        workshop_due_by_severity: by_severity.unwrap_or_else(|| match policy.workshop_due {
            None => workshop_due_by_severity(),
            Some(_) => BTreeMap::new(),
        }),
        publish_due: policy.publish_due,
        chronology_shared_before_workshop_hours: policy.chronology_shared_before_workshop_hours,
        action_due_days: policy.action_due_days,
        required_functions: functions.unwrap_or_else(|| {
            if is_mandatory {
                MANDATORY_FUNCTIONS.to_vec()
            } else {
                Vec::new()
            }
        }),
        required_assessments: policy.required_assessments.clone(),
        required_impact_dimensions: policy.required_impact_dimensions.clone(),
        minimum_feedback_group: policy.minimum_feedback_group,
        feedback_wording: policy.feedback_wording.clone(),
        calendar_id: policy.calendar_id,
    }
}

/// The faults of a policy that its schema cannot show.
pub fn check(policy: &DefinePolicy) -> Vec<Fault> {
    let mut faults = repeated("/severities", &policy.severities);
    faults.extend(repeated("/categories", &policy.categories));
    faults.extend(repeated("/kinds", &policy.kinds));
    let functions = policy.required_functions.as_deref().unwrap_or_default();
    faults.extend(repeated("/required_functions", functions));
    let assessments = &policy.required_assessments;
    faults.extend(repeated("/required_assessments", assessments));
    let dimensions = &policy.required_impact_dimensions;
    faults.extend(repeated("/required_impact_dimensions", dimensions));
    let worded: Vec<_> = policy
        .feedback_wording
        .iter()
        .map(|one| one.question)
        .collect();
    faults.extend(repeated("/feedback_wording", &worded));
    faults
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;

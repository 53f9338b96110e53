//! What a review's policy asks for before the review is handed in for approval. Pure.

use entity::vocabulary::{AssessmentDimension, ImpactDimension, StakeholderFunction};

use crate::kernel::error::Fault;

/// What a policy asks for, and what of that a review has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyFacts {
    /// The dimensions of the response that have to be assessed.
    pub required_assessments: Vec<AssessmentDimension>,
    /// Those that are.
    pub assessed: Vec<AssessmentDimension>,
    /// The dimensions of the impact that have to be stated.
    pub required_impacts: Vec<ImpactDimension>,
    /// Those that are.
    pub stated: Vec<ImpactDimension>,
    /// The functions that have to take part, where no workshop has to be held: where one has, they
    /// are looked for there.
    pub required_functions: Vec<StakeholderFunction>,
    /// Those that do, as participants of the review.
    pub represented: Vec<StakeholderFunction>,
}

/// Everything that a policy asks for and the review does not have, each with its code.
pub fn unmet(facts: &PolicyFacts) -> Vec<Fault> {
    let mut unmet = Vec::new();
    let assessments = missing(&facts.required_assessments, &facts.assessed);
    unmet.extend(assessments.map(|dimension| {
        let detail = format!("the policy asks for an assessment of {dimension}");
        Fault::of("assessment_missing", detail)
    }));
    let impacts = missing(&facts.required_impacts, &facts.stated);
    unmet.extend(impacts.map(|dimension| {
        let detail = format!("the policy asks for the impact on {dimension}");
        Fault::of("impact_missing", detail)
    }));
    let functions = missing(&facts.required_functions, &facts.represented);
    unmet.extend(functions.map(|function| {
        let detail = format!("the policy asks that {function} takes part");
        Fault::of("function_missing", detail)
    }));
    unmet
}

fn missing<'a, T: Copy + PartialEq>(
    required: &'a [T],
    found: &'a [T],
) -> impl Iterator<Item = T> + 'a {
    required
        .iter()
        .copied()
        .filter(move |one| !found.contains(one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use AssessmentDimension::{Containment, Detection};
    use ImpactDimension::{Customer, Financial};
    use StakeholderFunction::{It, Legal};

    fn codes(facts: &PolicyFacts) -> Vec<String> {
        unmet(facts).into_iter().map(|fault| fault.code).collect()
    }

    fn demanding() -> PolicyFacts {
        PolicyFacts {
            required_assessments: vec![Detection, Containment],
            assessed: vec![Detection, Containment],
            required_impacts: vec![Customer, Financial],
            stated: vec![Financial, Customer],
            required_functions: vec![It, Legal],
            represented: vec![Legal, It],
        }
    }

    #[test]
    fn what_is_there_is_not_asked_for_and_nothing_is_by_nobody() {
        assert!(codes(&demanding()).is_empty());
        assert!(codes(&PolicyFacts::default()).is_empty());
    }

    #[test]
    fn each_thing_that_is_missing_has_its_own_code() {
        let table: [(PolicyFacts, &[&str]); 3] = [
            (
                PolicyFacts {
                    assessed: vec![Detection],
                    ..demanding()
                },
                &["assessment_missing"],
            ),
            (
                PolicyFacts {
                    stated: Vec::new(),
                    ..demanding()
                },
                &["impact_missing", "impact_missing"],
            ),
            (
                PolicyFacts {
                    represented: vec![It],
                    ..demanding()
                },
                &["function_missing"],
            ),
        ];
        for (number, (facts, expected)) in table.into_iter().enumerate() {
            assert_eq!(codes(&facts), expected, "case {number}");
        }
    }
}

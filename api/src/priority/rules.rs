//! The score of an action and what it means. Pure decisions.
//!
//! `score = risk^a × impact^b ÷ effort^c × availability`, exponents and factors per organisation.

use entity::action::{AvailabilityInput, InputBasis, PriorityInputs, ScoreInput, Scoring};
use entity::organization::PriorityWeights;
use entity::vocabulary::{Priority, ResourceAvailability};
use uuid::Uuid;

/// A finding as far as actions are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindingRisk {
    /// In which review it is.
    pub review_id: Uuid,
    /// Whether it was retracted.
    pub retracted: bool,
    /// Likelihood × severity, when both are known.
    pub risk: Option<i32>,
}

/// The risk that is assumed when neither a finding nor the action tells one (1 to 25).
pub const DEFAULT_RISK: i32 = 6;
/// The impact and the effort that are assumed when nobody says (1 to 5).
pub const DEFAULT_MIDDLE: i32 = 3;

/// The least score of each level above `low`.
pub const THRESHOLDS: [(f64, Priority); 3] = [
    (50.0, Priority::Critical),
    (20.0, Priority::High),
    (8.0, Priority::Medium),
];

/// The level that a score means.
pub fn level(score: f64) -> Priority {
    let reached = THRESHOLDS.iter().find(|(least, _)| score >= *least);
    reached.map_or(Priority::Low, |(_, level)| *level)
}

/// The score of an action and how it came about.
///
/// `finding_risk` is the highest likelihood × severity among its findings.
pub fn score(
    given: &PriorityInputs,
    finding_risk: Option<i32>,
    weights: &PriorityWeights,
) -> (f64, Scoring) {
    let risk = match finding_risk {
        Some(value) => ScoreInput {
            value,
            basis: InputBasis::Findings,
        },
        None => input(given.risk, DEFAULT_RISK),
    };
    let impact = input(given.impact, DEFAULT_MIDDLE);
    let effort = input(given.effort, DEFAULT_MIDDLE);
    let availability = availability(given.resource_availability, weights);
    let mut scoring = Scoring {
        risk,
        impact,
        effort,
        resource_availability: availability,
        weights: weights.clone(),
        level: Priority::Low,
    };
    let score = rounded(exact(&scoring));
    scoring.level = level(score);
    (score, scoring)
}

fn input(given: Option<i32>, default: i32) -> ScoreInput {
    ScoreInput {
        value: given.unwrap_or(default),
        basis: basis(given.is_some()),
    }
}

fn availability(
    given: Option<ResourceAvailability>,
    weights: &PriorityWeights,
) -> AvailabilityInput {
    let value = given.unwrap_or(ResourceAvailability::Available);
    AvailabilityInput {
        value,
        basis: basis(given.is_some()),
        factor: match value {
            ResourceAvailability::Available => weights.available,
            ResourceAvailability::Constrained => weights.constrained,
            ResourceAvailability::Unavailable => weights.unavailable,
        },
    }
}

fn basis(given: bool) -> InputBasis {
    if given {
        InputBasis::Given
    } else {
        InputBasis::Default
    }
}

/// Three decimals are what a score is shown, stored and compared with.
/// Whether a score is what its scoring comes to.
pub fn is_score(score: f64, scoring: &Scoring) -> bool {
    let exact = exact(scoring);
    let near = (rounded(exact) - score).abs() <= exact.abs() * 1e-9 + 1e-9;
    exact.is_finite() && near && level(score) == scoring.level
}

/// What a scoring comes to.
fn exact(scoring: &Scoring) -> f64 {
    let weights = &scoring.weights;
    f64::from(scoring.risk.value).powf(weights.risk)
        * f64::from(scoring.impact.value).powf(weights.impact)
        / f64::from(scoring.effort.value).powf(weights.effort)
        * scoring.resource_availability.factor
}

fn rounded(score: f64) -> f64 {
    (score * 1000.0).round() / 1000.0
}

/// The formula with the organisation's exponents, for people.
pub fn formula(weights: &PriorityWeights) -> String {
    let power = |name: &str, exponent: f64| {
        if (exponent - 1.0).abs() < f64::EPSILON {
            name.to_owned()
        } else {
            format!("{name}^{exponent}")
        }
    };
    format!(
        "{} × {} ÷ {} × resource_availability",
        power("risk", weights.risk),
        power("impact", weights.impact),
        power("effort", weights.effort)
    )
}

/// The risk of a finding that is not retracted, when both its factors are known.
pub fn risk_of(likelihood: Option<i32>, severity: Option<i32>) -> Option<i32> {
    Some((likelihood? * severity?).clamp(1, 25))
}

/// The highest risk among findings that are not retracted.
pub fn highest<'a>(findings: impl IntoIterator<Item = &'a FindingRisk>) -> Option<i32> {
    let held = findings.into_iter().filter(|finding| !finding.retracted);
    held.filter_map(|finding| finding.risk).max()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn inputs() -> impl Strategy<Value = PriorityInputs> {
        let availability = proptest::option::of(prop_oneof![
            Just(ResourceAvailability::Available),
            Just(ResourceAvailability::Constrained),
            Just(ResourceAvailability::Unavailable),
        ]);
        let level = || proptest::option::of(1..=5_i32);
        (
            proptest::option::of(1..=25_i32),
            level(),
            level(),
            availability,
        )
            .prop_map(
                |(risk, impact, effort, resource_availability)| PriorityInputs {
                    risk,
                    impact,
                    effort,
                    resource_availability,
                },
            )
    }

    fn scored(given: &PriorityInputs, finding_risk: Option<i32>) -> f64 {
        score(given, finding_risk, &PriorityWeights::default()).0
    }

    proptest! {
        #[test]
        fn more_risk_or_impact_never_lowers_and_more_effort_never_raises(
            given in inputs(), risk in 1..25_i32, step in 1..5_i32
        ) {
            let at = |risk, impact, effort| scored(&PriorityInputs { impact: Some(impact), effort: Some(effort), ..given }, Some(risk));
            prop_assert!(at(risk + 1, step, step) >= at(risk, step, step));
            prop_assert!(at(risk, step + 1, step) >= at(risk, step, step));
            prop_assert!(at(risk, step, step + 1) <= at(risk, step, step));
        }

        #[test]
        fn fewer_resources_never_raise(given in inputs(), risk in proptest::option::of(1..=25_i32)) {
            let with = |availability| scored(&PriorityInputs { resource_availability: Some(availability), ..given }, risk);
            prop_assert!(with(ResourceAvailability::Available) >= with(ResourceAvailability::Constrained));
            prop_assert!(with(ResourceAvailability::Constrained) >= with(ResourceAvailability::Unavailable));
        }

        #[test]
        fn the_explanation_recomputes_to_the_score(given in inputs(), risk in proptest::option::of(1..=25_i32)) {
            let (score, how) = score(&given, risk, &PriorityWeights::default());
            let again = f64::from(how.risk.value) * f64::from(how.impact.value)
                / f64::from(how.effort.value) * how.resource_availability.factor;
            prop_assert!((again - score).abs() < 0.001);
            prop_assert_eq!(how.level, level(score));
            prop_assert!((0.1..=125.0).contains(&score));
        }

        #[test]
        fn a_higher_score_never_means_a_lower_level(a in 0.0..130.0_f64, b in 0.0..130.0_f64) {
            let (less, more) = if a <= b { (a, b) } else { (b, a) };
            prop_assert!(level(more).rank() >= level(less).rank());
        }
    }

    #[test]
    fn findings_win_over_what_is_given_and_that_over_the_default() {
        let given = PriorityInputs {
            risk: Some(4),
            ..PriorityInputs::default()
        };
        let basis = |given: &PriorityInputs, findings| {
            let (_, how) = score(given, findings, &PriorityWeights::default());
            (how.risk.value, how.risk.basis)
        };
        assert_eq!(basis(&given, Some(20)), (20, InputBasis::Findings));
        assert_eq!(basis(&given, None), (4, InputBasis::Given));
        let nothing = PriorityInputs::default();
        assert_eq!(basis(&nothing, None), (DEFAULT_RISK, InputBasis::Default));
    }

    #[test]
    fn levels_begin_at_their_thresholds() {
        let expected = [
            (50.0, Priority::Critical),
            (49.999, Priority::High),
            (20.0, Priority::High),
            (19.999, Priority::Medium),
            (8.0, Priority::Medium),
            (7.999, Priority::Low),
        ];
        for (score, means) in expected {
            assert_eq!(level(score), means, "{score}");
        }
    }

    #[test]
    fn the_formula_shows_exponents_that_are_not_one() {
        let mut weights = PriorityWeights::default();
        assert_eq!(
            formula(&weights),
            "risk × impact ÷ effort × resource_availability"
        );
        weights.effort = 0.5;
        assert_eq!(
            formula(&weights),
            "risk × impact ÷ effort^0.5 × resource_availability"
        );
    }
}

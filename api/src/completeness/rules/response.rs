//! What the assessments, the logs and the estimates of the impact have to say.

use entity::vocabulary::{AssessmentDimension, ImpactDimension, ImpactRating, ImpactSnapshot};

use super::{Found, Missing, Verdict};
use crate::completeness::facts::{AssessmentFact, Facts};
use crate::completeness::place::Place;
use crate::resources::ResourceKind;

/// The dimensions of the response whose effect is judged by what happened.
const EFFECT: [AssessmentDimension; 4] = [
    AssessmentDimension::Detection,
    AssessmentDimension::Containment,
    AssessmentDimension::Eradication,
    AssessmentDimension::Recovery,
];

/// Every dimension of the response.
pub(super) const EVERY: [AssessmentDimension; 8] = [
    AssessmentDimension::Detection,
    AssessmentDimension::Analysis,
    AssessmentDimension::Containment,
    AssessmentDimension::Eradication,
    AssessmentDimension::Recovery,
    AssessmentDimension::Communication,
    AssessmentDimension::Coordination,
    AssessmentDimension::DecisionMaking,
];

const LIST: &str = "/assessments";

fn found(one: &AssessmentFact) -> Found {
    (ResourceKind::Assessment, one.id)
}

fn unassessed(dimension: AssessmentDimension) -> Missing {
    let detail = format!("{dimension} is not assessed");
    Missing::new("not_assessed", detail, Place::Assessment(dimension))
}

/// That dimensions are assessed; one that is said to have played no part is.
pub(super) fn assessed(facts: &Facts, dimensions: &[AssessmentDimension]) -> Verdict {
    let mut verdict = Verdict {
        of: dimensions.len(),
        ..Verdict::default()
    };
    for dimension in dimensions {
        match facts.assessment(*dimension) {
            Some(one) => {
                verdict.n += 1;
                verdict.found.push(found(one));
            }
            None => verdict.missing.push(unassessed(*dimension)),
        }
    }
    verdict.listed(LIST)
}

/// What each of these dimensions that plays a part has to say.
pub(super) fn each(
    facts: &Facts,
    dimensions: &[AssessmentDimension],
    (code, lacks): (&'static str, &str),
    says: fn(&AssessmentFact) -> bool,
) -> Verdict {
    let mut verdict = Verdict::default();
    for dimension in dimensions {
        match facts.assessment(*dimension) {
            Some(one) if one.score.is_none() => {}
            Some(one) if says(one) => {
                verdict.of += 1;
                verdict.n += 1;
                verdict.found.push(found(one));
            }
            Some(one) => {
                verdict.of += 1;
                let place = Place::Assessment(*dimension);
                verdict.missing.push(Missing {
                    detail: format!("the assessment of {dimension} {lacks}"),
                    ..Missing::of(code, found(one), lacks, place)
                });
            }
            None => {
                verdict.of += 1;
                verdict.missing.push(unassessed(*dimension));
            }
        }
    }
    if verdict.of == 0 {
        return Verdict::not_applicable("each of these dimensions is said to have played no part");
    }
    verdict.listed(LIST)
}

pub(super) fn names_events(facts: &Facts) -> Verdict {
    let lacks = ("no_events_named", "names no event");
    each(facts, &EFFECT, lacks, |one| one.names_events)
}

const NO_DECISIONS: &str = "decision-making is said to have played no part";
const NO_COMMUNICATION: &str = "communication is said to have played no part";

pub(super) fn no_decision() -> Missing {
    let detail = "no decision is logged";
    Missing::new("no_decision", detail, Place::Decisions)
}

/// What each logged decision has to say; one has to be there.
pub(super) fn each_decision(
    facts: &Facts,
    (code, lacks): (&'static str, &str),
    says: fn(&crate::completeness::facts::DecisionFact) -> bool,
) -> Verdict {
    let verdict = Verdict::each(facts.decisions.iter().map(|one| {
        let found = (ResourceKind::Decision, one.id);
        let missing = Missing::of(code, found, lacks, Place::Decision(one.id));
        (found, Some(missing).filter(|_| !says(one)))
    }));
    let none = verdict.of == 0;
    let excused = none && facts.plays_no_part(AssessmentDimension::DecisionMaking);
    verdict
        .or_if_none(no_decision())
        .listed("/decisions?retracted=false")
        .unless(excused, NO_DECISIONS)
}

pub(super) fn decisions(facts: &Facts) -> Verdict {
    let lacks = (
        "decision_unexplained",
        "does not say what was known then, or why it was taken",
    );
    each_decision(facts, lacks, |one| one.says_what_was_known && one.says_why)
}

/// What each of the logged communications that count has to be; one has to be there.
pub(super) fn each_communication(facts: &Facts, only_external: bool) -> Verdict {
    let counted = facts.communications.iter();
    let counted = counted.filter(|one| one.is_external || !only_external);
    let verdict = Verdict::each(counted.map(|one| {
        let found = (ResourceKind::Communication, one.id);
        let lacks = "does not say whether it came in time and had its effect";
        let place = Place::Communication(one.id);
        let missing = Missing::of("communication_not_judged", found, lacks, place);
        let is_judged = one.timely.is_some() && one.effective.is_some();
        (found, Some(missing).filter(|_| !is_judged))
    }));
    let (detail, list) = if only_external {
        (
            "no communication with anybody outside is logged",
            "/communications?retracted=false&direction=outbound&direction=inbound",
        )
    } else {
        (
            "no communication is logged",
            "/communications?retracted=false",
        )
    };
    let none = verdict.of == 0;
    let excused = none && facts.plays_no_part(AssessmentDimension::Communication);
    let otherwise = Missing::new("no_communication", detail, Place::Communications);
    let verdict = verdict.or_if_none(otherwise).listed(list);
    verdict.unless(excused, NO_COMMUNICATION)
}

pub(super) fn communications(facts: &Facts) -> Verdict {
    each_communication(facts, false)
}

/// That each of these dimensions has a final estimate that says something; `none` does.
fn final_impact(facts: &Facts, dimensions: &[ImpactDimension]) -> Verdict {
    let mut verdict = Verdict {
        of: dimensions.len(),
        ..Verdict::default()
    };
    for dimension in dimensions {
        let place = Place::Impact(ImpactSnapshot::Final, *dimension);
        let own = facts
            .impacts
            .iter()
            .find(|one| one.snapshot == ImpactSnapshot::Final && one.dimension == *dimension);
        match own {
            Some(one) if one.rating != ImpactRating::Unknown => {
                verdict.n += 1;
                verdict.found.push((ResourceKind::Impact, one.id));
            }
            Some(one) => {
                let detail = format!("the final impact on {dimension} is unknown");
                verdict.missing.push(Missing {
                    of: Some((ResourceKind::Impact, one.id)),
                    ..Missing::new("impact_unknown", detail, place)
                });
            }
            None => {
                let detail = format!("there is no final estimate of the impact on {dimension}");
                verdict
                    .missing
                    .push(Missing::new("no_final_impact", detail, place));
            }
        }
    }
    verdict.listed("/impacts?snapshot=final")
}

pub(super) fn operations(facts: &Facts) -> Verdict {
    final_impact(facts, &[ImpactDimension::BusinessOperations])
}

pub(super) fn data(facts: &Facts) -> Verdict {
    use ImpactDimension::{DataAvailability, DataConfidentiality, DataIntegrity};
    final_impact(
        facts,
        &[DataConfidentiality, DataIntegrity, DataAvailability],
    )
}

pub(super) fn reputation(facts: &Facts) -> Verdict {
    final_impact(facts, &[ImpactDimension::Reputation])
}

/// That whatever was estimated before has a final estimate; something has to be.
pub(super) fn settled(facts: &Facts) -> Verdict {
    let mut estimated: Vec<ImpactDimension> =
        facts.impacts.iter().map(|one| one.dimension).collect();
    estimated.sort_unstable();
    estimated.dedup();
    let detail = "no impact is estimated";
    let place = Place::Impact(ImpactSnapshot::Final, ImpactDimension::BusinessOperations);
    final_impact(facts, &estimated).or_if_none(Missing::new("no_impact", detail, place))
}

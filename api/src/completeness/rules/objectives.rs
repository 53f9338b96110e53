//! The seven objectives of a post-incident review, and what each asks for.

use entity::vocabulary::AssessmentDimension as A;
use entity::vocabulary::{CauseCategory, FactorKind, FindingKind};

use super::response;
use super::shared::{
    answers_each_gap, each_accepted_has_an_action, each_action_is_complete, gap_is_recorded,
    recommendation_is_made, recommendations_are_decided,
};
use super::{Criterion, Missing, Part, Verdict, finding, findings_list};
use crate::completeness::facts::{Facts, FindingFact};
use crate::completeness::place::Place;

/// Every objective, in their order.
pub const ALL: [Part; 7] = [
    Part {
        code: "root_causes",
        text: "Identify the root causes and contributing factors",
        weight: 9,
        criteria: &[
            Criterion {
                code: "root_cause_recorded",
                text: "A root cause is recorded",
                weight: 3,
                judge: root_cause,
            },
            Criterion {
                code: "causes_have_evidence",
                text: "Every cause and factor rests on an event or other evidence",
                weight: 2,
                judge: causes_have_evidence,
            },
            Criterion {
                code: "beyond_human_error",
                text: "Human error is not the only cause",
                weight: 1,
                judge: beyond_human_error,
            },
            Criterion {
                code: "reasons_behind_causes",
                text: "A contributing factor, or a reason behind a root cause, is recorded",
                weight: 2,
                judge: reasons,
            },
        ],
    },
    Part {
        code: "response_effectiveness",
        text: "Evaluate how effective detection, containment, eradication and recovery were",
        weight: 9,
        criteria: &[
            Criterion {
                code: "detection_assessed",
                text: "Detection is assessed",
                weight: 2,
                judge: |facts| response::assessed(facts, &[A::Detection]),
            },
            Criterion {
                code: "containment_assessed",
                text: "Containment is assessed",
                weight: 2,
                judge: |facts| response::assessed(facts, &[A::Containment]),
            },
            Criterion {
                code: "eradication_assessed",
                text: "Eradication is assessed",
                weight: 2,
                judge: |facts| response::assessed(facts, &[A::Eradication]),
            },
            Criterion {
                code: "recovery_assessed",
                text: "Recovery is assessed",
                weight: 2,
                judge: |facts| response::assessed(facts, &[A::Recovery]),
            },
            Criterion {
                code: "assessments_name_events",
                text: "Each of these assessments names events that show what went well or badly",
                weight: 1,
                judge: response::names_events,
            },
        ],
    },
    Part {
        code: "communication_coordination_decisions",
        text: "Evaluate communication, coordination and decision-making",
        weight: 9,
        criteria: &[
            Criterion {
                code: "communication_assessed",
                text: "Communication is assessed",
                weight: 2,
                judge: |facts| response::assessed(facts, &[A::Communication]),
            },
            Criterion {
                code: "coordination_assessed",
                text: "Coordination is assessed",
                weight: 2,
                judge: |facts| response::assessed(facts, &[A::Coordination]),
            },
            Criterion {
                code: "decision_making_assessed",
                text: "Decision-making is assessed",
                weight: 2,
                judge: |facts| response::assessed(facts, &[A::DecisionMaking]),
            },
            Criterion {
                code: "decisions_logged",
                text: "Every logged decision, one at least, says what was known then and why it was taken",
                weight: 2,
                judge: response::decisions,
            },
            Criterion {
                code: "communications_logged",
                text: "Every logged communication, one at least, is judged: in time, with effect",
                weight: 2,
                judge: response::communications,
            },
        ],
    },
    Part {
        code: "impact",
        text: "Assess the impact on operations, data and reputation",
        weight: 9,
        criteria: &[
            Criterion {
                code: "operations_settled",
                text: "The final impact on operations is known",
                weight: 2,
                judge: response::operations,
            },
            Criterion {
                code: "data_settled",
                text: "The final impact on confidentiality, integrity and availability of data is known",
                weight: 2,
                judge: response::data,
            },
            Criterion {
                code: "reputation_settled",
                text: "The final impact on reputation is known",
                weight: 2,
                judge: response::reputation,
            },
            Criterion {
                code: "estimates_settled",
                text: "Every dimension that was ever estimated has a final estimate",
                weight: 1,
                judge: response::settled,
            },
        ],
    },
    Part {
        code: "gaps",
        text: "Identify gaps in policies, procedures, technologies and training",
        weight: 9,
        criteria: &[
            Criterion {
                code: "gap_recorded",
                text: "A gap is recorded, or the whole response is judged to have had none",
                weight: 3,
                judge: gap_is_recorded,
            },
            Criterion {
                code: "gaps_classified",
                text: "Every gap says what it is in",
                weight: 1,
                judge: gaps_are_classified,
            },
            Criterion {
                code: "gaps_rated",
                text: "Every gap has a likelihood and a severity",
                weight: 1,
                judge: gaps_are_rated,
            },
            Criterion {
                code: "gaps_answered",
                text: "Every gap has a recommendation, an action or a reason for none",
                weight: 2,
                judge: answers_each_gap,
            },
        ],
    },
    Part {
        code: "recommendations",
        text: "Develop recommendations and turn them into improvements",
        weight: 9,
        criteria: &[
            Criterion {
                code: "recommendation_made",
                text: "An improvement is recommended, or no gap and no cause calls for one",
                weight: 2,
                judge: recommendation_is_made,
            },
            Criterion {
                code: "recommendations_decided",
                text: "Every recommendation is decided about",
                weight: 2,
                judge: recommendations_are_decided,
            },
            Criterion {
                code: "accepted_have_actions",
                text: "Every accepted recommendation has an action that carries it out",
                weight: 2,
                judge: each_accepted_has_an_action,
            },
            Criterion {
                code: "actions_complete",
                text: "Every committed action has an owner, a due date and closure criteria",
                weight: 2,
                judge: each_action_is_complete,
            },
        ],
    },
    Part {
        code: "strengths",
        text: "Recognise what worked well",
        weight: 9,
        criteria: &[
            Criterion {
                code: "strength_recorded",
                text: "A strength is recorded",
                weight: 2,
                judge: strength,
            },
            Criterion {
                code: "strengths_have_evidence",
                text: "Every strength rests on an event or other evidence",
                weight: 1,
                judge: strengths_have_evidence,
            },
        ],
    },
];

fn no_root_cause() -> Missing {
    let detail = "no root cause is recorded";
    Missing::new("no_root_cause", detail, Place::Findings)
}

fn root_cause(facts: &Facts) -> Verdict {
    let kinds = [FindingKind::RootCause];
    let found = facts.findings_of(&kinds).map(|one| finding(one.id));
    Verdict::some(found, no_root_cause()).listed(findings_list(FindingKind::RootCause))
}

fn with_evidence<'a>(all: impl Iterator<Item = &'a FindingFact>) -> Verdict {
    Verdict::each(all.map(|one| {
        let found = finding(one.id);
        let lacks = Missing::of(
            "no_evidence",
            found,
            "rests on no event and no other evidence",
            Place::Finding(one.id),
        );
        (found, Some(lacks).filter(|_| !one.has_evidence))
    }))
}

fn causes_have_evidence(facts: &Facts) -> Verdict {
    let verdict = with_evidence(facts.causes()).or_if_none(no_root_cause());
    verdict.listed("/findings?retracted=false&kind=root_cause&kind=contributing_factor")
}

fn beyond_human_error(facts: &Facts) -> Verdict {
    let others = facts.causes().filter(|one| {
        let works_widely = matches!(
            one.factor,
            Some(FactorKind::Systemic | FactorKind::Contributing)
        );
        one.cause != Some(CauseCategory::HumanError)
            && (one.kind == FindingKind::ContributingFactor || works_widely)
    });
    let human = |one: &FindingFact| one.cause == Some(CauseCategory::HumanError);
    if facts.causes().next().is_some() && !facts.causes().any(human) {
        let found: Vec<_> = facts.causes().map(|one| finding(one.id)).collect();
        return Verdict::some(found, no_root_cause());
    }
    let otherwise = if facts.causes().next().is_none() {
        no_root_cause()
    } else {
        let detail = "human error is the only cause: a systemic or contributing factor is missing";
        Missing::new("only_human_error", detail, Place::Findings)
    };
    Verdict::some(others.map(|one| finding(one.id)), otherwise)
}

fn reasons(facts: &Facts) -> Verdict {
    let is_a_cause = |id| facts.causes().any(|cause| cause.id == id);
    let reasons = facts.findings.iter().filter(|one| {
        one.kind == FindingKind::ContributingFactor || one.parent.is_some_and(is_a_cause)
    });
    let detail =
        "no contributing factor is recorded, and no finding is the reason for a root cause";
    let otherwise = Missing::new("no_contributing_factor", detail, Place::Findings);
    Verdict::some(reasons.map(|one| finding(one.id)), otherwise).listed("/findings?retracted=false")
}

/// What every gap has to say; nothing where there is none and none is needed.
fn each_gap(
    facts: &Facts,
    (code, lacks): (&'static str, &str),
    says: fn(&FindingFact) -> bool,
) -> Verdict {
    let verdict = Verdict::each(facts.gaps().map(|gap| {
        let found = finding(gap.id);
        let missing = Missing::of(code, found, lacks, Place::Finding(gap.id));
        (found, Some(missing).filter(|_| !says(gap)))
    }));
    if verdict.of > 0 {
        return verdict.listed(findings_list(FindingKind::Gap));
    }
    gap_is_recorded(facts)
}

fn gaps_are_classified(facts: &Facts) -> Verdict {
    let lacks = ("no_gap_category", "does not say what it is in");
    each_gap(facts, lacks, |gap| gap.gap.is_some())
}

fn gaps_are_rated(facts: &Facts) -> Verdict {
    let lacks = ("no_risk", "has no likelihood and severity");
    each_gap(facts, lacks, |gap| gap.has_risk)
}

fn no_strength() -> Missing {
    let detail = "no strength is recorded: something always went well";
    Missing::new("no_strength", detail, Place::Findings)
}

fn strength(facts: &Facts) -> Verdict {
    let kinds = [FindingKind::Strength];
    let found = facts.findings_of(&kinds).map(|one| finding(one.id));
    Verdict::some(found, no_strength()).listed(findings_list(FindingKind::Strength))
}

fn strengths_have_evidence(facts: &Facts) -> Verdict {
    let verdict = with_evidence(facts.findings_of(&[FindingKind::Strength]));
    verdict
        .or_if_none(no_strength())
        .listed(findings_list(FindingKind::Strength))
}

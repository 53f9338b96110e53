//! What an answer to each of the nine questions asks for.

use entity::vocabulary::AssessmentDimension as A;
use entity::vocabulary::{ActionType, ControlFunction, FindingKind, GapCategory, ProcedureAnswer};

use super::response::{self, EVERY};
use super::shared::{answered, each_action, gap_is_recorded, is_faultless};
use super::{Missing, Verdict, finding, findings_list};
use crate::completeness::facts::{CommunicationFact, Facts, FindingFact};
use crate::completeness::place::Place;
use crate::resources::ResourceKind;

fn no_event() -> Missing {
    Missing::new("no_event", "the chronology has no event", Place::Chronology)
}

pub(super) fn chronology(facts: &Facts) -> Verdict {
    Verdict::counted(facts.events.all, no_event()).listed("/events?retracted=false")
}

pub(super) fn key_events(facts: &Facts) -> Verdict {
    let detail = "no event is key or a milestone";
    let otherwise = Missing::new("no_key_event", detail, Place::Chronology);
    Verdict::counted(facts.events.key, otherwise).listed("/events?retracted=false")
}

const NO_INCIDENT: &str = "the review is about no incident";

/// What has to be known of each incident.
fn timed(facts: &Facts, code: &'static str, lacks: &str, end: bool) -> Verdict {
    let verdict = Verdict::each(facts.incidents.iter().map(|one| {
        let found = (ResourceKind::Incident, one.id);
        let missing = Missing::of(code, found, lacks, Place::Incident(one.id));
        let known = if end { one.has_end } else { one.has_detection };
        (found, Some(missing).filter(|_| !known))
    }));
    if verdict.of == 0 {
        return Verdict::not_applicable(NO_INCIDENT);
    }
    verdict
}

pub(super) fn detection(facts: &Facts) -> Verdict {
    let lacks = "does not say when it was detected";
    timed(facts, "no_detection_time", lacks, false)
}

pub(super) fn end(facts: &Facts) -> Verdict {
    let lacks = "does not say when it was contained, eradicated or recovered from";
    timed(facts, "no_end_time", lacks, true)
}

pub(super) fn followed(facts: &Facts) -> Verdict {
    let lacks = (
        "procedures_followed_unknown",
        "does not say whether the procedures were followed",
    );
    response::each(facts, &EVERY, lacks, |one| {
        one.followed != ProcedureAnswer::Unknown
    })
}

pub(super) fn adequate(facts: &Facts) -> Verdict {
    let lacks = (
        "procedures_adequate_unknown",
        "does not say whether the procedures were adequate",
    );
    response::each(facts, &EVERY, lacks, |one| {
        one.adequate != ProcedureAnswer::Unknown
    })
}

pub(super) fn known_then(facts: &Facts) -> Verdict {
    let lacks = ("knowledge_missing", "does not say what was known then");
    response::each_decision(facts, lacks, |one| one.says_what_was_known)
}

pub(super) fn late_information(facts: &Facts) -> Verdict {
    let late = facts.communications.iter();
    let late = late.filter(|one| one.timely == Some(false));
    let late: Vec<_> = late
        .map(|one| (ResourceKind::Communication, one.id))
        .collect();
    let detail = "no event is known only in hindsight, no alert was missed, and no communication is \
                  said to have come late";
    let otherwise = Missing::new("no_late_information", detail, Place::Chronology);
    let in_time = |one: &CommunicationFact| one.timely == Some(true);
    let excused = !facts.communications.is_empty()
        && facts.communications.iter().all(in_time)
        && facts.events.all > 0;
    Verdict::counted(facts.events.late + late.len(), otherwise)
        .with(late)
        .unless(
            excused,
            "every logged communication came in time, and nothing was known only in hindsight",
        )
}

pub(super) fn inhibitors(facts: &Facts) -> Verdict {
    let recovery = facts.assessment(A::Recovery);
    let weak = recovery.filter(|one| one.has_weaknesses);
    let weak: Vec<_> = weak
        .map(|one| (ResourceKind::Assessment, one.id))
        .into_iter()
        .collect();
    let otherwise = match recovery {
        None => Missing::new(
            "not_assessed",
            "no event is marked as having inhibited the recovery, and recovery is not assessed",
            Place::Assessment(A::Recovery),
        ),
        Some(_) => Missing::new(
            "no_inhibitor",
            "recovery is assessed as less than effective, and nothing says what held it up",
            Place::Chronology,
        ),
    };
    let free = recovery.is_some_and(|one| one.score.is_none_or(|score| score >= 4));
    Verdict::counted(facts.events.inhibiting + weak.len(), otherwise)
        .with(weak)
        .unless(
            free,
            "recovery is assessed as effective, without a weakness, or as having played no part",
        )
}

fn no_lesson() -> Missing {
    Missing::new("no_lesson", "no lesson is recorded", Place::Lessons)
}

pub(super) fn lesson(facts: &Facts) -> Verdict {
    let lessons = facts.lessons.iter();
    let lessons = lessons.map(|one| (ResourceKind::Lesson, one.id));
    Verdict::some(lessons, no_lesson()).listed("/lessons")
}

pub(super) fn lessons_rest(facts: &Facts) -> Verdict {
    let lessons = facts.lessons.iter();
    let verdict = Verdict::each(lessons.map(|one| {
        let found = (ResourceKind::Lesson, one.id);
        let place = Place::Lesson(one.id);
        let missing = Missing::of("lesson_without_finding", found, "names no finding", place);
        (found, Some(missing).filter(|_| !one.has_findings))
    }));
    verdict.or_if_none(no_lesson()).listed("/lessons")
}

pub(super) fn hindsight(facts: &Facts) -> Verdict {
    let lacks = (
        "hindsight_missing",
        "does not say how it looks in hindsight",
    );
    response::each_decision(facts, lacks, |one| one.has_hindsight)
}

pub(super) fn sharing(facts: &Facts) -> Verdict {
    let external = || facts.communications.iter().filter(|one| one.is_external);
    let issues = external()
        .filter(|one| one.has_issue || one.timely == Some(false) || one.effective == Some(false));
    let issues = issues.map(|one| (ResourceKind::Communication, one.id));
    let gaps = facts.gaps().filter(|one| {
        use GapCategory::{Communication, Coordination, ThirdParty};
        matches!(one.gap, Some(Communication | Coordination | ThirdParty))
    });
    let gaps = gaps.map(|one| finding(one.id));
    let lessons = facts.lessons.iter().filter(|one| one.is_shared);
    let lessons = lessons.map(|one| (ResourceKind::Lesson, one.id));
    let found: Vec<_> = issues.chain(gaps).chain(lessons).collect();
    let detail = "nothing says how sharing information with others can be better";
    let otherwise = Missing::new("no_sharing_improvement", detail, Place::Lessons);
    let went_well = |one: &CommunicationFact| one.timely.is_some() && one.effective.is_some();
    let all_well = external().next().is_some() && external().all(went_well);
    let excused = all_well || facts.plays_no_part(A::Communication);
    Verdict::some(found, otherwise).unless(
        excused,
        "every communication with others outside came in time and had its effect, or there was none",
    )
}

/// A root cause is answered itself, or by what it is a reason for, or by what is a reason for it.
pub(super) fn root_causes_are_answered(facts: &Facts) -> Verdict {
    let answered = answered(facts);
    let settled = |one: &FindingFact| one.has_reason_for_none || answered.contains(&one.id);
    let kinds = [FindingKind::RootCause];
    let verdict = Verdict::each(facts.findings_of(&kinds).map(|cause| {
        let mut near = facts.findings.iter().filter(|one| {
            one.id == cause.id || one.parent == Some(cause.id) || cause.parent == Some(one.id)
        });
        let found = finding(cause.id);
        let lacks = "has no recommendation, no action and no reason for none";
        let place = Place::Recommendations;
        let missing = Missing::of("root_cause_without_answer", found, lacks, place);
        (found, Some(missing).filter(|_| !near.any(settled)))
    }));
    let none = Missing::new(
        "no_root_cause",
        "no root cause is recorded",
        Place::Findings,
    );
    verdict
        .or_if_none(none)
        .listed(findings_list(FindingKind::RootCause))
}

pub(super) fn signs(facts: &Facts) -> Verdict {
    let detail = "no event is an alert, a missed alert or a detection";
    let otherwise = Missing::new("no_sign", detail, Place::Chronology);
    let list = "/events?retracted=false&kind=alert&kind=missed_alert&kind=detection";
    Verdict::counted(facts.events.signs, otherwise).listed(list)
}

pub(super) fn techniques(facts: &Facts) -> Verdict {
    let incidents = facts.incidents.iter().filter(|one| one.has_techniques);
    let incidents = incidents.map(|one| (ResourceKind::Incident, one.id));
    let findings = facts.findings.iter().filter(|one| one.has_techniques);
    let found: Vec<_> = incidents
        .chain(findings.map(|one| finding(one.id)))
        .collect();
    let place = facts
        .incidents
        .first()
        .map_or(Place::Findings, |one| Place::Incident(one.id));
    let detail = "no incident and no finding names an ATT&CK technique";
    let otherwise = Missing::new("no_technique", detail, place);
    let no_adversary = facts.events.all > 0 && facts.events.adversary == 0;
    Verdict::some(found, otherwise).unless(no_adversary, "the chronology tells of no adversary")
}

pub(super) fn watched(facts: &Facts) -> Verdict {
    let findings = facts.findings.iter().filter(|one| {
        one.gap == Some(GapCategory::DetectionLogging)
            || one.control == Some(ControlFunction::Detective)
    });
    let actions = facts.actions.iter();
    let actions = actions.filter(|one| one.kind == ActionType::Detect);
    let actions = actions.map(|one| (ResourceKind::Action, one.id));
    let found: Vec<_> = findings.map(|one| finding(one.id)).chain(actions).collect();
    let detail = "no action detects, and no finding is about detection";
    let otherwise = Missing::new("no_detection_improvement", detail, Place::Actions);
    let detection = facts.assessment(A::Detection);
    let free = detection
        .is_some_and(|one| one.score.is_none_or(|score| score >= 4) && !one.has_weaknesses);
    Verdict::some(found, otherwise).unless(
        free,
        "detection is assessed as effective, without a weakness, or as having played no part",
    )
}

pub(super) fn needs(facts: &Facts) -> Verdict {
    use GapCategory::{
        AccessControl, AssetKnowledge, BusinessContinuity, DetectionLogging, StaffingCapacity,
        Technology, TrainingAwareness,
    };
    let gaps = facts.gaps().filter(|one| {
        matches!(
            one.gap,
            Some(
                AccessControl
                    | AssetKnowledge
                    | BusinessContinuity
                    | DetectionLogging
                    | StaffingCapacity
                    | Technology
                    | TrainingAwareness
            )
        )
    });
    let found: Vec<_> = gaps.map(|one| finding(one.id)).collect();
    if found.is_empty() && is_faultless(facts) {
        return gap_is_recorded(facts);
    }
    let detail = "no gap in technology, detection, access, staff, training or recovery is recorded";
    let otherwise = Missing::new("no_need", detail, Place::Findings);
    Verdict::some(found, otherwise).listed(findings_list(FindingKind::Gap))
}

pub(super) fn efforts(facts: &Facts) -> Verdict {
    let lacks = ("no_effort", "does not say what it takes");
    each_action(facts, lacks, |one| one.has_effort)
}

//! What several parts ask for: that gaps are looked for, and that what was found is acted on.

use std::collections::HashSet;

use entity::vocabulary::{ActionStatus, Disposition, FindingKind, ProcedureAnswer};
use uuid::Uuid;

use super::{Missing, Verdict, finding, findings_list, response};
use crate::completeness::facts::{ActionFact, Facts, RecommendationFact};
use crate::completeness::place::Place;
use crate::gaps::rules::{answers, is_answer};
use crate::resources::ResourceKind;

/// Whether the whole response is judged and nothing is said against it: then there may be no gap.
pub(super) fn is_faultless(facts: &Facts) -> bool {
    response::EVERY.iter().all(|dimension| {
        facts.assessment(*dimension).is_some_and(|one| {
            one.score.is_none()
                || one.score >= Some(4)
                    && !one.has_weaknesses
                    && one.followed == ProcedureAnswer::Yes
                    && one.adequate == ProcedureAnswer::Yes
        })
    })
}

const FAULTLESS: &str =
    "every dimension is assessed as effective, without a weakness, by adequate procedures";

/// That a gap is recorded, unless nothing is said to have been lacking.
pub(super) fn gap_is_recorded(facts: &Facts) -> Verdict {
    let detail = "no gap is recorded, and not every dimension is assessed as free of weaknesses";
    let otherwise = Missing::new("no_gap", detail, Place::Findings);
    Verdict::some(facts.gaps().map(|one| finding(one.id)), otherwise)
        .listed(findings_list(FindingKind::Gap))
        .unless(is_faultless(facts), FAULTLESS)
}

/// The findings that an improvement answers, wanted or under way.
pub(super) fn answered(facts: &Facts) -> HashSet<Uuid> {
    // A duplicate answers as its original does.
    let counting = |one: &RecommendationFact| {
        let mut all = facts.recommendations.iter();
        let original = all.find(|other| one.duplicate_of == Some(other.id));
        original.unwrap_or(one).disposition
    };
    let recommended = facts.recommendations.iter();
    let recommended = recommended.filter(|one| is_answer(counting(one)));
    let acted = facts.actions.iter().filter(|one| answers(one.status));
    let recommended = recommended.flat_map(|one| one.findings.iter().copied());
    let acted = acted.flat_map(|one| one.findings.iter().copied());
    recommended.chain(acted).collect()
}

/// That every gap has an answer; none is needed where there is no gap and none has to be.
pub(super) fn answers_each_gap(facts: &Facts) -> Verdict {
    let answered = answered(facts);
    let verdict = Verdict::each(facts.gaps().map(|gap| {
        let found = finding(gap.id);
        let lacks = "has no recommendation, no action and no reason for none";
        let missing = Missing::of("gap_without_answer", found, lacks, Place::Recommendations);
        let has_one = gap.has_reason_for_none || answered.contains(&gap.id);
        (found, Some(missing).filter(|_| !has_one))
    }));
    if verdict.of > 0 {
        return verdict.listed(findings_list(FindingKind::Gap));
    }
    gap_is_recorded(facts)
}

/// Whether nothing calls for an improvement: whatever could says why nothing is done about it.
fn nothing_to_improve(facts: &Facts) -> bool {
    let kinds = [FindingKind::Gap, FindingKind::RootCause];
    let mut calling = facts.findings_of(&kinds).peekable();
    match calling.peek() {
        Some(_) => calling.all(|one| one.has_reason_for_none),
        None => is_faultless(facts),
    }
}

const NOTHING_TO_IMPROVE: &str =
    "whatever could call for an improvement says why nothing is done about it";

/// That an improvement is proposed or agreed on.
pub(super) fn recommendation_is_made(facts: &Facts) -> Verdict {
    let recommended = facts.recommendations.iter();
    let recommended = recommended.map(|one| (ResourceKind::Recommendation, one.id));
    let otherwise = Missing::new(
        "no_recommendation",
        "no improvement is recommended",
        Place::Recommendations,
    );
    Verdict::some(recommended, otherwise)
        .listed("/recommendations")
        .unless(nothing_to_improve(facts), NOTHING_TO_IMPROVE)
}

/// That every recommendation is decided about.
pub(super) fn recommendations_are_decided(facts: &Facts) -> Verdict {
    let verdict = Verdict::each(facts.recommendations.iter().map(|one| {
        let found = (ResourceKind::Recommendation, one.id);
        let place = Place::Disposition(one.id);
        let missing = Missing::of("undecided_recommendation", found, "is only proposed", place);
        let open = one.disposition == Disposition::Proposed;
        (found, Some(missing).filter(|_| open))
    }));
    if verdict.of > 0 {
        return verdict.listed("/recommendations");
    }
    recommendation_is_made(facts)
}

/// That every accepted recommendation has an action that was not given up.
pub(super) fn each_accepted_has_an_action(facts: &Facts) -> Verdict {
    let carried_out = |ids: &[Uuid]| {
        let mut actions = facts.actions.iter();
        actions.any(|one| ids.contains(&one.id) && answers(one.status))
    };
    let accepted = facts.recommendations.iter();
    let accepted = accepted.filter(|one| one.disposition == Disposition::Accepted);
    let verdict = Verdict::each(accepted.map(|one| {
        let found = (ResourceKind::Recommendation, one.id);
        let lacks = "is accepted and no action carries it out";
        let place = Place::Disposition(one.id);
        let missing = Missing::of("recommendation_without_action", found, lacks, place);
        (found, Some(missing).filter(|_| !carried_out(&one.actions)))
    }));
    if verdict.of > 0 {
        return verdict.listed("/recommendations?disposition=accepted");
    }
    let declined =
        !facts.recommendations.is_empty() && recommendations_are_decided(facts).missing.is_empty();
    let why = "no recommendation is accepted, and none waits for a decision";
    recommendation_is_made(facts).unless_all(declined, why)
}

impl Verdict {
    /// Nothing is asked for where that holds.
    fn unless_all(self, excused: bool, why: &'static str) -> Self {
        if excused {
            Self::not_applicable(why)
        } else {
            self
        }
    }
}

/// Whether somebody committed to an action and it was not given up.
fn is_committed(action: &ActionFact) -> bool {
    use ActionStatus::{Blocked, Implemented, InProgress, Open, Verified};
    matches!(
        action.status,
        Open | InProgress | Blocked | Implemented | Verified
    )
}

/// The actions that somebody committed to.
pub(super) fn committed(facts: &Facts) -> impl Iterator<Item = &ActionFact> + Clone {
    facts.actions.iter().filter(|one| is_committed(one))
}

fn no_action() -> Missing {
    let detail = "no action is agreed on";
    Missing::new("no_action", detail, Place::Actions)
}

const ACTIONS: &str =
    "/actions?status=open&status=in_progress&status=blocked&status=implemented&status=verified";

/// That an action is agreed on, unless there is nothing to improve.
pub(super) fn action_is_agreed(facts: &Facts) -> Verdict {
    let found = committed(facts).map(|one| (ResourceKind::Action, one.id));
    Verdict::some(found, no_action())
        .listed(ACTIONS)
        .unless(nothing_to_improve(facts), NOTHING_TO_IMPROVE)
}

/// What every committed action has to say.
pub(super) fn each_action(
    facts: &Facts,
    (code, lacks): (&'static str, &str),
    says: fn(&ActionFact) -> bool,
) -> Verdict {
    let verdict = Verdict::each(committed(facts).map(|one| {
        let found = (ResourceKind::Action, one.id);
        let missing = Missing::of(code, found, lacks, Place::Action(one.id));
        (found, Some(missing).filter(|_| !says(one)))
    }));
    if verdict.of > 0 {
        return verdict.listed(ACTIONS);
    }
    action_is_agreed(facts)
}

/// That every committed action has an owner, a due date and closure criteria.
pub(super) fn each_action_is_complete(facts: &Facts) -> Verdict {
    let lacks = (
        "incomplete_action",
        "lacks an owner, a due date or closure criteria",
    );
    each_action(facts, lacks, |one| one.is_complete)
}

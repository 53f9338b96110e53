//! What no document says of its rows, because it follows from where they are and from themselves: whose
//! they are, in which review, and what lists are searched and filtered by. Pure.

use entity::organization::OrganizationId;
use entity::shared::Person;
use entity::{JsonColumn, Text, action, decision, document, event, finding, review, workshop};
use uuid::Uuid;

use crate::text::searchable;
use crate::whole::rows::Rows;
use crate::{briefings, feedback};

/// Where a document is imported.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The organisation.
    pub organization: OrganizationId,
    /// The review's id here.
    pub review: Uuid,
    /// The review's key here.
    pub key: &'a str,
}

/// Sets what follows from the place: of every row whose it is, and of some in which review.
macro_rules! placed {
    ($place:ident, $row:ident in organization) => {
        $row.organization_id = $place.organization;
    };
    ($place:ident, $row:ident in review) => {
        placed!($place, $row in organization);
        $row.review_id = $place.review;
    };
    ($place:ident, $row:ident in named review) => {
        placed!($place, $row in review);
        $place.key.clone_into(&mut $row.review_key);
    };
}

/// The same of every row of a list; a block sets what follows from the row itself.
macro_rules! settled {
    ($place:ident, $list:ident in $($where:ident)+ $(, |$row:ident| $own:block)?) => {
        for row in $list.iter_mut() {
            placed!($place, row in $($where)+);
            $(let $row = row; $own)?
        }
    };
}

/// Sets what the rows of a document do not say.
pub fn rows(place: Place<'_>, rows: &mut Rows) {
    let Rows {
        incidents,
        participants,
        events,
        decisions,
        communications,
        assessments,
        impacts,
        findings,
        recommendations,
        actions,
        action_progress,
        action_due_changes,
        verifications,
        lessons,
        workshops,
        invitations,
        boards,
        contribution_groups,
        contributions,
        carried_actions,
        feedback_rounds,
        feedback_results: _,
        briefings,
        wording_acknowledgements,
        obligations,
        improvement_measures,
        measure_evaluations,
        documents,
        document_revisions,
        document_revision_lessons: _,
        document_revision_actions: _,
        revisions,
        review_snapshots,
    } = rows;
    settled!(place, incidents in organization, |row| {
        row.search_text = searchable([Some(row.title.as_str()), row.summary.as_deref()]);
    });
    settled!(place, participants in review, |row| {
        row.search_text = searchable([Some(row.name.as_str())]);
    });
    settled!(place, events in review, |row| { settle_event(row); });
    settled!(place, decisions in review, |row| { settle_decision(row); });
    settled!(place, communications in review, |row| {
        let parties = [Some(row.from_role.as_str()), Some(row.to_audience.as_str())];
        let said = [row.summary.as_deref(), row.issue.as_deref()];
        row.search_text = searchable(parties.into_iter().chain(said));
    });
    settled!(place, assessments in review);
    settled!(place, impacts in review);
    settled!(place, findings in review, |row| { settle_finding(row); });
    settled!(place, recommendations in named review, |row| {
        let texts = [row.rationale.as_deref(), row.expected_effect.as_deref()];
        row.search_text = searchable([Some(row.title.as_str())].into_iter().chain(texts));
    });
    settled!(place, actions in named review, |row| { settle_action(row); });
    settled!(place, action_progress in organization);
    settled!(place, action_due_changes in organization);
    settled!(place, verifications in organization);
    settled!(place, lessons in named review, |row| {
        row.search_text = searchable([Some(row.statement.as_str()), row.description.as_deref()]);
    });
    settled!(place, workshops in named review, |row| { settle_workshop(row); });
    settled!(place, invitations in organization);
    settled!(place, boards in review);
    settled!(place, contribution_groups in review);
    settled!(place, contributions in review, |row| {
        row.search_text = searchable([Some(row.text.as_str())]);
    });
    settled!(place, carried_actions in organization);
    settled!(place, feedback_rounds in named review, |row| {
        row.place_id = feedback::rules::place(row);
    });
    settled!(place, briefings in named review, |row| {
        row.search_text = briefings::service::search_text(row);
    });
    settled!(place, wording_acknowledgements in review);
    settled!(place, obligations in review, |row| { row.owner_key = row.owner.as_ref().map(called); });
    settled!(place, improvement_measures in review);
    settled!(place, measure_evaluations in organization);
    settled!(place, documents in organization, |row| { settle_document(row); });
    settled!(place, document_revisions in organization);
    settled!(place, revisions in organization);
    settled!(place, review_snapshots in review);
}

/// Sets what a review's own row does not say in a document, and what it is called here.
pub fn review(place: Place<'_>, row: &mut review::Model) {
    let subject = |person: &JsonColumn<Person>| person.0.subject.clone().map(Text::from);
    row.organization_id = place.organization;
    place.key.clone_into(&mut row.key);
    row.owner_subject = row.owner.as_ref().and_then(subject);
    row.facilitator_subject = row.facilitator.as_ref().and_then(subject);
    row.search_text = searchable([Some(row.title.as_str()), row.summary.as_deref()]);
}

/// What filters call a person: their subject, or their name where there is none.
fn called(person: &JsonColumn<Person>) -> String {
    let Person { name, subject } = &person.0;
    subject.clone().unwrap_or_else(|| name.clone())
}

fn settle_event(row: &mut event::Model) {
    row.has_marks = !row.marks.0.is_empty();
    row.has_evidence = !row.evidence.0.is_empty();
    row.search_text = searchable([
        Some(row.summary.as_str()),
        row.description.as_deref(),
        row.source.as_deref(),
        row.actor_role.as_deref(),
    ]);
}

fn settle_decision(row: &mut decision::Model) {
    let options = row.options.0.iter().flat_map(|option| {
        [
            Some(option.option.as_str()),
            option.pros.as_deref(),
            option.cons.as_deref(),
        ]
    });
    let texts = [
        Some(row.decision.as_str()),
        row.decider_role.as_deref(),
        row.information_available.as_deref(),
        row.rationale.as_deref(),
        row.outcome.as_deref(),
        row.in_hindsight.as_deref(),
    ];
    row.search_text = searchable(texts.into_iter().chain(options));
}

fn settle_finding(row: &mut finding::Model) {
    row.control_state = row.control.as_ref().map(|control| control.0.state);
    row.search_text = searchable([Some(row.statement.as_str()), row.description.as_deref()]);
}

fn settle_action(row: &mut action::Model) {
    row.owner_key = row.owner_subject.clone().or_else(|| row.owner_name.clone());
    row.search_text = searchable([
        Some(row.title.as_str()),
        row.description.as_deref(),
        row.closure_criteria.as_deref(),
    ]);
}

fn settle_workshop(row: &mut workshop::Model) {
    let subject = row.facilitator_subject.clone();
    row.facilitator_key = subject.or_else(|| row.facilitator_name.clone());
}

fn settle_document(row: &mut document::Model) {
    row.owner_subject = row.owner.as_ref().and_then(|owner| owner.0.subject.clone());
    row.search_text = searchable([Some(row.title.as_str()), row.description.as_deref()]);
}

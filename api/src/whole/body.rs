//! A whole review as it is shown.

use std::collections::HashMap;

use entity::{Timestamp, deadline, review};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::feedback::{self, FeedbackRecord};
use super::rows::Rows;
use super::sessions::{self, SessionRecord};
use crate::actions::body::ActionBody;
use crate::actions::computed::Computed;
use crate::actions::steps::{DueDateChangeBody, ProgressBody, VerificationBody};
use crate::assessments::body::AssessmentBody;
use crate::briefings::body::BriefingBody;
use crate::chronology::body::EventBody;
use crate::communications::body::CommunicationBody;
use crate::deadlines::body::DeadlineBody;
use crate::decisions::body::DecisionBody;
use crate::documents::body::DocumentBody;
use crate::documents::revisions::body::{DocumentRevisionBody, Named};
use crate::findings::body::FindingBody;
use crate::impacts::body::ImpactBody;
use crate::impacts::comparison::{self, ImpactComparison};
use crate::incidents::body::IncidentBody;
use crate::incidents::seen::SeenEvents;
use crate::lessons::body::LessonBody;
use crate::measures::body::{MeasureBody, MeasureEvaluationBody};
use crate::obligations;
use crate::obligations::body::ObligationBody;
use crate::participants::http::ParticipantBody;
use crate::recommendations::body::RecommendationBody;
use crate::reviews::body::ReviewBody;
use crate::wording_notes::body::ReviewWordingNote;
use crate::wording_notes::rules;
use crate::wording_notes::texts::Texts;
use crate::workshops::view;

/// An action with everything that happened to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionRecord {
    /// The action.
    action: ActionBody,
    /// What was reported of it, and every step of its life, the oldest first.
    progress: Vec<ProgressBody>,
    /// The proofs that it works, or does not, the oldest first.
    verifications: Vec<VerificationBody>,
    /// Every change of its due date, the oldest first.
    due_date_changes: Vec<DueDateChangeBody>,
}

/// A document of the organisation, as far as a review has reached it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentRecord {
    /// The document.
    document: DocumentBody,
    /// The revisions that name lessons or actions of the review, with those of the review.
    revisions: Vec<DocumentRevisionBody>,
}

/// An improvement measure with what it came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeasureRecord {
    /// The measure.
    measure: MeasureBody,
    /// What it came to, each time that it was evaluated, the oldest first.
    evaluations: Vec<MeasureEvaluationBody>,
}

/// Everything of a review, as each part is shown where it is read alone.
#[derive(Debug, Serialize, ToSchema)]
pub struct FullReview {
    /// The review, with its transitions and what it keeps of its policy.
    review: ReviewBody,
    /// The incidents that it is about.
    incidents: Vec<IncidentBody>,
    /// Everybody in it.
    participants: Vec<ParticipantBody>,
    /// Its chronology in order, the retracted too, each event in its current revision.
    events: Vec<EventBody>,
    /// Its decision log in order, the retracted too.
    decisions: Vec<DecisionBody>,
    /// Its communication log in order, the retracted too.
    communications: Vec<CommunicationBody>,
    /// How well the response went.
    assessments: Vec<AssessmentBody>,
    /// What the incident cost.
    impacts: Vec<ImpactBody>,
    /// The first estimate against the latest.
    impact_comparison: ImpactComparison,
    /// What it established, the retracted too.
    findings: Vec<FindingBody>,
    /// What it proposes, with every decision about it.
    recommendations: Vec<RecommendationBody>,
    /// What somebody committed to, with what happened to it.
    actions: Vec<ActionRecord>,
    /// What should be remembered.
    lessons: Vec<LessonBody>,
    /// Its sessions, with agenda, minutes, everybody who is invited, and the board.
    workshops: Vec<SessionRecord>,
    /// Its rounds of feedback, with what may be told of their answers.
    feedback: Vec<FeedbackRecord>,
    /// What was told of it to whom, drafts too; what each says is read alone.
    briefings: Vec<BriefingBody>,
    /// The phrases in its texts that blame or judge with hindsight, and who leaves which as it is.
    wording_notes: Vec<ReviewWordingNote>,
    /// Its regulatory clocks.
    obligations: Vec<ObligationBody>,
    /// Whether its improvements helped.
    improvement_measures: Vec<MeasureRecord>,
    /// The documents that its lessons and actions have reached.
    documents: Vec<DocumentRecord>,
    /// What is due, was met or was missed in it, the earliest first.
    deadlines: Vec<DeadlineBody>,
}

/// What is shown of a review that its own rows do not hold.
#[derive(Debug)]
pub struct Context {
    /// The moment that it is shown at.
    pub now: Timestamp,
    /// The events of its incidents' milestones that exist for the caller.
    pub seen: SeenEvents,
    /// What its actions have among each other.
    pub computed: HashMap<Uuid, Computed>,
    /// Its deadlines.
    pub deadlines: Vec<deadline::Model>,
}

/// Everything of a review, as it was read.
#[derive(Debug)]
pub struct Full {
    /// Its own row.
    pub review: review::Model,
    /// What it holds.
    pub rows: Rows,
    /// What is shown besides.
    pub context: Context,
}

impl Full {
    /// As it is shown.
    pub fn shown(self) -> FullReview {
        let Self {
            review,
            rows,
            context,
        } = self;
        let (now, today) = (context.now, context.now.0.date_naive());
        let ended = obligations::rules::has_ended(review.status);
        let seen = &context.seen;
        FullReview {
            wording_notes: wording_notes(&review, &rows),
            feedback: feedback::records(
                rows.feedback_rounds,
                rows.feedback_results,
                (&rows.participants, &rows.invitations),
                now,
            ),
            workshops: sessions::records(
                view::records(
                    &review,
                    rows.workshops,
                    rows.invitations,
                    &rows.participants,
                ),
                rows.boards,
                rows.contribution_groups,
                rows.contributions,
            ),
            briefings: each(rows.briefings, BriefingBody::from),
            actions: actions(
                rows.actions,
                context.computed,
                today,
                (
                    by(rows.action_progress, |row| row.action_id),
                    by(rows.verifications, |row| row.action_id),
                    by(rows.action_due_changes, |row| row.action_id),
                ),
            ),
            documents: documents(
                rows.documents,
                rows.document_revisions,
                by(rows.document_revision_lessons, |row| row.revision_id),
                by(rows.document_revision_actions, |row| row.revision_id),
            ),
            improvement_measures: measures(
                rows.improvement_measures,
                by(rows.measure_evaluations, |row| row.measure_id),
            ),
            incidents: each(rows.incidents, |row| IncidentBody::of(row, seen)),
            participants: each(rows.participants, ParticipantBody::from),
            events: each(rows.events, EventBody::from),
            decisions: each(rows.decisions, DecisionBody::from),
            communications: each(rows.communications, CommunicationBody::from),
            assessments: each(rows.assessments, AssessmentBody::from),
            impact_comparison: comparison::of(review.id, &rows.impacts),
            impacts: each(rows.impacts, ImpactBody::from),
            findings: each(rows.findings, FindingBody::from),
            recommendations: each(rows.recommendations, RecommendationBody::from),
            lessons: each(rows.lessons, |row| LessonBody::of(row, now)),
            obligations: each(rows.obligations, |row| ObligationBody::of(row, ended, now)),
            deadlines: each(context.deadlines, |row| DeadlineBody::of(row, now)),
            review: ReviewBody::from(review),
        }
    }
}

/// Rows as they are shown, in their order.
pub fn each<M, B>(rows: Vec<M>, shown: impl FnMut(M) -> B) -> Vec<B> {
    rows.into_iter().map(shown).collect()
}

/// Rows by what they are part of, in their order.
pub type By<M> = HashMap<Uuid, Vec<M>>;

/// Sorts rows by what they are part of.
pub fn by<M>(rows: Vec<M>, part_of: impl Fn(&M) -> Uuid) -> By<M> {
    let mut parts: By<M> = HashMap::new();
    for row in rows {
        parts.entry(part_of(&row)).or_default().push(row);
    }
    parts
}

/// Takes the parts of one of them, as they are shown.
fn taken<M, B>(parts: &mut By<M>, of: Uuid, shown: impl FnMut(M) -> B) -> Vec<B> {
    each(parts.remove(&of).unwrap_or_default(), shown)
}

fn actions(
    rows: Vec<entity::action::Model>,
    mut computed: HashMap<Uuid, Computed>,
    today: chrono::NaiveDate,
    (mut progress, mut proofs, mut moves): (
        By<entity::action_progress::Model>,
        By<entity::verification::Model>,
        By<entity::action_due_change::Model>,
    ),
) -> Vec<ActionRecord> {
    each(rows, |row| ActionRecord {
        progress: taken(&mut progress, row.id, ProgressBody::from),
        verifications: taken(&mut proofs, row.id, VerificationBody::from),
        due_date_changes: taken(&mut moves, row.id, DueDateChangeBody::from),
        action: {
            let own = computed.remove(&row.id).unwrap_or_default();
            ActionBody::of(row, own, today)
        },
    })
}

fn measures(
    rows: Vec<entity::improvement_measure::Model>,
    mut evaluations: By<entity::measure_evaluation::Model>,
) -> Vec<MeasureRecord> {
    each(rows, |row| MeasureRecord {
        evaluations: taken(&mut evaluations, row.id, MeasureEvaluationBody::from),
        measure: MeasureBody::from(row),
    })
}

/// Every note on the wording of a review, with its acknowledgement if it has one.
fn wording_notes(review: &review::Model, rows: &Rows) -> Vec<ReviewWordingNote> {
    let acknowledged = rows.wording_acknowledgements.iter();
    let acknowledged: HashMap<Uuid, _> = acknowledged.map(|row| (row.id, row)).collect();
    let mut notes = Texts::of(review, rows).notes();
    rules::sort(&mut notes);
    each(notes, |note| {
        let own = acknowledged.get(&note.id).copied();
        ReviewWordingNote::of(review.id, note, own)
    })
}

fn documents(
    rows: Vec<entity::document::Model>,
    revisions: Vec<entity::document_revision::Model>,
    mut lessons: By<entity::document_revision_lesson::Model>,
    mut actions: By<entity::document_revision_action::Model>,
) -> Vec<DocumentRecord> {
    let mut revisions = by(revisions, |row| row.document_id);
    each(rows, |row| DocumentRecord {
        revisions: taken(&mut revisions, row.id, |revision| {
            let named = Named {
                lessons: taken(&mut lessons, revision.id, |link| link.lesson_id),
                actions: taken(&mut actions, revision.id, |link| link.action_id),
            };
            DocumentRevisionBody::of(revision, named)
        }),
        document: DocumentBody::from(row),
    })
}

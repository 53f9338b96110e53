//! Every free text of a review that has notes on its wording, as the rows that it stands in: another
//! resource with texts is another line here. Pure.

use entity::vocabulary::{BriefingStatus, WorkshopStatus};
use entity::{
    action, action_progress, assessment, briefing, communication, contribution, contribution_group,
    decision, event, finding, impact, improvement_measure, lesson, obligation, recommendation,
    review, verification, workshop,
};

use super::rules::{self, Note, Source};
use crate::resources::ResourceKind;
use crate::whole::rows::Rows;

/// The rows with texts of a review, however they were read.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a> {
    /// Its own row.
    pub review: &'a review::Model,
    /// Its chronology.
    pub events: &'a [event::Model],
    /// Its decision log.
    pub decisions: &'a [decision::Model],
    /// Its communication log.
    pub communications: &'a [communication::Model],
    /// How well the response went.
    pub assessments: &'a [assessment::Model],
    /// What the incident cost.
    pub impacts: &'a [impact::Model],
    /// What it established.
    pub findings: &'a [finding::Model],
    /// What it proposes.
    pub recommendations: &'a [recommendation::Model],
    /// What somebody committed to.
    pub actions: &'a [action::Model],
    /// What was reported of that.
    pub progress: &'a [action_progress::Model],
    /// The proofs that it works, or does not.
    pub verifications: &'a [verification::Model],
    /// What should be remembered.
    pub lessons: &'a [lesson::Model],
    /// Its sessions.
    pub workshops: &'a [workshop::Model],
    /// What was said in them and is shown: what is sealed is no row yet.
    pub contributions: &'a [contribution::Model],
    /// In which groups.
    pub groups: &'a [contribution_group::Model],
    /// Its regulatory clocks.
    pub obligations: &'a [obligation::Model],
    /// Whether its improvements helped.
    pub measures: &'a [improvement_measure::Model],
    /// What was told to whom.
    pub briefings: &'a [briefing::Model],
}

/// Adds the notes on rows, of which some are read below what they belong to.
macro_rules! noted {
    ($notes:ident, $review:ident, $kind:ident, $rows:expr $(, below $parent:ident)?) => {
        for row in $rows {
            let source = Source {
                kind: ResourceKind::$kind,
                id: row.id,
                parent: None $(.or(Some(row.$parent)))?,
                created_at: row.created_at,
            };
            $notes.extend(rules::notes($review.id, source, row));
        }
    };
}

impl<'a> Texts<'a> {
    /// Those of a review that was read whole.
    pub fn of(review: &'a review::Model, rows: &'a Rows) -> Self {
        Self {
            review,
            events: &rows.events,
            decisions: &rows.decisions,
            communications: &rows.communications,
            assessments: &rows.assessments,
            impacts: &rows.impacts,
            findings: &rows.findings,
            recommendations: &rows.recommendations,
            actions: &rows.actions,
            progress: &rows.action_progress,
            verifications: &rows.verifications,
            lessons: &rows.lessons,
            workshops: &rows.workshops,
            contributions: &rows.contributions,
            groups: &rows.contribution_groups,
            obligations: &rows.obligations,
            measures: &rows.improvement_measures,
            briefings: &rows.briefings,
        }
    }

    /// Every note on them, row by row. What was retracted, cancelled or superseded has none.
    pub fn notes(self) -> Vec<Note> {
        let mut notes = self.published();
        notes.extend(self.around());
        notes
    }

    /// Those on what a review publishes.
    fn published(self) -> Vec<Note> {
        let review = self.review;
        let mut notes = Vec::new();
        noted!(notes, review, Review, [review]);
        let events = self.events.iter();
        let events = events.filter(|row| row.retracted_at.is_none());
        noted!(notes, review, Event, events);
        let decisions = self.decisions.iter();
        let decisions = decisions.filter(|row| row.retracted_at.is_none());
        noted!(notes, review, Decision, decisions);
        let communications = self.communications.iter();
        let communications = communications.filter(|row| row.retracted_at.is_none());
        noted!(notes, review, Communication, communications);
        noted!(notes, review, Assessment, self.assessments);
        noted!(notes, review, Impact, self.impacts);
        let findings = self.findings.iter();
        let findings = findings.filter(|row| row.retracted_at.is_none());
        noted!(notes, review, Finding, findings);
        noted!(notes, review, Recommendation, self.recommendations);
        noted!(notes, review, Action, self.actions);
        noted!(notes, review, Lesson, self.lessons);
        notes
    }

    /// Those on what is said around it: in its sessions, and of what came of it.
    fn around(self) -> Vec<Note> {
        let review = self.review;
        let mut notes = Vec::new();
        let cancelled = |id| {
            let mut sessions = self.workshops.iter();
            sessions.any(|row| row.id == id && row.status == WorkshopStatus::Cancelled)
        };
        let workshops = self.workshops.iter();
        let workshops = workshops.filter(|row| !cancelled(row.id));
        noted!(notes, review, Workshop, workshops);
        let said = self.contributions.iter();
        let said = said.filter(|row| !cancelled(row.workshop_id));
        noted!(notes, review, Contribution, said);
        let groups = self.groups.iter();
        let groups = groups.filter(|row| !cancelled(row.workshop_id));
        noted!(notes, review, ContributionGroup, groups);
        noted!(notes, review, Progress, self.progress, below action_id);
        noted!(notes, review, Verification, self.verifications, below action_id);
        noted!(notes, review, Obligation, self.obligations);
        noted!(notes, review, ImprovementMeasure, self.measures);
        let briefings = self.briefings.iter();
        let briefings = briefings.filter(|row| row.status != BriefingStatus::Superseded);
        noted!(notes, review, Briefing, briefings);
        notes
    }
}

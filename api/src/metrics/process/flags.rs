//! What holds of a review. Pure.

use entity::Timestamp;
use entity::vocabulary::{
    FeedbackOccasion, FindingKind, ObligationStatus, ReviewStatus, StakeholderFunction,
};

use super::due::{Outcome, outcome};
use super::item::Item;
use super::records_body::ProcessFlag;
use crate::workshops::presence::Presence;
use crate::workshops::readiness::Facilitation;

impl Item {
    /// Whether something holds of it.
    pub(super) fn is(&self, flag: ProcessFlag, now: Timestamp) -> bool {
        use ProcessFlag as F;
        let once = |to: ReviewStatus| self.first(to).is_some();
        let has = |kinds: &[FindingKind]| kinds.iter().any(|kind| self.findings_of(*kind) > 0);
        match flag {
            F::WorkshopOnTime => self.workshop_outcome(now) == Some(Outcome::OnTime),
            F::WorkshopLate => self.workshop_outcome(now) == Some(Outcome::Late),
            F::WorkshopOverdue => self.workshop_outcome(now) == Some(Outcome::Overdue),
            F::WorkshopDue => self.workshop_outcome(now).is_some(),
            F::WorkshopPutOff => self.workshop_due.is_put_off(),
            F::PublishedOnTime => self.publication_outcome(now) == Some(Outcome::OnTime),
            F::PublishedLate => self.publication_outcome(now) == Some(Outcome::Late),
            F::PublicationOverdue => self.publication_outcome(now) == Some(Outcome::Overdue),
            F::PublicationDue => self.publication_outcome(now).is_some(),
            F::PublicationPutOff => self.publication_due.is_put_off(),
            F::Submitted => once(ReviewStatus::InReview),
            F::SentBack => self.returns().0 > 0,
            F::Finished => {
                self.published_at().is_some()
                    || once(ReviewStatus::Waived)
                    || once(ReviewStatus::Cancelled)
            }
            F::Reopened => self.returns().1 > 0,
            F::Waived => self.status == ReviewStatus::Waived,
            F::Cancelled => self.status == ReviewStatus::Cancelled,
            F::HadSession => !self.sessions.is_empty(),
            F::WorkshopHeld => self.workshop_at().is_some(),
            F::FunctionAbsent => self.absent().next().is_some(),
            F::LedNeutrally => self.was_led(Facilitation::Neutral),
            F::LedByOverride => self.was_led(Facilitation::Overridden),
            F::LedInConflict => self.was_led(Facilitation::Conflicted),
            F::LedByNobody => self.was_led(Facilitation::Nobody),
            F::WithoutEvents => self.events == 0,
            F::WithCause => has(&[FindingKind::RootCause, FindingKind::ContributingFactor]),
            F::WithStrength => has(&[FindingKind::Strength]),
            F::Complete => self.completeness == 100,
            F::WithFeedback => !self.feedback.is_empty(),
            F::LessonWaiting => self.lessons.iter().any(|lesson| lesson.is_waiting()),
            F::ObligationUnmet => self.obligations.iter().any(|one| one.is_unmet()),
        }
    }

    /// Whether one of its workshops was held without any of these functions, and nobody said why.
    pub(super) fn lacked(&self, functions: &[StakeholderFunction]) -> bool {
        let mut absent = self.absent();
        absent.any(|function| functions.contains(&function))
    }

    /// Whether it has an obligation in any of these states.
    pub(super) fn has_obligation(&self, states: &[ObligationStatus]) -> bool {
        let mut all = self.obligations.iter();
        all.any(|one| states.contains(&one.status))
    }

    /// Whether it has a round of feedback of any of these occasions whose summary shows something.
    pub(super) fn has_feedback(&self, occasions: &[FeedbackOccasion]) -> bool {
        let mut rounds = self.feedback.iter();
        rounds.any(|one| occasions.contains(&one.occasion))
    }

    fn absent(&self) -> impl Iterator<Item = StakeholderFunction> + '_ {
        let sessions = self.sessions.iter();
        sessions.flat_map(|one| one.functions(Presence::Absent))
    }

    fn is_at_work(&self) -> bool {
        matches!(
            self.status,
            ReviewStatus::Draft | ReviewStatus::InProgress | ReviewStatus::InReview
        )
    }

    fn workshop_outcome(&self, now: Timestamp) -> Option<Outcome> {
        let held = self.workshop_at();
        outcome(self.workshop_due, held, self.is_at_work(), now)
    }

    fn publication_outcome(&self, now: Timestamp) -> Option<Outcome> {
        let published = self.published_at();
        outcome(self.publication_due, published, self.is_at_work(), now)
    }

    fn was_led(&self, facilitation: Facilitation) -> bool {
        let mut sessions = self.sessions.iter();
        sessions.any(|one| one.facilitation == facilitation)
    }
}

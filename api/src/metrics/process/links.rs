//! Addresses of the lists behind process numbers.

use entity::vocabulary::{
    FeedbackOccasion, FindingKind, ObligationStatus, ReviewStatus, StakeholderFunction,
};

use super::body::ReviewFilter;
use super::records_body::{ProcessDuration, ProcessFlag};
use crate::metrics::link::Link;

/// The filter that leads to some reviews, if one does.
#[derive(Clone, Debug)]
pub(super) struct Records(pub(super) Option<ReviewFilter>);

impl Records {
    fn link(&self) -> Option<Link> {
        let filter = self.0.as_ref()?;
        Some(Link::to("/api/v1/metrics/process/records").with_all(filter))
    }

    /// All of them.
    pub(super) fn url(&self) -> Option<String> {
        self.link().map(Link::into_string)
    }

    /// Those of which something holds.
    pub(super) fn of_flag(&self, flag: ProcessFlag) -> Option<String> {
        Some(self.link()?.with("is", flag.as_str()).into_string())
    }

    /// Those whose duration was measured.
    pub(super) fn measured(&self, which: ProcessDuration) -> Option<String> {
        let link = self.link()?.with("duration", which.as_str());
        Some(link.with("standing", "measured").into_string())
    }

    /// Those with a finding of a kind.
    pub(super) fn with_finding(&self, kind: FindingKind) -> Option<String> {
        Some(
            self.link()?
                .with("finding_kind", kind.as_str())
                .into_string(),
        )
    }

    /// Those with a workshop that was held without a function.
    pub(super) fn without_function(&self, function: StakeholderFunction) -> Option<String> {
        let link = self.link()?.with("absent_function", function.as_str());
        Some(link.into_string())
    }

    /// Those with an obligation in any of these states.
    pub(super) fn with_obligations(&self, states: &[ObligationStatus]) -> Option<String> {
        let link = states.iter().fold(self.link()?, |link, status| {
            link.with("obligation_status", status.as_str())
        });
        Some(link.into_string())
    }

    /// Those with a round of feedback of an occasion whose summary shows something.
    pub(super) fn with_feedback(&self, occasion: FeedbackOccasion) -> Option<String> {
        let link = self.link()?.with("feedback_occasion", occasion.as_str());
        Some(link.into_string())
    }

    /// Those in a state; nothing when the filter excludes it.
    pub(super) fn in_state(&self, status: ReviewStatus) -> Option<String> {
        let filter = self.0.as_ref()?;
        let asked = filter.status.is_empty() || filter.status.contains(&status);
        let narrowed = Self(asked.then(|| ReviewFilter {
            status: vec![status],
            ..filter.clone()
        }));
        narrowed.url()
    }
}

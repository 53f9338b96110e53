//! Which decisions a recommendation's disposition allows, and what a decision must say. Pure.

use chrono::NaiveDate;
use entity::review::Model as Review;
use entity::shared::Person;
use entity::vocabulary::{Disposition, ReviewStatus};

use super::input::ProposeRecommendation;
use super::steps::AcceptRecommendation;
use crate::kernel::error::{Error, Fault, Result};
use crate::people::owner_among;
use crate::references::repeated;
use crate::reviews;

/// A decision about a recommendation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// It will be carried out.
    Accept,
    /// The decision is put off.
    Defer,
    /// It will not be carried out.
    Reject,
    /// It will not be carried out, and the risk is borne.
    AcceptRisk,
    /// Another one says the same.
    Duplicate,
    /// It is open again.
    Repropose,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Self; 6] = [
        Self::Accept,
        Self::Defer,
        Self::Reject,
        Self::AcceptRisk,
        Self::Duplicate,
        Self::Repropose,
    ];

    /// What the recommendation is then.
    pub fn target(self) -> Disposition {
        match self {
            Self::Accept => Disposition::Accepted,
            Self::Defer => Disposition::Deferred,
            Self::Reject => Disposition::Rejected,
            Self::AcceptRisk => Disposition::RiskAccepted,
            Self::Duplicate => Disposition::Duplicate,
            Self::Repropose => Disposition::Proposed,
        }
    }

    /// What the audit log calls it.
    pub fn audit_name(self) -> &'static str {
        match self {
            Self::Accept => "recommendation.accept",
            Self::Defer => "recommendation.defer",
            Self::Reject => "recommendation.reject",
            Self::AcceptRisk => "recommendation.accept_risk",
            Self::Duplicate => "recommendation.duplicate",
            Self::Repropose => "recommendation.repropose",
        }
    }
}

/// Where a verb leads from a disposition, or nothing where it is not allowed.
///
/// | from | accept | defer | reject | accept risk | duplicate | repropose |
/// | --- | --- | --- | --- | --- | --- | --- |
/// | proposed, deferred | yes | yes | yes | yes | yes | deferred only |
/// | accepted | takes in more actions | | | | | yes |
/// | risk accepted | | | | renews | | yes |
/// | rejected, duplicate | | | | | | yes |
pub fn after(from: Disposition, verb: Verb) -> Option<Disposition> {
    use Disposition::{Accepted, Deferred, Duplicate, Proposed, Rejected, RiskAccepted};
    let allowed = match (from, verb) {
        (Proposed, verb) => verb != Verb::Repropose,
        (Deferred, _)
        | (Accepted, Verb::Accept | Verb::Repropose)
        | (RiskAccepted, Verb::AcceptRisk | Verb::Repropose)
        | (Rejected | Duplicate, Verb::Repropose) => true,
        _ => false,
    };
    allowed.then(|| verb.target())
}

/// What a verb makes of a disposition; a conflict where it is not allowed.
pub fn decided(from: Disposition, verb: Verb) -> Result<Disposition> {
    after(from, verb).ok_or_else(|| {
        let wanted = match verb {
            Verb::Accept => "it can't be accepted",
            Verb::Defer => "it can't be deferred",
            Verb::Reject => "it can't be rejected",
            Verb::AcceptRisk => "its risk can't be accepted",
            Verb::Duplicate => "it can't be marked as a duplicate",
            Verb::Repropose => "there is nothing to take back",
        };
        let detail = format!("the recommendation is {from}; {wanted}");
        let fault = Fault::of(&format!("recommendation_is_{from}"), detail.clone());
        Error::state(detail, vec![fault])
    })
}

/// Refuses a decision that the review's state does not take: actions are not committed in what is
/// closed, and nothing is decided in what was waived or cancelled.
pub fn require_decidable(review: ReviewStatus, verb: Verb) -> Result<()> {
    match review {
        ReviewStatus::Waived | ReviewStatus::Cancelled => Err(reviews::service::refused(review)),
        ReviewStatus::Closed if verb == Verb::Accept => Err(reviews::service::refused(review)),
        _ => Ok(()),
    }
}

/// The faults of a body that its schema cannot show. A title may still come from elsewhere.
pub fn check(recommendation: &ProposeRecommendation, needs_title: bool) -> Vec<Fault> {
    let mut faults = Vec::new();
    if needs_title && recommendation.title.is_none() {
        let detail = "is required without a template";
        faults.push(Fault::at("/title", "required", detail));
    }
    let tags = recommendation.tags.as_deref().unwrap_or_default();
    faults.extend(repeated("/tags", tags));
    let refs: Vec<_> = recommendation
        .external_refs
        .iter()
        .map(|one| (&one.system, &one.id))
        .collect();
    faults.extend(repeated("/external_refs", &refs));
    faults
}

/// The faults of an acceptance that its schema cannot show.
pub fn check_acceptance(given: &AcceptRecommendation) -> Vec<Fault> {
    let mut faults = repeated("/action_ids", &given.action_ids);
    if given.actions.is_empty() && given.action_ids.is_empty() {
        let detail = "give at least one new action or the id of one that is there";
        faults.push(Fault::at("", "no_action", detail));
    }
    faults
}

/// The fault of a date that has to come after today.
pub fn check_date(pointer: &str, date: NaiveDate, today: NaiveDate) -> Vec<Fault> {
    let passed =
        (date <= today).then(|| Fault::at(pointer, "in_the_past", "must be after today (UTC)"));
    passed.into_iter().collect()
}

/// Refuses an approver, or somebody who names one, who owns the review.
pub fn require_other(review: &Review, approver: &Person, caller: &Person) -> Result<()> {
    let owners = reviews::service::owners(review);
    let Some(own) = owner_among(&owners, [approver, caller]) else {
        return Ok(());
    };
    let detail = format!("{} owns the review; somebody else has to", own.name);
    let fault = Fault::of("approver_is_owner", detail.clone());
    Err(Error::state(detail, vec![fault]))
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable as _;

    use super::*;

    #[test]
    fn every_disposition_takes_its_own_verbs_only() {
        use Verb::{Accept, AcceptRisk, Defer, Duplicate, Reject, Repropose};
        for from in Disposition::iter() {
            let allowed: &[Verb] = match from {
                Disposition::Proposed => &[Accept, Defer, Reject, AcceptRisk, Duplicate],
                Disposition::Accepted => &[Accept, Repropose],
                Disposition::Deferred => &Verb::ALL,
                Disposition::RiskAccepted => &[AcceptRisk, Repropose],
                Disposition::Rejected | Disposition::Duplicate => &[Repropose],
            };
            for verb in Verb::ALL {
                let expected = allowed.contains(&verb).then(|| verb.target());
                assert_eq!(after(from, verb), expected, "{from} {verb:?}");
                assert_eq!(decided(from, verb).ok(), expected, "{from} {verb:?}");
            }
        }
    }

    #[test]
    fn a_review_that_has_ended_takes_no_new_commitment() {
        for status in ReviewStatus::iter() {
            let over = matches!(status, ReviewStatus::Waived | ReviewStatus::Cancelled);
            let closed = status == ReviewStatus::Closed;
            for verb in Verb::ALL {
                let refused = over || closed && verb == Verb::Accept;
                let found = require_decidable(status, verb).is_err();
                assert_eq!(found, refused, "{status} {verb:?}");
            }
        }
    }

    #[test]
    fn today_is_too_early() {
        let day = |text| entity::time::parse_date(text).expect("a date");
        let today = day("2026-11-23");
        assert!(check_date("/until", day("2026-11-24"), today).is_empty());
        for early in ["2026-11-23", "2026-11-22"] {
            let faults = check_date("/until", day(early), today);
            assert_eq!(faults[0].code, "in_the_past", "{early}");
        }
    }
}

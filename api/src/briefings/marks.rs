//! Whom a review may be told to, and what of it, by its marks. No HTTP, no SQL, no clock.

use entity::review::Model as Review;
use entity::vocabulary::{
    BriefingAudience, BriefingSection, OmissionReason, ReviewStatus, Tlp, Visibility,
};

use crate::kernel::error::Fault;

/// What decides whom a review may be told to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    /// How far it may be passed on.
    pub tlp: Tlp,
    /// Whether it is under legal privilege.
    pub legal_privilege: bool,
    /// Whether it exists for its members only.
    pub is_restricted: bool,
    /// Whether it was published and not reopened since.
    pub is_published: bool,
}

impl From<&Review> for Marks {
    fn from(review: &Review) -> Self {
        Self {
            tlp: review.tlp,
            legal_privilege: review.legal_privilege,
            is_restricted: review.visibility == Visibility::Restricted,
            is_published: matches!(
                review.status,
                ReviewStatus::Published | ReviewStatus::Closed
            ),
        }
    }
}

/// Why an audience may not be told of a review at all; every reason.
pub fn refusals(audience: BriefingAudience, marks: Marks) -> Vec<Fault> {
    let outside = audience == BriefingAudience::External;
    let many = outside || audience == BriefingAudience::Internal;
    let is_held_back = match marks.tlp {
        Tlp::Red => many,
        Tlp::AmberStrict | Tlp::Amber => outside,
        Tlp::Green | Tlp::Clear => false,
    };
    let reasons = [
        (
            is_held_back,
            "tlp_forbids_audience",
            format!(
                "{} must not reach the audience {audience}",
                marks.tlp.label()
            ),
        ),
        (
            many && marks.is_restricted,
            "restricted_review",
            "a restricted review is told to named members only".to_owned(),
        ),
        (
            outside && marks.legal_privilege,
            "privilege_forbids_audience",
            "to tell outsiders could end the legal privilege".to_owned(),
        ),
        (
            outside && !marks.is_published,
            "review_not_published",
            "outsiders are told what was published only".to_owned(),
        ),
    ];
    let broken = reasons.into_iter().filter(|(broken, ..)| *broken);
    broken
        .map(|(_, code, detail)| Fault::of(code, detail))
        .collect()
}

/// Whether only members of the review may be given a briefing of it.
pub fn is_for_members_only(marks: Marks) -> bool {
    marks.is_restricted || marks.tlp == Tlp::Red
}

/// Why a part is left out for an audience; nothing, when it is not.
pub fn omission(
    section: BriefingSection,
    audience: BriefingAudience,
    marks: Marks,
) -> Option<OmissionReason> {
    use BriefingSection as Section;
    let is_analysis = matches!(
        section,
        Section::Summary
            | Section::Causes
            | Section::Assessments
            | Section::Strengths
            | Section::Gaps
            | Section::Recommendations
            | Section::Lessons
    );
    let is_weakness = matches!(
        section,
        Section::Assessments | Section::Gaps | Section::Recommendations | Section::Obligations
    );
    if marks.legal_privilege && is_analysis && audience != BriefingAudience::Legal {
        Some(OmissionReason::LegalPrivilege)
    } else if audience == BriefingAudience::External && is_weakness {
        Some(OmissionReason::Audience)
    } else {
        None
    }
}

/// Whether an audience is told who does what.
pub fn shows_names(audience: BriefingAudience) -> bool {
    audience != BriefingAudience::External
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable as _;

    use super::*;

    const OPEN: Marks = Marks {
        tlp: Tlp::Clear,
        legal_privilege: false,
        is_restricted: false,
        is_published: true,
    };

    fn codes(audience: BriefingAudience, marks: Marks) -> Vec<String> {
        let refused = refusals(audience, marks).into_iter();
        refused.map(|fault| fault.code).collect()
    }

    #[test]
    fn every_mark_keeps_its_audiences_away() {
        use BriefingAudience::{External, Internal};
        let tlp = |tlp| Marks { tlp, ..OPEN };
        for (marks, away, code) in [
            (
                tlp(Tlp::Red),
                &[Internal, External][..],
                "tlp_forbids_audience",
            ),
            (tlp(Tlp::AmberStrict), &[External], "tlp_forbids_audience"),
            (tlp(Tlp::Amber), &[External], "tlp_forbids_audience"),
            (tlp(Tlp::Green), &[], ""),
            (OPEN, &[], ""),
            (
                Marks {
                    is_restricted: true,
                    ..OPEN
                },
                &[Internal, External],
                "restricted_review",
            ),
            (
                Marks {
                    legal_privilege: true,
                    ..OPEN
                },
                &[External],
                "privilege_forbids_audience",
            ),
            (
                Marks {
                    is_published: false,
                    ..OPEN
                },
                &[External],
                "review_not_published",
            ),
        ] {
            for audience in BriefingAudience::iter() {
                let expected: &[&str] = if away.contains(&audience) {
                    &[code]
                } else {
                    &[]
                };
                assert_eq!(codes(audience, marks), expected, "{audience} {marks:?}");
            }
        }
    }

    #[test]
    fn all_reasons_are_told_at_once() {
        let marks = Marks {
            tlp: Tlp::Red,
            legal_privilege: true,
            is_restricted: true,
            is_published: false,
        };
        assert_eq!(codes(BriefingAudience::External, marks).len(), 4);
        assert!(is_for_members_only(marks) && !is_for_members_only(OPEN));
    }

    #[test]
    fn privileged_analysis_is_for_legal_and_weaknesses_are_not_for_outsiders() {
        use BriefingSection::{Causes, Gaps, Timeline};
        let privileged = Marks {
            legal_privilege: true,
            ..OPEN
        };
        for section in BriefingSection::iter() {
            let omitted = |audience, marks| omission(section, audience, marks);
            assert_eq!(omitted(BriefingAudience::Legal, privileged), None);
            assert_eq!(omitted(BriefingAudience::Leadership, OPEN), None);
        }
        let leadership = |section| omission(section, BriefingAudience::Leadership, privileged);
        assert_eq!(leadership(Causes), Some(OmissionReason::LegalPrivilege));
        assert_eq!(leadership(Timeline), None);
        let outside = |section| omission(section, BriefingAudience::External, OPEN);
        assert_eq!(outside(Gaps), Some(OmissionReason::Audience));
        assert_eq!(outside(Causes), None);
    }
}

//! Where something that is missing would go: the operation that adds it. Pure.

use entity::vocabulary::{AssessmentDimension, ImpactDimension, ImpactSnapshot, ReviewStatus};
use uuid::Uuid;

/// The operation that would add something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// An incident's own record.
    Incident(Uuid),
    /// The chronology.
    Chronology,
    /// The decision log.
    Decisions,
    /// A logged decision.
    Decision(Uuid),
    /// The communication log.
    Communications,
    /// A logged communication.
    Communication(Uuid),
    /// The assessment of a dimension.
    Assessment(AssessmentDimension),
    /// The estimate of a dimension.
    Impact(ImpactSnapshot, ImpactDimension),
    /// The findings.
    Findings,
    /// A finding.
    Finding(Uuid),
    /// The recommendations.
    Recommendations,
    /// A decision about a recommendation.
    Disposition(Uuid),
    /// The actions.
    Actions,
    /// An action.
    Action(Uuid),
    /// The lessons.
    Lessons,
    /// A lesson.
    Lesson(Uuid),
}

/// An operation by all its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its name in the document.
    pub id: &'static str,
    /// Its method.
    pub method: &'static str,
    /// Its path.
    pub path: String,
}

impl Place {
    /// The operation, in a review that stands somewhere.
    pub fn operation(self, review: Uuid, status: ReviewStatus) -> Operation {
        let below = |id, method, path: String| Operation {
            id,
            method,
            path: format!("/api/v1/reviews/{review}{path}"),
        };
        match self {
            Self::Incident(incident) => Operation {
                id: "update_incident",
                method: "PATCH",
                path: format!("/api/v1/incidents/{incident}"),
            },
            Self::Chronology => below("append_event", "POST", "/events".to_owned()),
            Self::Decisions => below("append_decision", "POST", "/decisions".to_owned()),
            Self::Decision(id) => below("amend_decision", "POST", format!("/decisions/{id}/amend")),
            Self::Communications => {
                below("append_communication", "POST", "/communications".to_owned())
            }
            Self::Communication(id) => below(
                "amend_communication",
                "POST",
                format!("/communications/{id}/amend"),
            ),
            Self::Assessment(dimension) => {
                below("put_assessment", "PUT", format!("/assessments/{dimension}"))
            }
            Self::Impact(snapshot, dimension) => below(
                "put_impact",
                "PUT",
                format!("/impacts/{snapshot}/{dimension}"),
            ),
            Self::Findings => below("record_finding", "POST", "/findings".to_owned()),
            Self::Finding(id) if is_out(status) => {
                below("amend_finding", "POST", format!("/findings/{id}/amend"))
            }
            Self::Finding(id) => below("update_finding", "PATCH", format!("/findings/{id}")),
            Self::Recommendations => below(
                "propose_recommendation",
                "POST",
                "/recommendations".to_owned(),
            ),
            Self::Disposition(id) => below(
                "accept_recommendation",
                "POST",
                format!("/recommendations/{id}/accept"),
            ),
            Self::Actions => below("create_action", "POST", "/actions".to_owned()),
            Self::Action(id) => below("update_action", "PATCH", format!("/actions/{id}")),
            Self::Lessons => below("record_lesson", "POST", "/lessons".to_owned()),
            Self::Lesson(id) => below("update_lesson", "PATCH", format!("/lessons/{id}")),
        }
    }

    /// Whether a review that stands there has to be reopened first.
    pub fn needs_reopening(self, status: ReviewStatus) -> bool {
        let is_given_up = matches!(status, ReviewStatus::Waived | ReviewStatus::Cancelled);
        match self {
            Self::Incident(_) | Self::Action(_) => false,
            Self::Decision(_)
            | Self::Communication(_)
            | Self::Finding(_)
            | Self::Impact(ImpactSnapshot::Final, _) => is_given_up,
            Self::Recommendations
            | Self::Disposition(_)
            | Self::Actions
            | Self::Lessons
            | Self::Lesson(_) => is_given_up || status == ReviewStatus::Closed,
            Self::Chronology
            | Self::Decisions
            | Self::Communications
            | Self::Assessment(_)
            | Self::Impact(..)
            | Self::Findings => is_given_up || is_out(status),
        }
    }
}

/// Whether the review was made known.
fn is_out(status: ReviewStatus) -> bool {
    matches!(status, ReviewStatus::Published | ReviewStatus::Closed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi;

    const EVERY: [Place; 16] = [
        Place::Incident(Uuid::nil()),
        Place::Chronology,
        Place::Decisions,
        Place::Decision(Uuid::nil()),
        Place::Communications,
        Place::Communication(Uuid::nil()),
        Place::Assessment(AssessmentDimension::Recovery),
        Place::Impact(ImpactSnapshot::Final, ImpactDimension::Reputation),
        Place::Findings,
        Place::Finding(Uuid::nil()),
        Place::Recommendations,
        Place::Disposition(Uuid::nil()),
        Place::Actions,
        Place::Action(Uuid::nil()),
        Place::Lessons,
        Place::Lesson(Uuid::nil()),
    ];

    /// Whether a path has what a template asks for.
    fn fits(template: &str, path: &str) -> bool {
        let [wanted, found] = [template, path].map(|one| one.split('/').collect::<Vec<_>>());
        let mut pairs = wanted.iter().zip(&found);
        wanted.len() == found.len()
            && pairs.all(|(wanted, found)| wanted == found || wanted.starts_with('{'))
    }

    #[test]
    fn every_place_is_an_operation_of_the_document() {
        let document = openapi::document();
        let paths = document["paths"].as_object().expect("paths");
        for place in EVERY {
            for status in [ReviewStatus::InProgress, ReviewStatus::Published] {
                let operation = place.operation(Uuid::nil(), status);
                let found = paths.iter().any(|(template, methods)| {
                    let own = &methods[operation.method.to_lowercase()];
                    own["operationId"] == operation.id && fits(template, &operation.path)
                });
                assert!(found, "{operation:?}");
            }
        }
    }

    #[test]
    fn what_was_made_known_takes_amendments_and_what_goes_on_living() {
        use ReviewStatus::{Cancelled, Closed, Draft, InProgress, InReview, Published, Waived};
        for status in [Draft, InProgress, InReview] {
            assert!(EVERY.iter().all(|place| !place.needs_reopening(status)));
        }
        let open = |status: ReviewStatus| {
            let open = EVERY.iter().filter(|place| !place.needs_reopening(status));
            open.count()
        };
        assert_eq!(open(Published), 11);
        assert_eq!(open(Closed), 6);
        assert_eq!((open(Waived), open(Cancelled)), (2, 2));
        let initial = Place::Impact(ImpactSnapshot::Initial, ImpactDimension::Financial);
        assert!(initial.needs_reopening(Published));
    }
}

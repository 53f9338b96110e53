//! The kinds of resource that search finds and the feed of changes tells of: what each is called in the
//! audit log, which scope reads it, and where it is read.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::access::{Caller, Scope};

/// Defines the kinds. In an address, `{id}` is the resource, `{review}` the review that it is in, and
/// `{parent}` what else it is part of, and `{within}` what of that.
macro_rules! kinds {
    ($($variant:ident $name:tt $scope:ident $address:tt $text:tt;)+) => {
        /// A kind of resource.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[schema(example = "finding")]
        pub enum ResourceKind { $(#[doc = $text] #[serde(rename = $name)] $variant,)+ }

        impl ResourceKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The scope that reads it.
            pub fn scope(self) -> Scope {
                match self { $(Self::$variant => Scope::$scope,)+ }
            }

            fn address(self) -> &'static str {
                match self { $(Self::$variant => $address,)+ }
            }
        }
    };
}

kinds! {
    Incident "incident" IncidentsRead "/incidents/{id}" "An incident.";
    Review "review" ReviewsRead "/reviews/{id}" "A review.";
    Participant "participant" ReviewsRead "/reviews/{review}/participants/{id}" "Somebody in a review.";
    Event "event" ReviewsRead "/reviews/{review}/events/{id}" "A moment of a chronology.";
    Decision "decision" ReviewsRead "/reviews/{review}/decisions/{id}" "A decision that was taken.";
    Communication "communication" ReviewsRead "/reviews/{review}/communications/{id}" "One flow of information.";
    Assessment "assessment" ReviewsRead "/reviews/{review}/assessments?id={id}" "How well one dimension of the response went.";
    Impact "impact" ReviewsRead "/reviews/{review}/impacts?id={id}" "What an incident cost in one dimension.";
    Finding "finding" ReviewsRead "/reviews/{review}/findings/{id}" "What a review established.";
    Action "action" ActionsRead "/reviews/{review}/actions/{id}" "A committed improvement.";
    Progress "progress" ActionsRead "/reviews/{review}/actions/{parent}/progress/{id}" "What was reported of an action.";
    Verification "verification" ActionsRead "/reviews/{review}/actions/{parent}/verifications/{id}" "The proof that an action works, or does not.";
    Recommendation "recommendation" ReviewsRead "/reviews/{review}/recommendations/{id}" "A proposed improvement.";
    RecommendationTemplate "recommendation_template" ReviewsRead "/recommendation-templates/{id}" "A recommendation of the library.";
    Lesson "lesson" ReviewsRead "/reviews/{review}/lessons/{id}" "What should be remembered.";
    Document "document" DocumentsRead "/documents/{id}" "A plan, playbook, policy or other text of the organisation.";
    DocumentRevision "document_revision" DocumentsRead "/documents/{parent}/revisions/{id}" "A revision of a document.";
    DocumentAcknowledgement "document_acknowledgement" DocumentsRead "/documents/{parent}/revisions/{within}/acknowledgements/{id}" "That somebody has read a revision.";
    Workshop "workshop" ReviewsRead "/workshops/{id}" "A session of a review.";
    Invitation "invitation" ReviewsRead "/workshops/{parent}/invitations/{id}" "An invitation to a workshop.";
    FeedbackRound "feedback_round" ReviewsRead "/feedback-rounds/{id}" "A round in which people say what they think of a review.";
    Briefing "briefing" ReviewsRead "/briefings/{id}" "Key findings of a review for an audience.";
    Board "board" ReviewsRead "/workshops/{id}/board" "How contributions to a workshop are collected, grouped and voted on; named by the workshop.";
    Contribution "contribution" ReviewsRead "/contributions/{id}" "What somebody said before or in a workshop.";
    ContributionGroup "contribution_group" ReviewsRead "/contribution-groups/{id}" "Contributions that belong together.";
    Obligation "obligation" ReviewsRead "/reviews/{review}/obligations/{id}" "A regulatory clock.";
    Regime "regime" ReviewsRead "/regimes/{id}" "What a regulator asks for, by when.";
    Policy "policy" ReviewsRead "/policies/{id}" "Which reviews are mandatory and what they must have.";
    Calendar "calendar" ReviewsRead "/calendars/{id}" "When an organisation works.";
    Deadline "deadline" ActionsRead "/deadlines?id={id}" "A date by which something is due.";
    ImprovementMeasure "improvement_measure" ReviewsRead "/reviews/{review}/improvement-measures/{id}" "Whether an improvement helped.";
    MeasureEvaluation "measure_evaluation" MetricsRead "/reviews/{review}/improvement-measures/{parent}/evaluations/{id}" "What a measure came to on a day.";
    WordingAcknowledgement "wording_acknowledgement" ReviewsRead "/reviews/{review}/wording-notes?id={id}" "That a phrase is left as it is written.";
    ApiKey "api_key" KeysManage "/api-keys/{id}" "An API key.";
    Organization "organization" OrganizationManage "/organization" "The organisation itself.";
}

/// What a resource belongs to, as far as that is known and its address needs it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The review.
    pub review: Option<Uuid>,
    /// An action, a document, a workshop, a measure.
    pub parent: Option<Uuid>,
    /// A part of that: a revision of the document.
    pub within: Option<Uuid>,
}

impl Places {
    /// Of what lies in a review, and in nothing else of it.
    pub fn of(review: Uuid) -> Self {
        Self {
            review: Some(review),
            ..Self::default()
        }
    }
}

impl ResourceKind {
    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }

    /// Whether the caller may read resources of this kind.
    pub fn is_readable_by(self, caller: &Caller) -> bool {
        caller.scopes.contains(self.scope())
    }

    /// Where a resource is read, as far as what its address needs is known.
    pub fn href(self, id: Uuid, places: Places) -> Option<String> {
        let mut address = format!("/api/v1{}", self.address());
        let places = [
            ("{id}", Some(id)),
            ("{review}", places.review),
            ("{parent}", places.parent),
            ("{within}", places.within),
        ];
        for (place, id) in places {
            if address.contains(place) {
                address = address.replace(place, &id?.to_string());
            }
        }
        Some(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_needs_all_that_it_names() {
        let [id, review, parent] = [1, 2, 3].map(Uuid::from_u128);
        let event = ResourceKind::Event;
        let in_review = Places {
            review: Some(review),
            ..Places::default()
        };
        let in_parent = Places {
            parent: Some(parent),
            ..in_review
        };
        assert_eq!(
            event.href(id, in_review),
            Some(format!("/api/v1/reviews/{review}/events/{id}"))
        );
        assert_eq!(event.href(id, Places::default()), None);
        assert_eq!(
            ResourceKind::Progress.href(id, in_parent),
            Some(format!(
                "/api/v1/reviews/{review}/actions/{parent}/progress/{id}"
            ))
        );
        assert_eq!(
            ResourceKind::Organization.href(id, Places::default()),
            Some("/api/v1/organization".to_owned())
        );
    }

    #[test]
    fn every_kind_is_found_by_its_name() {
        for kind in ResourceKind::ALL {
            assert_eq!(ResourceKind::from_name(kind.as_str()), Some(*kind));
        }
        assert_eq!(ResourceKind::from_name("nothing"), None);
    }
}

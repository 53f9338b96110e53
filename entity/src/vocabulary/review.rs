//! What is said of a review as a whole: its kind, depth and status, whether it is required, who may see it.

use super::define::vocabulary;

vocabulary! {
    /// What a review looks back on.
    pub enum ReviewKind: "review_kind" from "ISO/IEC 27035, NIST CSF 2.0 ID.IM-02" {
        Incident = "incident", "Incident",
            "One or more security incidents that took place.";
        NearMiss = "near_miss", "Near miss",
            "Something that could have become an incident and did not.";
        Exercise = "exercise", "Exercise",
            "A tabletop, simulation or test of the response.";
        Thematic = "thematic", "Thematic",
            "A theme that runs through several incidents.";
    }

    /// How thoroughly a review is carried out.
    pub enum ReviewDepth: "review_depth" from "Howie guide" {
        Lightweight = "lightweight", "Lightweight",
            "A short chronology and the main findings, with little or no interviewing.";
        Standard = "standard", "Standard",
            "A full chronology, assessments, findings and a workshop.";
        InDepth = "in_depth", "In depth",
            "Interviews, causal analysis and several sessions for incidents that promise most to learn.";
    }

    /// Where a review stands.
    pub enum ReviewStatus: "review_status" from "Debrief" {
        Draft = "draft", "Draft",
            "The review has been opened and its work has not begun.";
        InProgress = "in_progress", "In progress",
            "Facts, assessments and findings are being gathered.";
        InReview = "in_review", "In review",
            "The work is submitted and awaits approval.";
        Published = "published", "Published",
            "The review is approved and its content is frozen, save by amendment.";
        Closed = "closed", "Closed",
            "Every action and every lesson has reached its end.";
        Waived = "waived", "Waived",
            "An approver decided, with a reason, that the review need not be held.";
        Cancelled = "cancelled", "Cancelled",
            "The review was opened in error or is no longer needed.";
    }

    /// Whether something must be done.
    pub enum Requirement: "requirement" from "Debrief" {
        Mandatory = "mandatory", "Mandatory",
            "It must be done; only a recorded waiver lifts it.";
        Recommended = "recommended", "Recommended",
            "It should be done unless there is a good reason not to.";
        Optional = "optional", "Optional",
            "It is left to those in charge.";
    }

    /// Who in the organisation may see a review.
    pub enum Visibility: "visibility" from "Debrief" {
        Organization = "organization", "Organisation",
            "Everybody in the organisation who may read reviews.";
        Restricted = "restricted", "Restricted",
            "Only the members of the review and administrators.";
    }

    /// How far information may be shared, by the Traffic Light Protocol.
    pub enum Tlp: "tlp" from "FIRST TLP 2.0" {
        Red = "red", "TLP:RED",
            "For the eyes and ears of the individual recipients only.";
        AmberStrict = "amber_strict", "TLP:AMBER+STRICT",
            "Limited disclosure: only within the recipients' organisation, to those who need to know.";
        Amber = "amber", "TLP:AMBER",
            "Limited disclosure: within the recipients' organisation and to its clients, to those who need to know.";
        Green = "green", "TLP:GREEN",
            "Limited disclosure: within the recipients' community, but not publicly.";
        Clear = "clear", "TLP:CLEAR",
            "No limit on disclosure.";
    }
}

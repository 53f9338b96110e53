//! Briefings: for whom they are, what they tell of, and where they stand.

use super::define::vocabulary;

vocabulary! {
    /// For whom a briefing is.
    pub enum BriefingAudience: "briefing_audience" from "Debrief" {
        Internal = "internal", "Internal",
            "Everybody in the organisation whom it concerns.";
        Leadership = "leadership", "Leadership",
            "Those who lead the organisation: named persons.";
        Legal = "legal", "Legal",
            "Counsel and those who advise them: named persons.";
        External = "external", "External",
            "Anybody outside the organisation: customers, suppliers, authorities, peers.";
    }

    /// A part of a briefing.
    pub enum BriefingSection: "briefing_section" from "Debrief" {
        Summary = "summary", "What happened",
            "What the review established, in short.";
        Timeline = "timeline", "Timeline",
            "The key events of the chronology and its milestones.";
        Durations = "durations", "How long it took",
            "The durations of the response, from the times of its incidents.";
        Impact = "impact", "Impact",
            "What it cost, by the latest estimate of each dimension.";
        Causes = "causes", "Why it could happen",
            "Root causes and contributing factors.";
        Assessments = "assessments", "How the response went",
            "How well each dimension of the response went.";
        Strengths = "strengths", "What went well",
            "The strengths that the review found.";
        Gaps = "gaps", "Gaps",
            "The gaps that the review found.";
        Recommendations = "recommendations", "Recommendations",
            "What is proposed and what was decided about it; what is undecided asks for a decision.";
        Actions = "actions", "Actions",
            "What is being done, the most important first.";
        Lessons = "lessons", "Lessons",
            "What should be remembered.";
        Obligations = "obligations", "Regulatory obligations",
            "Regulatory clocks and whether they were met.";
    }

    /// Where a briefing stands.
    pub enum BriefingStatus: "briefing_status" from "Debrief" {
        Draft = "draft", "Draft",
            "It is being written and follows its review.";
        Issued = "issued", "Issued",
            "It is frozen as it was rendered.";
        Superseded = "superseded", "Superseded",
            "A newer briefing for the same audience was issued.";
    }

    /// Why a part of a briefing is left out.
    pub enum OmissionReason: "omission_reason" from "Debrief" {
        LegalPrivilege = "legal_privilege", "Legal privilege",
            "The review is under legal privilege, and its analysis is for legal only.";
        Audience = "audience", "Audience",
            "It is not for those outside the organisation.";
    }
}

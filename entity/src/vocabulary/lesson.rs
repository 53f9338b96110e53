//! Lessons: where they stand and for whom they are.

use super::define::vocabulary;

vocabulary! {
    /// Where a lesson stands.
    pub enum LessonStatus: "lesson_status" from "Debrief" {
        Proposed = "proposed", "Proposed",
            "It has been written down and not yet confirmed.";
        Validated = "validated", "Validated",
            "It has been confirmed as true and worth remembering.";
        Embedded = "embedded", "Embedded",
            "It has reached a document, a training or another lasting practice.";
        Retired = "retired", "Retired",
            "It no longer applies, for a recorded reason.";
    }

    /// For whom something is meant.
    pub enum Audience: "audience" from "Debrief" {
        Responders = "responders", "Responders",
            "Those who handle incidents.";
        ItOperations = "it_operations", "IT operations",
            "Those who run systems and networks.";
        Engineering = "engineering", "Engineering",
            "Those who design and build software and systems.";
        AllStaff = "all_staff", "All staff",
            "Everybody who works for the organisation.";
        Leadership = "leadership", "Leadership",
            "Those who lead the organisation.";
        Suppliers = "suppliers", "Suppliers",
            "Those who supply goods or services to the organisation.";
        Industry = "industry", "Industry",
            "Peers and information-sharing communities outside the organisation.";
    }
}

//! The sessions of a review and who comes to them; what people say afterwards is in `feedback.rs`.

use super::define::vocabulary;

vocabulary! {
    /// What a workshop is for.
    pub enum WorkshopKind: "workshop_kind" from "CISA, SANS, after-action review" {
        LessonsLearned = "lessons_learned", "Lessons learned",
            "The session in which all functions go through what happened and what to learn from it.";
        Hotwash = "hotwash", "Hotwash",
            "A short exchange right after the response, while memory is fresh.";
        CausalAnalysis = "causal_analysis", "Causal analysis",
            "A session that looks for causes and contributing factors.";
        ActionPlanning = "action_planning", "Action planning",
            "A session that turns recommendations into actions with owners and dates.";
        FollowUp = "follow_up", "Follow-up",
            "A later session that goes through the open actions.";
        LeadershipReadout = "leadership_readout", "Leadership readout",
            "A session that presents the findings to leadership.";
        ExerciseDebrief = "exercise_debrief", "Exercise debrief",
            "The session that evaluates an exercise.";
    }

    /// Where a workshop stands.
    pub enum WorkshopStatus: "workshop_status" from "Debrief" {
        Planned = "planned", "Planned",
            "It is to be held.";
        Held = "held", "Held",
            "It took place.";
        Cancelled = "cancelled", "Cancelled",
            "It will not take place.";
    }

    /// How somebody answered an invitation.
    pub enum Rsvp: "rsvp" from "iCalendar PARTSTAT (RFC 5545)" {
        Pending = "pending", "Pending",
            "There is no answer yet.";
        Accepted = "accepted", "Accepted",
            "They will come.";
        Tentative = "tentative", "Tentative",
            "They may come.";
        Declined = "declined", "Declined",
            "They will not come.";
    }

    /// Whether somebody was at a workshop.
    pub enum Attendance: "attendance" from "Debrief" {
        Attended = "attended", "Attended",
            "They were there.";
        Absent = "absent", "Absent",
            "They were not there and not excused.";
        Excused = "excused", "Excused",
            "They were not there, for a recorded reason.";
    }
}

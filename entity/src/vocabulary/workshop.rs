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

    /// What a part of a session's agenda is about.
    pub enum AgendaTopicKind: "agenda_topic" from "Debrief" {
        GroundRules = "ground_rules", "Ground rules",
            "Welcome, purpose of the session and how people speak to each other in it.";
        Chronology = "chronology", "Chronology",
            "What happened, moment by moment, and what is known only in hindsight.";
        Decisions = "decisions", "Decisions",
            "What was decided, on what was known then.";
        Communications = "communications", "Communications",
            "Who told whom what, when and with what effect.";
        Effectiveness = "effectiveness", "Effectiveness",
            "How well detection, containment and the rest of the response worked.";
        Impact = "impact", "Impact",
            "What it cost, and whom.";
        Contributions = "contributions", "Contributions",
            "What people had to say before or in the session, what they gave most votes first.";
        Strengths = "strengths", "What went well",
            "What worked and should be kept.";
        Causes = "causes", "Causes",
            "Why it happened, and why it went as it did.";
        Gaps = "gaps", "Gaps",
            "What was missing: policies, procedures, technologies, training.";
        Recommendations = "recommendations", "Recommendations",
            "What is proposed, and which of it becomes actions.";
        Actions = "actions", "Actions",
            "What is being done, by whom and by when.";
        OpenQuestions = "open_questions", "Open questions",
            "What is not known or not settled yet.";
        Break = "break", "Break",
            "A pause.";
        NextSteps = "next_steps", "Next steps",
            "What happens after the session, and when the next one is.";
        Other = "other", "Other",
            "A topic that this list does not name; its title says what it is about.";
    }

    /// What somebody is asked before or in a workshop.
    pub enum ContributionPrompt: "contribution_prompt" from "Debrief, after sailboat and after-action retrospectives" {
        WhatHelped = "what_helped", "What helped",
            "What worked, and should be kept.";
        WhatHindered = "what_hindered", "What made it harder",
            "What stood in the way: systems, tools, procedures, information.";
        WhatSurprised = "what_surprised", "What surprised us",
            "What was not as people had expected it.";
        WhatWasMissing = "what_was_missing", "What was missing",
            "What would have helped and was not there.";
        OpenQuestion = "open_question", "What is still open",
            "What is not understood or not settled yet.";
        Idea = "idea", "What could be done",
            "A proposal for what should change.";
        Appreciation = "appreciation", "Thanks",
            "Thanks for what somebody did.";
        Other = "other", "Anything else",
            "Whatever no other prompt asks for.";
    }

    /// Where the contributions to a workshop stand.
    pub enum BoardPhase: "board_phase" from "Debrief" {
        Preparing = "preparing", "Preparing",
            "It is not open yet.";
        Collecting = "collecting", "Collecting",
            "Contributions are taken; anonymous ones are not shown yet.";
        Grouping = "grouping", "Grouping",
            "All contributions are shown, and are put into groups.";
        Voting = "voting", "Voting",
            "Everybody gives their votes, which are not shown yet.";
        Done = "done", "Done",
            "The votes were counted.";
    }
}

//! What participants are asked after the workshop and in the months that follow, and how they may answer.

use super::define::vocabulary;

vocabulary! {
    /// A statement with which participants agree or disagree.
    pub enum FeedbackQuestion: "feedback_question" from "Debrief" {
        SafeToSpeak = "safe_to_speak", "I felt safe to speak openly",
            "Workshop: whether people could say what they thought without fear of blame.";
        SystemsNotIndividuals = "systems_not_individuals", "The discussion was about systems, not individuals",
            "Workshop: whether conditions were examined rather than persons.";
        NeutralFacilitator = "neutral_facilitator", "The facilitator was neutral",
            "Workshop: whether the session was led without taking sides.";
        RightPeople = "right_people", "The right people took part",
            "Workshop: whether those who knew and those who decide were present.";
        AccurateChronology = "accurate_chronology", "The chronology matches what I saw",
            "Workshop: whether the recorded events agree with what people experienced.";
        SoonEnough = "soon_enough", "It took place soon enough",
            "Workshop: whether the session was held while memory was fresh.";
        LearnedSomething = "learned_something", "I learned something that changes how I work",
            "Workshop: whether people take something away for their own work.";
        ActionsAddressCauses = "actions_address_causes", "The agreed actions address the real causes",
            "Workshop: whether the actions are believed to reach the causes.";
        AdequateProcedures = "adequate_procedures", "Procedures were adequate",
            "Response: whether the described ways of working fitted the incident.";
        TimelyInformation = "timely_information", "I had the information I needed in time",
            "Response: whether information reached people when they needed it.";
        ClearRoles = "clear_roles", "Roles and authority were clear",
            "Response: whether people knew who was responsible and who could decide.";
        InternalCommunicationWorked = "internal_communication_worked", "Internal communication worked",
            "Response: whether information flowed well inside the organisation.";
        ExternalCommunicationWorked = "external_communication_worked", "External communication worked",
            "Response: whether information flowed well to and from outsiders.";
        AdequateTools = "adequate_tools", "Tools were adequate",
            "Response: whether the tools served the response.";
        BearableWorkload = "bearable_workload", "The workload was bearable",
            "Response: whether the effort asked of people could be sustained.";
        ImprovementsMade = "improvements_made", "The improvements were made",
            "Follow-up: whether the agreed actions were carried out, asked after 30 and 90 days.";
        BetterPrepared = "better_prepared", "We would handle a similar incident better now",
            "Follow-up: whether the organisation is better prepared, asked after 30 and 90 days.";
        LessonsReached = "lessons_reached", "The lessons reached those who need them",
            "Follow-up: whether the lessons arrived where they matter, asked after 30 and 90 days.";
    }

    /// How far somebody agrees with a statement, on a scale of five.
    pub enum FeedbackAnswer: "feedback_answer" from "Likert scale" {
        StronglyDisagree = "strongly_disagree", "1 – Strongly disagree",
            "The statement is quite wrong for me.";
        Disagree = "disagree", "2 – Disagree",
            "The statement is rather wrong for me.";
        Neutral = "neutral", "3 – Neutral",
            "I neither agree nor disagree.";
        Agree = "agree", "4 – Agree",
            "The statement is rather right for me.";
        StronglyAgree = "strongly_agree", "5 – Strongly agree",
            "The statement is quite right for me.";
        NotApplicable = "not_applicable", "Not applicable",
            "The statement does not concern me or I can't judge it.";
    }

    /// When a round of feedback is held.
    pub enum FeedbackOccasion: "feedback_occasion" from "Debrief" {
        AfterWorkshop = "after_workshop", "After the workshop",
            "Right after a workshop was held: how it was, and how the response was.";
        AfterThirtyDays = "after_30_days", "After 30 days",
            "Thirty days after the review was published: what came of it.";
        AfterNinetyDays = "after_90_days", "After 90 days",
            "Ninety days after the review was published: what came of it.";
    }

    /// Where a round of feedback stands.
    pub enum FeedbackRoundStatus: "feedback_round_status" from "Debrief" {
        Scheduled = "scheduled", "Scheduled",
            "It has not opened yet.";
        Open = "open", "Open",
            "Whoever is invited may answer, and replace their answers.";
        Closed = "closed", "Closed",
            "It takes no answers any more, and its summary can be read.";
        Cancelled = "cancelled", "Cancelled",
            "It is not held; what was answered is gone.";
    }
}

impl FeedbackOccasion {
    /// How many days after the publication of the review; nothing for what follows a workshop.
    pub const fn days_after_publication(self) -> Option<i64> {
        match self {
            Self::AfterWorkshop => None,
            Self::AfterThirtyDays => Some(30),
            Self::AfterNinetyDays => Some(90),
        }
    }

    /// Whether a question is asked then, where nobody chose others.
    pub fn asks(self, question: FeedbackQuestion) -> bool {
        (self == Self::AfterWorkshop) != (question.group() == "follow_up")
    }
}

impl FeedbackQuestion {
    /// What it asks about: `workshop`, `response` or `follow_up`, which is asked after 30 and 90 days.
    pub const fn group(self) -> &'static str {
        match self {
            Self::SafeToSpeak
            | Self::SystemsNotIndividuals
            | Self::NeutralFacilitator
            | Self::RightPeople
            | Self::AccurateChronology
            | Self::SoonEnough
            | Self::LearnedSomething
            | Self::ActionsAddressCauses => "workshop",
            Self::AdequateProcedures
            | Self::TimelyInformation
            | Self::ClearRoles
            | Self::InternalCommunicationWorked
            | Self::ExternalCommunicationWorked
            | Self::AdequateTools
            | Self::BearableWorkload => "response",
            Self::ImprovementsMade | Self::BetterPrepared | Self::LessonsReached => "follow_up",
        }
    }
}

impl FeedbackAnswer {
    /// From 1 (strongly disagree) to 5 (strongly agree); nothing when the question does not apply.
    pub const fn score(self) -> Option<u8> {
        match self {
            Self::StronglyDisagree => Some(1),
            Self::Disagree => Some(2),
            Self::Neutral => Some(3),
            Self::Agree => Some(4),
            Self::StronglyAgree => Some(5),
            Self::NotApplicable => None,
        }
    }
}

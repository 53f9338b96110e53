//! How well the response went, dimension by dimension, and how sure one is of a judgement.

use super::define::vocabulary;

vocabulary! {
    /// The side of the response that is assessed.
    pub enum AssessmentDimension: "assessment_dimension" from "DORA Art. 13(2), NIST SP 800-61r2" {
        Detection = "detection", "Detection",
            "How soon and how reliably the incident was noticed.";
        Analysis = "analysis", "Analysis",
            "How soon and how correctly its nature, scope and severity were established.";
        Containment = "containment", "Containment",
            "How soon and how fully spread and harm were stopped.";
        Eradication = "eradication", "Eradication",
            "How completely the cause and its traces were removed.";
        Recovery = "recovery", "Recovery",
            "How soon and how safely normal operation was restored.";
        Communication = "communication", "Communication",
            "Whether the right people were told the right things in time, inside and outside.";
        Coordination = "coordination", "Coordination",
            "How well people, teams and third parties worked together.";
        DecisionMaking = "decision_making", "Decision-making",
            "Whether decisions were taken in time, by those with authority, on the information available.";
    }

    /// How effective one dimension of the response was, on a scale of five.
    pub enum AssessmentRating: "assessment_rating" from "ServiceNow SIR" {
        VeryIneffective = "very_ineffective", "1 – Very ineffective",
            "It did not work or made things worse.";
        Ineffective = "ineffective", "2 – Ineffective",
            "It worked poorly and cost much time or caused avoidable harm.";
        PartiallyEffective = "partially_effective", "3 – Partially effective",
            "It worked in part, with clear room for improvement.";
        Effective = "effective", "4 – Effective",
            "It worked well, with small things to improve.";
        VeryEffective = "very_effective", "5 – Very effective",
            "It worked as well as could be expected and is worth keeping.";
        NotApplicable = "not_applicable", "Not applicable",
            "The dimension played no part in this incident.";
    }

    /// The answer to whether the documented procedures were followed, and whether they were adequate.
    pub enum ProcedureAnswer: "procedure_answer" from "NIST SP 800-61r2 section 3.4.1" {
        Yes = "yes", "Yes",
            "They were, in all that mattered.";
        Partly = "partly", "Partly",
            "They were in part, with exceptions that mattered.";
        No = "no", "No",
            "They were not.";
        None = "none", "No procedure",
            "There was no procedure for it.";
        Unknown = "unknown", "Unknown",
            "It is not known or not yet judged.";
    }

    /// How sure one is of a statement.
    pub enum Confidence: "confidence" from "VERIS" {
        High = "high", "High",
            "It rests on strong evidence and is unlikely to change.";
        Medium = "medium", "Medium",
            "It is well supported, but some evidence is missing.";
        Low = "low", "Low",
            "It is plausible, but rests on little evidence.";
        Unknown = "unknown", "Unknown",
            "How sure it is has not been judged.";
    }
}

impl AssessmentRating {
    /// From 1 (very ineffective) to 5 (very effective); nothing when the dimension does not apply.
    pub const fn score(self) -> Option<u8> {
        match self {
            Self::VeryIneffective => Some(1),
            Self::Ineffective => Some(2),
            Self::PartiallyEffective => Some(3),
            Self::Effective => Some(4),
            Self::VeryEffective => Some(5),
            Self::NotApplicable => None,
        }
    }
}

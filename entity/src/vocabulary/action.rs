//! Improvements: what becomes of a recommendation, and the kind, status, priority and proof of an action.

use super::define::vocabulary;

vocabulary! {
    /// What was decided about a recommendation.
    pub enum Disposition: "disposition" from "Debrief" {
        Proposed = "proposed", "Proposed",
            "Nothing has been decided yet.";
        Accepted = "accepted", "Accepted",
            "It will be carried out through one or more actions.";
        Deferred = "deferred", "Deferred",
            "The decision or the work is put off to a later date.";
        Rejected = "rejected", "Rejected",
            "It will not be carried out, for a recorded reason.";
        RiskAccepted = "risk_accepted", "Risk accepted",
            "It will not be carried out and the remaining risk is knowingly borne for a limited time.";
        Duplicate = "duplicate", "Duplicate",
            "Another recommendation already says the same.";
    }

    /// What an action is meant to achieve.
    pub enum ActionType: "action_type" from "Google SRE, monzo" {
        Prevent = "prevent", "Prevent",
            "Keep such an incident from happening again.";
        Detect = "detect", "Detect",
            "Notice such an incident sooner or more reliably.";
        Contain = "contain", "Contain",
            "Limit how far such an incident can spread.";
        Respond = "respond", "Respond",
            "Handle such an incident faster or better.";
        Recover = "recover", "Recover",
            "Restore normal operation sooner or more safely.";
        Investigate = "investigate", "Investigate",
            "Find out what is not yet understood.";
        Process = "process", "Process",
            "Change the way work is organised or done.";
        Documentation = "documentation", "Documentation",
            "Write or correct a document.";
        Training = "training", "Training",
            "Build knowledge and practice.";
        Communicate = "communicate", "Communicate",
            "Inform somebody or improve the flow of information.";
    }

    /// How strong the effect of an action is likely to be, strongest first.
    pub enum ActionStrength: "action_strength" from "Hierarchy of controls" {
        Eliminate = "eliminate", "Eliminate",
            "The hazard itself is removed.";
        Engineer = "engineer", "Engineer",
            "A technical barrier makes the failure impossible or harmless.";
        Automate = "automate", "Automate",
            "A machine does or checks what depended on attention.";
        Procedure = "procedure", "Procedure",
            "A rule, checklist or instruction guides people.";
        Training = "training", "Training",
            "People are trained or made aware.";
    }

    /// Where an action stands.
    pub enum ActionStatus: "action_status" from "Debrief" {
        Proposed = "proposed", "Proposed",
            "It has been suggested and nobody is committed to it.";
        Open = "open", "Open",
            "It is committed and not yet begun.";
        InProgress = "in_progress", "In progress",
            "It is being worked on.";
        Blocked = "blocked", "Blocked",
            "It can't go on until something else is resolved.";
        Implemented = "implemented", "Implemented",
            "It is done and its effect is not yet proven.";
        Verified = "verified", "Verified",
            "It is done and proven effective.";
        Declined = "declined", "Declined",
            "It will not be done, for a recorded reason.";
        RiskAccepted = "risk_accepted", "Risk accepted",
            "It will not be done and the remaining risk is knowingly borne until an expiry date.";
        Cancelled = "cancelled", "Cancelled",
            "It is no longer needed, for a recorded reason.";
    }

    /// How soon an action is to be done, as its score says.
    pub enum Priority: "priority" from "Common practice" {
        Critical = "critical", "Critical",
            "Before all other work.";
        High = "high", "High",
            "Before ordinary work.";
        Medium = "medium", "Medium",
            "As part of ordinary work.";
        Low = "low", "Low",
            "When nothing more important is waiting.";
    }

    /// Whether the people, money and tools for an action can be had.
    pub enum ResourceAvailability: "resource_availability" from "Debrief" {
        Available = "available", "Available",
            "What is needed can be had now.";
        Constrained = "constrained", "Constrained",
            "What is needed can be had only in part or later.";
        Unavailable = "unavailable", "Unavailable",
            "What is needed can't be had at present.";
    }

    /// How it is shown that an action works.
    pub enum VerificationMethod: "verification_method" from "Debrief" {
        Retest = "retest", "Retest",
            "The original weakness or attack is tried again.";
        DetectionTest = "detection_test", "Detection test",
            "The activity that should raise an alert is simulated.";
        ConfigurationEvidence = "configuration_evidence", "Configuration evidence",
            "The settings in force are shown.";
        RestoreTest = "restore_test", "Restore test",
            "Data or a service is restored from backup.";
        Tabletop = "tabletop", "Tabletop",
            "The response is talked through with those concerned.";
        Exercise = "exercise", "Exercise",
            "The response is carried out under realistic conditions.";
        Audit = "audit", "Audit",
            "Somebody independent examines it.";
        MetricObservation = "metric_observation", "Metric observation",
            "A measure is watched over a period.";
        DocumentReview = "document_review", "Document review",
            "The changed document is read and checked.";
    }

    /// What a verification showed.
    pub enum VerificationResult: "verification_result" from "Debrief" {
        Effective = "effective", "Effective",
            "The action achieves what it was meant to.";
        PartiallyEffective = "partially_effective", "Partially effective",
            "The action achieves part of what it was meant to.";
        Ineffective = "ineffective", "Ineffective",
            "The action does not achieve what it was meant to.";
        Inconclusive = "inconclusive", "Inconclusive",
            "The evidence does not allow a judgement.";
    }
}

impl Priority {
    /// From 1 (low) to 4 (critical).
    pub const fn rank(self) -> u8 {
        match self {
            Self::Critical => 4,
            Self::High => 3,
            Self::Medium => 2,
            Self::Low => 1,
        }
    }
}

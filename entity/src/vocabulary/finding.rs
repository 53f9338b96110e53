//! What a review established: kinds of finding, causes and factors, gaps, and the controls concerned.

use super::define::vocabulary;

vocabulary! {
    /// What kind of statement a finding makes.
    pub enum FindingKind: "finding_kind" from "Debrief" {
        RootCause = "root_cause", "Root cause",
            "A fundamental reason why the incident could happen.";
        ContributingFactor = "contributing_factor", "Contributing factor",
            "Something that made the incident likelier, worse or longer.";
        Gap = "gap", "Gap",
            "Something that was missing or insufficient in security or response.";
        Strength = "strength", "Strength",
            "Something that worked well and should be kept.";
        NearMiss = "near_miss", "Near miss",
            "Something that could have made matters worse and did not.";
        Observation = "observation", "Observation",
            "Something worth recording that is none of the others.";
    }

    /// How a factor bears on the incident.
    pub enum FactorKind: "factor_kind" from "Regulation (EU) 2020/572" {
        Causal = "causal", "Causal",
            "Had it been removed, the incident would in all likelihood not have happened.";
        Contributing = "contributing", "Contributing",
            "It raised the likelihood or the severity, but its removal would not have prevented the incident.";
        Systemic = "systemic", "Systemic",
            "It is organisational, managerial or regulatory and likely to affect similar events in the future.";
        Mitigating = "mitigating", "Mitigating",
            "It lowered the likelihood or the severity.";
    }

    /// The broad class of a root cause.
    pub enum CauseCategory: "cause_category" from "DORA ITS 2025/302" {
        MaliciousAction = "malicious_action", "Malicious action",
            "A deliberate hostile act from inside or outside.";
        ProcessFailure = "process_failure", "Process failure",
            "A process was missing, unsuitable or did not work.";
        SystemFailure = "system_failure", "System failure",
            "Hardware, software or infrastructure did not work as it should.";
        HumanError = "human_error", "Human error",
            "An unintended act or omission, behind which conditions made it possible.";
        ExternalEvent = "external_event", "External event",
            "An event outside the organisation's control, such as a disaster or a supplier's failure.";
        Undetermined = "undetermined", "Undetermined",
            "The cause could not be established.";
    }

    /// The area in which a factor lies.
    pub enum FactorArea: "factor_area" from "Debrief" {
        People = "people", "People",
            "Knowledge, workload and conditions of the people involved.";
        Process = "process", "Process",
            "The way work is defined and done.";
        Technology = "technology", "Technology",
            "Systems, software, tools and their configuration.";
        Environment = "environment", "Environment",
            "Physical surroundings and operating conditions.";
        DataAndLogging = "data_and_logging", "Data and logging",
            "The data, logs and records that were available or missing.";
        Communication = "communication", "Communication",
            "How information flowed between people and teams.";
        Organisation = "organisation", "Organisation",
            "Structure, priorities, resources and culture.";
        ThirdParty = "third_party", "Third party",
            "Suppliers, partners and what depends on them.";
        ExternalThreat = "external_threat", "External threat",
            "The capability and behaviour of the attacker or another external force.";
    }

    /// What was missing or insufficient.
    pub enum GapCategory: "gap_category" from "Debrief" {
        Policy = "policy", "Policy",
            "A rule of the organisation was missing, outdated or unclear.";
        Procedure = "procedure", "Procedure",
            "A described way of working was missing, outdated or impracticable.";
        Playbook = "playbook", "Playbook",
            "Instructions for this type of incident were missing or did not fit.";
        Technology = "technology", "Technology",
            "A tool, system or protective technology was missing or insufficient.";
        DetectionLogging = "detection_logging", "Detection and logging",
            "Logs, visibility or detection rules were missing or insufficient.";
        AccessControl = "access_control", "Access control",
            "Authentication, permissions or separation were insufficient.";
        TrainingAwareness = "training_awareness", "Training and awareness",
            "People had not been given the knowledge or practice they needed.";
        StaffingCapacity = "staffing_capacity", "Staffing and capacity",
            "There were not enough people or hours for the work.";
        RolesAuthority = "roles_authority", "Roles and authority",
            "It was unclear who was responsible or allowed to decide.";
        Communication = "communication", "Communication",
            "Information did not reach those who needed it, or not in time.";
        Coordination = "coordination", "Coordination",
            "Teams or parties did not work together well enough.";
        ThirdParty = "third_party", "Third party",
            "Agreements with or oversight of a supplier or partner were insufficient.";
        LegalCompliance = "legal_compliance", "Legal and compliance",
            "A legal or regulatory duty was not covered.";
        BusinessContinuity = "business_continuity", "Business continuity",
            "Backups, redundancy or continuity plans were missing or insufficient.";
        AssetKnowledge = "asset_knowledge", "Asset knowledge",
            "Assets, owners or dependencies were not known or recorded.";
        Other = "other", "Other",
            "A gap that this list does not name; say which in the text beside it.";
    }

    /// How a gap is answered.
    pub enum GapState: "gap_state" from "Debrief" {
        Unanswered = "unanswered", "Unanswered",
            "No recommendation, no action and no reason for none answers it.";
        Recommended = "recommended", "Recommended",
            "An improvement is proposed, put off or agreed, and nobody works on it yet.";
        InProgress = "in_progress", "In progress",
            "An action is committed and its effect is not yet proven.";
        Closed = "closed", "Closed",
            "An action is proven effective, and nothing else is open.";
        Accepted = "accepted", "Accepted",
            "Nothing will be done: the risk is borne, or a reason for none is recorded.";
    }

    /// What a control is for.
    pub enum ControlFunction: "control_function" from "Common practice" {
        Preventive = "preventive", "Preventive",
            "It keeps an incident from happening.";
        Detective = "detective", "Detective",
            "It makes an incident noticed.";
        Corrective = "corrective", "Corrective",
            "It limits or repairs the effect of an incident.";
        Recovery = "recovery", "Recovery",
            "It restores normal operation after an incident.";
        Deterrent = "deterrent", "Deterrent",
            "It discourages an attempt.";
    }

    /// How a control fared in the incident.
    pub enum ControlState: "control_state" from "VERIS control_failure" {
        Missing = "missing", "Missing",
            "There was no such control where one was needed.";
        Misconfigured = "misconfigured", "Misconfigured",
            "The control was there but wrongly set up.";
        Bypassed = "bypassed", "Bypassed",
            "The control worked but was circumvented.";
        Disabled = "disabled", "Disabled",
            "The control had been switched off.";
        NotMonitored = "not_monitored", "Not monitored",
            "The control worked, but nobody watched what it reported.";
        AlertNotActioned = "alert_not_actioned", "Alert not actioned",
            "The control raised an alert on which no action followed.";
        Insufficient = "insufficient", "Insufficient",
            "The control worked as designed, which was not enough.";
        Untested = "untested", "Untested",
            "The control had not been tested and its effect was not known.";
        Worked = "worked", "Worked",
            "The control did what it was meant to do.";
    }
}

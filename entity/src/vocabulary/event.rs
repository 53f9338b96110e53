//! The chronology: what happened, on whose side, in which phase, and how well its time is known.

use super::define::vocabulary;

vocabulary! {
    /// What kind of moment an event of the chronology is.
    pub enum EventKind: "event_kind" from "MITRE ATT&CK tactics, PagerDuty log entries, RE&CT" {
        InitialAccess = "initial_access", "Initial access",
            "Adversary: the attacker gained a first foothold.";
        Execution = "execution", "Execution",
            "Adversary: the attacker ran code or commands.";
        Persistence = "persistence", "Persistence",
            "Adversary: the attacker made sure to keep the access.";
        PrivilegeEscalation = "privilege_escalation", "Privilege escalation",
            "Adversary: the attacker gained higher permissions.";
        LateralMovement = "lateral_movement", "Lateral movement",
            "Adversary: the attacker moved to other systems or accounts.";
        Collection = "collection", "Collection",
            "Adversary: the attacker gathered data of interest.";
        Exfiltration = "exfiltration", "Exfiltration",
            "Adversary: the attacker took data out.";
        ImpactAction = "impact_action", "Impact action",
            "Adversary: the attacker disrupted, manipulated or destroyed systems or data.";
        AdversaryOther = "adversary_other", "Other adversary activity",
            "Adversary: the attacker did something that no other kind covers.";
        Alert = "alert", "Alert",
            "Response: a tool or monitor raised an alert.";
        MissedAlert = "missed_alert", "Missed alert",
            "Response: a signal was there but was not raised or not acted upon.";
        Detection = "detection", "Detection",
            "Response: the organisation noticed that something was wrong.";
        Triage = "triage", "Triage",
            "Response: a signal was assessed and prioritised.";
        Acknowledgement = "acknowledgement", "Acknowledgement",
            "Response: somebody took charge of an alert or report.";
        Declaration = "declaration", "Declaration",
            "Response: an incident was formally declared.";
        SeverityChange = "severity_change", "Severity change",
            "Response: the severity of the incident was raised or lowered.";
        Escalation = "escalation", "Escalation",
            "Response: further people or a higher level were brought in.";
        InvestigationFinding = "investigation_finding", "Investigation finding",
            "Response: the investigation established something new.";
        EvidenceCollected = "evidence_collected", "Evidence collected",
            "Response: evidence was secured.";
        Decision = "decision", "Decision",
            "Response: a choice was made that shaped the response.";
        ContainmentAction = "containment_action", "Containment action",
            "Response: a step was taken to limit spread or harm.";
        EradicationAction = "eradication_action", "Eradication action",
            "Response: a step was taken to remove the cause and its traces.";
        RecoveryAction = "recovery_action", "Recovery action",
            "Response: a step was taken to restore services or data.";
        Verification = "verification", "Verification",
            "Response: it was checked whether a step had worked.";
        Handover = "handover", "Handover",
            "Response: work or command passed to another person or shift.";
        InternalCommunication = "internal_communication", "Internal communication",
            "Communication: information was passed inside the organisation.";
        ExternalCommunication = "external_communication", "External communication",
            "Communication: information was exchanged with somebody outside the organisation.";
        RegulatoryNotification = "regulatory_notification", "Regulatory notification",
            "Communication: an authority was notified.";
        CustomerNotification = "customer_notification", "Customer notification",
            "Communication: customers or affected people were informed.";
        MediaStatement = "media_statement", "Media statement",
            "Communication: a statement was made to the press or the public.";
        ManagementBriefing = "management_briefing", "Management briefing",
            "Communication: management was briefed.";
        SystemChange = "system_change", "System change",
            "Context: a system was changed, whether or not for the response.";
        ServiceDegradation = "service_degradation", "Service degradation",
            "Context: a service became slow, faulty or unavailable.";
        ServiceRestored = "service_restored", "Service restored",
            "Context: a service worked as usual again.";
        ThirdPartyAction = "third_party_action", "Third-party action",
            "Context: a supplier, authority or other outsider did something that mattered.";
        StatusChange = "status_change", "Status change",
            "Context: the status of the incident changed in its system of record.";
        Note = "note", "Note",
            "Context: a remark that helps to understand the chronology.";
        Other = "other", "Other",
            "Context: a moment that no other kind covers; say what it is in the text beside it.";
    }

    /// On whose side somebody acted.
    pub enum ActorSide: "actor_side" from "RE&CT" {
        Adversary = "adversary", "Adversary",
            "The attacker, or whoever acts for the attacker.";
        Responder = "responder", "Responder",
            "Somebody who takes part in the response.";
        User = "user", "User",
            "Somebody who uses the affected systems.";
        System = "system", "System",
            "A system or tool acting by itself.";
        Management = "management", "Management",
            "Somebody who decides for the organisation.";
        ThirdParty = "third_party", "Third party",
            "A supplier, partner or service provider.";
        External = "external", "External",
            "Somebody else outside the organisation, such as an authority, a customer or the press.";
        Unknown = "unknown", "Unknown",
            "It is not known who acted.";
    }

    /// How precisely a time is known.
    pub enum TimePrecision: "time_precision" from "VERIS" {
        Exact = "exact", "Exact",
            "The time is known as recorded, to the second or better.";
        Minute = "minute", "Minute",
            "The minute is known.";
        Hour = "hour", "Hour",
            "The hour is known.";
        Day = "day", "Day",
            "The day is known.";
        Month = "month", "Month",
            "The month is known.";
        Year = "year", "Year",
            "Only the year is known.";
        Estimated = "estimated", "Estimated",
            "The time is a best estimate.";
        Range = "range", "Range",
            "The time lies between an earliest and a latest bound.";
    }

    /// What a time stands for in the source it was taken from.
    pub enum TimeBasis: "time_basis" from "Debrief" {
        Event = "event", "Event",
            "When it happened.";
        Created = "created", "Created",
            "When the source created its record of it.";
        Updated = "updated", "Updated",
            "When the source last changed its record of it.";
        Received = "received", "Received",
            "When the record was received.";
        Derived = "derived", "Derived",
            "It was worked out from other times.";
    }

    /// A point in the course of an incident from which durations are measured.
    pub enum Milestone: "milestone" from "NIST SP 800-61r2, VERIS, AWS" {
        Occurred = "occurred", "Occurred",
            "The first act or failure that belongs to the incident.";
        Compromised = "compromised", "Compromised",
            "An asset was first compromised.";
        Exfiltrated = "exfiltrated", "Exfiltrated",
            "Data first left the organisation.";
        ImpactStarted = "impact_started", "Impact started",
            "The incident first did harm to business, services or people.";
        Detected = "detected", "Detected",
            "The organisation, or somebody for it, first noticed the incident.";
        Reported = "reported", "Reported",
            "The incident first reached those who handle incidents.";
        Acknowledged = "acknowledged", "Acknowledged",
            "Somebody first took charge of it.";
        Declared = "declared", "Declared",
            "It was formally declared an incident.";
        ResponseStarted = "response_started", "Response started",
            "Work on the response began.";
        Escalated = "escalated", "Escalated",
            "Further people or a higher level were first brought in.";
        ManagementInformed = "management_informed", "Management informed",
            "Management was first informed.";
        Contained = "contained", "Contained",
            "The incident could no longer spread or do further harm.";
        Eradicated = "eradicated", "Eradicated",
            "The cause and its traces were removed.";
        Recovered = "recovered", "Recovered",
            "Services and data were back to normal operation.";
        ImpactEnded = "impact_ended", "Impact ended",
            "The incident no longer did harm.";
        Closed = "closed", "Closed",
            "The handling of the incident ended.";
    }

    /// The phase of incident handling to which something belongs.
    pub enum Phase: "phase" from "NIST SP 800-61r2" {
        Preparation = "preparation", "Preparation",
            "What was done before the incident to prevent it or to be ready for it.";
        Detection = "detection", "Detection",
            "Noticing that an incident may be happening.";
        Analysis = "analysis", "Analysis",
            "Establishing what is happening, how far it reaches and how serious it is.";
        Containment = "containment", "Containment",
            "Limiting spread and harm.";
        Eradication = "eradication", "Eradication",
            "Removing the cause and its traces.";
        Recovery = "recovery", "Recovery",
            "Restoring normal operation and confirming it.";
        PostIncident = "post_incident", "Post-incident",
            "Learning from the incident, keeping evidence and meeting remaining duties.";
    }
}

impl EventKind {
    /// Which of the parallel chronologies it belongs to: `adversary`, `response`, `communication` or `context`.
    pub const fn group(self) -> &'static str {
        match self {
            Self::InitialAccess
            | Self::Execution
            | Self::Persistence
            | Self::PrivilegeEscalation
            | Self::LateralMovement
            | Self::Collection
            | Self::Exfiltration
            | Self::ImpactAction
            | Self::AdversaryOther => "adversary",
            Self::Alert
            | Self::MissedAlert
            | Self::Detection
            | Self::Triage
            | Self::Acknowledgement
            | Self::Declaration
            | Self::SeverityChange
            | Self::Escalation
            | Self::InvestigationFinding
            | Self::EvidenceCollected
            | Self::Decision
            | Self::ContainmentAction
            | Self::EradicationAction
            | Self::RecoveryAction
            | Self::Verification
            | Self::Handover => "response",
            Self::InternalCommunication
            | Self::ExternalCommunication
            | Self::RegulatoryNotification
            | Self::CustomerNotification
            | Self::MediaStatement
            | Self::ManagementBriefing => "communication",
            Self::SystemChange
            | Self::ServiceDegradation
            | Self::ServiceRestored
            | Self::ThirdPartyAction
            | Self::StatusChange
            | Self::Note
            | Self::Other => "context",
        }
    }
}

//! What is said of an incident as a whole: how serious and certain it is, where it stands, how it came to notice.

use super::define::vocabulary;

vocabulary! {
    /// How serious an incident is for the organisation; the sender's own word is kept beside it.
    pub enum Severity: "severity" from "Common practice" {
        Critical = "critical", "Critical",
            "Vital services, safety or the organisation itself are threatened, and everything else waits.";
        High = "high", "High",
            "Important services or sensitive data are seriously affected and need an urgent, coordinated response.";
        Medium = "medium", "Medium",
            "A limited part of the organisation is affected and the ordinary response process suffices.";
        Low = "low", "Low",
            "Little is affected and it is handled as routine work.";
        Informational = "informational", "Informational",
            "Nothing is affected, but it is worth recording.";
    }

    /// How sure it is that a security incident took place.
    pub enum IncidentCertainty: "incident_certainty" from "VERIS" {
        Confirmed = "confirmed", "Confirmed",
            "It is established that confidentiality, integrity or availability was compromised.";
        Suspected = "suspected", "Suspected",
            "There are signs of a compromise that are not yet proven.";
        NearMiss = "near_miss", "Near miss",
            "An attack or failure happened, but nothing was compromised.";
        FalsePositive = "false_positive", "False positive",
            "It looked like an incident and proved not to be one.";
    }

    /// Where an incident stands in the system that owns it.
    pub enum IncidentStatus: "incident_status" from "NIST SP 800-61r2" {
        Open = "open", "Open",
            "The incident is being handled and is not yet contained.";
        Contained = "contained", "Contained",
            "The incident can no longer spread or do further harm.";
        Eradicated = "eradicated", "Eradicated",
            "The cause and its traces have been removed from the environment.";
        Recovered = "recovered", "Recovered",
            "Services and data are back to normal operation.";
        Closed = "closed", "Closed",
            "The handling of the incident has ended.";
    }

    /// How the organisation came to know of an incident.
    pub enum DetectionSource: "detection_source" from "VERIS discovery_method" {
        EdrAntivirus = "edr_antivirus", "EDR or antivirus",
            "Endpoint detection and response or antivirus software raised it.";
        SiemCorrelation = "siem_correlation", "SIEM correlation",
            "A rule that correlates collected logs raised it.";
        NetworkIds = "network_ids", "Network IDS",
            "Network intrusion detection or traffic analysis raised it.";
        Dlp = "dlp", "Data loss prevention",
            "Data loss prevention noticed data moving where it should not.";
        LogReview = "log_review", "Log review",
            "A person found it while reading logs.";
        InfrastructureMonitoring = "infrastructure_monitoring", "Infrastructure monitoring",
            "Monitoring of availability, load or configuration showed it.";
        FraudDetection = "fraud_detection", "Fraud detection",
            "A fraud detection mechanism of the organisation or a payment partner showed it.";
        ThreatHunt = "threat_hunt", "Threat hunt",
            "Analysts found it while searching for attackers without a prior alert.";
        IncidentResponse = "incident_response", "Incident response",
            "It came to light during the response to another incident.";
        EmployeeReport = "employee_report", "Employee report",
            "Somebody who works for the organisation reported it.";
        HelpdeskTicket = "helpdesk_ticket", "Helpdesk ticket",
            "It was recognised in a support request.";
        Audit = "audit", "Audit",
            "An audit, assessment or security test uncovered it.";
        Mssp = "mssp", "Managed security provider",
            "A contracted monitoring or security service reported it.";
        PartnerNotification = "partner_notification", "Partner notification",
            "A supplier or business partner reported it.";
        CustomerReport = "customer_report", "Customer report",
            "A customer reported it.";
        LawEnforcement = "law_enforcement", "Law enforcement",
            "Police or another law enforcement body reported it.";
        SecurityResearcher = "security_researcher", "Security researcher",
            "An independent researcher reported it.";
        Cert = "cert", "CERT or CSIRT",
            "An external computer emergency response team reported it.";
        Regulator = "regulator", "Regulator",
            "A supervisory authority reported it.";
        ThreatActorDisclosure = "threat_actor_disclosure", "Disclosed by the threat actor",
            "The attacker made it known, for example by a ransom note or a leak site.";
        Media = "media", "Media",
            "Press or social media reported it first.";
        UnrelatedThirdParty = "unrelated_third_party", "Unrelated third party",
            "Somebody without ties to the organisation reported it.";
        Unknown = "unknown", "Unknown",
            "It is not known how the incident came to notice.";
        Other = "other", "Other",
            "A source that this list does not name; say which in the text beside it.";
    }
}

impl Severity {
    /// From 1 (informational) to 5 (critical).
    pub const fn rank(self) -> u8 {
        match self {
            Self::Critical => 5,
            Self::High => 4,
            Self::Medium => 3,
            Self::Low => 2,
            Self::Informational => 1,
        }
    }
}

//! Who takes part: the function somebody stands for and the role they had in the incident.

use super::define::vocabulary;

vocabulary! {
    /// The part of the organisation, or the outside party, for which a stakeholder stands.
    pub enum StakeholderFunction: "function" from "Debrief" {
        Responder = "responder", "Incident response",
            "Those who handled the incident.";
        It = "it", "IT",
            "Those who run systems and networks.";
        Management = "management", "Management",
            "Those who decide on priorities, money and risk.";
        Legal = "legal", "Legal",
            "Those who advise on law and liability.";
        Communications = "communications", "Communications",
            "Those who speak to staff, customers, the press and the public.";
        Privacy = "privacy", "Privacy",
            "Those who look after the protection of personal data.";
        Compliance = "compliance", "Compliance",
            "Those who look after regulatory and contractual duties.";
        HumanResources = "human_resources", "Human resources",
            "Those who look after the people who work for the organisation.";
        Risk = "risk", "Risk",
            "Those who manage risk across the organisation.";
        Audit = "audit", "Audit",
            "Those who examine independently whether controls work.";
        Business = "business", "Business",
            "Those who own the affected products, services or processes.";
        Engineering = "engineering", "Engineering",
            "Those who design and build software and systems.";
        ThirdParty = "third_party", "Third party",
            "A supplier, partner or service provider.";
        LawEnforcement = "law_enforcement", "Law enforcement",
            "Police or a prosecuting authority.";
        Other = "other", "Other",
            "A function that this list does not name; say which in the text beside it.";
    }

    /// What somebody did in the incident.
    pub enum IncidentRole: "incident_role" from "PagerDuty" {
        IncidentCommander = "incident_commander", "Incident commander",
            "Led the response and had the last word in it.";
        Deputy = "deputy", "Deputy",
            "Supported the commander and stood ready to take over.";
        Scribe = "scribe", "Scribe",
            "Kept the record of what happened and was decided.";
        Responder = "responder", "Responder",
            "Worked on analysis, containment, eradication or recovery.";
        SocAnalyst = "soc_analyst", "SOC analyst",
            "Monitored, triaged and analysed alerts.";
        Forensics = "forensics", "Forensics",
            "Secured and examined evidence.";
        ThreatIntelligence = "threat_intelligence", "Threat intelligence",
            "Provided knowledge of attackers and their methods.";
        ServiceOwner = "service_owner", "Service owner",
            "Is accountable for an affected service.";
        ResourceOwner = "resource_owner", "Resource owner",
            "Controls people, systems or money that the response needed.";
        Executive = "executive", "Executive",
            "Decided on behalf of the organisation's leadership.";
        Liaison = "liaison", "Liaison",
            "Kept contact with other teams, customers or authorities.";
        Observer = "observer", "Observer",
            "Was present without taking part.";
    }
}

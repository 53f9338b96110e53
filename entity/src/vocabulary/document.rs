//! The documents that lessons and actions change.

use super::define::vocabulary;

vocabulary! {
    /// What kind of document it is.
    pub enum DocumentKind: "document_kind" from "Implementing Regulation (EU) 2024/2690 Annex 3.6" {
        ResponsePlan = "response_plan", "Response plan",
            "How the organisation responds to incidents as a whole.";
        Playbook = "playbook", "Playbook",
            "How to respond to one type of incident.";
        Runbook = "runbook", "Runbook",
            "How to carry out one technical task, step by step.";
        Policy = "policy", "Policy",
            "A binding rule of the organisation.";
        Standard = "standard", "Standard",
            "Concrete requirements that put a policy into practice.";
        TrainingMaterial = "training_material", "Training material",
            "Material from which people are taught.";
        AwarenessCampaign = "awareness_campaign", "Awareness campaign",
            "Messages that keep a risk in people's minds.";
        DetectionRule = "detection_rule", "Detection rule",
            "A rule by which a monitoring tool raises an alert.";
        Architecture = "architecture", "Architecture",
            "How systems are designed and connected.";
        RiskRegister = "risk_register", "Risk register",
            "The list of known risks and their treatment.";
        SupplierRequirement = "supplier_requirement", "Supplier requirement",
            "What is demanded of a supplier.";
        CommunicationPlan = "communication_plan", "Communication plan",
            "Who informs whom of what, when and how.";
        ContinuityPlan = "continuity_plan", "Continuity plan",
            "How business goes on through a disruption and is restored after it.";
    }
}

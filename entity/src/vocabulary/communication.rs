//! Flows of information: by which means, across which border, and what they were about.

use super::define::vocabulary;

vocabulary! {
    /// By which means something was communicated.
    pub enum CommunicationChannel: "communication_channel" from "NIST SP 800-61r2 section 3.2.7" {
        Email = "email", "E-mail",
            "A message by e-mail.";
        Phone = "phone", "Telephone",
            "A call between two people, or a voice message.";
        Conference = "conference", "Conference call",
            "A call of several people, with or without pictures.";
        InPerson = "in_person", "In person",
            "A conversation, meeting or briefing in one room.";
        Chat = "chat", "Chat",
            "A message in a chat or collaboration tool.";
        TextMessage = "text_message", "Text message",
            "A message to phones: SMS or a messenger.";
        Paging = "paging", "Paging",
            "A page by an on-call or alarm system.";
        Ticket = "ticket", "Ticket",
            "A ticket or a comment on one.";
        Portal = "portal", "Portal",
            "A form or message in a portal of an authority, supplier or customer.";
        StatusPage = "status_page", "Status page",
            "A notice on a page that tells the state of services.";
        Website = "website", "Website",
            "A page on the intranet or the public web.";
        SocialMedia = "social_media", "Social media",
            "A post on a social network.";
        Press = "press", "Press",
            "A press release, conference or interview.";
        Paper = "paper", "Paper",
            "A letter or a notice that was posted.";
        Other = "other", "Other",
            "A means that this list does not name; say which in the text beside it.";
    }

    /// Across which border of the organisation something was communicated.
    pub enum CommunicationDirection: "communication_direction" from "Debrief" {
        Internal = "internal", "Internal",
            "From inside the organisation to inside it.";
        Outbound = "outbound", "Outbound",
            "From inside the organisation to somebody outside.";
        Inbound = "inbound", "Inbound",
            "From somebody outside to inside the organisation.";
    }

    /// What a communication was about.
    pub enum ContentClass: "content_class" from "Debrief" {
        Warning = "warning", "Warning",
            "A sign of the incident, or a warning of what may come.";
        StatusUpdate = "status_update", "Status update",
            "Where the incident and the response stand.";
        Escalation = "escalation", "Escalation",
            "A call for further people or a higher level.";
        Instruction = "instruction", "Instruction",
            "What somebody is to do or to leave.";
        Request = "request", "Request",
            "A question, or a call for help or information.";
        DecisionNotice = "decision_notice", "Notice of a decision",
            "That something was decided, to those whom it concerns.";
        Handover = "handover", "Handover",
            "What those who take over need to know.";
        Briefing = "briefing", "Briefing",
            "An account for those who decide.";
        TechnicalInformation = "technical_information", "Technical information",
            "Indicators, findings and other technical detail.";
        RegulatoryNotification = "regulatory_notification", "Regulatory notification",
            "What an authority has to be told.";
        StakeholderNotification = "stakeholder_notification", "Stakeholder notification",
            "What customers, staff, partners or other affected people are told.";
        PublicStatement = "public_statement", "Public statement",
            "What the press and the public are told.";
        Other = "other", "Other",
            "A content that this list does not name; say which in the text beside it.";
    }
}

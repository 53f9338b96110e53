//! What sort of incident it was, in the terms of published taxonomies, and the pattern it followed.

use super::define::vocabulary;

vocabulary! {
    /// The class of an incident: the first level of the reference taxonomy of European incident response teams.
    pub enum IncidentCategory: "incident_category" from "ENISA RSIT v1003" {
        AbusiveContent = "abusive_content", "Abusive content",
            "Spam, harmful speech, or sexual or violent content.";
        MaliciousCode = "malicious_code", "Malicious code",
            "Infected systems and the infrastructure that controls, configures or spreads malware.";
        InformationGathering = "information_gathering", "Information gathering",
            "Scanning, sniffing or social engineering to learn about a target.";
        IntrusionAttempt = "intrusion_attempt", "Intrusion attempt",
            "An attempt to get in by an exploit or by guessing credentials.";
        Intrusion = "intrusion", "Intrusion",
            "A successful compromise of an account, an application, a system or a building.";
        Availability = "availability", "Availability",
            "A service was made unavailable by attack, sabotage, misconfiguration or outage.";
        InformationContentSecurity = "information_content_security", "Information content security",
            "Information was accessed or changed without authorisation, lost or leaked.";
        Fraud = "fraud", "Fraud",
            "Deception or misuse for gain, such as phishing, impersonation or unauthorised use of resources.";
        Vulnerable = "vulnerable", "Vulnerable",
            "A weakness or exposed service was found that could be abused.";
        Other = "other", "Other",
            "It fits no other class or has not been classified.";
        Test = "test", "Test",
            "The record was made for testing.";
    }

    /// The second level of the incident class.
    pub enum IncidentSubcategory: "incident_subcategory" from "ENISA RSIT v1003" {
        Spam = "spam", "Spam",
            "Unsolicited bulk messages, or the infrastructure that sends them.";
        HarmfulSpeech = "harmful_speech", "Harmful speech",
            "Bullying, harassment, threats or discrimination directed at people.";
        Violence = "violence", "Sexual or violent content",
            "Sexual exploitation, in particular of children, sexual content or glorified violence.";
        InfectedSystem = "infected_system", "Infected system",
            "A computer, phone or server runs malware.";
        C2Server = "c2_server", "C2 server",
            "A command and control server that malware contacts.";
        MalwareDistribution = "malware_distribution", "Malware distribution",
            "An address from which malware is spread.";
        MalwareConfiguration = "malware_configuration", "Malware configuration",
            "An address that hosts configuration for malware.";
        Scanner = "scanner", "Scanning",
            "Requests that probe systems for hosts, services, accounts and weaknesses.";
        Sniffing = "sniffing", "Sniffing",
            "Observing and recording network traffic.";
        SocialEngineering = "social_engineering", "Social engineering",
            "Obtaining information from people by lies, tricks, bribes or threats.";
        IdsAlert = "ids_alert", "Exploitation of known vulnerabilities",
            "An attempt to compromise or disrupt a system through a publicly identified vulnerability.";
        BruteForce = "brute_force", "Login attempts",
            "Repeated attempts to log in by guessing or cracking passwords.";
        Exploit = "exploit", "New attack signature",
            "An attempt that uses an exploit not known before.";
        PrivilegedAccountCompromise = "privileged_account_compromise", "Privileged account compromise",
            "The attacker gained administrative privileges on a system.";
        UnprivilegedAccountCompromise = "unprivileged_account_compromise", "Unprivileged account compromise",
            "The attacker gained an ordinary user or service account.";
        ApplicationCompromise = "application_compromise", "Application compromise",
            "An application was compromised through a software vulnerability.";
        SystemCompromise = "system_compromise", "System compromise",
            "A system was compromised, for example by unauthorised logins or commands.";
        Burglary = "burglary", "Burglary",
            "Physical intrusion into a building or data centre.";
        Dos = "dos", "Denial of service",
            "Requests from few sources that crash or slow down a service.";
        Ddos = "ddos", "Distributed denial of service",
            "Traffic from many sources that overwhelms a service.";
        Misconfiguration = "misconfiguration", "Misconfiguration",
            "A software misconfiguration that makes a service unavailable.";
        Sabotage = "sabotage", "Sabotage",
            "Deliberate logical or physical damage meant to disrupt a service.";
        Outage = "outage", "Outage",
            "An outage from a technical failure or a natural event.";
        UnauthorisedInformationAccess = "unauthorised_information_access", "Unauthorised access to information",
            "Information was read by somebody who was not entitled to it.";
        UnauthorisedInformationModification = "unauthorised_information_modification", "Unauthorised modification of information",
            "Information was changed or encrypted by somebody who was not entitled to do so.";
        DataLoss = "data_loss", "Data loss",
            "Data was lost, for example by a disk failure or a theft.";
        DataLeak = "data_leak", "Leak of confidential information",
            "Confidential information such as credentials or personal data was exposed.";
        UnauthorisedUseOfResources = "unauthorised_use_of_resources", "Unauthorised use of resources",
            "Resources of the organisation were used for purposes it did not authorise, including profit.";
        Copyright = "copyright", "Copyright",
            "Unlicensed software or other protected works were offered or installed.";
        Masquerade = "masquerade", "Masquerade",
            "Somebody impersonated another person or organisation to benefit from it.";
        Phishing = "phishing", "Phishing",
            "Somebody posed as a trusted party to obtain credentials.";
        WeakCrypto = "weak_crypto", "Weak cryptography",
            "A publicly reachable service offers weak cryptography.";
        DdosAmplifier = "ddos_amplifier", "DDoS amplifier",
            "A publicly reachable service can be abused to reflect or amplify attacks.";
        PotentiallyUnwantedAccessible = "potentially_unwanted_accessible", "Potentially unwanted accessible service",
            "A service is publicly reachable that probably should not be.";
        InformationDisclosure = "information_disclosure", "Information disclosure",
            "A publicly reachable service may disclose sensitive information.";
        VulnerableSystem = "vulnerable_system", "Vulnerable system",
            "A system is open to known attacks, for example because it is outdated.";
        Undetermined = "undetermined", "Undetermined",
            "The class of the incident is not known.";
        Test = "test", "Test",
            "The record was made for testing.";
        Other = "other", "Other",
            "It fits no other class or has not been classified.";
    }

    /// A widely recognised pattern of attack or failure, used as a tag.
    pub enum AttackPattern: "attack_pattern" from "Debrief" {
        Ransomware = "ransomware", "Ransomware",
            "Data or systems are made unusable, or stolen, to extort payment.";
        BusinessEmailCompromise = "business_email_compromise", "Business email compromise",
            "A mailbox is taken over or imitated to redirect payments or obtain information.";
        Phishing = "phishing", "Phishing",
            "Deceptive messages make people reveal credentials or run malicious content.";
        Insider = "insider", "Insider",
            "Somebody with legitimate access misuses it.";
        SupplyChain = "supply_chain", "Supply chain",
            "The attack comes through a supplier, a dependency or an update.";
        DataExfiltration = "data_exfiltration", "Data exfiltration",
            "Data is copied out of the organisation.";
        AccountTakeover = "account_takeover", "Account takeover",
            "An account of a user or customer is controlled by somebody else.";
        WebAttack = "web_attack", "Web attack",
            "A web application or interface is attacked.";
        Ddos = "ddos", "Distributed denial of service",
            "A service is overwhelmed by traffic from many sources.";
        LostOrStolen = "lost_or_stolen", "Lost or stolen",
            "A device, medium or document is lost or stolen.";
        Misconfiguration = "misconfiguration", "Misconfiguration",
            "A wrong setting exposes or breaks something without an attacker having caused it.";
        CloudCompromise = "cloud_compromise", "Cloud compromise",
            "Cloud accounts, workloads or the control plane are compromised.";
        Other = "other", "Other",
            "A pattern that this list does not name; say which in the text beside it.";
    }

    /// The kind of threat action behind an incident.
    pub enum VerisAction: "veris_action" from "VERIS" {
        Hacking = "hacking", "Hacking",
            "Deliberate access or harm by defeating or evading logical security.";
        Malware = "malware", "Malware",
            "Malicious software, script or code ran on a device.";
        Social = "social", "Social",
            "People were deceived, manipulated or intimidated.";
        Misuse = "misuse", "Misuse",
            "Granted privileges or resources were used against their purpose.";
        Physical = "physical", "Physical",
            "Deliberate action involving proximity, possession or force.";
        Error = "error", "Error",
            "Something was done or left undone incorrectly or inadvertently.";
        Environmental = "environmental", "Environmental",
            "Natural events or hazards of the surroundings.";
        Unknown = "unknown", "Unknown",
            "The kind of action is not known.";
    }
}

impl IncidentSubcategory {
    /// The first level to which it belongs.
    pub const fn category(self) -> IncidentCategory {
        match self {
            Self::Spam | Self::HarmfulSpeech | Self::Violence => IncidentCategory::AbusiveContent,
            Self::InfectedSystem
            | Self::C2Server
            | Self::MalwareDistribution
            | Self::MalwareConfiguration => IncidentCategory::MaliciousCode,
            Self::Scanner | Self::Sniffing | Self::SocialEngineering => {
                IncidentCategory::InformationGathering
            }
            Self::IdsAlert | Self::BruteForce | Self::Exploit => IncidentCategory::IntrusionAttempt,
            Self::PrivilegedAccountCompromise
            | Self::UnprivilegedAccountCompromise
            | Self::ApplicationCompromise
            | Self::SystemCompromise
            | Self::Burglary => IncidentCategory::Intrusion,
            Self::Dos | Self::Ddos | Self::Misconfiguration | Self::Sabotage | Self::Outage => {
                IncidentCategory::Availability
            }
            Self::UnauthorisedInformationAccess
            | Self::UnauthorisedInformationModification
            | Self::DataLoss
            | Self::DataLeak => IncidentCategory::InformationContentSecurity,
            Self::UnauthorisedUseOfResources
            | Self::Copyright
            | Self::Masquerade
            | Self::Phishing => IncidentCategory::Fraud,
            Self::WeakCrypto
            | Self::DdosAmplifier
            | Self::PotentiallyUnwantedAccessible
            | Self::InformationDisclosure
            | Self::VulnerableSystem => IncidentCategory::Vulnerable,
            Self::Undetermined | Self::Other => IncidentCategory::Other,
            Self::Test => IncidentCategory::Test,
        }
    }
}

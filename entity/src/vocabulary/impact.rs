//! What an incident cost: in which respect, how much, of what kind, and when it was estimated.

use super::define::vocabulary;

vocabulary! {
    /// The respect in which an incident did harm.
    pub enum ImpactDimension: "impact_dimension" from "VERIS" {
        BusinessOperations = "business_operations", "Business operations",
            "Services and processes that were interrupted or degraded.";
        DataConfidentiality = "data_confidentiality", "Data confidentiality",
            "Data that was disclosed or may have been.";
        DataIntegrity = "data_integrity", "Data integrity",
            "Data or systems that were altered or can no longer be trusted.";
        DataAvailability = "data_availability", "Data availability",
            "Data that was lost or could not be used.";
        Reputation = "reputation", "Reputation",
            "Loss of trust among the public, partners or the press.";
        Financial = "financial", "Financial",
            "Money lost or spent because of the incident.";
        LegalRegulatory = "legal_regulatory", "Legal and regulatory",
            "Duties to notify, investigations, claims and fines.";
        Customer = "customer", "Customer",
            "Harm to customers and the effect on their relation to the organisation.";
        Safety = "safety", "Safety",
            "Danger to the life or health of people or to the environment.";
        Workforce = "workforce", "Workforce",
            "The burden on the people who work for the organisation.";
    }

    /// How serious the harm was in one respect.
    pub enum ImpactRating: "impact_rating" from "VERIS overall_rating" {
        None = "none", "None",
            "There was no harm in this respect.";
        Minor = "minor", "Minor",
            "The harm was small and absorbed by ordinary operation.";
        Moderate = "moderate", "Moderate",
            "The harm was felt and took notable effort or cost to absorb.";
        Major = "major", "Major",
            "The harm was serious and affected important goals of the organisation.";
        Catastrophic = "catastrophic", "Catastrophic",
            "The harm threatened the existence of the organisation or the lives of people.";
        Unknown = "unknown", "Unknown",
            "The harm is not known or not yet assessed.";
    }

    /// When the impact was estimated.
    pub enum ImpactSnapshot: "impact_snapshot" from "NIST SP 800-61r2 section 3.4.2" {
        Initial = "initial", "Initial",
            "The first estimate, made while the incident was being handled.";
        Interim = "interim", "Interim",
            "A revised estimate, made on the way.";
        Final = "final", "Final",
            "The settled figure, made once the facts are established.";
    }

    /// What is counted of an impact, with its unit.
    pub enum QuantityKind: "quantity_kind" from "VERIS, NIST SP 800-61r2 section 3.2.6" {
        DowntimeMinutes = "downtime_minutes", "Downtime in minutes",
            "Minutes in which a service could not be used.";
        DegradedMinutes = "degraded_minutes", "Degraded service in minutes",
            "Minutes in which a service could be used only in part or slowly.";
        RecoveryMinutes = "recovery_minutes", "Recovery in minutes",
            "Minutes until normal operation was restored.";
        UsersAffected = "users_affected", "Users affected",
            "People who could not use a service as usual.";
        SystemsAffected = "systems_affected", "Systems affected",
            "Servers, workstations and other devices.";
        AccountsCompromised = "accounts_compromised", "Accounts compromised",
            "Accounts of people and services that somebody else could use.";
        RecordsAffected = "records_affected", "Records affected",
            "Records of one type of data.";
        DataVolumeBytes = "data_volume_bytes", "Volume of data in bytes",
            "Bytes of data that were taken, altered or lost.";
        TransactionsLost = "transactions_lost", "Transactions lost",
            "Orders, appointments and other business that did not take place.";
        CustomersAffected = "customers_affected", "Customers affected",
            "Customers to whom harm was done.";
        CustomersLost = "customers_lost", "Customers lost",
            "Customers who left because of it.";
        Complaints = "complaints", "Complaints",
            "Complaints received because of it.";
        MediaMentions = "media_mentions", "Media mentions",
            "Reports in the press and posts that were widely read.";
        Notifications = "notifications", "Notifications",
            "People and authorities who had to be notified.";
        LegalClaims = "legal_claims", "Legal claims",
            "Claims, proceedings and investigations.";
        PeopleHarmed = "people_harmed", "People harmed",
            "People whose life or health was harmed.";
        PersonHours = "person_hours", "Person-hours",
            "Hours that people worked because of it.";
        Other = "other", "Other",
            "A quantity that this list does not name; say which in the text beside it.";
    }

    /// What kind of loss an amount belongs to.
    pub enum LossVariety: "loss_variety" from "VERIS" {
        AssetAndFraud = "asset_and_fraud", "Assets and fraud",
            "Assets and money that were stolen, damaged or lost to fraud.";
        BrandDamage = "brand_damage", "Brand damage",
            "Loss of value of the brand and its market standing.";
        BusinessDisruption = "business_disruption", "Business disruption",
            "Revenue and output lost while business was interrupted.";
        CompetitiveAdvantage = "competitive_advantage", "Competitive advantage",
            "Loss of an edge over competitors, for example through stolen trade secrets.";
        LegalAndRegulatory = "legal_and_regulatory", "Legal and regulatory",
            "Fines, settlements, damages and legal fees.";
        OperatingCosts = "operating_costs", "Operating costs",
            "Lasting increases of the cost of operation.";
        ResponseAndRecovery = "response_and_recovery", "Response and recovery",
            "The cost of investigating, containing, restoring and notifying.";
        Other = "other", "Other",
            "A loss that this list does not name; say which in the text beside it.";
    }

    /// What kind of data was affected.
    pub enum DataType: "data_type" from "VERIS" {
        Credentials = "credentials", "Credentials",
            "Passwords, keys, tokens and other means of authentication.";
        Personal = "personal", "Personal data",
            "Data about identified or identifiable people.";
        SensitivePersonal = "sensitive_personal", "Sensitive personal data",
            "Personal data under special protection, such as on beliefs, origin or biometrics.";
        Payment = "payment", "Payment card data",
            "Numbers and other data of payment cards.";
        Bank = "bank", "Bank account data",
            "Data of bank accounts.";
        Medical = "medical", "Medical data",
            "Data on health and treatment.";
        Internal = "internal", "Internal information",
            "Information of the organisation that is not meant for outsiders.";
        Classified = "classified", "Classified information",
            "Information that a government has classified.";
        SourceCode = "source_code", "Source code",
            "Source code of software.";
        Secrets = "secrets", "Trade secrets",
            "Trade secrets and other confidential knowledge.";
        System = "system", "System information",
            "Configuration and other information about systems and networks.";
        Copyrighted = "copyrighted", "Copyrighted material",
            "Works protected by copyright.";
        Other = "other", "Other",
            "Data that this list does not name; say which in the text beside it.";
    }
}

impl ImpactRating {
    /// From 0 (none) to 4 (catastrophic); nothing when it is not known.
    pub const fn rank(self) -> Option<u8> {
        match self {
            Self::None => Some(0),
            Self::Minor => Some(1),
            Self::Moderate => Some(2),
            Self::Major => Some(3),
            Self::Catastrophic => Some(4),
            Self::Unknown => Option::None,
        }
    }
}

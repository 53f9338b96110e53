//! Time that runs: how it is counted, what is due, and the clocks that regulation starts.

use super::define::vocabulary;

vocabulary! {
    /// How a length of time is counted.
    pub enum DurationUnit: "duration_unit" from "Regulation (EEC, Euratom) No 1182/71" {
        CalendarHours = "calendar_hours", "Calendar hours",
            "Hours as they pass, on every day and at every time of day.";
        CalendarDays = "calendar_days", "Calendar days",
            "Days of the calendar, to the same time of day that many days later.";
        CalendarMonths = "calendar_months", "Calendar months",
            "Months of the calendar, to the same day and time, or the last day of a month that has no such day.";
        BusinessHours = "business_hours", "Business hours",
            "Hours within the working hours of a business calendar.";
        BusinessDays = "business_days", "Business days",
            "Working days of a business calendar, not counting the day it starts on, to the end of working hours on the last.";
    }

    /// What is due.
    pub enum DeadlineKind: "deadline_kind" from "Debrief" {
        WorkshopDue = "workshop_due", "Workshop due",
            "The lessons-learned workshop of a review is to be held.";
        PublicationDue = "publication_due", "Publication due",
            "A review is to be published.";
        ActionDue = "action_due", "Action due",
            "An action is to be implemented.";
        VerificationRecheck = "verification_recheck", "Verification recheck",
            "A verified action is to be looked at again.";
        RiskExpiry = "risk_expiry", "Risk expiry",
            "The acceptance of a risk ends.";
        ObligationDue = "obligation_due", "Obligation due",
            "A regulatory notification or report is to be submitted.";
        FeedbackOpening = "feedback_opening", "Feedback opening",
            "A round of feedback opens.";
        RecommendationDeferred = "recommendation_deferred", "Recommendation deferred",
            "A deferred recommendation is to be decided on again.";
        RecommendationRiskExpiry = "recommendation_risk_expiry", "Recommendation risk expiry",
            "The acceptance of the risk of not following a recommendation ends.";
        DocumentReview = "document_review", "Document review",
            "A document is to be reviewed.";
    }

    /// Where a deadline stands.
    pub enum DeadlineState: "deadline_state" from "Debrief" {
        Due = "due", "Due",
            "It is not met and its moment has not passed.";
        Overdue = "overdue", "Overdue",
            "It is not met and its moment has passed.";
        Met = "met", "Met",
            "It was met in time.";
        Breached = "breached", "Breached",
            "It was met too late.";
    }

    /// What starts a regulatory clock.
    pub enum ObligationTrigger: "obligation_trigger" from "GDPR, NIS2, DORA, SEC Form 8-K, CIRCIA, HIPAA" {
        Aware = "aware", "Aware",
            "The organisation became aware of the incident.";
        Discovered = "discovered", "Discovered",
            "The incident was discovered, or would have been with reasonable diligence.";
        Classified = "classified", "Classified",
            "The incident was classified as one that has to be reported.";
        DeterminedMaterial = "determined_material", "Determined material",
            "The incident was determined to be material.";
        Paid = "paid", "Paid",
            "A ransom was paid.";
        Notified = "notified", "Notified",
            "The notification that comes before was submitted.";
        Reported = "reported", "Reported",
            "The report that comes before was submitted.";
        Other = "other", "Other",
            "A moment that this list does not name; say which in the text beside it.";
    }

    /// Where an obligation stands.
    pub enum ObligationStatus: "obligation_status" from "Debrief" {
        Pending = "pending", "Pending",
            "It is not met, and there is more than a day left.";
        DueSoon = "due_soon", "Due soon",
            "It is not met, and there is a day left or less.";
        Overdue = "overdue", "Overdue",
            "It is not met, and its moment has passed while the review still runs.";
        Met = "met", "Met",
            "It was met in time.";
        MetLate = "met_late", "Met late",
            "It was met after its moment had passed.";
        Missed = "missed", "Missed",
            "Its moment has passed, and the review has ended without it being met.";
        NotApplicable = "not_applicable", "Not applicable",
            "It was waived or proved not to apply, for a recorded reason.";
    }
}

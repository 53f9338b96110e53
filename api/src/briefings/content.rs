//! What a briefing tells.

use chrono::NaiveDate;
use entity::Timestamp;
use entity::impact::{ImpactQuantity, MoneyRange};
use entity::vocabulary::{
    ActionStatus, AssessmentDimension, AssessmentRating, BriefingAudience, BriefingSection,
    Disposition, FindingKind, GapCategory, ImpactDimension, ImpactRating, ImpactSnapshot,
    LessonStatus, Milestone, ObligationStatus, OmissionReason, Priority, ReviewStatus, Severity,
    TimePrecision, Tlp,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::metrics::response::rules::ResponseMetricName;

/// A key event.
#[derive(Debug, Serialize, ToSchema)]
pub struct BriefedEvent {
    /// When it happened, or began.
    pub occurred_at: Timestamp,
    /// How exactly that is known.
    pub precision: TimePrecision,
    /// What happened.
    #[schema(example = "EDR alert on fs-01: mass renaming of files")]
    pub summary: String,
    /// The milestones that it is.
    pub marks: Vec<Milestone>,
}

/// A duration of the response to an incident.
#[derive(Debug, Serialize, ToSchema)]
pub struct BriefedDuration {
    /// Which incident.
    #[schema(example = "Ransomware on the file servers")]
    pub incident: String,
    /// Which duration.
    pub metric: ResponseMetricName,
    /// How long, in seconds; null where it is known in days only.
    #[schema(minimum = 0, example = 8940)]
    pub seconds: Option<i64>,
    /// How long, in calendar days; null where the seconds are known.
    #[schema(minimum = 0, example = 3)]
    pub days: Option<i64>,
}

/// What it cost in one dimension, by the latest estimate.
#[derive(Debug, Serialize, ToSchema)]
pub struct BriefedImpact {
    /// In which respect.
    pub dimension: ImpactDimension,
    /// By which estimate.
    pub snapshot: ImpactSnapshot,
    /// How bad it was.
    pub rating: ImpactRating,
    /// The impact in words.
    #[schema(example = "Deliveries came late for a week")]
    pub narrative: Option<String>,
    /// What can be counted of it.
    pub quantities: Vec<ImpactQuantity>,
    /// What it cost in all, one sum for each currency.
    pub costs: Vec<MoneyRange>,
}

/// A cause, gap or strength.
#[derive(Debug, Serialize, ToSchema)]
pub struct BriefedFinding {
    /// What kind of finding.
    pub kind: FindingKind,
    /// What was established.
    #[schema(example = "VPN sign-in needed no second factor")]
    pub statement: String,
    /// What a gap is in.
    pub gap_category: Option<GapCategory>,
    /// Its risk, likelihood times severity.
    #[schema(minimum = 1, maximum = 25, example = 20)]
    pub risk_score: Option<i32>,
}

/// How well one dimension of the response went.
#[derive(Debug, Serialize, ToSchema)]
pub struct BriefedAssessment {
    /// Which dimension.
    pub dimension: AssessmentDimension,
    /// How well it went.
    pub rating: AssessmentRating,
    /// The judgement in words.
    #[schema(example = "The privileged account was found soon; what came before it was not.")]
    pub summary: Option<String>,
}

/// A recommendation.
#[derive(Debug, Serialize, ToSchema)]
pub struct BriefedRecommendation {
    /// What is proposed.
    #[schema(example = "Require a second factor on the VPN")]
    pub title: String,
    /// Why.
    #[schema(example = "It would have stopped the intrusion")]
    pub rationale: Option<String>,
    /// What was decided about it.
    pub disposition: Disposition,
    /// Whether a decision is still wanted.
    #[schema(example = false)]
    pub decision_wanted: bool,
}

/// An action.
#[derive(Debug, Serialize, ToSchema)]
pub struct BriefedAction {
    /// What is to be done.
    #[schema(example = "Require a second factor on the VPN")]
    pub title: String,
    /// Its priority.
    pub priority: Priority,
    /// Where it stands.
    pub status: ActionStatus,
    /// Who owns it; null for outsiders.
    #[schema(example = "Robin Vega")]
    pub owner: Option<String>,
    /// When it is due.
    #[schema(value_type = Option<String>, format = "date", example = "2027-01-29")]
    pub due_on: Option<NaiveDate>,
}

/// A lesson.
#[derive(Debug, Serialize, ToSchema)]
pub struct BriefedLesson {
    /// What should be remembered.
    #[schema(example = "An alert without an owner is no alert")]
    pub statement: String,
    /// Where it stands.
    pub status: LessonStatus,
}

/// A regulatory clock.
#[derive(Debug, Serialize, ToSchema)]
pub struct BriefedObligation {
    /// What it is called.
    #[schema(example = "Notification of the supervisory authority")]
    pub title: String,
    /// Where it stood.
    pub status: ObligationStatus,
    /// When it is due.
    pub due_at: Timestamp,
    /// When it was submitted.
    pub submitted_at: Option<Timestamp>,
}

/// A part that is left out, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct Omission {
    /// Which part.
    pub section: BriefingSection,
    /// Why.
    pub reason: OmissionReason,
}

/// What a briefing tells. A part is null when it was not chosen or is left out, and empty when the
/// review holds nothing of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct BriefingContent {
    /// The briefing.
    pub briefing_id: Uuid,
    /// For whom it is.
    pub audience: BriefingAudience,
    /// How far it may be passed on.
    pub tlp: Tlp,
    /// Whether the review is under legal privilege.
    #[schema(example = false)]
    pub legal_privilege: bool,
    /// As of when it tells.
    pub as_of: Timestamp,
    /// The review.
    pub review_id: Uuid,
    /// Its key.
    #[schema(example = "PIR-2026-0042")]
    pub review_key: String,
    /// What it is about.
    #[schema(example = "Ransomware on the file servers")]
    pub review_title: String,
    /// Where it stood.
    pub review_status: ReviewStatus,
    /// How bad what it reviews was.
    pub severity: Severity,
    /// What the briefing says above all.
    #[schema(example = "An account without a second factor cost us 34 hours of freight documents")]
    pub headline: String,
    /// What its readers should take away.
    pub key_messages: Vec<String>,
    /// What its readers are asked to decide.
    pub decisions_wanted: Vec<String>,
    /// The parts that were chosen, in their order; those that are left out among them.
    pub sections: Vec<BriefingSection>,
    /// What is left out, and why.
    pub omitted: Vec<Omission>,
    /// What the review established, in short.
    #[schema(example = "A phished VPN account led to the encryption of two file servers.")]
    pub summary: Option<String>,
    /// The key events, in their order.
    pub timeline: Option<Vec<BriefedEvent>>,
    /// The durations of the response.
    pub durations: Option<Vec<BriefedDuration>>,
    /// What it cost.
    pub impact: Option<Vec<BriefedImpact>>,
    /// Root causes and contributing factors.
    pub causes: Option<Vec<BriefedFinding>>,
    /// How the response went.
    pub assessments: Option<Vec<BriefedAssessment>>,
    /// What went well.
    pub strengths: Option<Vec<BriefedFinding>>,
    /// The gaps.
    pub gaps: Option<Vec<BriefedFinding>>,
    /// The recommendations; those that want a decision first.
    pub recommendations: Option<Vec<BriefedRecommendation>>,
    /// The actions, the most important first; without those that were given up.
    pub actions: Option<Vec<BriefedAction>>,
    /// The lessons that stand.
    pub lessons: Option<Vec<BriefedLesson>>,
    /// The regulatory clocks.
    pub obligations: Option<Vec<BriefedObligation>>,
}

//! Bodies and parameters of the gap register.

use chrono::NaiveDate;
use entity::Timestamp;
use entity::finding::{self, Control};
use entity::gap::{self, Model};
use entity::vocabulary::{
    ActionStatus, ControlState, Disposition, FactorArea, GapCategory, GapState, Severity,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::answers::{AnsweringAction, Answers, NamingRecommendation};
use super::store::ReviewNames;

/// A recommendation that answers a gap.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapRecommendation {
    /// Its id.
    id: Uuid,
    /// What is proposed.
    #[schema(example = "Give every class of alert an owner and a deadline")]
    title: String,
    /// What was decided about it.
    disposition: Disposition,
    /// The day on which it is looked at again, while it is deferred.
    #[schema(example = "2027-03-31")]
    deferred_until: Option<NaiveDate>,
    /// The last day of its risk acceptance, while its risk is accepted.
    #[schema(example = "2027-06-30")]
    expires_on: Option<NaiveDate>,
    /// The recommendation that says the same and answers in its place.
    duplicate_of_id: Option<Uuid>,
}

impl From<NamingRecommendation> for GapRecommendation {
    fn from(one: NamingRecommendation) -> Self {
        Self {
            id: one.id,
            title: one.title,
            disposition: one.disposition,
            deferred_until: one.deferred_until,
            expires_on: one.expires_on,
            duplicate_of_id: one.duplicate_of_id,
        }
    }
}

/// An action that answers a gap: it names the gap, or carries out a recommendation that does.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapAction {
    /// Its id.
    id: Uuid,
    /// What is to be done.
    #[schema(example = "Alert when the backup agent is stopped")]
    title: String,
    /// Where it stands.
    status: ActionStatus,
    /// The owner's name.
    #[schema(example = "Ada Okafor")]
    owner_name: Option<String>,
    /// When it is due.
    #[schema(example = "2026-06-30")]
    due_on: Option<NaiveDate>,
}

impl From<AnsweringAction> for GapAction {
    fn from(one: AnsweringAction) -> Self {
        Self {
            id: one.id,
            title: one.title,
            status: one.status,
            owner_name: one.owner_name,
            due_on: one.due_on,
        }
    }
}

/// A gap that stands, and what answers it.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapBody {
    /// The finding.
    finding_id: Uuid,
    /// The review that established it.
    review_id: Uuid,
    /// The review's key.
    #[schema(example = "PIR-2026-0042")]
    review_key: String,
    /// What the review is about.
    #[schema(example = "Ransomware on the file servers")]
    review_title: String,
    /// How bad what it reviews was.
    review_severity: Severity,
    /// What was established.
    #[schema(example = "Alerts had no accountable owner")]
    statement: String,
    /// What the gap is in.
    gap_category: Option<GapCategory>,
    /// Where it lies.
    factor_area: Option<FactorArea>,
    /// The control it is about.
    control: Option<Control>,
    /// How likely it is to matter again, 1 to 5.
    #[schema(example = 4)]
    likelihood: Option<i32>,
    /// How bad that would be, 1 to 5.
    #[schema(example = 5)]
    severity_score: Option<i32>,
    /// `likelihood` × `severity_score`, 1 to 25; null while one of them is missing.
    #[schema(example = 20)]
    risk_score: Option<i32>,
    /// How it is answered.
    state: GapState,
    /// The recommendations that name it.
    recommendations: Vec<GapRecommendation>,
    /// The actions that name it or carry out one of its recommendations.
    actions: Vec<GapAction>,
    /// Why nothing is done about it, where that was decided.
    #[schema(example = "The system is retired next month")]
    no_recommendation_reason: Option<String>,
    /// When it was recorded.
    created_at: Timestamp,
}

impl GapBody {
    /// A gap as it is shown.
    pub fn of(row: Model, finding: finding::Model, review: ReviewNames, answers: Answers) -> Self {
        let recommendations = answers.recommendations.into_iter();
        let actions = answers.actions.into_iter();
        Self {
            finding_id: row.finding_id,
            review_id: row.review_id,
            review_key: review.key,
            review_title: review.title,
            review_severity: review.severity,
            statement: finding.statement,
            gap_category: row.gap_category,
            factor_area: finding.factor_area,
            control: finding.control.map(|column| column.0),
            likelihood: finding.likelihood,
            severity_score: row.severity_score,
            risk_score: row.risk_score,
            state: row.state,
            recommendations: recommendations.map(GapRecommendation::from).collect(),
            actions: actions.map(GapAction::from).collect(),
            no_recommendation_reason: finding.no_recommendation_reason,
            created_at: row.created_at,
        }
    }
}

/// A page of gaps.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapList {
    /// The gaps, in order.
    items: Vec<GapBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

crate::sorts! {
    /// Order of the gap register.
    GapSort of gap::Entity, default RiskScoreDescending;
    RiskScore RiskScoreDescending "risk_score" "-risk_score" RiskScore nullable;
    SeverityScore SeverityScoreDescending "severity_score" "-severity_score" SeverityScore nullable;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
}

/// Which gaps, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListGaps {
    /// In any of these states.
    #[serde(default)]
    pub state: Vec<GapState>,
    /// In any of these categories.
    #[serde(default)]
    pub gap_category: Vec<GapCategory>,
    /// About any of these controls of the organisation's catalogue.
    #[serde(default)]
    #[param(example = json!(["A.8.7"]))]
    pub control_id: Vec<String>,
    /// About a control in any of these states.
    #[serde(default)]
    pub control_state: Vec<ControlState>,
    /// Of any of these reviews.
    #[serde(default)]
    pub review_id: Vec<Uuid>,
    /// Of reviews with any of these severities.
    #[serde(default)]
    pub review_severity: Vec<Severity>,
    /// At least as severe, 1 to 5.
    #[param(minimum = 1, maximum = 6, example = 4)]
    pub severity_score_from: Option<i32>,
    /// Less severe than, 1 to 6.
    #[param(minimum = 1, maximum = 6, example = 6)]
    pub severity_score_to: Option<i32>,
    /// At least this risk, 1 to 25.
    #[param(minimum = 1, maximum = 26, example = 15)]
    pub risk_score_from: Option<i32>,
    /// Less risk than, 1 to 26.
    #[param(minimum = 1, maximum = 26, example = 26)]
    pub risk_score_to: Option<i32>,
    /// Recorded at or after.
    pub created_at_from: Option<Timestamp>,
    /// Recorded before.
    pub created_at_to: Option<Timestamp>,
    /// Words that the finding's statement or description hold, all of them.
    #[param(max_length = 200, example = "owner")]
    pub q: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: GapSort,
}

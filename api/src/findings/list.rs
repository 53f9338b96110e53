//! Which finding, and which findings in which order.

use entity::vocabulary::{
    CauseCategory, Confidence, ControlState, FactorKind, FindingKind, GapCategory,
};
use entity::{Timestamp, finding};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::attack;

/// Which finding of a review.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct FindingPath {
    /// Id or key of the review.
    #[param(
        pattern = "^(PIR-[0-9]{4}-[0-9]{4,9}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        example = "PIR-2026-0001"
    )]
    pub review: String,
    /// Id of the finding.
    pub finding: Uuid,
}

crate::sorts! {
    /// Order of a list of findings.
    FindingSort of finding::Entity, default CreatedAt;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
    RiskScore RiskScoreDescending "risk_score" "-risk_score" RiskScore nullable;
}

/// Which findings, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListFindings {
    /// Any of these kinds.
    #[serde(default)]
    pub kind: Vec<FindingKind>,
    /// Any of these cause categories.
    #[serde(default)]
    pub cause_category: Vec<CauseCategory>,
    /// Any of these gap categories.
    #[serde(default)]
    pub gap_category: Vec<GapCategory>,
    /// Any of these kinds of factor.
    #[serde(default)]
    pub factor_kind: Vec<FactorKind>,
    /// Any of these degrees of confidence.
    #[serde(default)]
    pub confidence: Vec<Confidence>,
    /// About a control in any of these states.
    #[serde(default)]
    pub control_state: Vec<ControlState>,
    /// With any of these ATT&CK techniques.
    #[serde(default)]
    #[param(value_type = Vec<attack::TechniqueId>, example = json!(["T1566.001"]))]
    pub attack_technique: Vec<String>,
    /// Resting on any of these events.
    #[serde(default)]
    pub event_id: Vec<Uuid>,
    /// Only the retracted, or only the others.
    pub retracted: Option<bool>,
    /// Created at or after.
    pub created_at_from: Option<Timestamp>,
    /// Created before.
    pub created_at_to: Option<Timestamp>,
    /// Words that statement or description hold, all of them.
    #[param(max_length = 200, example = "owner")]
    pub q: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: FindingSort,
}

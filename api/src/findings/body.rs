//! Bodies of findings.

use entity::Timestamp;
use entity::finding::{Control, Model};
use entity::shared::Evidence;
use entity::vocabulary::{
    CauseCategory, Confidence, FactorArea, FactorKind, FindingKind, GapCategory,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::attack::{self, Warning};
use crate::kernel::body::Patch;
use crate::wording::body::{PlacedText, Worded, WordingNote, at, notes};

/// One thing that the review established.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordFinding {
    /// What kind of finding it is.
    pub kind: FindingKind,
    /// What was established.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "Alerts had no accountable owner"
    )]
    pub statement: String,
    /// The same at length.
    #[serde(default)]
    #[schema(
        max_length = 65536,
        example = "Six weeks of alerts reached a mailbox nobody read."
    )]
    pub description: Option<String>,
    /// Category of a cause; required for root causes and contributing factors, only for them.
    #[serde(default)]
    pub cause_category: Option<CauseCategory>,
    /// Second level of the category; only with one.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, example = "unclear responsibility")]
    pub cause_detail: Option<String>,
    /// How it bore on the incident: for root causes and contributing factors, and for strengths
    /// and near misses, which mitigated it.
    #[serde(default)]
    pub factor_kind: Option<FactorKind>,
    /// Where it lies.
    #[serde(default)]
    pub factor_area: Option<FactorArea>,
    /// What a gap is in; required for gaps, only for them.
    #[serde(default)]
    pub gap_category: Option<GapCategory>,
    /// How sure it is.
    #[serde(default = "unknown_confidence")]
    #[schema(default = "unknown")]
    pub confidence: Confidence,
    /// The events of the review's chronology that it rests on.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub event_ids: Vec<Uuid>,
    /// What supports it besides.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub evidence: Vec<Evidence>,
    /// The finding of the same review that this one is a reason for: one step of the why-chain,
    /// which has at most 32 steps and no circle.
    #[serde(default)]
    pub parent_id: Option<Uuid>,
    /// The control it is about; for every kind but observations.
    #[serde(default)]
    pub control: Option<Control>,
    /// ATT&CK technique ids; unknown and retired ones are kept and warned of.
    #[serde(default)]
    #[schema(max_items = 50, value_type = Vec<attack::TechniqueId>)]
    pub attack_techniques: Vec<String>,
    /// How likely it is to matter again: 1 (rare) to 5 (almost certain).
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5, example = 4)]
    pub likelihood: Option<i32>,
    /// How bad that would be: 1 (negligible) to 5 (severe).
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5, example = 5)]
    pub severity_score: Option<i32>,
    /// Why nothing is done about a gap, where nothing is; only for gaps.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "The system is retired next month"
    )]
    pub no_recommendation_reason: Option<String>,
}

/// A change of a finding.
pub type FindingPatch = Patch<RecordFinding>;

fn unknown_confidence() -> Confidence {
    Confidence::Unknown
}

impl From<&Model> for RecordFinding {
    fn from(row: &Model) -> Self {
        Self {
            kind: row.kind,
            statement: row.statement.clone(),
            description: row.description.clone(),
            cause_category: row.cause_category,
            cause_detail: row.cause_detail.clone(),
            factor_kind: row.factor_kind,
            factor_area: row.factor_area,
            gap_category: row.gap_category,
            confidence: row.confidence,
            event_ids: row.event_ids.0.clone(),
            evidence: row.evidence.0.clone(),
            parent_id: row.parent_id,
            control: row.control.clone().map(|column| column.0),
            attack_techniques: row.attack_techniques.0.clone(),
            likelihood: row.likelihood,
            severity_score: row.severity_score,
            no_recommendation_reason: row.no_recommendation_reason.clone(),
        }
    }
}

/// An amendment of a finding, with the reason for it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendFinding {
    /// Why it is amended.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "The forensic report corrected it"
    )]
    pub reason: String,
    /// Merge patch of the finding: absent leaves, null clears.
    pub changes: FindingPatch,
}

/// A retraction: the finding stays, struck out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetractFinding {
    /// Why it is retracted.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "Disproved by the forensic report"
    )]
    pub reason: String,
}

/// When, by whom and why a finding was retracted.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingRetraction {
    /// When.
    at: Timestamp,
    /// Who.
    #[schema(example = "ada@example.org")]
    by: String,
    /// Why.
    #[schema(example = "Disproved by the forensic report")]
    reason: String,
}

/// A finding.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingBody {
    /// Its id.
    id: Uuid,
    /// The review that established it.
    review_id: Uuid,
    /// What kind of finding it is.
    kind: FindingKind,
    /// What was established.
    #[schema(example = "Alerts had no accountable owner")]
    statement: String,
    /// The same at length.
    #[schema(example = "Six weeks of alerts reached a mailbox nobody read.")]
    description: Option<String>,
    /// Category of a cause.
    cause_category: Option<CauseCategory>,
    /// Second level of the category.
    #[schema(example = "unclear responsibility")]
    cause_detail: Option<String>,
    /// How a cause or factor worked.
    factor_kind: Option<FactorKind>,
    /// Where it lies.
    factor_area: Option<FactorArea>,
    /// What a gap is in.
    gap_category: Option<GapCategory>,
    /// How sure it is.
    confidence: Confidence,
    /// The events that it rests on.
    event_ids: Vec<Uuid>,
    /// What supports it besides.
    evidence: Vec<Evidence>,
    /// The finding that this one is a reason for.
    parent_id: Option<Uuid>,
    /// The control it is about.
    control: Option<Control>,
    /// ATT&CK technique ids.
    #[schema(example = json!(["T1566.001"]))]
    attack_techniques: Vec<String>,
    /// How likely it is to matter again, 1 to 5.
    #[schema(example = 4)]
    likelihood: Option<i32>,
    /// How bad that would be, 1 to 5.
    #[schema(example = 5)]
    severity_score: Option<i32>,
    /// `likelihood` × `severity_score`, 1 to 25; null while one of them is missing.
    #[schema(example = 20)]
    risk_score: Option<i32>,
    /// Why nothing is done about it.
    #[schema(example = "The system is retired next month")]
    no_recommendation_reason: Option<String>,
    /// When, by whom and why it was retracted, if it was.
    retraction: Option<FindingRetraction>,
    /// What was kept but looks wrong.
    warnings: Vec<Warning>,
    /// Version of the resource, as in its ETag.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// When it was created.
    created_at: Timestamp,
    /// Who created it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    created_by: String,
    /// When it was last changed.
    updated_at: Timestamp,
    /// Phrases in its texts that blame or judge with hindsight: advice, never a refusal.
    wording_notes: Vec<WordingNote>,
}

impl Worded for Model {
    fn texts(&self) -> Vec<PlacedText<'_>> {
        vec![
            at("/statement", self.statement.as_str()),
            at("/description", self.description.as_deref()),
            at(
                "/no_recommendation_reason",
                self.no_recommendation_reason.as_deref(),
            ),
        ]
    }
}

impl From<Model> for FindingBody {
    fn from(row: Model) -> Self {
        let wording_notes = notes(&row);
        let retraction = row.retracted_at.map(|at| FindingRetraction {
            at,
            by: row.retracted_by.unwrap_or_default(),
            reason: row.retraction_reason.unwrap_or_default(),
        });
        Self {
            wording_notes,
            id: row.id,
            review_id: row.review_id,
            kind: row.kind,
            statement: row.statement,
            description: row.description,
            cause_category: row.cause_category,
            cause_detail: row.cause_detail,
            factor_kind: row.factor_kind,
            factor_area: row.factor_area,
            gap_category: row.gap_category,
            confidence: row.confidence,
            event_ids: row.event_ids.0,
            evidence: row.evidence.0,
            parent_id: row.parent_id,
            control: row.control.map(|column| column.0),
            warnings: attack::warnings(&row.attack_techniques.0),
            attack_techniques: row.attack_techniques.0,
            likelihood: row.likelihood,
            severity_score: row.severity_score,
            risk_score: row.risk_score,
            no_recommendation_reason: row.no_recommendation_reason,
            retraction,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }
}

/// A page of findings.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingList {
    /// The findings, in order.
    items: Vec<FindingBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

//! Bodies of an action's steps: progress, verifications, due dates, verbs.

use chrono::NaiveDate;
use entity::shared::{Evidence, Person};
use entity::vocabulary::{ActionStatus, VerificationMethod, VerificationResult};
use entity::{Timestamp, action_due_change, action_progress, verification};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::ActionBody;

/// Where progress can say that an action is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "in_progress")]
pub enum ReportedStatus {
    /// Committed and not yet begun, or not worked on at present.
    Open,
    /// Being worked on.
    InProgress,
    /// Can't go on until something else is resolved.
    Blocked,
    /// Done; its effect is not yet proven.
    Implemented,
}

impl From<ReportedStatus> for ActionStatus {
    fn from(status: ReportedStatus) -> Self {
        match status {
            ReportedStatus::Open => Self::Open,
            ReportedStatus::InProgress => Self::InProgress,
            ReportedStatus::Blocked => Self::Blocked,
            ReportedStatus::Implemented => Self::Implemented,
        }
    }
}

/// How far an action is. At least one of `percent`, `status` and `note` is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportProgress {
    /// When it was so; now, when it is left out. Up to five minutes in the future count as now. With
    /// a `status` that moves the action, not before the action was added or made its last move.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// How much is done, in percent. Counts unless something later was reported already.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100, example = 40)]
    pub percent: Option<i32>,
    /// Where the action is now. `implemented` means 100 percent.
    #[serde(default)]
    pub status: Option<ReportedStatus>,
    /// What there is to say.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 10000,
        example = "The rule is written; its test on the staging hosts begins on Monday."
    )]
    pub note: Option<String>,
}

/// One report of progress, or one step of an action's life.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgressBody {
    /// Its id.
    id: Uuid,
    /// Of which action.
    action_id: Uuid,
    /// When it was so.
    at: Timestamp,
    /// How much was done, in percent.
    #[schema(minimum = 0, maximum = 100, example = 40)]
    percent: Option<i32>,
    /// Where the action was, when it moved.
    from_status: Option<ActionStatus>,
    /// Where it went, when it moved.
    status: Option<ActionStatus>,
    /// What there is to say.
    #[schema(example = "The rule is written; its test on the staging hosts begins on Monday.")]
    note: Option<String>,
    /// When it was recorded.
    created_at: Timestamp,
    /// Who recorded it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    created_by: String,
}

impl From<action_progress::Model> for ProgressBody {
    fn from(row: action_progress::Model) -> Self {
        Self {
            id: row.id,
            action_id: row.action_id,
            at: row.at,
            percent: row.percent,
            from_status: row.from_status,
            status: row.status,
            note: row.note,
            created_at: row.created_at,
            created_by: row.created_by,
        }
    }
}

/// The progress that was recorded, and the action as it is now.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportedProgressBody {
    /// The progress.
    #[serde(flatten)]
    pub progress: ProgressBody,
    /// The action as it is now; the answer's ETag is its own.
    pub action: ActionBody,
}

/// A page of progress.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgressList {
    /// The progress, in order.
    items: Vec<ProgressBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// The proof that an action works, or does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordVerification {
    /// How it was shown.
    pub method: VerificationMethod,
    /// What it showed.
    pub result: VerificationResult,
    /// What supports it.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub evidence: Vec<Evidence>,
    /// What there is to say.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 10000,
        example = "The alert came after two minutes, three times out of three."
    )]
    pub note: Option<String>,
    /// When to look again.
    #[serde(default)]
    #[schema(example = "2026-12-31")]
    pub recheck_on: Option<NaiveDate>,
    /// Who verified, never the action's owner; the caller when it is left out.
    #[serde(default)]
    pub verified_by: Option<Person>,
}

/// One verification.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerificationBody {
    /// Its id.
    id: Uuid,
    /// Of which action.
    action_id: Uuid,
    /// How it was shown.
    method: VerificationMethod,
    /// What it showed.
    result: VerificationResult,
    /// What supports it.
    evidence: Vec<Evidence>,
    /// What there is to say.
    #[schema(example = "The alert came after two minutes, three times out of three.")]
    note: Option<String>,
    /// When to look again.
    #[schema(example = "2026-12-31")]
    recheck_on: Option<NaiveDate>,
    /// Who verified.
    verified_by: Person,
    /// When it was recorded.
    created_at: Timestamp,
    /// Who recorded it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    created_by: String,
}

impl From<verification::Model> for VerificationBody {
    fn from(row: verification::Model) -> Self {
        Self {
            id: row.id,
            action_id: row.action_id,
            method: row.method,
            result: row.result,
            evidence: row.evidence.0,
            note: row.note,
            recheck_on: row.recheck_on,
            verified_by: row.verified_by.0,
            created_at: row.created_at,
            created_by: row.created_by,
        }
    }
}

/// The verification that was recorded, and the action as it is now.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordedVerificationBody {
    /// The verification.
    #[serde(flatten)]
    pub verification: VerificationBody,
    /// The action as it is now; the answer's ETag is its own.
    pub action: ActionBody,
}

/// A page of verifications.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerificationList {
    /// The verifications, in order.
    items: Vec<VerificationBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// A new due date, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reschedule {
    /// The new date.
    #[schema(example = "2026-07-31")]
    pub due_on: NaiveDate,
    /// Why.
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "The supplier delivers the sensors four weeks late"
    )]
    pub reason: String,
}

/// One change of a due date.
#[derive(Debug, Serialize, ToSchema)]
pub struct DueDateChangeBody {
    /// Its id.
    id: Uuid,
    /// The date before, if there was one.
    #[schema(example = "2026-06-30")]
    from: Option<NaiveDate>,
    /// The date after, if there is one.
    #[schema(example = "2026-07-31")]
    to: Option<NaiveDate>,
    /// Why, if somebody said.
    #[schema(example = "The supplier delivers the sensors four weeks late")]
    reason: Option<String>,
    /// When it was changed.
    at: Timestamp,
    /// Who changed it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    by: String,
}

impl From<action_due_change::Model> for DueDateChangeBody {
    fn from(row: action_due_change::Model) -> Self {
        Self {
            id: row.id,
            from: row.from_on,
            to: row.to_on,
            reason: row.reason,
            at: row.created_at,
            by: row.created_by,
        }
    }
}

/// A page of changes of a due date.
#[derive(Debug, Serialize, ToSchema)]
pub struct DueDateChangeList {
    /// The changes, in order.
    items: Vec<DueDateChangeBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Why an action takes a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionReason {
    /// Why.
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "The service is shut down in March"
    )]
    pub reason: String,
}

/// Who bears an action's risk, why and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptRisk {
    /// Why.
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "Replacing the appliance costs more than the outage would"
    )]
    pub reason: String,
    /// Who approves it, never the action's owner.
    pub approver: Person,
    /// The last day on which the risk is accepted, after today (UTC).
    #[schema(example = "2027-06-30")]
    pub expires_on: NaiveDate,
}

//! Parameters and answers of the list behind the learning metrics.

use entity::Timestamp;
use entity::vocabulary::{IncidentCategory, Severity};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::body::LearningSubject;
use super::standing::{ActionsStanding, ActionsThen};
use super::traits::LearningTrait;

/// Which of the cases are listed.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LearningRecordsQuery {
    /// Only those with a known trait, or only the others.
    pub known: Option<bool>,
    /// Only those that share a trait with an earlier review, or only the others.
    pub recurrent: Option<bool>,
    /// Only those whose latest earlier review had been published by then, or only the others that
    /// recurred.
    pub after_publication: Option<bool>,
    /// Only those whose latest earlier review's actions stood in any of these ways.
    #[serde(default)]
    pub standing: Vec<ActionsStanding>,
    /// Only those that share any of these values of a trait, in any letter case.
    #[serde(default)]
    #[param(example = json!(["detection_logging"]))]
    pub value: Vec<String>,
    /// IANA time zone that due dates are of.
    #[param(max_length = 64, default = "UTC", example = "Europe/Dublin")]
    pub time_zone: Option<String>,
}

/// One trait that an earlier review has too.
#[derive(Debug, Serialize, ToSchema)]
pub struct RepeatedTrait {
    /// The kind of trait.
    #[serde(rename = "trait")]
    pub(super) of: LearningTrait,
    /// Its value.
    #[schema(example = "detection_logging")]
    pub(super) value: String,
    /// How many earlier reviews have it.
    #[schema(minimum = 1, example = 2)]
    pub(super) n_earlier: u64,
    /// The latest of them.
    pub(super) review_id: Uuid,
    /// Its key.
    #[schema(example = "PIR-2026-0007")]
    pub(super) review_key: String,
    /// What it is about.
    #[schema(example = "Ransomware on the file servers")]
    pub(super) review_title: String,
    /// When that began: its earliest incident's instant, else when it was created.
    pub(super) began_at: Timestamp,
    /// When it was first published, if it was.
    pub(super) published_at: Option<Timestamp>,
    /// Whether that was before the recurrence.
    #[schema(example = true)]
    pub(super) published_by_then: bool,
    /// How its actions stood as a whole on the day of the recurrence.
    pub(super) standing: ActionsStanding,
    /// How many of its actions stood where on that day.
    pub(super) actions: ActionsThen,
}

/// An incident, or a review of none, and what it shares with earlier reviews.
#[derive(Debug, Serialize, ToSchema)]
pub struct LearningRecord {
    /// What it is.
    pub(super) subject: LearningSubject,
    /// The incident, if it is one.
    pub(super) incident_id: Option<Uuid>,
    /// The reviews that it is in.
    pub(super) review_ids: Vec<Uuid>,
    /// What it is about.
    #[schema(example = "Ransomware on the file servers")]
    pub(super) title: String,
    /// How bad it is.
    pub(super) severity: Severity,
    /// Kind of incident, if it is one.
    pub(super) category: Option<IncidentCategory>,
    /// When it stands.
    pub(super) instant: Timestamp,
    /// Whether any of its traits is known.
    #[schema(example = true)]
    pub(super) known: bool,
    /// Whether it shares one with an earlier review.
    #[schema(example = true)]
    pub(super) recurrent: bool,
    /// Whether the latest earlier review had been published by then, if it recurred.
    #[schema(example = true)]
    pub(super) after_publication: Option<bool>,
    /// How the latest earlier review's actions stood on the day, if it recurred.
    pub(super) standing: Option<ActionsStanding>,
    /// What it shares, each with the latest earlier review that has it too.
    pub(super) shared: Vec<RepeatedTrait>,
}

/// A page of cases.
#[derive(Debug, Serialize, ToSchema)]
pub struct LearningRecordList {
    /// The cases, the latest first.
    items: Vec<LearningRecord>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

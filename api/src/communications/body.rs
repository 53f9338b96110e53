//! Bodies and parameters of communications.

use entity::communication::{self, Model};
use entity::vocabulary::{
    CommunicationChannel, CommunicationDirection, ContentClass, TimePrecision,
};
use entity::{JsonColumn, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::rules;
use crate::append_only::body::{Retraction, Stamp};
use crate::kernel::body::Patch;
use crate::text::searchable;
use crate::wording::body::{PlacedText, Worded, WordingNote, at, notes};

/// One flow of information during the incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppendCommunication {
    /// When it was sent.
    pub sent_at: Timestamp,
    /// When it was received; not before it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
    /// How exactly both times are known.
    #[serde(default = "exact")]
    #[schema(default = "exact")]
    pub precision: TimePrecision,
    /// Who sent it, by role rather than by name.
    #[schema(min_length = 1, max_length = 200, example = "SOC analyst on duty")]
    pub from_role: String,
    /// For whom it was.
    #[schema(min_length = 1, max_length = 200, example = "Crisis team")]
    pub to_audience: String,
    /// By which means.
    pub channel: CommunicationChannel,
    /// Across which border of the organisation.
    pub direction: CommunicationDirection,
    /// What it was about.
    pub content_class: ContentClass,
    /// What was said; required where channel or content is `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "Encryption on two servers; the network is being shut down"
    )]
    pub summary: Option<String>,
    /// Whether it came in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = false)]
    pub timely: Option<bool>,
    /// Whether it did what it was for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = true)]
    pub effective: Option<bool>,
    /// What was wrong with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "The list of phone numbers was on an encrypted server"
    )]
    pub issue: Option<String>,
    /// The events of the review's chronology that it belongs to.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub event_ids: Vec<Uuid>,
}

/// What an amendment changes.
pub type CommunicationPatch = Patch<AppendCommunication>;

fn exact() -> TimePrecision {
    TimePrecision::Exact
}

impl From<&Model> for AppendCommunication {
    fn from(row: &Model) -> Self {
        Self {
            sent_at: row.sent_at,
            received_at: row.received_at,
            precision: row.precision,
            from_role: row.from_role.clone(),
            to_audience: row.to_audience.clone(),
            channel: row.channel,
            direction: row.direction,
            content_class: row.content_class,
            summary: row.summary.clone(),
            timely: row.timely,
            effective: row.effective,
            issue: row.issue.clone(),
            event_ids: row.event_ids.0.clone(),
        }
    }
}

impl AppendCommunication {
    /// The row that says so.
    pub(super) fn into_row(self, stamp: Stamp) -> Model {
        let search_text = searchable([
            Some(self.from_role.as_str()),
            Some(self.to_audience.as_str()),
            self.summary.as_deref(),
            self.issue.as_deref(),
        ]);
        let (retracted_at, retracted_by, retraction_reason) = Retraction::columns(stamp.retraction);
        Model {
            id: stamp.id,
            organization_id: stamp.organization,
            review_id: stamp.review,
            sent_at: self.sent_at,
            received_at: self.received_at,
            precision: self.precision,
            from_role: self.from_role,
            to_audience: self.to_audience,
            channel: self.channel,
            direction: self.direction,
            content_class: self.content_class,
            summary: self.summary,
            timely: self.timely,
            effective: self.effective,
            issue: self.issue,
            event_ids: JsonColumn(self.event_ids),
            retracted_at,
            retracted_by,
            retraction_reason,
            search_text,
            version: stamp.version,
            created_at: stamp.created_at,
            created_by: stamp.created_by,
            updated_at: stamp.updated_at,
        }
    }
}

/// An amendment: a new revision of a communication, with the reason for it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendCommunication {
    /// Why it is amended.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "The log of the switchboard names another hour"
    )]
    pub reason: String,
    /// Merge patch of the communication: absent leaves, null clears.
    pub changes: CommunicationPatch,
}

/// A communication, in its current revision.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommunicationBody {
    /// Its id.
    id: Uuid,
    /// The review whose log it is in.
    review_id: Uuid,
    /// When it was sent.
    sent_at: Timestamp,
    /// When it was received.
    received_at: Option<Timestamp>,
    /// How exactly both times are known.
    precision: TimePrecision,
    /// From sending to receiving, in whole seconds; null while it is not known when it was
    /// received, or while the times are known to the day or worse.
    #[schema(minimum = 0, example = 5400)]
    delay_seconds: Option<i64>,
    /// Who sent it, by role.
    #[schema(example = "SOC analyst on duty")]
    from_role: String,
    /// For whom it was.
    #[schema(example = "Crisis team")]
    to_audience: String,
    /// By which means.
    channel: CommunicationChannel,
    /// Across which border of the organisation.
    direction: CommunicationDirection,
    /// What it was about.
    content_class: ContentClass,
    /// What was said.
    #[schema(example = "Encryption on two servers; the network is being shut down")]
    summary: Option<String>,
    /// Whether it came in time.
    #[schema(example = false)]
    timely: Option<bool>,
    /// Whether it did what it was for.
    #[schema(example = true)]
    effective: Option<bool>,
    /// What was wrong with it.
    #[schema(example = "The list of phone numbers was on an encrypted server")]
    issue: Option<String>,
    /// The events that it belongs to.
    event_ids: Vec<Uuid>,
    /// When, by whom and why it was retracted, if it was.
    retraction: Option<Retraction>,
    /// Number of the revision, as in the ETag.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// When it was appended.
    created_at: Timestamp,
    /// Who appended it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    created_by: String,
    /// When it was last amended or retracted.
    updated_at: Timestamp,
    /// Phrases in its texts that blame or judge with hindsight: advice, never a refusal.
    wording_notes: Vec<WordingNote>,
}

impl Worded for Model {
    fn texts(&self) -> Vec<PlacedText<'_>> {
        vec![
            at("/summary", self.summary.as_deref()),
            at("/issue", self.issue.as_deref()),
        ]
    }
}

impl From<Model> for CommunicationBody {
    fn from(row: Model) -> Self {
        let wording_notes = notes(&row);
        Self {
            wording_notes,
            id: row.id,
            review_id: row.review_id,
            sent_at: row.sent_at,
            received_at: row.received_at,
            precision: row.precision,
            delay_seconds: rules::delay_seconds(row.sent_at, row.received_at, row.precision),
            from_role: row.from_role,
            to_audience: row.to_audience,
            channel: row.channel,
            direction: row.direction,
            content_class: row.content_class,
            summary: row.summary,
            timely: row.timely,
            effective: row.effective,
            issue: row.issue,
            event_ids: row.event_ids.0,
            retraction: Retraction::of(row.retracted_at, row.retracted_by, row.retraction_reason),
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }
}

/// A page of communications.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommunicationList {
    /// The communications, in order.
    items: Vec<CommunicationBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which communication of a review.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct CommunicationPath {
    /// Id or key of the review.
    #[param(
        pattern = "^(PIR-[0-9]{4}-[0-9]{4,9}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        example = "PIR-2026-0001"
    )]
    pub review: String,
    /// Id of the communication.
    pub communication: Uuid,
}

crate::sorts! {
    /// Order of a communication log.
    CommunicationSort of communication::Entity, default SentAt;
    SentAt SentAtDescending "sent_at" "-sent_at" SentAt;
}

/// Which communications, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListCommunications {
    /// By any of these means.
    #[serde(default)]
    pub channel: Vec<CommunicationChannel>,
    /// In any of these directions.
    #[serde(default)]
    pub direction: Vec<CommunicationDirection>,
    /// About any of these.
    #[serde(default)]
    pub content_class: Vec<ContentClass>,
    /// Only those that came in time, or only those that did not.
    pub timely: Option<bool>,
    /// Only those that did what they were for, or only those that did not.
    pub effective: Option<bool>,
    /// Belonging to any of these events.
    #[serde(default)]
    pub event_id: Vec<Uuid>,
    /// Only the retracted, or only the others.
    pub retracted: Option<bool>,
    /// Sent at or after.
    pub sent_at_from: Option<Timestamp>,
    /// Sent before.
    pub sent_at_to: Option<Timestamp>,
    /// Words that sender, audience, summary or issue hold, all of them.
    #[param(max_length = 200, example = "crisis team")]
    pub q: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: CommunicationSort,
}

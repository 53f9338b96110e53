//! A change as it is told, and what is asked for.

use entity::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::rules::Told;
use super::store::Record;
use crate::resources::ResourceKind;

/// What was changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangedResource {
    /// What kind of resource.
    #[serde(rename = "type")]
    #[schema(example = "event")]
    kind: String,
    /// Its id.
    id: Uuid,
    /// Where it is read, if it has an address.
    #[schema(
        example = "/api/v1/reviews/0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11/events/0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a12"
    )]
    href: Option<String>,
}

/// The review that something is in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InReview {
    /// Its id.
    pub id: Uuid,
    /// Its name for people.
    #[schema(example = "PIR-2026-0042")]
    pub key: String,
}

impl InReview {
    /// The review, where there is one.
    pub fn of(id: Option<Uuid>, key: Option<String>) -> Option<Self> {
        id.zip(key).map(|(id, key)| Self { id, key })
    }
}

/// A change. It tells what was changed, not how: whoever may read the resource reads it there.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeBody {
    /// Its id, the same whoever reads it and however often; the audit log has it too.
    id: Uuid,
    /// Where reading goes on behind this change.
    #[schema(example = "q2oO3cV0m0k0mQb5mQm0m1Xh2yq8r0s1t2u3v4w5x6y7z8A9")]
    cursor: String,
    /// What was done, as in the audit log.
    #[serde(rename = "type")]
    #[schema(example = "event.append")]
    kind: String,
    /// What it was done to.
    resource: ChangedResource,
    /// The review that it was done in.
    review: Option<InReview>,
    /// The resource's version since, where it has versions.
    #[schema(minimum = 1, example = 1)]
    version: Option<i32>,
    /// Of a batch, how many resources it made.
    #[schema(minimum = 1, example = 250)]
    count: Option<u32>,
    /// When it was done.
    at: Timestamp,
}

impl ChangeBody {
    /// The change of a record, with the cursor behind it.
    pub fn new(record: Record, cursor: String) -> Self {
        let told = Told::of(&record.action, record.after.as_deref());
        let (id, review) = (record.resource_id, record.review_id);
        let kind = ResourceKind::from_name(&record.resource_type);
        Self {
            id: record.id,
            cursor,
            kind: record.action,
            resource: ChangedResource {
                href: kind.and_then(|kind| kind.href(id, told.places(review))),
                kind: record.resource_type,
                id,
            },
            review: InReview::of(review, record.review_key),
            version: told.version,
            count: told.count,
            at: record.at,
        }
    }

    /// What was done.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Where reading goes on behind it.
    pub fn cursor(&self) -> &str {
        &self.cursor
    }
}

/// Some changes in a row.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeFeed {
    /// The changes, in the order in which they were committed.
    pub items: Vec<ChangeBody>,
    /// Where to read on, also when there are no changes now.
    #[schema(example = "q2oO3cV0m0k0mQb5mQm0m1Xh2yq8r0s1t2u3v4w5x6y7z8A9")]
    pub next_cursor: String,
    /// Whether there are more changes already.
    #[schema(example = false)]
    pub has_more: bool,
}

/// Where reading begins when there is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "beginning")]
pub enum FeedStart {
    /// With the first change that is on record.
    Beginning,
    /// With the next change that will be made.
    Now,
}

/// Which changes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FilterChanges {
    /// Of any of these types; `event.*` stands for every type that begins with `event.`.
    #[serde(default, rename = "type")]
    #[param(
        value_type = Vec<ChangeType>,
        max_items = 50,
        example = json!(["event.*", "review.publish"])
    )]
    pub kind: Vec<String>,
    /// In this review, by its id or key.
    #[param(
        pattern = "^(PIR-[0-9]{4}-[0-9]{4,9}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        example = "PIR-2026-0001"
    )]
    pub review: Option<String>,
    /// Where an earlier answer or stream ended: a `cursor` or `next_cursor`. It is a place in the
    /// order of all changes, and so goes with any filter.
    #[param(max_length = 200, example = "bfMUOq8mT1ZtMzYyNTc")]
    pub cursor: Option<String>,
}

/// A type of change, or all of a kind of resource.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, pattern = "^[a-z_]{1,64}\\.([a-z_]{1,64}|\\*)$", example = "event.*")]
pub struct ChangeType(#[expect(dead_code, reason = "stands for a schema")] String);

/// How many changes, and how long to wait for the first.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListChanges {
    /// Where to begin when there is no cursor; by default at the beginning.
    #[serde(default = "beginning")]
    #[param(inline)]
    pub from: FeedStart,
    /// How long to wait for a change when there is none, in seconds; the answer comes as soon as
    /// there is one.
    #[serde(default)]
    #[param(minimum = 0, maximum = 30, default = 0, example = 20)]
    pub wait_seconds: u32,
    /// How many changes at most.
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 200, default = 50, example = 50)]
    pub limit: usize,
}

/// How a stream begins and ends.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StreamChanges {
    /// Where to begin when there is neither a cursor nor `Last-Event-ID`; by default now.
    #[serde(default = "now")]
    #[param(inline)]
    pub from: FeedStart,
    /// How long the stream goes on, in seconds; 0 ends it when all that there is was sent.
    #[serde(default = "an_hour")]
    #[param(minimum = 0, maximum = 86400, default = 3600, example = 3600)]
    pub for_seconds: u32,
}

/// Where a stream is taken up again.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct ResumeStream {
    /// The `id` of the last event that was received, as a browser sends it; it wins over `cursor`.
    #[expect(dead_code, reason = "stands for a header")]
    #[param(
        rename = "Last-Event-ID",
        max_length = 200,
        example = "bfMUOq8mT1ZtMzYyNTc"
    )]
    last_event_id: Option<String>,
}

fn beginning() -> FeedStart {
    FeedStart::Beginning
}

fn now() -> FeedStart {
    FeedStart::Now
}

fn fifty() -> usize {
    50
}

fn an_hour() -> u32 {
    3_600
}

//! Bodies and parameters of reviews.

use entity::incident;
use entity::policy::PolicySnapshot;
use entity::review::{self, Model, Transition};
use entity::shared::{ExternalRef, Person};
use entity::vocabulary::{ReviewDepth, ReviewKind, ReviewStatus, Severity, Tlp, Visibility};
use entity::{JsonColumn, ShownJson, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::kernel::body::Patch;
use crate::references::ExternalRefName;
use crate::text::Tag;
use crate::wording::body::{PlacedText, Worded, WordingNote, at, notes};

/// A review as it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenReview {
    /// What it is about.
    #[schema(
        min_length = 1,
        max_length = 300,
        example = "Ransomware on the file servers"
    )]
    pub title: String,
    /// What was established, in short.
    #[serde(default)]
    #[schema(
        max_length = 65536,
        example = "A phished account led to encryption of two servers."
    )]
    pub summary: Option<String>,
    /// What it reviews.
    #[serde(default = "incident")]
    #[schema(default = "incident")]
    pub kind: ReviewKind,
    /// How thorough it is.
    #[serde(default = "standard")]
    #[schema(default = "standard")]
    pub depth: ReviewDepth,
    /// How bad what it reviews was.
    pub severity: Severity,
    /// Who sees it. A restricted review exists only for its members and admins; members are its
    /// creator, owner, facilitator and participants by their subjects.
    #[serde(default = "organization")]
    #[schema(default = "organization")]
    pub visibility: Visibility,
    /// How far it may be passed on (TLP 2.0).
    #[serde(default = "amber")]
    #[schema(default = "amber")]
    pub tlp: Tlp,
    /// Whether it is under legal privilege.
    #[serde(default)]
    #[schema(default = false, example = false)]
    pub legal_privilege: bool,
    /// Who answers for it.
    #[serde(default)]
    pub owner: Option<Person>,
    /// Who leads its workshop.
    #[serde(default)]
    pub facilitator: Option<Person>,
    /// Tags to filter by.
    #[serde(default)]
    #[schema(max_items = 50, value_type = Vec<Tag>)]
    pub tags: Vec<String>,
    /// Its names in other systems, each unique in the organisation.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
    /// The incidents it reviews.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub incident_ids: Vec<Uuid>,
    /// When its workshop is due; as its policy says, when it is left out. It moves the deadline and
    /// its reminders; whether the workshop was in time is measured by the policy's date, and a later
    /// one is counted as put off in the process metrics.
    #[serde(default)]
    pub workshop_due_at: Option<Timestamp>,
    /// When its publication is due; as its policy says, when it is left out. It moves the deadline and
    /// its reminders; whether the review was published in time is measured by the policy's date, and a
    /// later one is counted as put off in the process metrics.
    #[serde(default)]
    pub publish_due_at: Option<Timestamp>,
}

/// A change of a review.
pub type ReviewPatch = Patch<OpenReview>;

fn incident() -> ReviewKind {
    ReviewKind::Incident
}

fn standard() -> ReviewDepth {
    ReviewDepth::Standard
}

fn organization() -> Visibility {
    Visibility::Organization
}

fn amber() -> Tlp {
    Tlp::Amber
}

impl OpenReview {
    /// The review that a policy opens about an incident.
    pub fn of_incident(incident: &incident::Model) -> Self {
        Self {
            title: incident.title.clone(),
            summary: None,
            kind: ReviewKind::Incident,
            depth: standard(),
            severity: incident.severity,
            visibility: organization(),
            tlp: amber(),
            legal_privilege: false,
            owner: None,
            facilitator: None,
            tags: Vec::new(),
            external_refs: Vec::new(),
            incident_ids: vec![incident.id],
            workshop_due_at: None,
            publish_due_at: None,
        }
    }
}

impl From<&Model> for OpenReview {
    fn from(row: &Model) -> Self {
        Self {
            title: row.title.clone(),
            summary: row.summary.clone().map(String::from),
            kind: row.kind,
            depth: row.depth,
            severity: row.severity,
            visibility: row.visibility,
            tlp: row.tlp,
            legal_privilege: row.legal_privilege,
            owner: row.owner.clone().map(|column| column.0),
            facilitator: row.facilitator.clone().map(|column| column.0),
            tags: row.tags.0.clone(),
            external_refs: row.external_refs.0.clone(),
            incident_ids: row.incident_ids.0.clone(),
            workshop_due_at: row.workshop_due_at,
            publish_due_at: row.publish_due_at,
        }
    }
}

/// A review.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewBody {
    /// Its id.
    id: Uuid,
    /// Its name for people; works wherever a review is named in a path.
    #[schema(example = "PIR-2026-0042")]
    key: String,
    /// What it is about.
    #[schema(example = "Ransomware on the file servers")]
    title: String,
    /// What was established, in short.
    #[schema(example = "A phished account led to encryption of two servers.")]
    summary: Option<String>,
    /// What it reviews.
    kind: ReviewKind,
    /// How thorough it is.
    depth: ReviewDepth,
    /// How bad what it reviews was.
    severity: Severity,
    /// Where it stands; moved by the verbs below it only.
    status: ReviewStatus,
    /// Who sees it.
    visibility: Visibility,
    /// How far it may be passed on.
    tlp: Tlp,
    /// Whether it is under legal privilege.
    #[schema(example = false)]
    legal_privilege: bool,
    /// Who answers for it.
    owner: Option<Person>,
    /// Who leads its workshop.
    facilitator: Option<Person>,
    /// Tags to filter by.
    #[schema(example = json!(["vpn"]))]
    tags: Vec<String>,
    /// Its names in other systems.
    external_refs: Vec<ExternalRef>,
    /// The incidents it reviews.
    incident_ids: Vec<Uuid>,
    /// The policy that applies to it, as it was when it was applied; `null` for a review from before
    /// there were policies, to which the built-in one applies.
    #[schema(value_type = Option<PolicySnapshot>)]
    policy_snapshot: Option<ShownJson<PolicySnapshot>>,
    /// When its workshop is due; `policy_snapshot` has the date that the policy set.
    workshop_due_at: Option<Timestamp>,
    /// When its publication is due; `policy_snapshot` has the date that the policy set.
    publish_due_at: Option<Timestamp>,
    /// When it was last published.
    published_at: Option<Timestamp>,
    /// When it was last closed.
    closed_at: Option<Timestamp>,
    /// SHA-256 of the last published snapshot.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    snapshot_sha256: Option<String>,
    /// Every step of its life so far.
    transitions: Vec<Transition>,
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
            at("/title", self.title.as_str()),
            at("/summary", self.summary.as_deref()),
        ]
    }
}

impl ReviewBody {
    /// Its version.
    pub fn version(&self) -> i32 {
        self.version
    }
}

impl From<Model> for ReviewBody {
    fn from(row: Model) -> Self {
        let wording_notes = notes(&row);
        Self {
            wording_notes,
            id: row.id,
            key: row.key,
            title: row.title,
            summary: row.summary.map(String::from),
            kind: row.kind,
            depth: row.depth,
            severity: row.severity,
            status: row.status,
            visibility: row.visibility,
            tlp: row.tlp,
            legal_privilege: row.legal_privilege,
            owner: row.owner.map(|JsonColumn(owner)| owner),
            facilitator: row.facilitator.map(|JsonColumn(facilitator)| facilitator),
            tags: row.tags.0,
            external_refs: row.external_refs.0,
            incident_ids: row.incident_ids.0,
            policy_snapshot: row.policy_snapshot,
            workshop_due_at: row.workshop_due_at,
            publish_due_at: row.publish_due_at,
            published_at: row.published_at,
            closed_at: row.closed_at,
            snapshot_sha256: row.snapshot_sha256.map(String::from),
            transitions: row.transitions.0,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }
}

/// A page of reviews.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewList {
    /// The reviews, in order.
    items: Vec<ReviewBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which review.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ReviewPath {
    /// Id or key of the review.
    #[param(
        pattern = "^(PIR-[0-9]{4}-[0-9]{4,9}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        example = "PIR-2026-0001"
    )]
    pub review: String,
}

crate::sorts! {
    /// Order of a list of reviews.
    ReviewSort of review::Entity, default CreatedAtDescending;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
    UpdatedAt UpdatedAtDescending "updated_at" "-updated_at" UpdatedAt;
    Title TitleDescending "title" "-title" Title;
    Key KeyDescending "key" "-key" Key;
    WorkshopDueAt WorkshopDueAtDescending "workshop_due_at" "-workshop_due_at" WorkshopDueAt nullable;
    PublishDueAt PublishDueAtDescending "publish_due_at" "-publish_due_at" PublishDueAt nullable;
}

/// Which reviews, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListReviews {
    /// Any of these states.
    #[serde(default)]
    pub status: Vec<ReviewStatus>,
    /// Any of these severities.
    #[serde(default)]
    pub severity: Vec<Severity>,
    /// Any of these kinds.
    #[serde(default)]
    pub kind: Vec<ReviewKind>,
    /// Any of these owners, by subject.
    #[serde(default)]
    #[param(example = json!(["ada@example.org"]))]
    pub owner: Vec<String>,
    /// Any of these facilitators, by subject.
    #[serde(default)]
    #[param(example = json!(["kim@example.org"]))]
    pub facilitator: Vec<String>,
    /// Called by any of these names in other systems, each of which is `system:id` of one of its
    /// `external_refs`.
    #[serde(default)]
    #[param(value_type = Vec<ExternalRefName>, example = json!(["jira:SEC-1042"]))]
    pub external_ref: Vec<String>,
    /// Any of these tags.
    #[serde(default)]
    #[param(example = json!(["vpn"]))]
    pub tag: Vec<String>,
    /// About any of these incidents.
    #[serde(default)]
    pub incident_id: Vec<Uuid>,
    /// Created at or after.
    pub created_at_from: Option<Timestamp>,
    /// Created before.
    pub created_at_to: Option<Timestamp>,
    /// Changed at or after.
    pub updated_at_from: Option<Timestamp>,
    /// Changed before.
    pub updated_at_to: Option<Timestamp>,
    /// Workshop due at or after.
    pub workshop_due_at_from: Option<Timestamp>,
    /// Workshop due before.
    pub workshop_due_at_to: Option<Timestamp>,
    /// Publication due at or after.
    pub publish_due_at_from: Option<Timestamp>,
    /// Publication due before.
    pub publish_due_at_to: Option<Timestamp>,
    /// Words that title or summary hold, all of them.
    #[param(max_length = 200, example = "ransomware")]
    pub q: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: ReviewSort,
}

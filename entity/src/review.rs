//! Reviews: what an organisation learned from one or more incidents, an exercise or a near miss.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::organization::OrganizationId;
use crate::policy::PolicySnapshot;
use crate::shared::{ExternalRef, Person};
use crate::vocabulary::{ReviewDepth, ReviewKind, ReviewStatus, Severity, Tlp, Visibility};
use crate::{JsonColumn, ShownJson, Text, Timestamp};

/// A step of a review's life, with who took it and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Transition {
    /// Where the review was.
    pub from: ReviewStatus,
    /// Where it went.
    pub to: ReviewStatus,
    /// When.
    pub at: Timestamp,
    /// Who.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    pub by: String,
    /// Why, where a reason was asked for.
    #[schema(example = "New evidence from the forensic report")]
    pub reason: Option<String>,
    /// Who owned the review then.
    #[serde(default)]
    pub owner: Option<Person>,
    /// Who approved it, where somebody had to.
    #[schema(example = "ciso@example.org")]
    pub approver: Option<String>,
}

/// A review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "reviews")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// Its name for people: `PIR-2026-0042`.
    #[sea_orm(column_type = "Text")]
    pub key: String,
    /// What it is about.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// What was established, in short.
    #[sea_orm(column_type = "Text", nullable)]
    pub summary: Option<Text>,
    /// What it reviews.
    pub kind: ReviewKind,
    /// How thorough it is.
    pub depth: ReviewDepth,
    /// How bad what it reviews was.
    pub severity: Severity,
    /// Where it stands.
    pub status: ReviewStatus,
    /// Who sees it.
    pub visibility: Visibility,
    /// How far it may be passed on.
    pub tlp: Tlp,
    /// Whether it is under legal privilege.
    pub legal_privilege: bool,
    /// Who answers for it.
    pub owner: Option<JsonColumn<Person>>,
    /// The owner's subject, for filters and membership.
    #[serde(skip)]
    #[sea_orm(column_type = "Text", nullable)]
    pub owner_subject: Option<Text>,
    /// Who leads its workshop.
    pub facilitator: Option<JsonColumn<Person>>,
    /// The facilitator's subject, for filters and membership.
    #[serde(skip)]
    #[sea_orm(column_type = "Text", nullable)]
    pub facilitator_subject: Option<Text>,
    /// Tags.
    pub tags: JsonColumn<Vec<String>>,
    /// Its names elsewhere.
    pub external_refs: JsonColumn<Vec<ExternalRef>>,
    /// The incidents it reviews; `review_incidents` holds them too.
    pub incident_ids: JsonColumn<Vec<Uuid>>,
    /// The policy that applies to it, as it was when it was applied; none before there were policies.
    pub policy_snapshot: Option<ShownJson<PolicySnapshot>>,
    /// When its workshop is due.
    pub workshop_due_at: Option<Timestamp>,
    /// When its publication is due.
    pub publish_due_at: Option<Timestamp>,
    /// When it was last published.
    pub published_at: Option<Timestamp>,
    /// When it was last closed.
    pub closed_at: Option<Timestamp>,
    /// SHA-256 of the last published snapshot.
    #[sea_orm(column_type = "Text", nullable)]
    pub snapshot_sha256: Option<Text>,
    /// Every step of its life.
    pub transitions: JsonColumn<Vec<Transition>>,
    /// Title and summary in lower case, for searching.
    #[serde(skip)]
    #[sea_orm(column_type = "Text")]
    pub search_text: String,
    /// Version of the row.
    pub version: i32,
    /// When it was created.
    pub created_at: Timestamp,
    /// Who created it.
    #[sea_orm(column_type = "Text")]
    pub created_by: String,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Model {
    /// The policy that applies to it.
    pub fn policy(&self) -> Option<PolicySnapshot> {
        self.policy_snapshot.as_ref().and_then(ShownJson::read)
    }
}

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

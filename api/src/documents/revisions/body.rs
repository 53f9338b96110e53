//! Bodies and parameters of a document's revisions.

use entity::Timestamp;
use entity::document_revision::{self, Model};
use entity::shared::WebUrl;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::kernel::audit::stored;
use crate::kernel::error::Result;
use crate::kernel::etag;

/// A revision as it is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishRevision {
    /// What the document's owner calls it; unique in the document.
    #[schema(min_length = 1, max_length = 64, example = "3.2")]
    pub label: String,
    /// When it was published; now, when it is left out; not in the future.
    #[serde(default)]
    pub published_at: Option<Timestamp>,
    /// What is new in it.
    #[serde(default)]
    #[schema(
        max_length = 65536,
        example = "High-risk detections page the on-call engineer."
    )]
    pub summary: Option<String>,
    /// Where it is.
    #[serde(default)]
    #[schema(value_type = Option<WebUrl>, example = "https://wiki.example/playbooks/ransomware?version=12")]
    pub url: Option<String>,
    /// The lessons that it takes in: validated ones that exist for the caller.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub lesson_ids: Vec<Uuid>,
    /// The actions that it carries out, as far as they exist for the caller.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub action_ids: Vec<Uuid>,
}

/// Why a revision is withdrawn.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawRevision {
    /// Why.
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "Published by mistake before its approval"
    )]
    pub reason: String,
}

/// When, by whom and why a revision was withdrawn.
#[derive(Debug, Serialize, ToSchema)]
pub struct Withdrawal {
    /// When.
    at: Timestamp,
    /// Who.
    #[schema(example = "ada@example.org")]
    by: String,
    /// Why.
    #[schema(example = "Published by mistake before its approval")]
    reason: String,
}

/// What a revision names, as far as it exists for whoever reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The lessons.
    pub lessons: Vec<Uuid>,
    /// The actions.
    pub actions: Vec<Uuid>,
}

/// A revision of a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentRevisionBody {
    /// Its id.
    id: Uuid,
    /// The document.
    document_id: Uuid,
    /// What the document's owner calls it.
    #[schema(example = "3.2")]
    label: String,
    /// When it was published.
    published_at: Timestamp,
    /// What is new in it.
    #[schema(example = "High-risk detections page the on-call engineer.")]
    summary: Option<String>,
    /// Where it is.
    #[schema(value_type = Option<WebUrl>, example = "https://wiki.example/playbooks/ransomware?version=12")]
    url: Option<String>,
    /// The lessons that it takes in, as far as they exist for the caller.
    lesson_ids: Vec<Uuid>,
    /// The actions that it carries out, as far as they exist for the caller.
    action_ids: Vec<Uuid>,
    /// When, by whom and why it was withdrawn, if it was.
    withdrawal: Option<Withdrawal>,
    /// Version of the resource, which its ETag begins with.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// When it was recorded.
    created_at: Timestamp,
    /// Who recorded it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    created_by: String,
    /// When it was last changed.
    updated_at: Timestamp,
}

impl DocumentRevisionBody {
    /// A revision as it is shown to whoever sees just these lessons and actions.
    pub fn of(row: Model, named: Named) -> Self {
        let withdrawal = row.withdrawn_at.map(|at| Withdrawal {
            at,
            by: row.withdrawn_by.unwrap_or_default(),
            reason: row.withdrawal_reason.unwrap_or_default(),
        });
        Self {
            id: row.id,
            document_id: row.document_id,
            label: row.label,
            published_at: row.published_at,
            summary: row.summary,
            url: row.url,
            lesson_ids: named.lessons,
            action_ids: named.actions,
            withdrawal,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }

    /// The entity tag: the version, and what the caller sees of what it names.
    pub fn tag(&self) -> String {
        let named = || self.lesson_ids.iter().chain(&self.action_ids);
        if named().next().is_none() {
            return etag::tag(self.version, "");
        }
        etag::tag(self.version, &format!("n{}", etag::digest(named())))
    }
}

/// What an audit record keeps of a revision. Neither lessons nor actions: the record is of the whole
/// organisation, and each of them has a record of its own in its review.
pub fn audited(row: &Model) -> Result<serde_json::Value> {
    let body = DocumentRevisionBody::of(row.clone(), Named::default());
    stored(&body, &["lesson_ids", "action_ids"])
}

/// A page of revisions.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentRevisionList {
    /// The revisions, in order.
    items: Vec<DocumentRevisionBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which revision of a document.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct DocumentRevisionPath {
    /// Id of the document.
    pub document: Uuid,
    /// Id of the revision.
    pub revision: Uuid,
}

crate::sorts! {
    /// Order of a list of revisions.
    DocumentRevisionSort of document_revision::Entity, default PublishedAtDescending;
    PublishedAt PublishedAtDescending "published_at" "-published_at" PublishedAt;
}

/// Which revisions, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListDocumentRevisions {
    /// Only the withdrawn, or only the others.
    pub withdrawn: Option<bool>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: DocumentRevisionSort,
}

//! Bodies and parameters of documents.

use chrono::NaiveDate;
use entity::Timestamp;
use entity::document::{self, CurrentRevision, Model};
use entity::shared::{ExternalRef, Person, WebUrl};
use entity::vocabulary::DocumentKind;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::kernel::body::Patch;
use crate::references::ExternalRefName;
use crate::text::Tag;

/// A document as it is added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddDocument {
    /// What it is called.
    #[schema(
        min_length = 1,
        max_length = 300,
        example = "Playbook: ransomware on servers"
    )]
    pub title: String,
    /// What kind of document it is.
    pub kind: DocumentKind,
    /// What it is for.
    #[serde(default)]
    #[schema(
        max_length = 65536,
        example = "What the on-call team does in the first four hours."
    )]
    pub description: Option<String>,
    /// Who answers for it.
    #[serde(default)]
    pub owner: Option<Person>,
    /// Where it is.
    #[serde(default)]
    #[schema(value_type = Option<WebUrl>, example = "https://wiki.example/playbooks/ransomware")]
    pub url: Option<String>,
    /// How many days after its last revision it has to be looked at again.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 3650, example = 180)]
    pub review_every_days: Option<i32>,
    /// Who has to read each revision.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub required_readers: Vec<Person>,
    /// Tags to filter by.
    #[serde(default)]
    #[schema(max_items = 50, value_type = Vec<Tag>)]
    pub tags: Vec<String>,
    /// Its names in other systems, each unique in the organisation.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
}

/// A change of a document.
pub type DocumentPatch = Patch<AddDocument>;

impl From<&Model> for AddDocument {
    fn from(row: &Model) -> Self {
        Self {
            title: row.title.clone(),
            kind: row.kind,
            description: row.description.clone(),
            owner: row.owner.clone().map(|column| column.0),
            url: row.url.clone(),
            review_every_days: row.review_every_days,
            required_readers: row.required_readers.0.clone(),
            tags: row.tags.0.clone(),
            external_refs: row.external_refs.0.clone(),
        }
    }
}

/// A document.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentBody {
    /// Its id.
    id: Uuid,
    /// What it is called.
    #[schema(example = "Playbook: ransomware on servers")]
    title: String,
    /// What kind of document it is.
    kind: DocumentKind,
    /// What it is for.
    #[schema(example = "What the on-call team does in the first four hours.")]
    description: Option<String>,
    /// Who answers for it.
    owner: Option<Person>,
    /// Where it is.
    #[schema(value_type = Option<WebUrl>, example = "https://wiki.example/playbooks/ransomware")]
    url: Option<String>,
    /// How many days after its last revision it has to be looked at again.
    #[schema(minimum = 1, example = 180)]
    review_every_days: Option<i32>,
    /// Who has to read each revision.
    required_readers: Vec<Person>,
    /// Tags to filter by.
    #[schema(example = json!(["ransomware"]))]
    tags: Vec<String>,
    /// Its names in other systems.
    external_refs: Vec<ExternalRef>,
    /// The revision that is in force: the last published of those that stand.
    current_revision: Option<CurrentRevision>,
    /// When it has to be looked at again: so many days after the revision that is in force.
    #[schema(example = "2027-05-31")]
    review_due_on: Option<NaiveDate>,
    /// When it was taken out of use.
    archived_at: Option<Timestamp>,
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
}

impl From<Model> for DocumentBody {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            title: row.title,
            kind: row.kind,
            description: row.description,
            owner: row.owner.map(|column| column.0),
            url: row.url,
            review_every_days: row.review_every_days,
            required_readers: row.required_readers.0,
            tags: row.tags.0,
            external_refs: row.external_refs.0,
            current_revision: row.current_revision.map(|column| column.0),
            review_due_on: row.review_due_on,
            archived_at: row.archived_at,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }
}

/// A page of documents.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentList {
    /// The documents, in order.
    items: Vec<DocumentBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which document.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct DocumentPath {
    /// Id of the document.
    pub document: Uuid,
}

crate::sorts! {
    /// Order of a list of documents.
    DocumentSort of document::Entity, default CreatedAt;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
    UpdatedAt UpdatedAtDescending "updated_at" "-updated_at" UpdatedAt;
    Title TitleDescending "title" "-title" Title;
    ReviewDueOn ReviewDueOnDescending "review_due_on" "-review_due_on" ReviewDueOn nullable;
}

/// Which documents, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListDocuments {
    /// Any of these kinds.
    #[serde(default)]
    pub kind: Vec<DocumentKind>,
    /// Owned by any of these subjects.
    #[serde(default)]
    #[param(example = json!(["ada@example.org"]))]
    pub owner: Vec<String>,
    /// Called by any of these names in other systems, each of which is `system:id` of one of its
    /// `external_refs`.
    #[serde(default)]
    #[param(value_type = Vec<ExternalRefName>, example = json!(["jira:SEC-1042"]))]
    pub external_ref: Vec<String>,
    /// Any of these tags.
    #[serde(default)]
    #[param(example = json!(["ransomware"]))]
    pub tag: Vec<String>,
    /// Only those taken out of use, or only the others.
    pub archived: Option<bool>,
    /// To be looked at again on this day or later.
    pub review_due_on_from: Option<NaiveDate>,
    /// To be looked at again before this day.
    pub review_due_on_to: Option<NaiveDate>,
    /// Created at or after.
    pub created_at_from: Option<Timestamp>,
    /// Created before.
    pub created_at_to: Option<Timestamp>,
    /// Changed at or after.
    pub updated_at_from: Option<Timestamp>,
    /// Changed before.
    pub updated_at_to: Option<Timestamp>,
    /// Words that title or description hold, all of them.
    #[param(max_length = 200, example = "ransomware")]
    pub q: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: DocumentSort,
}

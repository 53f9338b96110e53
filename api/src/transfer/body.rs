//! Bodies of imports.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::kernel::error::Fault;
use crate::reviews::body::ReviewBody;

/// How a document is imported.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportReview {
    /// Whether it is only said what would become of it.
    #[serde(default)]
    #[param(example = false)]
    pub dry_run: bool,
}

/// What became of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "created")]
pub enum ImportOutcome {
    /// The review is here now.
    Created,
    /// It would be: this was a dry run.
    WouldCreate,
    /// It was here already, just as the document has it.
    Unchanged,
}

/// What became of something that the document brings along and that is not the review's alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "matched")]
pub enum Arrival {
    /// It is new here.
    Created,
    /// It was here already, and is as it was.
    Matched,
}

/// An incident, document or revision of the document, and what it is here.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Arrived {
    /// Its id in the document.
    pub document_id: Uuid,
    /// Its id here.
    pub id: Uuid,
    /// What became of it.
    pub outcome: Arrival,
    /// The fields in which the one that was here already is not as the document has it. It stays as it
    /// is.
    #[schema(example = json!(["summary", "tags"]))]
    pub differs: Vec<String>,
}

/// How many rows a list of the document has.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct ListCount {
    /// The list.
    #[schema(example = "events")]
    pub list: &'static str,
    /// How many rows.
    #[schema(minimum = 0, example = 46)]
    pub rows: usize,
}

/// What became of a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportBody {
    /// What became of it.
    pub outcome: ImportOutcome,
    /// The review's id here.
    pub review_id: Uuid,
    /// The review's key here; absent in a dry run that cannot say which is the next.
    #[schema(example = "PIR-2026-0042")]
    pub review_key: Option<String>,
    /// The review's key in the document. Where it is taken here, the review gets the next.
    #[schema(example = "PIR-2026-0042")]
    pub document_key: String,
    /// Whether everything has the id that it has in the document.
    #[schema(example = true)]
    pub ids_kept: bool,
    /// The review as it is here; absent in a dry run.
    pub review: Option<ReviewBody>,
    /// How many rows each list of the document has.
    pub rows: Vec<ListCount>,
    /// The incidents, each by its id or an external reference the one that is here, or else new.
    pub incidents: Vec<Arrived>,
    /// The documents, each by its id, an external reference, or kind and title the one that is here,
    /// or else new.
    pub documents: Vec<Arrived>,
    /// Their revisions, each by its id or label the one that is here, or else new.
    pub document_revisions: Vec<Arrived>,
    /// What the document refers to outside itself and that is not here: it was left out.
    pub unresolved: Vec<Fault>,
}

//! Bodies and parameters of acknowledgements.

use entity::Timestamp;
use entity::document_acknowledgement::{self, Model};
use entity::shared::Person;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// That somebody has read a revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeRevision {
    /// Who has read it; the caller, when it is left out. For somebody else it takes the scope
    /// `documents:write`.
    #[serde(default)]
    pub reader: Option<Person>,
    /// When; now, when it is left out; not in the future.
    #[serde(default)]
    pub acknowledged_at: Option<Timestamp>,
}

/// One person's acknowledgement of one revision.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionAcknowledgementBody {
    /// Its id.
    id: Uuid,
    /// Of which document.
    document_id: Uuid,
    /// Of which revision.
    revision_id: Uuid,
    /// Who has read it.
    reader: Person,
    /// When.
    acknowledged_at: Timestamp,
    /// When it was recorded.
    created_at: Timestamp,
    /// Who recorded it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    created_by: String,
}

impl From<Model> for RevisionAcknowledgementBody {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            document_id: row.document_id,
            revision_id: row.revision_id,
            reader: row.reader.0,
            acknowledged_at: row.acknowledged_at,
            created_at: row.created_at,
            created_by: row.created_by,
        }
    }
}

/// A page of acknowledgements.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcknowledgementList {
    /// The acknowledgements, in order.
    items: Vec<RevisionAcknowledgementBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which acknowledgement of a revision.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct AcknowledgementPath {
    /// Id of the document.
    pub document: Uuid,
    /// Id of the revision.
    pub revision: Uuid,
    /// Id of the acknowledgement.
    pub acknowledgement: Uuid,
}

crate::sorts! {
    /// Order of a list of acknowledgements.
    AcknowledgementSort of document_acknowledgement::Entity, default AcknowledgedAt;
    AcknowledgedAt AcknowledgedAtDescending "acknowledged_at" "-acknowledged_at" AcknowledgedAt;
}

/// In which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListAcknowledgements {
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: AcknowledgementSort,
}

/// Who of those that have to read a revision has read it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadershipBody {
    /// Of which document.
    pub document_id: Uuid,
    /// Of which revision.
    pub revision_id: Uuid,
    /// How many have to read it, as the document says now.
    #[schema(minimum = 0, example = 12)]
    pub required: usize,
    /// How many of them have.
    #[schema(minimum = 0, example = 9)]
    pub acknowledged: usize,
    /// Those of them who have not.
    pub missing: Vec<Person>,
}

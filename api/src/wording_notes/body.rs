//! Bodies and parameters of the notes on a review's wording.

use entity::Timestamp;
use entity::shared::Person;
use entity::wording_acknowledgement::Model;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::rules::Note;
use crate::resources::{Places, ResourceKind};

/// Which note of which review.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct WordingNotePath {
    /// Id or key of the review.
    #[param(
        pattern = "^(PIR-[0-9]{4}-[0-9]{4,9}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        example = "PIR-2026-0001"
    )]
    pub review: String,
    /// Id of the note.
    pub note: Uuid,
}

/// Which notes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListWordingNotes {
    /// With any of these ids.
    #[serde(default)]
    pub id: Vec<Uuid>,
    /// On texts of any of these kinds of resource.
    #[serde(default)]
    pub resource_type: Vec<ResourceKind>,
    /// On texts of any of these resources.
    #[serde(default)]
    pub resource_id: Vec<Uuid>,
    /// Only those that are acknowledged, or only the others.
    pub acknowledged: Option<bool>,
}

/// That a phrase is left as it is written.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeWording {
    /// Why.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "It quotes the supplier's own report"
    )]
    pub reason: Option<String>,
}

/// That several phrases are left as they are written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeWordings {
    /// The notes.
    #[schema(min_items = 1, max_items = 200)]
    pub note_ids: Vec<Uuid>,
    /// Why.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "They quote the supplier's own report"
    )]
    pub reason: Option<String>,
}

/// Who has seen a note and leaves the phrase as it is written.
#[derive(Debug, Serialize, ToSchema)]
pub struct WordingAcknowledgement {
    /// When.
    at: Timestamp,
    /// Who.
    by: Person,
    /// Why, if they said.
    #[schema(example = "It quotes the supplier's own report")]
    reason: Option<String>,
}

impl From<&Model> for WordingAcknowledgement {
    fn from(row: &Model) -> Self {
        Self {
            at: row.acknowledged_at,
            by: Person {
                name: row.acknowledged_by_name.clone(),
                subject: Some(row.acknowledged_by.clone()),
            },
            reason: row.reason.clone(),
        }
    }
}

/// A note on a phrase in a text of a review. Its id is made of the text: when that changes, notes on it
/// are others, and are not acknowledged.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewWordingNote {
    /// Its id.
    id: Uuid,
    /// The review.
    review_id: Uuid,
    /// Kind of the resource that the text is in.
    resource_type: ResourceKind,
    /// The resource that the text is in.
    resource_id: Uuid,
    /// Where that is read.
    #[schema(
        format = "uri-reference",
        example = "/api/v1/reviews/0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11/findings/0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a12"
    )]
    href: Option<String>,
    /// Where the text stands in its body, as a JSON Pointer (RFC 6901).
    #[schema(example = "/statement")]
    pointer: String,
    /// The phrase, as it is written there.
    #[schema(example = "should have")]
    phrase: String,
    /// Why it hinders.
    #[schema(example = "It judges with what is known now instead of telling what was known then.")]
    why: &'static str,
    /// Another way to say it.
    #[schema(
        example = "Tell what was known then, what seemed right because of it, and what made it hard to do otherwise."
    )]
    suggestion: &'static str,
    /// Who leaves it as it is; null as long as nobody does.
    acknowledgement: Option<WordingAcknowledgement>,
}

impl ReviewWordingNote {
    /// A note with its acknowledgement.
    pub fn of(review: Uuid, note: Note, acknowledgement: Option<&Model>) -> Self {
        let places = Places {
            parent: note.source.parent,
            ..Places::of(review)
        };
        Self {
            id: note.id,
            review_id: review,
            resource_type: note.source.kind,
            resource_id: note.source.id,
            href: note.source.kind.href(note.source.id, places),
            pointer: note.pointer,
            phrase: note.phrase,
            why: note.kind.why(),
            suggestion: note.kind.suggestion(),
            acknowledgement: acknowledgement.map(WordingAcknowledgement::from),
        }
    }
}

/// A page of notes.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewWordingNoteList {
    /// The notes, in the order in which what they are on was created.
    items: Vec<ReviewWordingNote>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// The notes that were acknowledged.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcknowledgedWordings {
    /// The notes, in the order in which they were named.
    #[schema(max_items = 200)]
    pub items: Vec<ReviewWordingNote>,
}

/// What an audit record keeps of an acknowledgement.
#[derive(Debug, Serialize)]
pub struct AcknowledgementRecord<'a> {
    resource_type: &'a str,
    resource_id: Uuid,
    pointer: &'a str,
    phrase: &'a str,
    reason: Option<&'a str>,
}

impl<'a> From<&'a Model> for AcknowledgementRecord<'a> {
    fn from(row: &'a Model) -> Self {
        Self {
            resource_type: &row.resource_type,
            resource_id: row.resource_id,
            pointer: &row.pointer,
            phrase: &row.phrase,
            reason: row.reason.as_deref(),
        }
    }
}

//! Lessons: what should be remembered, and which documents it has reached.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::organization::OrganizationId;
use crate::shared::ExternalRef;
use crate::vocabulary::{Audience, LessonStatus};
use crate::{JsonColumn, Timestamp};

/// A step of a lesson's life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LessonStep {
    /// Where it was.
    pub from: LessonStatus,
    /// Where it went.
    pub to: LessonStatus,
    /// When.
    pub at: Timestamp,
    /// Who.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    pub by: String,
    /// Why, where somebody said.
    #[schema(example = "The service was shut down")]
    pub reason: Option<String>,
    /// The revision of a document that moved it, where one did.
    pub document_revision_id: Option<Uuid>,
}

/// Where a lesson is written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Embedding {
    /// The document.
    pub document_id: Uuid,
    /// Its revision.
    pub revision_id: Uuid,
    /// When the revision was published.
    pub published_at: Timestamp,
}

/// A lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "lessons")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// In which review.
    #[serde(skip)]
    pub review_id: Uuid,
    /// The review's key, which never changes.
    #[serde(skip)]
    #[sea_orm(column_type = "Text")]
    pub review_key: String,
    /// What should be remembered.
    #[sea_orm(column_type = "Text")]
    pub statement: String,
    /// The same at length.
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    /// For whom it is; `lesson_audiences` holds them too.
    pub audience: JsonColumn<Vec<Audience>>,
    /// The findings it comes from; `lesson_findings` holds them too.
    pub finding_ids: JsonColumn<Vec<Uuid>>,
    /// Its names elsewhere.
    pub external_refs: JsonColumn<Vec<ExternalRef>>,
    /// Where it stands.
    pub status: LessonStatus,
    /// The standing revisions that name it; `document_revision_lessons` holds them too.
    pub embedded_in: JsonColumn<Vec<Embedding>>,
    /// When it was last validated.
    pub validated_at: Option<Timestamp>,
    /// When it reached its first document; absent while it is in none.
    pub embedded_at: Option<Timestamp>,
    /// When it was retired; absent again when it is taken up again.
    pub retired_at: Option<Timestamp>,
    /// Every step of its life.
    pub history: JsonColumn<Vec<LessonStep>>,
    /// Its texts in lower case, for searching.
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

/// No relation is followed by the mapper.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

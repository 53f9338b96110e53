//! Documents that lessons and actions change: response plans, playbooks, policies, training.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::organization::OrganizationId;
use crate::shared::{ExternalRef, Person};
use crate::vocabulary::DocumentKind;
use crate::{JsonColumn, Timestamp};

/// The revision of a document that is in force: the last published of those that stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CurrentRevision {
    /// The revision.
    pub id: Uuid,
    /// What the document's owner calls it.
    #[schema(example = "3.2")]
    pub label: String,
    /// When it was published.
    pub published_at: Timestamp,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "documents")]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip)]
    pub organization_id: OrganizationId,
    /// What it is called.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// What kind of document it is.
    pub kind: DocumentKind,
    /// What it is for.
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    /// Who answers for it.
    pub owner: Option<JsonColumn<Person>>,
    /// The owner's subject, for filters.
    #[serde(skip)]
    #[sea_orm(column_type = "Text", nullable)]
    pub owner_subject: Option<String>,
    /// Where it is.
    #[sea_orm(column_type = "Text", nullable)]
    pub url: Option<String>,
    /// How many days after a revision it has to be looked at again.
    pub review_every_days: Option<i32>,
    /// Who has to read it.
    pub required_readers: JsonColumn<Vec<Person>>,
    /// Tags.
    pub tags: JsonColumn<Vec<String>>,
    /// Its names elsewhere.
    pub external_refs: JsonColumn<Vec<ExternalRef>>,
    /// The revision that is in force.
    pub current_revision: Option<JsonColumn<CurrentRevision>>,
    /// When it has to be looked at again.
    pub review_due_on: Option<Date>,
    /// When it was taken out of use.
    pub archived_at: Option<Timestamp>,
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

//! Earlier revisions of what is amended instead of edited: events and published findings.

use actix_web::HttpResponse;
use entity::Timestamp;
use entity::revision::{Column, Entity, Model};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::call::{Call, Change};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids;
use crate::kernel::page::{Paging, page};

crate::sorts! {
    /// Order of revisions: the oldest first.
    RevisionSort of Entity, default Revision;
    Revision RevisionDescending "revision" "-revision" Revision;
}

/// A revision that was replaced.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionBody {
    /// Its number, from 1.
    #[schema(minimum = 1, example = 1)]
    revision: i32,
    /// Why it was replaced.
    #[schema(example = "The EDR's clock was five minutes ahead")]
    reason: String,
    /// When it was replaced.
    replaced_at: Timestamp,
    /// Who replaced it.
    #[schema(example = "ada@example.org")]
    replaced_by: String,
    /// The resource as it was, in the form its own reads have.
    #[schema(value_type = Object)]
    body: Value,
}

impl From<Model> for RevisionBody {
    fn from(row: Model) -> Self {
        Self {
            revision: row.revision,
            reason: row.reason,
            replaced_at: row.at,
            replaced_by: row.by,
            body: serde_json::from_str(&row.body).unwrap_or_default(),
        }
    }
}

/// A page of revisions.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionList {
    /// The revisions, the oldest first.
    items: Vec<RevisionBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Keeps the revision that is about to be replaced.
pub async fn keep(
    change: &Change,
    resource_type: &'static str,
    resource: Uuid,
    revision: i32,
    body: &impl Serialize,
    reason: &str,
) -> Result<()> {
    let body = serde_json::to_string(body)
        .map_err(|error| Error::Internal(format!("a revision cannot be written: {error}")))?;
    let row = Model {
        id: ids::next(),
        organization_id: change.organization(),
        resource_type: resource_type.to_owned(),
        resource_id: resource,
        revision,
        body,
        reason: reason.to_owned(),
        at: change.now,
        by: change.caller.subject.clone(),
    };
    row.into_active_model()
        .reset_all()
        .insert(&**change)
        .await?;
    Ok(())
}

/// Answers with the earlier revisions of a resource that the caller may see.
pub async fn list(
    call: &Call,
    resource_type: &'static str,
    resource: Uuid,
    paging: &Paging,
) -> Result<HttpResponse> {
    let select = Entity::find()
        .filter(Column::OrganizationId.eq(call.organization()))
        .filter(Column::ResourceType.eq(resource_type))
        .filter(Column::ResourceId.eq(resource));
    let sort = RevisionSort::default();
    let page = page::<Entity, _>(select, sort, &call.page(paging), call.read()).await?;
    call.list(page, RevisionBody::from)
}

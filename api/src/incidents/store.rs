//! Queries of incidents. None can be asked without naming whose.

use entity::Timestamp;
use entity::incident::{Column, Entity, Model};
use entity::organization::OrganizationId;
use entity::vocabulary::IncidentCategory;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::http::{IncidentSort, ListIncidents};
use crate::kernel::database::{Tx, only};
use crate::kernel::error::Result;
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::{references, text};

/// The kind of resource in references and audit records.
pub const RESOURCE: &str = "incident";

/// An organisation's incident.
pub async fn find(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    id: Uuid,
) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id)
        .filter(Column::OrganizationId.eq(organization))
        .one(connection)
        .await?)
}

/// An organisation's incident by another system's id.
pub async fn find_by_ref(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    system: &str,
    external_id: &str,
) -> Result<Option<Model>> {
    match references::find(connection, organization, RESOURCE, system, external_id).await? {
        Some(id) => find(connection, organization, id).await,
        None => Ok(None),
    }
}

/// An organisation's incident, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, organization: OrganizationId, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id)
        .filter(Column::OrganizationId.eq(organization))
        .lock_exclusive()
        .one(tx)
        .await?)
}

/// How many of these ids are the organisation's incidents.
pub async fn existing(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    ids: &[Uuid],
) -> Result<Vec<Uuid>> {
    Ok(only(
        Entity::find()
            .filter(Column::OrganizationId.eq(organization))
            .filter(Column::Id.is_in(ids.iter().copied())),
        Column::Id,
    )
    .all(connection)
    .await?)
}

/// Those of an organisation's incidents that have these ids, the oldest first.
pub async fn with_ids(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    ids: &[Uuid],
) -> Result<Vec<Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

/// What the policy of a review looks at in its incidents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Reviewed {
    /// Its category.
    pub category: IncidentCategory,
    /// When it counts as closed.
    pub closed_at: Option<Timestamp>,
}

/// What the policy of a review looks at in these incidents.
pub async fn reviewed(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    ids: &[Uuid],
) -> Result<Vec<Reviewed>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(Entity::find()
        .select_only()
        .columns([Column::Category, Column::ClosedAt])
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .into_model()
        .all(connection)
        .await?)
}

/// Holds these incidents, so that none is closed while a review about them is opened.
pub async fn hold(tx: &Tx, organization: OrganizationId, ids: &[Uuid]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    Ok(())
}

/// One page of an organisation's incidents.
pub async fn list(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    filter: &ListIncidents,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let mut condition = Condition::all()
        .add(Column::OrganizationId.eq(organization))
        .add_option(any(&filter.status, Column::Status))
        .add_option(any(&filter.severity, Column::Severity))
        .add_option(any(&filter.category, Column::Category))
        .add_option(any(&filter.detection_source, Column::DetectionSource))
        .add_option(filter.backfilled.map(|flag| Column::Backfilled.eq(flag)))
        .add_option(filter.created_at_from.map(|at| Column::CreatedAt.gte(at)))
        .add_option(filter.created_at_to.map(|at| Column::CreatedAt.lt(at)))
        .add_option(filter.updated_at_from.map(|at| Column::UpdatedAt.gte(at)))
        .add_option(filter.updated_at_to.map(|at| Column::UpdatedAt.lt(at)));
    if let Some(called) = references::called(organization, RESOURCE, &filter.external_ref) {
        condition = condition.add(Column::Id.in_subquery(called));
    }
    if !filter.tag.is_empty() {
        let tagged = references::tagged_with(organization, &filter.tag);
        condition = condition.add(Column::Id.in_subquery(tagged));
    }
    if let Some(words) = &filter.q {
        condition = condition.add(text::holds_every_word(Column::SearchText, words));
    }
    page::<Entity, IncidentSort>(
        Entity::find().filter(condition),
        filter.sort,
        request,
        connection,
    )
    .await
}

/// Adds an incident with its references, tags and techniques.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().insert(tx).await?;
    attach(tx, &row).await?;
    if !row.attack_techniques.0.is_empty() {
        link_techniques(tx, &row).await?;
    }
    Ok(row)
}

/// Replaces an incident with its references, tags and techniques.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    let row = save_alone(tx, row).await?;
    attach(tx, &row).await?;
    link_techniques(tx, &row).await?;
    Ok(row)
}

/// Replaces an incident whose references and tags are as they were.
pub async fn save_alone(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

async fn attach(tx: &Tx, row: &Model) -> Result<()> {
    let (organization, id) = (row.organization_id, row.id);
    references::replace_refs(tx, organization, RESOURCE, id, &row.external_refs.0).await?;
    references::replace_tags(tx, organization, id, &row.tags.0).await
}

/// Links the techniques of an incident, which a sender may have named twice.
async fn link_techniques(tx: &Tx, row: &Model) -> Result<()> {
    let mut techniques = row.attack_techniques.0.clone();
    techniques.sort_unstable();
    techniques.dedup();
    references::replace_techniques(tx, row.organization_id, RESOURCE, row.id, &techniques).await
}

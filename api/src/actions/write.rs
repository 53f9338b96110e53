//! Statements that change actions: the row with its links, references, tags and facts.

use chrono::NaiveDate;
use entity::action::{Column, Entity, Model};
use entity::organization::OrganizationId;
use entity::vocabulary::ActionStatus;
use entity::{
    action_dependency, action_due_change, action_fact, action_finding, action_progress,
    verification,
};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{facts, searched, store};
use crate::kernel::call::Change;
use crate::kernel::database::Tx;
use crate::kernel::error::Result;
use crate::kernel::ids;
use crate::references;

/// How many rows one statement takes: within 32,766 bound values.
pub const CHUNK: usize = 1000;

/// Adds an action with its links, references, tags and facts.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().insert(tx).await?;
    link_findings(tx, row.id, &row.finding_ids.0).await?;
    link_dependencies(tx, row.id, &row.depends_on.0).await?;
    let (organization, id) = (row.organization_id, row.id);
    if !row.external_refs.0.is_empty() {
        let refs = &row.external_refs.0;
        references::replace_refs(tx, organization, store::RESOURCE, id, refs).await?;
    }
    if !row.tags.0.is_empty() {
        references::replace_tags(tx, organization, id, &row.tags.0).await?;
    }
    save_facts(tx, std::slice::from_ref(&row)).await?;
    Ok(row)
}

/// Replaces an action with those of its links, references and tags that changed.
pub async fn save(tx: &Tx, old: &Model, row: Model) -> Result<Model> {
    let row = save_alone(tx, row).await?;
    if old.finding_ids != row.finding_ids {
        action_finding::Entity::delete_many()
            .filter(action_finding::Column::ActionId.eq(row.id))
            .exec(tx)
            .await?;
        link_findings(tx, row.id, &row.finding_ids.0).await?;
    }
    if old.depends_on != row.depends_on {
        action_dependency::Entity::delete_many()
            .filter(action_dependency::Column::ActionId.eq(row.id))
            .exec(tx)
            .await?;
        link_dependencies(tx, row.id, &row.depends_on.0).await?;
    }
    let organization = row.organization_id;
    if old.external_refs != row.external_refs {
        references::replace_refs(
            tx,
            organization,
            store::RESOURCE,
            row.id,
            &row.external_refs.0,
        )
        .await?;
    }
    if old.tags != row.tags {
        references::replace_tags(tx, organization, row.id, &row.tags.0).await?;
    }
    Ok(row)
}

/// Replaces an action and its facts; links, references and tags are as they were.
pub async fn save_alone(tx: &Tx, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().update(tx).await?;
    save_facts(tx, std::slice::from_ref(&row)).await?;
    Ok(row)
}

/// Replaces an action's score alone; its facts are the caller's to write.
pub async fn save_score(tx: &Tx, row: Model) -> Result<Model> {
    let scored = entity::action::ActiveModel {
        id: Unchanged(row.id),
        priority_score: Set(row.priority_score),
        priority: Set(row.priority),
        scoring: Set(row.scoring.clone()),
        version: Set(row.version),
        updated_at: Set(row.updated_at),
        ..Default::default()
    };
    Entity::update(scored).exec_without_returning(tx).await?;
    Ok(row)
}

/// Writes the facts of actions.
pub async fn save_facts(tx: &Tx, actions: &[Model]) -> Result<()> {
    for chunk in actions.chunks(CHUNK) {
        let mut rows = Vec::with_capacity(chunk.len());
        for action in chunk {
            rows.push(facts::row(action)?.into_active_model().reset_all());
        }
        let replace = OnConflict::column(action_fact::Column::ActionId)
            .update_column(action_fact::Column::Facts)
            .to_owned();
        action_fact::Entity::insert_many(rows)
            .on_conflict(replace)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

async fn link_findings(tx: &Tx, action: Uuid, findings: &[Uuid]) -> Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    let links = findings.iter().map(|finding| action_finding::ActiveModel {
        action_id: Set(action),
        finding_id: Set(*finding),
    });
    action_finding::Entity::insert_many(links)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

async fn link_dependencies(tx: &Tx, action: Uuid, depends_on: &[Uuid]) -> Result<()> {
    if depends_on.is_empty() {
        return Ok(());
    }
    let links = depends_on
        .iter()
        .map(|other| action_dependency::ActiveModel {
            action_id: Set(action),
            depends_on_id: Set(*other),
        });
    action_dependency::Entity::insert_many(links)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// A report of progress, or a step of an action's life, about to be kept.
#[derive(Clone, Debug)]
pub struct NewProgress {
    /// When it was so.
    pub at: entity::Timestamp,
    /// How much was done.
    pub percent: Option<i32>,
    /// From where to where the action moved.
    pub moved: Option<(ActionStatus, ActionStatus)>,
    /// What there is to say.
    pub note: Option<String>,
}

/// Appends progress to an action.
pub async fn append_progress(
    change: &Change,
    action: &Model,
    progress: NewProgress,
) -> Result<action_progress::Model> {
    let row = action_progress::Model {
        id: ids::next(),
        organization_id: action.organization_id,
        action_id: action.id,
        at: progress.at,
        percent: progress.percent,
        from_status: progress.moved.map(|(from, _)| from),
        status: progress.moved.map(|(_, to)| to),
        note: progress.note,
        created_at: change.now,
        created_by: change.caller.subject.clone(),
    };
    if let Some(text) = searched::progress(&row, action.review_id) {
        change.index(text);
    }
    Ok(row
        .into_active_model()
        .reset_all()
        .insert(&**change)
        .await?)
}

/// Appends a change of an action's due date.
pub async fn append_due_change(
    change: &Change,
    action: &Model,
    to: Option<NaiveDate>,
    reason: Option<String>,
) -> Result<action_due_change::Model> {
    let row = action_due_change::Model {
        id: ids::next(),
        organization_id: action.organization_id,
        action_id: action.id,
        from_on: action.due_on,
        to_on: to,
        reason,
        created_at: change.now,
        created_by: change.caller.subject.clone(),
    };
    Ok(row
        .into_active_model()
        .reset_all()
        .insert(&**change)
        .await?)
}

/// Adds a verification.
pub async fn insert_verification(tx: &Tx, row: verification::Model) -> Result<verification::Model> {
    Ok(row.into_active_model().reset_all().insert(tx).await?)
}

/// The next actions of an organisation by id, held against other changes.
pub async fn lock_next(
    tx: &Tx,
    organization: OrganizationId,
    after: Option<Uuid>,
) -> Result<Vec<Model>> {
    let mut next = Entity::find().filter(Column::OrganizationId.eq(organization));
    if let Some(after) = after {
        next = next.filter(Column::Id.gt(after));
    }
    Ok(next
        .order_by_asc(Column::Id)
        .limit(CHUNK as u64)
        .lock(store::HELD)
        .all(tx)
        .await?)
}

/// The actions that answer a finding, held against other changes.
pub async fn lock_answering(
    tx: &Tx,
    organization: OrganizationId,
    finding: Uuid,
) -> Result<Vec<Model>> {
    let answering = sea_orm::sea_query::Query::select()
        .column(action_finding::Column::ActionId)
        .from(action_finding::Entity)
        .and_where(action_finding::Column::FindingId.eq(finding))
        .to_owned();
    Ok(Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Id.in_subquery(answering))
        .order_by_asc(Column::Id)
        .lock(store::HELD)
        .all(tx)
        .await?)
}

/// The actions that a participant owns, held against other changes.
pub async fn lock_owned(
    tx: &Tx,
    organization: OrganizationId,
    participant: Uuid,
) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::OwnerParticipantId.eq(participant))
        .order_by_asc(Column::Id)
        .lock(store::HELD)
        .all(tx)
        .await?)
}

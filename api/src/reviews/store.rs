//! Queries of reviews. Every one is bound to the caller: to their organisation, and to what is
//! visible to them.

use entity::organization::OrganizationId;
use entity::review::{Column, Entity, Model};
use entity::vocabulary::Visibility;
use entity::{participant, review_counter, review_incident};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter, QuerySelect, Select,
};
use uuid::Uuid;

use super::body::{ListReviews, ReviewSort};
use crate::kernel::access::Caller;
use crate::kernel::database::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::{references, text};

/// The kind of resource in references and audit records.
pub const RESOURCE: &str = "review";

/// The reviews that exist for the caller. Any query that joins reviews adds it.
pub fn visible(caller: &Caller) -> Condition {
    let own = Condition::all().add(Column::OrganizationId.eq(caller.organization));
    if caller.sees_restricted() {
        return own;
    }
    let subject = caller.subject.as_str();
    let takes_part = Query::select()
        .expr(Expr::val(1))
        .from(participant::Entity)
        .and_where(
            Expr::col((participant::Entity, participant::Column::ReviewId))
                .equals((Entity, Column::Id)),
        )
        .and_where(Expr::col((participant::Entity, participant::Column::Subject)).eq(subject))
        .to_owned();
    own.add(
        Condition::any()
            .add(Column::Visibility.ne(Visibility::Restricted))
            .add(Column::CreatedBy.eq(subject))
            .add(Column::OwnerSubject.eq(subject))
            .add(Column::FacilitatorSubject.eq(subject))
            .add(Expr::exists(takes_part)),
    )
}

/// The review of that id or key, if it exists for the caller.
fn named(caller: &Caller, name: &str) -> Select<Entity> {
    let by_name = match name.parse::<Uuid>() {
        Ok(id) => Column::Id.eq(id),
        Err(_) => Column::Key.eq(name),
    };
    Entity::find().filter(by_name).filter(visible(caller))
}

/// The review of that id or key; 404 when it does not exist for the caller.
pub async fn find(connection: &impl ConnectionTrait, caller: &Caller, name: &str) -> Result<Model> {
    named(caller, name)
        .one(connection)
        .await?
        .ok_or_else(|| Error::not_found("review"))
}

/// The same, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, caller: &Caller, name: &str) -> Result<Model> {
    let found = named(caller, name).lock_exclusive().one(tx).await?;
    found.ok_or_else(|| Error::not_found("review"))
}

/// The same, held so that nobody changes it meanwhile while others may add to it as well.
pub async fn lock_shared(tx: &Tx, caller: &Caller, name: &str) -> Result<Model> {
    let found = named(caller, name).lock_shared().one(tx).await?;
    found.ok_or_else(|| Error::not_found("review"))
}

/// One page of the reviews that exist for the caller.
pub async fn list(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    filter: &ListReviews,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let mut condition = visible(caller)
        .add_option(any(&filter.status, Column::Status))
        .add_option(any(&filter.severity, Column::Severity))
        .add_option(any(&filter.kind, Column::Kind))
        .add_option(any(&filter.owner, Column::OwnerSubject))
        .add_option(any(&filter.facilitator, Column::FacilitatorSubject))
        .add_option(filter.created_at_from.map(|at| Column::CreatedAt.gte(at)))
        .add_option(filter.created_at_to.map(|at| Column::CreatedAt.lt(at)))
        .add_option(filter.updated_at_from.map(|at| Column::UpdatedAt.gte(at)))
        .add_option(filter.updated_at_to.map(|at| Column::UpdatedAt.lt(at)))
        .add_option(
            filter
                .publish_due_at_from
                .map(|at| Column::PublishDueAt.gte(at)),
        )
        .add_option(
            filter
                .publish_due_at_to
                .map(|at| Column::PublishDueAt.lt(at)),
        );
    if !filter.tag.is_empty() {
        let tagged = references::tagged_with(caller.organization, &filter.tag);
        condition = condition.add(Column::Id.in_subquery(tagged));
    }
    if !filter.incident_id.is_empty() {
        let about = Query::select()
            .column(review_incident::Column::ReviewId)
            .from(review_incident::Entity)
            .and_where(
                review_incident::Column::IncidentId.is_in(filter.incident_id.iter().copied()),
            )
            .to_owned();
        condition = condition.add(Column::Id.in_subquery(about));
    }
    if let Some(words) = &filter.q {
        condition = condition.add(text::holds_every_word(Column::SearchText, words));
    }
    page::<Entity, ReviewSort>(
        Entity::find().filter(condition),
        filter.sort,
        request,
        connection,
    )
    .await
}

/// The next number of the organisation's reviews in a year.
pub async fn next_number(tx: &Tx, organization: OrganizationId, year: i32) -> Result<i32> {
    use review_counter::Column as Counter;
    let first = review_counter::ActiveModel {
        organization_id: Set(organization),
        year: Set(year),
        last: Set(1),
    };
    let counted = review_counter::Entity::insert(first)
        .on_conflict(
            OnConflict::columns([Counter::OrganizationId, Counter::Year])
                .value(
                    Counter::Last,
                    Expr::col((review_counter::Entity, Counter::Last)).add(1),
                )
                .to_owned(),
        )
        .exec_with_returning(tx)
        .await?;
    Ok(counted.last)
}

/// Adds a review with its incidents, references and tags.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().insert(tx).await?;
    attach(tx, &row).await?;
    Ok(row)
}

/// Replaces a review with its incidents, references and tags.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    let row = save_alone(tx, row).await?;
    attach(tx, &row).await?;
    Ok(row)
}

/// Replaces a review whose incidents, references and tags are as they were.
pub async fn save_alone(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

async fn attach(tx: &Tx, row: &Model) -> Result<()> {
    let (organization, id) = (row.organization_id, row.id);
    review_incident::Entity::delete_many()
        .filter(review_incident::Column::ReviewId.eq(id))
        .exec(tx)
        .await?;
    if !row.incident_ids.0.is_empty() {
        let links = row
            .incident_ids
            .0
            .iter()
            .map(|incident| review_incident::ActiveModel {
                review_id: Set(id),
                incident_id: Set(*incident),
            });
        review_incident::Entity::insert_many(links)
            .exec_without_returning(tx)
            .await?;
    }
    references::replace_refs(tx, organization, RESOURCE, id, &row.external_refs.0).await?;
    references::replace_tags(tx, organization, id, &row.tags.0).await
}

//! Queries of workshops. Every one is bound to the reviews that exist for the caller.

use entity::JsonColumn;
use entity::Timestamp;
use entity::organization::OrganizationId;
use entity::review;
use entity::vocabulary::{WorkshopKind, WorkshopStatus};
use entity::workshop::{Column, Entity, Model, Withdrawn};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ActiveValue::Unchanged, ColumnTrait, Condition,
    ConnectionTrait, EntityTrait, IntoActiveModel, JoinType, QueryFilter, QueryOrder, QuerySelect,
    Select,
};
use uuid::Uuid;

use super::list::{ListWorkshops, WorkshopSort};
use super::searched;
use crate::kernel::access::Caller;
use crate::kernel::database::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::references;
use crate::reviews::store::visible;

/// The kind of resource in references and audit records.
pub const RESOURCE: &str = "workshop";

/// The workshops of the reviews that exist for the caller.
fn existing(caller: &Caller) -> Select<Entity> {
    let review = Entity::belongs_to(review::Entity)
        .from(Column::ReviewId)
        .to(review::Column::Id)
        .into();
    Entity::find()
        .join(JoinType::InnerJoin, review)
        .filter(Column::OrganizationId.eq(caller.organization))
        .filter(visible(caller))
}

/// The workshop of that id; 404 when it does not exist for the caller.
pub async fn find(connection: &impl ConnectionTrait, caller: &Caller, id: Uuid) -> Result<Model> {
    let found = existing(caller).filter(Column::Id.eq(id)).one(connection);
    found.await?.ok_or_else(|| Error::not_found("workshop"))
}

/// A workshop of a review, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, review: &review::Model, id: Uuid) -> Result<Model> {
    let found = Entity::find_by_id(id)
        .filter(Column::ReviewId.eq(review.id))
        .lock_exclusive()
        .one(tx)
        .await?;
    found.ok_or_else(|| Error::not_found("workshop"))
}

/// Every workshop of a review, the oldest first.
pub async fn for_review(connection: &impl ConnectionTrait, review: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::ReviewId.eq(review))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

/// The workshops of a review that were held.
pub async fn held(connection: &impl ConnectionTrait, review: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::ReviewId.eq(review))
        .filter(Column::Status.eq(WorkshopStatus::Held))
        .order_by_asc(Column::HeldAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

fn condition(organization: OrganizationId, filter: &ListWorkshops, now: Timestamp) -> Condition {
    let due = filter.follow_up_due.map(|due| {
        if due {
            follow_up_due(now)
        } else {
            follow_up_due(now).not()
        }
    });
    let called = references::called(organization, RESOURCE, &filter.external_ref);
    Condition::all()
        .add_option(any(&filter.kind, Column::Kind))
        .add_option(called.map(|ids| Column::Id.in_subquery(ids)))
        .add_option(any(&filter.status, Column::Status))
        .add_option(any(&filter.facilitator, Column::FacilitatorKey))
        .add_option(
            filter
                .facilitator_conflicted
                .map(|flag| Column::FacilitatorConflicted.eq(flag)),
        )
        .add_option(
            filter
                .scheduled_at_from
                .map(|at| Column::ScheduledAt.gte(at)),
        )
        .add_option(filter.scheduled_at_to.map(|at| Column::ScheduledAt.lt(at)))
        .add_option(filter.held_at_from.map(|at| Column::HeldAt.gte(at)))
        .add_option(filter.held_at_to.map(|at| Column::HeldAt.lt(at)))
        .add_option(
            filter
                .next_session_at_from
                .map(|at| Column::NextSessionAt.gte(at)),
        )
        .add_option(
            filter
                .next_session_at_to
                .map(|at| Column::NextSessionAt.lt(at)),
        )
        .add_option(due)
}

/// A planned follow-up whose time has passed, or a session whose next one should have been held by
/// now while none was held after it. Each part asks for what may be absent, so that its opposite
/// holds for the rest.
fn follow_up_due(now: Timestamp) -> Condition {
    let later = Alias::new("later");
    let held_later = Query::select()
        .expr(Expr::val(1))
        .from_as(Entity, later.clone())
        .and_where(Expr::col((later.clone(), Column::ReviewId)).equals((Entity, Column::ReviewId)))
        .and_where(Expr::col((later.clone(), Column::Status)).eq(WorkshopStatus::Held.as_str()))
        .and_where(Expr::col((later, Column::HeldAt)).gt(Expr::col((Entity, Column::HeldAt))))
        .to_owned();
    let missed = Condition::all()
        .add(Column::Kind.eq(WorkshopKind::FollowUp))
        .add(Column::Status.eq(WorkshopStatus::Planned))
        .add(Column::ScheduledAt.is_not_null())
        .add(Column::ScheduledAt.lte(now));
    let announced = Condition::all()
        .add(Column::Status.eq(WorkshopStatus::Held))
        .add(Column::NextSessionAt.is_not_null())
        .add(Column::NextSessionAt.lte(now))
        .add(Expr::exists(held_later).not());
    Condition::any().add(missed).add(announced)
}

/// One page of a review's workshops.
pub async fn list(
    connection: &impl ConnectionTrait,
    review: &review::Model,
    (filter, now): (&ListWorkshops, Timestamp),
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let select = Entity::find()
        .filter(Column::ReviewId.eq(review.id))
        .filter(condition(review.organization_id, filter, now));
    page::<Entity, WorkshopSort>(select, filter.sort, request, connection).await
}

/// One page of the workshops of every review that exists for the caller.
pub async fn list_across(
    connection: &impl ConnectionTrait,
    (caller, reviews): (&Caller, &[Uuid]),
    (filter, now): (&ListWorkshops, Timestamp),
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let select = existing(caller)
        .filter(Condition::all().add_option(any(reviews, Column::ReviewId)))
        .filter(condition(caller.organization, filter, now));
    page::<Entity, WorkshopSort>(select, filter.sort, request, connection).await
}

/// Adds a workshop with its references.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().insert(tx).await?;
    if !row.external_refs.0.is_empty() {
        attach(tx, &row).await?;
    }
    tx.index(searched::text(&row));
    Ok(row)
}

/// Replaces a workshop, and its references where they changed.
pub async fn save(tx: &Tx, old: &Model, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().update(tx).await?;
    if old.external_refs != row.external_refs {
        attach(tx, &row).await?;
    }
    tx.index(searched::text(&row));
    Ok(row)
}

async fn attach(tx: &Tx, row: &Model) -> Result<()> {
    let refs = &row.external_refs.0;
    references::replace_refs(tx, row.organization_id, RESOURCE, row.id, refs).await
}

/// Keeps who is no longer invited. Their calendars see it by a higher sequence.
pub async fn keep_withdrawn(
    tx: &Tx,
    workshop: &Model,
    withdrawn: Vec<Withdrawn>,
    now: Timestamp,
) -> Result<()> {
    let changed = entity::workshop::ActiveModel {
        id: Unchanged(workshop.id),
        withdrawn: Set(JsonColumn(withdrawn)),
        sequence: Set(workshop.sequence + 1),
        calendar_changed_at: Set(Ord::max(workshop.calendar_changed_at, now)),
        ..Default::default()
    };
    Entity::update(changed).exec_without_returning(tx).await?;
    Ok(())
}

/// Notes that something beside the row changed that a workshop's calendar file shows.
pub async fn touch_calendar(tx: &Tx, workshop: &Model, now: Timestamp) -> Result<()> {
    let touched = entity::workshop::ActiveModel {
        id: Unchanged(workshop.id),
        calendar_changed_at: Set(Ord::max(workshop.calendar_changed_at, now)),
        ..Default::default()
    };
    Entity::update(touched).exec_without_returning(tx).await?;
    Ok(())
}

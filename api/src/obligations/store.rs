//! Queries of obligations, always within a review that exists for the caller.

use std::collections::HashSet;

use entity::obligation::{Column, Entity, Model};
use entity::organization::OrganizationId;
use entity::vocabulary::ObligationStatus;
use entity::{Timestamp, review};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use super::body::{ListObligations, ObligationSort};
use super::rules::{ENDED, SOON};
use super::searched;
use crate::kernel::access::Caller;
use crate::kernel::database::{Tx, only};
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::reviews;

/// The kind of resource in audit records.
pub const RESOURCE: &str = "obligation";

fn one(review: &review::Model, id: Uuid) -> Select<Entity> {
    Entity::find_by_id(id).filter(Column::ReviewId.eq(review.id))
}

/// An obligation of the review.
pub async fn find(
    connection: &impl ConnectionTrait,
    review: &review::Model,
    id: Uuid,
) -> Result<Model> {
    let found = one(review, id).one(connection).await?;
    found.ok_or_else(|| Error::not_found("obligation"))
}

/// The same, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, review: &review::Model, id: Uuid) -> Result<Model> {
    let found = one(review, id).lock_exclusive().one(tx).await?;
    found.ok_or_else(|| Error::not_found("obligation"))
}

/// The reviews of an organisation that have ended, as a subquery.
fn ended(organization: OrganizationId) -> SelectStatement {
    review::Entity::find()
        .select_only()
        .column(review::Column::Id)
        .filter(review::Column::OrganizationId.eq(organization))
        .filter(review::Column::Status.is_in(ENDED))
        .into_query()
}

/// The obligations that stand somewhere at a moment.
fn standing(status: ObligationStatus, organization: OrganizationId, now: Timestamp) -> Condition {
    let soon = now.plus_seconds(SOON);
    let open = Condition::all()
        .add(Column::WaivedAt.is_null())
        .add(Column::InTime.is_null());
    let submitted = |in_time: bool| {
        Condition::all()
            .add(Column::WaivedAt.is_null())
            .add(Column::InTime.eq(in_time))
    };
    match status {
        ObligationStatus::Pending => open.add(Column::DueAt.gt(soon)),
        ObligationStatus::DueSoon => open
            .add(Column::DueAt.gte(now))
            .add(Column::DueAt.lte(soon)),
        ObligationStatus::Overdue => open
            .add(Column::DueAt.lt(now))
            .add(Column::ReviewId.not_in_subquery(ended(organization))),
        ObligationStatus::Missed => open
            .add(Column::DueAt.lt(now))
            .add(Column::ReviewId.in_subquery(ended(organization))),
        ObligationStatus::Met => submitted(true),
        ObligationStatus::MetLate => submitted(false),
        ObligationStatus::NotApplicable => Condition::all().add(Column::WaivedAt.is_not_null()),
    }
}

fn matching(organization: OrganizationId, filter: &ListObligations, now: Timestamp) -> Condition {
    let condition = Condition::all()
        .add(Column::OrganizationId.eq(organization))
        .add_option(any(&filter.regime_id, Column::RegimeId))
        .add_option(any(&filter.trigger, Column::Trigger))
        .add_option(any(&filter.owner, Column::OwnerKey))
        .add_option(filter.due_at_from.map(|at| Column::DueAt.gte(at)))
        .add_option(filter.due_at_to.map(|at| Column::DueAt.lt(at)))
        .add_option(
            filter
                .submitted_at_from
                .map(|at| Column::SubmittedAt.gte(at)),
        )
        .add_option(filter.submitted_at_to.map(|at| Column::SubmittedAt.lt(at)));
    if filter.status.is_empty() {
        return condition;
    }
    let states = filter.status.iter();
    condition.add(states.fold(Condition::any(), |either, status| {
        either.add(standing(*status, organization, now))
    }))
}

/// One page of a review's obligations.
pub async fn list(
    connection: &impl ConnectionTrait,
    review: &review::Model,
    filter: &ListObligations,
    now: Timestamp,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let condition =
        matching(review.organization_id, filter, now).add(Column::ReviewId.eq(review.id));
    let select = Entity::find().filter(condition);
    page::<Entity, ObligationSort>(select, filter.sort, request, connection).await
}

/// One page of the obligations of all reviews that exist for the caller.
pub async fn list_everywhere(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    (filter, of_reviews): (&ListObligations, &[Uuid]),
    now: Timestamp,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let mut condition =
        matching(caller.organization, filter, now).add_option(any(of_reviews, Column::ReviewId));
    if !caller.sees_restricted() {
        let seen = review::Entity::find()
            .select_only()
            .column(review::Column::Id)
            .filter(reviews::store::visible(caller))
            .into_query();
        condition = condition.add(Column::ReviewId.in_subquery(seen));
    }
    let select = Entity::find().filter(condition);
    page::<Entity, ObligationSort>(select, filter.sort, request, connection).await
}

/// Which of these obligations' reviews have ended.
pub async fn ended_reviews(
    connection: &impl ConnectionTrait,
    obligations: &[Model],
) -> Result<HashSet<Uuid>> {
    let ids: HashSet<Uuid> = obligations.iter().map(|row| row.review_id).collect();
    if ids.is_empty() {
        return Ok(ids);
    }
    let ended = review::Entity::find()
        .filter(review::Column::Id.is_in(ids))
        .filter(review::Column::Status.is_in(ENDED));
    let ended: Vec<Uuid> = only(ended, review::Column::Id).all(connection).await?;
    Ok(ended.into_iter().collect())
}

/// Adds an obligation.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    tx.index(searched::text(&row));
    Ok(row.into_active_model().reset_all().insert(tx).await?)
}

/// Replaces an obligation.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    tx.index(searched::text(&row));
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

//! Queries of contributions. Every one is bound to the reviews that exist for the caller.

use entity::contribution::{Column, Entity, Model, Outcomes};
use entity::{action, ballot, contribution_outcome, lesson, review};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, JoinType, PaginatorTrait as _, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use super::body::{ContributionSort, ListContributions};
use super::searched;
use crate::kernel::access::Caller;
use crate::kernel::database::{Tx, only};
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::reviews::store::visible;
use crate::text;

/// The kind of resource in audit records.
pub const RESOURCE: &str = "contribution";

/// The contributions of the reviews that exist for the caller.
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

/// The contribution of that id; 404 when it does not exist for the caller, or is not shown yet.
pub async fn find(connection: &impl ConnectionTrait, caller: &Caller, id: Uuid) -> Result<Model> {
    let found = existing(caller).filter(Column::Id.eq(id)).one(connection);
    found.await?.ok_or_else(|| Error::not_found("contribution"))
}

/// A contribution to a workshop, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, workshop: Uuid, id: Uuid) -> Result<Model> {
    let found = Entity::find_by_id(id)
        .filter(Column::WorkshopId.eq(workshop))
        .lock_exclusive()
        .one(tx)
        .await?;
    found.ok_or_else(|| Error::not_found("contribution"))
}

/// How many contributions to a workshop are shown.
pub async fn count(connection: &impl ConnectionTrait, workshop: Uuid) -> Result<usize> {
    let count = Entity::find()
        .filter(Column::WorkshopId.eq(workshop))
        .count(connection);
    Ok(usize::try_from(count.await?).unwrap_or(usize::MAX))
}

/// Every contribution to a workshop that is shown, in the order of the ids.
pub async fn for_workshop(connection: &impl ConnectionTrait, workshop: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::WorkshopId.eq(workshop))
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

/// Those of some ids that are contributions to a workshop.
pub async fn among(
    connection: &impl ConnectionTrait,
    workshop: Uuid,
    ids: &[Uuid],
) -> Result<Vec<Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(Entity::find()
        .filter(Column::WorkshopId.eq(workshop))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?)
}

/// One page of the contributions to a workshop.
pub async fn list(
    connection: &impl ConnectionTrait,
    workshop: Uuid,
    filter: &ListContributions,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let grouped = filter.grouped.map(|grouped| {
        if grouped {
            Column::GroupId.is_not_null()
        } else {
            Column::GroupId.is_null()
        }
    });
    let words = filter.q.as_ref();
    let condition = Condition::all()
        .add(Column::WorkshopId.eq(workshop))
        .add_option(any(&filter.prompt, Column::Prompt))
        .add_option(any(&filter.group_id, Column::GroupId))
        .add_option(grouped)
        .add_option(any(&filter.author, Column::AuthorSubject))
        .add_option(led_to(&filter.outcome_id).map(|links| Column::Id.in_subquery(links)))
        .add_option(words.map(|words| text::holds_every_word(Column::SearchText, words)));
    let select = Entity::find().filter(condition);
    page::<Entity, ContributionSort>(select, filter.sort, request, connection).await
}

/// The ids of what led to any of these, as a subquery; none when none is named.
pub fn led_to(outcomes: &[Uuid]) -> Option<SelectStatement> {
    use contribution_outcome::Column as Link;
    (!outcomes.is_empty()).then(|| {
        Query::select()
            .column(Link::SourceId)
            .from(contribution_outcome::Entity)
            .and_where(Link::ResourceId.is_in(outcomes.iter().copied()))
            .to_owned()
    })
}

/// Adds a contribution.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().insert(tx).await?;
    tx.index(searched::text(&row));
    Ok(row)
}

/// Adds contributions all at once, in the order in which they are given.
pub async fn insert_all(tx: &Tx, rows: &[Model]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let all = rows.iter().cloned();
    Entity::insert_many(all.map(|row| row.into_active_model().reset_all()))
        .exec_without_returning(tx)
        .await?;
    for row in rows {
        tx.index(searched::text(row));
    }
    Ok(())
}

/// Replaces a contribution.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().update(tx).await?;
    tx.index(searched::text(&row));
    Ok(row)
}

/// Removes a contribution with its links and votes.
pub async fn remove(tx: &Tx, row: &Model) -> Result<()> {
    ballot::Entity::delete_many()
        .filter(ballot::Column::WorkshopId.eq(row.workshop_id))
        .filter(ballot::Column::TargetId.eq(row.id))
        .exec(tx)
        .await?;
    link(tx, row.id, &Outcomes::default()).await?;
    Entity::delete_by_id(row.id).exec(tx).await?;
    tx.forget(row.id);
    Ok(())
}

/// Takes every contribution out of a group.
pub async fn ungroup(tx: &Tx, group: Uuid) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::GroupId, Expr::value(Option::<Uuid>::None))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::GroupId.eq(group))
        .exec(tx)
        .await?;
    Ok(())
}

/// Makes `outcomes` what came of a contribution or a group.
pub async fn link(tx: &Tx, source: Uuid, outcomes: &Outcomes) -> Result<()> {
    use contribution_outcome::{ActiveModel, Column as Link, Entity as Links};
    Links::delete_many()
        .filter(Link::SourceId.eq(source))
        .exec(tx)
        .await?;
    let all = [
        &outcomes.finding_ids,
        &outcomes.action_ids,
        &outcomes.lesson_ids,
    ];
    let links: Vec<_> = all
        .into_iter()
        .flatten()
        .map(|id| ActiveModel {
            source_id: Set(source),
            resource_id: Set(*id),
        })
        .collect();
    if !links.is_empty() {
        Links::insert_many(links).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Those of some ids that are actions of a review.
pub async fn actions(
    connection: &impl ConnectionTrait,
    review: Uuid,
    ids: &[Uuid],
) -> Result<Vec<Uuid>> {
    let known = action::Entity::find()
        .filter(action::Column::ReviewId.eq(review))
        .filter(action::Column::Id.is_in(ids.iter().copied()));
    Ok(only(known, action::Column::Id).all(connection).await?)
}

/// Those of some ids that are lessons of a review.
pub async fn lessons(
    connection: &impl ConnectionTrait,
    review: Uuid,
    ids: &[Uuid],
) -> Result<Vec<Uuid>> {
    let known = lesson::Entity::find()
        .filter(lesson::Column::ReviewId.eq(review))
        .filter(lesson::Column::Id.is_in(ids.iter().copied()));
    Ok(only(known, lesson::Column::Id).all(connection).await?)
}

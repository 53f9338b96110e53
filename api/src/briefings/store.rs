//! Queries of briefings. Every one is bound to the reviews that exist for the caller.

use std::collections::HashSet;

use entity::briefing::{Column, Entity, Model};
use entity::vocabulary::{BriefingAudience, BriefingStatus};
use entity::{obligation, review};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    JoinType, ModelTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use super::body::{BriefingSort, ListBriefings};
use super::compose::Source;
use super::searched;
use crate::kernel::access::Caller;
use crate::kernel::database::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::people::Names;
use crate::reviews::store::visible;
use crate::{
    assessments, chronology, findings, impacts, incidents, lessons, lifecycle, participants,
    recommendations, text,
};

/// The kind of resource in audit records.
pub const RESOURCE: &str = "briefing";

/// The briefings of the reviews that exist for the caller.
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

/// The briefing of that id; 404 when it does not exist for the caller.
pub async fn find(connection: &impl ConnectionTrait, caller: &Caller, id: Uuid) -> Result<Model> {
    let found = existing(caller).filter(Column::Id.eq(id)).one(connection);
    found.await?.ok_or_else(|| Error::not_found("briefing"))
}

/// A briefing of a review, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, review: &review::Model, id: Uuid) -> Result<Model> {
    let found = Entity::find_by_id(id)
        .filter(Column::ReviewId.eq(review.id))
        .lock_exclusive()
        .one(tx)
        .await?;
    found.ok_or_else(|| Error::not_found("briefing"))
}

/// The briefings for an audience that were issued and that none has taken the place of, held against
/// other changes.
pub async fn lock_issued(tx: &Tx, review: Uuid, audience: BriefingAudience) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::ReviewId.eq(review))
        .filter(Column::Audience.eq(audience))
        .filter(Column::Status.eq(BriefingStatus::Issued))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?)
}

fn condition(filter: &ListBriefings) -> Condition {
    let words = filter.q.as_ref();
    Condition::all()
        .add_option(any(&filter.audience, Column::Audience))
        .add_option(any(&filter.status, Column::Status))
        .add_option(filter.issued_at_from.map(|at| Column::IssuedAt.gte(at)))
        .add_option(filter.issued_at_to.map(|at| Column::IssuedAt.lt(at)))
        .add_option(words.map(|words| text::holds_every_word(Column::SearchText, words)))
}

/// One page of a review's briefings.
pub async fn list(
    connection: &impl ConnectionTrait,
    review: Uuid,
    filter: &ListBriefings,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let select = Entity::find()
        .filter(Column::ReviewId.eq(review))
        .filter(condition(filter));
    page::<Entity, BriefingSort>(select, filter.sort, request, connection).await
}

/// One page of the briefings of every review that exists for the caller.
pub async fn list_across(
    connection: &impl ConnectionTrait,
    (caller, reviews): (&Caller, &[Uuid]),
    filter: &ListBriefings,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let select = existing(caller)
        .filter(Condition::all().add_option(any(reviews, Column::ReviewId)))
        .filter(condition(filter));
    page::<Entity, BriefingSort>(select, filter.sort, request, connection).await
}

/// Everything that a briefing of a review is put together from, in as many queries whatever its size.
pub async fn source(connection: &impl ConnectionTrait, review: review::Model) -> Result<Source> {
    let (id, organization) = (review.id, review.organization_id);
    let named = &review.incident_ids.0;
    let obligations = obligation::Entity::find().filter(obligation::Column::ReviewId.eq(id));
    Ok(Source {
        incidents: incidents::store::with_ids(connection, organization, named).await?,
        events: chronology::store::for_review(connection, id).await?,
        assessments: assessments::store::for_review(connection, id).await?,
        impacts: impacts::store::for_review(connection, id).await?,
        findings: findings::store::for_review(connection, id).await?,
        recommendations: recommendations::store::for_review(connection, id).await?,
        actions: lifecycle::store::actions(connection, id).await?,
        lessons: lessons::store::for_review(connection, id).await?,
        obligations: obligations.all(connection).await?,
        review,
    })
}

/// The members of a review, as far as they can be recognised: who takes part, owns or leads it, or
/// opened it.
pub async fn members(
    connection: &impl ConnectionTrait,
    review: &review::Model,
) -> Result<Vec<Names>> {
    let participants = participants::store::for_review(connection, review.id).await?;
    let mut members: Vec<Names> = participants
        .into_iter()
        .map(|one| {
            let identifiers: HashSet<String> = one.subject.into_iter().chain(one.email).collect();
            Names {
                name: Some(one.name),
                identifiers: identifiers.into_iter().collect(),
            }
        })
        .collect();
    let named = [&review.owner, &review.facilitator].into_iter().flatten();
    members.extend(named.map(|person| Names::from(&person.0)));
    members.push(Names {
        name: None,
        identifiers: vec![review.created_by.clone()],
    });
    Ok(members)
}

/// Adds a briefing.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().insert(tx).await?;
    tx.index(searched::text(&row));
    Ok(row)
}

/// Replaces a briefing.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().update(tx).await?;
    tx.index(searched::text(&row));
    Ok(row)
}

/// Removes a briefing that was never issued.
pub async fn remove(tx: &Tx, row: Model) -> Result<()> {
    tx.forget(row.id);
    row.delete(tx).await?;
    Ok(())
}

//! Queries of rounds of feedback and their boxes, always of reviews that exist for the caller.

use std::collections::HashSet;

use entity::feedback_round::{Column, Entity, Model};
use entity::vocabulary::FeedbackRoundStatus;
use entity::{Timestamp, feedback_box, feedback_result, invitation, participant, review, workshop};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    JoinType, ModelTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use super::body::{FeedbackRoundSort, ListFeedbackRounds};
use super::rules::{self, SETTLING_SECONDS};
use crate::kernel::access::Caller;
use crate::kernel::database::{Tx, only};
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::reviews::store::visible;

/// The kind of resource in audit records.
pub const RESOURCE: &str = "feedback_round";

/// The rounds of the reviews that exist for the caller.
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

/// The round of that id; 404 when it does not exist for the caller.
pub async fn find(connection: &impl ConnectionTrait, caller: &Caller, id: Uuid) -> Result<Model> {
    let found = existing(caller).filter(Column::Id.eq(id)).one(connection);
    found
        .await?
        .ok_or_else(|| Error::not_found("feedback round"))
}

/// A round of a review, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, review: &review::Model, id: Uuid) -> Result<Model> {
    let found = Entity::find_by_id(id)
        .filter(Column::ReviewId.eq(review.id))
        .lock_exclusive()
        .one(tx)
        .await?;
    found.ok_or_else(|| Error::not_found("feedback round"))
}

/// A round by its id alone, held against other changes until the transaction ends.
pub async fn lock_known(tx: &Tx, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).lock_exclusive().one(tx).await?)
}

/// The next few rounds that are settled at a moment, and of which it is still kept who has answered.
pub async fn unsettled(
    connection: &impl ConnectionTrait,
    now: Timestamp,
    most: u64,
) -> Result<Vec<Uuid>> {
    let settled = Condition::any()
        .add(Column::ClosedAt.is_not_null())
        .add(Column::ClosesAt.lte(now.plus_seconds(-SETTLING_SECONDS)));
    let own_box = Entity::belongs_to(feedback_box::Entity)
        .from(Column::Id)
        .to(feedback_box::Column::RoundId)
        .into();
    let rounds = Entity::find()
        .join(JoinType::InnerJoin, own_box)
        // As the index has it.
        .filter(Expr::cust("feedback_boxes.answered <> '[]'"))
        .filter(settled)
        .order_by_asc(Column::Id)
        .limit(most);
    Ok(only(rounds, Column::Id).all(connection).await?)
}

/// Every round of a review, held against other changes until the transaction ends.
pub async fn lock_all(tx: &Tx, review: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::ReviewId.eq(review))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?)
}

fn standing(status: FeedbackRoundStatus, now: Timestamp) -> Condition {
    let cancelled = Column::CancelledAt.is_not_null();
    if status == FeedbackRoundStatus::Cancelled {
        return Condition::all().add(cancelled);
    }
    let held = Condition::all().add(Column::CancelledAt.is_null());
    let over = Condition::any()
        .add(Column::ClosedAt.is_not_null())
        .add(Column::ClosesAt.lte(now));
    match status {
        FeedbackRoundStatus::Closed | FeedbackRoundStatus::Cancelled => held.add(over),
        FeedbackRoundStatus::Open => held.add(over.not()).add(Column::OpensAt.lte(now)),
        FeedbackRoundStatus::Scheduled => held.add(over.not()).add(Column::OpensAt.gt(now)),
    }
}

fn condition(filter: &ListFeedbackRounds, now: Timestamp) -> Condition {
    let states = (!filter.status.is_empty()).then(|| {
        let states = filter.status.iter();
        states.fold(Condition::any(), |either, status| {
            either.add(standing(*status, now))
        })
    });
    Condition::all()
        .add_option(any(&filter.occasion, Column::Occasion))
        .add_option(states)
        .add_option(any(&filter.workshop_id, Column::WorkshopId))
        .add_option(filter.opens_at_from.map(|at| Column::OpensAt.gte(at)))
        .add_option(filter.opens_at_to.map(|at| Column::OpensAt.lt(at)))
        .add_option(filter.closes_at_from.map(|at| Column::ClosesAt.gte(at)))
        .add_option(filter.closes_at_to.map(|at| Column::ClosesAt.lt(at)))
}

/// One page of a review's rounds.
pub async fn list(
    connection: &impl ConnectionTrait,
    review: Uuid,
    (filter, now): (&ListFeedbackRounds, Timestamp),
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let select = Entity::find()
        .filter(Column::ReviewId.eq(review))
        .filter(condition(filter, now));
    page::<Entity, FeedbackRoundSort>(select, filter.sort, request, connection).await
}

/// One page of the rounds of every review that exists for the caller.
pub async fn list_across(
    connection: &impl ConnectionTrait,
    (caller, reviews): (&Caller, &[Uuid]),
    (filter, now): (&ListFeedbackRounds, Timestamp),
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let select = existing(caller)
        .filter(Condition::all().add_option(any(reviews, Column::ReviewId)))
        .filter(condition(filter, now));
    page::<Entity, FeedbackRoundSort>(select, filter.sort, request, connection).await
}

/// Whether a review has the workshop.
pub async fn has_workshop(
    connection: &impl ConnectionTrait,
    review: Uuid,
    id: Uuid,
) -> Result<bool> {
    let found = workshop::Entity::find_by_id(id).filter(workshop::Column::ReviewId.eq(review));
    Ok(found.count(connection).await? > 0)
}

/// The subjects of those who may answer a round.
pub async fn invited(connection: &impl ConnectionTrait, round: &Model) -> Result<HashSet<String>> {
    use invitation::Column as Invitation;
    let participants = participant::Entity::find()
        .filter(participant::Column::ReviewId.eq(round.review_id))
        .all(connection)
        .await?;
    let mut invitations = Vec::new();
    if let Some(workshop) = round.workshop_id {
        let invited = invitation::Entity::find().filter(Invitation::WorkshopId.eq(workshop));
        invitations = invited.all(connection).await?;
    }
    Ok(rules::invited(round, &participants, &invitations))
}

/// What a round came to, without anything that leads to who answered.
pub async fn read_result(
    connection: &impl ConnectionTrait,
    round: Uuid,
) -> Result<Option<feedback_result::Model>> {
    let known = feedback_result::Entity::find_by_id(round);
    Ok(known.one(connection).await?)
}

/// What lies in the box of a round.
pub async fn read_box(
    connection: &impl ConnectionTrait,
    round: Uuid,
) -> Result<Option<feedback_box::Model>> {
    Ok(feedback_box::Entity::find_by_id(round)
        .one(connection)
        .await?)
}

/// Adds a round.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().insert(tx).await?)
}

/// Replaces a round.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

/// Puts a box where there was none, or replaces it; its round has to be held.
pub async fn save_box(tx: &Tx, row: feedback_box::Model, is_new: bool) -> Result<()> {
    let row = row.into_active_model().reset_all();
    if is_new {
        row.insert(tx).await?;
    } else {
        row.update(tx).await?;
    }
    Ok(())
}

/// Throws away what lies in the box of a round, and has it cleared away.
pub async fn empty_box(tx: &Tx, round: Uuid) -> Result<()> {
    if let Some(kept) = read_box(tx, round).await? {
        tx.erase();
        kept.delete(tx).await?;
    }
    Ok(())
}

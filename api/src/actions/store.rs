//! Queries of actions. Every one is bound to the organisation; what a caller may see is the
//! review's to say.

use chrono::NaiveDate;
use entity::action::{Column, Entity, Model};
use entity::organization::OrganizationId;
use entity::{
    action_due_change, action_fact, action_finding, action_progress, participant, review,
    verification,
};
use sea_orm::sea_query::{Expr, ExprTrait, LockType, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
};
use uuid::Uuid;

use super::list::{ActionSort, ListActions, OfReviews};
use super::rules::UNFINISHED;
use crate::kernel::access::Caller;
use crate::kernel::database::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, Sort, any, page};
use crate::{references, reviews, text};

/// The kind of resource in references and audit records.
pub const RESOURCE: &str = "action";

fn one(organization: OrganizationId, review: Uuid, id: Uuid) -> Select<Entity> {
    Entity::find_by_id(id)
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ReviewId.eq(review))
}

/// A review's action; 404 when there is none.
pub async fn find(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    review: Uuid,
    id: Uuid,
) -> Result<Model> {
    let found = one(organization, review, id).one(connection).await?;
    found.ok_or_else(|| Error::not_found("action"))
}

/// How an action is held while it is changed: other actions may still refer to it meanwhile. A full
/// lock would let two changes of dependencies wait for each other.
pub const HELD: LockType = LockType::NoKeyUpdate;

/// The same, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, organization: OrganizationId, review: Uuid, id: Uuid) -> Result<Model> {
    let found = one(organization, review, id).lock(HELD).one(tx).await?;
    found.ok_or_else(|| Error::not_found("action"))
}

/// All actions of a review, oldest first.
pub async fn for_review(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    review: Uuid,
) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ReviewId.eq(review))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

/// One page of a review's actions.
pub async fn list(
    connection: &impl ConnectionTrait,
    (organization, review): (OrganizationId, Uuid),
    filter: &ListActions,
    today: NaiveDate,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let condition = matching(organization, filter, today).add(Column::ReviewId.eq(review));
    let select = Entity::find().filter(condition);
    page::<Entity, ActionSort>(select, filter.sort, request, connection).await
}

/// One page of the actions of all reviews that exist for the caller.
pub async fn list_everywhere(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    (filter, of): (&ListActions, &OfReviews),
    today: NaiveDate,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let mut condition = matching(caller.organization, filter, today)
        .add_option(any(&of.review_id, Column::ReviewId));
    // Whoever sees every review needs no look at them.
    if !caller.sees_restricted() || !of.review_severity.is_empty() {
        let exists = Query::select()
            .expr(Expr::val(1))
            .from(review::Entity)
            .and_where(
                Expr::col((review::Entity, review::Column::Id)).equals((Entity, Column::ReviewId)),
            )
            .cond_where(
                reviews::store::visible(caller)
                    .add_option(any(&of.review_severity, review::Column::Severity)),
            )
            .to_owned();
        condition = condition.add(Expr::exists(exists));
    }
    let select = Entity::find().filter(condition);
    page::<Entity, ActionSort>(select, filter.sort, request, connection).await
}

fn matching(organization: OrganizationId, filter: &ListActions, today: NaiveDate) -> Condition {
    let late = || {
        Condition::all()
            .add(Column::DueOn.is_not_null())
            .add(Column::DueOn.lt(today))
            .add(Column::Status.is_in(UNFINISHED))
    };
    let mut condition = Condition::all()
        .add(Column::OrganizationId.eq(organization))
        .add_option(any(&filter.status, Column::Status))
        .add_option(any(&filter.action_type, Column::ActionType))
        .add_option(any(&filter.priority, Column::Priority))
        .add_option(any(&filter.owner, Column::OwnerKey))
        .add_option(any(
            &filter.owner_participant_id,
            Column::OwnerParticipantId,
        ))
        .add_option(any(&filter.owner_function, Column::OwnerFunction))
        .add_option(filter.unowned.map(|unowned| {
            if unowned {
                Column::OwnerKey.is_null()
            } else {
                Column::OwnerKey.is_not_null()
            }
        }))
        .add_option(
            filter
                .overdue
                .map(|overdue| if overdue { late() } else { late().not() }),
        )
        .add_option(filter.due_on_from.map(|on| Column::DueOn.gte(on)))
        .add_option(filter.due_on_to.map(|on| Column::DueOn.lt(on)))
        .add_option(filter.reopened.map(|reopened| {
            if reopened {
                Column::ReopenedCount.gt(0)
            } else {
                Column::ReopenedCount.eq(0)
            }
        }))
        .add_option(filter.created_at_from.map(|at| Column::CreatedAt.gte(at)))
        .add_option(filter.created_at_to.map(|at| Column::CreatedAt.lt(at)))
        .add_option(filter.updated_at_from.map(|at| Column::UpdatedAt.gte(at)))
        .add_option(filter.updated_at_to.map(|at| Column::UpdatedAt.lt(at)));
    if !filter.tag.is_empty() {
        let tagged = references::tagged_with(organization, &filter.tag);
        condition = condition.add(Column::Id.in_subquery(tagged));
    }
    if !filter.finding_id.is_empty() {
        let answering = Query::select()
            .column(action_finding::Column::ActionId)
            .from(action_finding::Entity)
            .and_where(action_finding::Column::FindingId.is_in(filter.finding_id.iter().copied()))
            .to_owned();
        condition = condition.add(Column::Id.in_subquery(answering));
    }
    if let Some(words) = &filter.q {
        condition = condition.add(text::holds_every_word(Column::SearchText, words));
    }
    condition
}

/// Which of these actions exist for the caller.
pub async fn existing(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    ids: &[Uuid],
) -> Result<Vec<Uuid>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let visible = Query::select()
        .column(review::Column::Id)
        .from(review::Entity)
        .cond_where(reviews::store::visible(caller))
        .to_owned();
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganizationId.eq(caller.organization))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::ReviewId.in_subquery(visible))
        .into_tuple()
        .all(connection)
        .await?)
}

/// A review's participant.
pub async fn participant(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    review: Uuid,
    id: Uuid,
) -> Result<Option<participant::Model>> {
    Ok(participant::Entity::find_by_id(id)
        .filter(participant::Column::OrganizationId.eq(organization))
        .filter(participant::Column::ReviewId.eq(review))
        .one(connection)
        .await?)
}

/// One page of an action's progress.
pub async fn progress<S: Sort<action_progress::Entity>>(
    connection: &impl ConnectionTrait,
    action: &Model,
    sort: S,
    request: &PageRequest<'_>,
) -> Result<Page<action_progress::Model>> {
    let own = action_progress::Entity::find()
        .filter(action_progress::Column::ActionId.eq(action.id))
        .filter(action_progress::Column::OrganizationId.eq(action.organization_id));
    page::<action_progress::Entity, S>(own, sort, request, connection).await
}

/// One page of the changes of an action's due date.
pub async fn due_changes<S: Sort<action_due_change::Entity>>(
    connection: &impl ConnectionTrait,
    action: &Model,
    sort: S,
    request: &PageRequest<'_>,
) -> Result<Page<action_due_change::Model>> {
    let own = action_due_change::Entity::find()
        .filter(action_due_change::Column::ActionId.eq(action.id))
        .filter(action_due_change::Column::OrganizationId.eq(action.organization_id));
    page::<action_due_change::Entity, S>(own, sort, request, connection).await
}

/// One page of an action's verifications.
pub async fn verifications<S: Sort<verification::Entity>>(
    connection: &impl ConnectionTrait,
    action: &Model,
    sort: S,
    request: &PageRequest<'_>,
) -> Result<Page<verification::Model>> {
    let own = verification::Entity::find()
        .filter(verification::Column::ActionId.eq(action.id))
        .filter(verification::Column::OrganizationId.eq(action.organization_id));
    page::<verification::Entity, S>(own, sort, request, connection).await
}

/// The facts of a review's actions.
pub async fn facts(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    review: Uuid,
) -> Result<Vec<String>> {
    use action_fact::Column as Fact;
    Ok(action_fact::Entity::find()
        .select_only()
        .column(Fact::Facts)
        .filter(Fact::OrganizationId.eq(organization))
        .filter(Fact::ReviewId.eq(review))
        .order_by_asc(Fact::ActionId)
        .into_tuple()
        .all(connection)
        .await?)
}

//! Queries of actions. Every one is bound to the organisation; what a caller may see is the
//! review's to say.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::action::{Column, Entity, Model};
use entity::organization::OrganizationId;
use entity::{
    Timestamp, action_due_change, action_fact, action_progress, participant, review, verification,
};
use sea_orm::sea_query::{Expr, ExprTrait, LockType, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use uuid::Uuid;

use super::list::{ActionSort, ListActions, OfReviews};
use super::matching::matching;
use crate::kernel::access::Caller;
use crate::kernel::database::{Tx, only};
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, Sort, any, page};
use crate::reviews;

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
    let having = of.having();
    // Whoever sees every review needs no look at them.
    if !caller.sees_restricted() || !of.review_severity.is_empty() || !having.is_empty() {
        let exists = Query::select()
            .expr(Expr::val(1))
            .from(review::Entity)
            .and_where(
                Expr::col((review::Entity, review::Column::Id)).equals((Entity, Column::ReviewId)),
            )
            .cond_where(
                reviews::store::visible(caller)
                    .add(having.condition(caller.organization))
                    .add_option(any(&of.review_severity, review::Column::Severity)),
            )
            .to_owned();
        condition = condition.add(Expr::exists(exists));
    }
    let select = Entity::find().filter(condition);
    page::<Entity, ActionSort>(select, filter.sort, request, connection).await
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
    Ok(only(
        Entity::find()
            .filter(Column::OrganizationId.eq(caller.organization))
            .filter(Column::Id.is_in(ids.iter().copied()))
            .filter(Column::ReviewId.in_subquery(visible)),
        Column::Id,
    )
    .all(connection)
    .await?)
}

#[derive(FromQueryResult)]
struct OfReview {
    id: Uuid,
    review_id: Uuid,
}

/// The review that each of these actions is in.
pub async fn reviews_of(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Uuid>> {
    let found: Vec<OfReview> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::ReviewId])
        .filter(Column::Id.is_in(ids.iter().copied()))
        .into_model()
        .all(connection)
        .await?;
    Ok(found
        .into_iter()
        .map(|one| (one.id, one.review_id))
        .collect())
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

/// The last date from which an action's due date was changed.
pub async fn last_due_on(
    connection: &impl ConnectionTrait,
    action: &Model,
) -> Result<Option<NaiveDate>> {
    use action_due_change::Column;
    let last = action_due_change::Entity::find()
        .filter(Column::ActionId.eq(action.id))
        .filter(Column::OrganizationId.eq(action.organization_id))
        .filter(Column::FromOn.is_not_null())
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id);
    Ok(last.one(connection).await?.and_then(|row| row.from_on))
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
    Ok(only(
        action_fact::Entity::find()
            .filter(Fact::OrganizationId.eq(organization))
            .filter(Fact::ReviewId.eq(review))
            .order_by_asc(Fact::ActionId),
        Fact::Facts,
    )
    .all(connection)
    .await?)
}

/// When an action last moved from one state to another, if it ever did.
pub async fn last_move(
    connection: &impl ConnectionTrait,
    action: Uuid,
) -> Result<Option<Timestamp>> {
    use action_progress::Column as Progress;
    let moves = action_progress::Entity::find()
        .filter(Progress::ActionId.eq(action))
        .filter(Progress::Status.is_not_null())
        .order_by_desc(Progress::At)
        .order_by_desc(Progress::Id);
    Ok(only(moves, Progress::At).one(connection).await?)
}

/// One report of an action's progress; 404 when there is none.
pub async fn one_progress(
    connection: &impl ConnectionTrait,
    action: &Model,
    id: Uuid,
) -> Result<action_progress::Model> {
    let found = action_progress::Entity::find_by_id(id)
        .filter(action_progress::Column::ActionId.eq(action.id))
        .one(connection)
        .await?;
    found.ok_or_else(|| Error::not_found("progress"))
}

/// One verification of an action; 404 when there is none.
pub async fn one_verification(
    connection: &impl ConnectionTrait,
    action: &Model,
    id: Uuid,
) -> Result<verification::Model> {
    let found = verification::Entity::find_by_id(id)
        .filter(verification::Column::ActionId.eq(action.id))
        .one(connection)
        .await?;
    found.ok_or_else(|| Error::not_found("verification"))
}

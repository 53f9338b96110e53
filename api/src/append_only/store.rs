//! Queries of append-only logs, always within reviews that exist for the caller.

use entity::review;
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::row::Row;
use crate::kernel::access::Caller;
use crate::kernel::database::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, Sort, any, page};
use crate::reviews::store::visible;

/// What a review's log holds under an id.
pub async fn find<R: Row>(
    connection: &impl ConnectionTrait,
    review: &review::Model,
    id: Uuid,
) -> Result<R> {
    let found = R::Entity::find()
        .filter(R::ID.eq(id))
        .filter(R::REVIEW.eq(review.id))
        .one(connection)
        .await?;
    found.ok_or_else(|| Error::not_found(R::RESOURCE))
}

/// The same, held against other changes until the transaction ends.
pub async fn lock<R: Row>(tx: &Tx, review: &review::Model, id: Uuid) -> Result<R> {
    let found = R::Entity::find()
        .filter(R::ID.eq(id))
        .filter(R::REVIEW.eq(review.id))
        .lock_exclusive()
        .one(tx)
        .await?;
    found.ok_or_else(|| Error::not_found(R::RESOURCE))
}

/// A review's whole log in order, the retracted too.
pub async fn for_review<R: Row>(connection: &impl ConnectionTrait, review: Uuid) -> Result<Vec<R>> {
    Ok(R::Entity::find()
        .filter(R::REVIEW.eq(review))
        .order_by_asc(R::AT)
        .order_by_asc(R::ID)
        .all(connection)
        .await?)
}

/// The filter by retraction: only the retracted, or only the others.
pub fn retracted<R: Row>(wanted: Option<bool>) -> Option<SimpleExpr> {
    wanted.map(|retracted| {
        if retracted {
            R::RETRACTED_AT.is_not_null()
        } else {
            R::RETRACTED_AT.is_null()
        }
    })
}

/// One page of a review's log.
pub async fn list<R: Row>(
    connection: &impl ConnectionTrait,
    review: Uuid,
    condition: Condition,
    sort: impl Sort<R::Entity>,
    request: &PageRequest<'_>,
) -> Result<Page<R>> {
    let select = R::Entity::find()
        .filter(R::REVIEW.eq(review))
        .filter(condition);
    page::<R::Entity, _>(select, sort, request, connection).await
}

/// One page of the logs of every review that exists for the caller, or of some of them.
pub async fn list_across<R: Row>(
    connection: &impl ConnectionTrait,
    (caller, reviews): (&Caller, &[Uuid]),
    condition: Condition,
    sort: impl Sort<R::Entity>,
    request: &PageRequest<'_>,
) -> Result<Page<R>> {
    let review = R::Entity::belongs_to(review::Entity)
        .from(R::REVIEW)
        .to(review::Column::Id)
        .into();
    let select = R::Entity::find()
        .join(JoinType::InnerJoin, review)
        .filter(R::ORGANIZATION.eq(caller.organization))
        .filter(visible(caller))
        .filter(Condition::all().add_option(any(reviews, R::REVIEW)))
        .filter(condition);
    page::<R::Entity, _>(select, sort, request, connection).await
}

/// Appends a row.
pub async fn insert<R: Row>(tx: &Tx, row: R) -> Result<R> {
    Ok(row.into_active_model().reset_all().insert(tx).await?)
}

/// Replaces a row by its new revision.
pub async fn save<R: Row>(tx: &Tx, row: R) -> Result<R> {
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

//! Reading everything of a review.

use entity::{deadline, review};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::body::{Context, Full};
use super::rows::Rows;
use super::told;
use crate::incidents::seen::SeenEvents;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::{actions, reviews};
use entity::Timestamp;

/// The rows of everything that a review holds, besides its own, as far as anybody may be told of it at
/// a moment.
pub async fn rows(
    connection: &impl ConnectionTrait,
    review: &review::Model,
    now: Timestamp,
) -> Result<Rows> {
    let mut rows = Rows::read(connection, review.id).await?;
    told::keep(&mut rows, now);
    Ok(rows)
}

/// Everything of a review as it is shown to the caller: as many queries, however much it is.
pub async fn full(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    (name, now): (&str, Timestamp),
) -> Result<Full> {
    let review = reviews::store::find(connection, caller, name).await?;
    let rows = rows(connection, &review, now).await?;
    let context = Context {
        now,
        seen: SeenEvents::of(connection, caller, &rows.incidents).await?,
        computed: actions::computed::of(connection, caller, &rows.actions).await?,
        deadlines: deadlines(connection, &review).await?,
    };
    Ok(Full {
        review,
        rows,
        context,
    })
}

/// What is due in a review, the earliest first.
async fn deadlines(
    connection: &impl ConnectionTrait,
    review: &review::Model,
) -> Result<Vec<deadline::Model>> {
    use deadline::Column;
    Ok(deadline::Entity::find()
        .filter(Column::OrganizationId.eq(review.organization_id))
        .filter(Column::ReviewId.eq(review.id))
        .order_by_asc(Column::DueAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

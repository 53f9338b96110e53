//! Linking actions to the recommendations that they carry out, for the feature that owns those.

use entity::JsonColumn;
use entity::action::{Column, Entity, Model};
use entity::review::Model as Review;
use entity::vocabulary::ActionStatus;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::service::{next_version, record};
use super::store;
use super::write::{self, NewProgress};
use crate::kernel::call::Change;
use crate::kernel::error::Result;

/// Those of some ids that are actions of the review, held against other changes.
pub async fn lock(change: &Change, review: &Review, ids: &[Uuid]) -> Result<Vec<Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(Entity::find()
        .filter(Column::ReviewId.eq(review.id))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(Column::Id)
        .lock(store::HELD)
        .all(&**change)
        .await?)
}

/// Makes an action carry out a recommendation; one that was only proposed is committed by that.
pub async fn take_over(change: &Change, recommendation: Uuid, old: Model) -> Result<Model> {
    let mut recommendation_ids = old.recommendation_ids.0.clone();
    recommendation_ids.push(recommendation);
    let mut row = Model {
        recommendation_ids: JsonColumn(recommendation_ids),
        ..next_version(change, &old)
    };
    if old.status == ActionStatus::Proposed {
        row.status = ActionStatus::Open;
        row.committed_at = row.committed_at.or(Some(change.now));
    }
    let row = write::save_alone(change, row).await?;
    if row.status != old.status {
        let progress = NewProgress {
            at: change.now,
            percent: None,
            moved: Some((old.status, row.status)),
            note: Some("A recommendation that it carries out was accepted".to_owned()),
        };
        write::append_progress(change, &row, progress).await?;
    }
    record(change, "action.link", Some(&old), &row).await?;
    Ok(row)
}

/// Lets actions carry out a recommendation no longer; they go on as they are.
pub async fn release(
    change: &Change,
    review: &Review,
    recommendation: Uuid,
    actions: &[Uuid],
) -> Result<()> {
    for old in lock(change, review, actions).await? {
        let rest = old.recommendation_ids.0.iter().copied();
        let rest = rest.filter(|id| *id != recommendation);
        let row = Model {
            recommendation_ids: JsonColumn(rest.collect()),
            ..next_version(change, &old)
        };
        let row = write::save_alone(change, row).await?;
        record(change, "action.unlink", Some(&old), &row).await?;
    }
    Ok(())
}

//! What was noted of a review's actions: with their progress, and with the proof that they work.

use entity::{action, action_progress, review, verification};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::kernel::error::Result;
use crate::wording::body::{PlacedText, Worded, at};

impl Worded for action_progress::Model {
    fn texts(&self) -> Vec<PlacedText<'_>> {
        vec![at("/note", self.note.as_deref())]
    }
}

impl Worded for verification::Model {
    fn texts(&self) -> Vec<PlacedText<'_>> {
        vec![at("/note", self.note.as_deref())]
    }
}

fn actions(review: &review::Model) -> SelectStatement {
    Query::select()
        .column(action::Column::Id)
        .from(action::Entity)
        .and_where(action::Column::ReviewId.eq(review.id))
        .to_owned()
}

/// Everything that was reported of a review's actions.
pub async fn progress(
    connection: &impl ConnectionTrait,
    review: &review::Model,
) -> Result<Vec<action_progress::Model>> {
    use action_progress::Column;
    Ok(action_progress::Entity::find()
        .filter(Column::OrganizationId.eq(review.organization_id))
        .filter(Column::Note.is_not_null())
        .filter(Column::ActionId.in_subquery(actions(review)))
        .all(connection)
        .await?)
}

/// Every verification of a review's actions.
pub async fn verifications(
    connection: &impl ConnectionTrait,
    review: &review::Model,
) -> Result<Vec<verification::Model>> {
    use verification::Column;
    Ok(verification::Entity::find()
        .filter(Column::OrganizationId.eq(review.organization_id))
        .filter(Column::Note.is_not_null())
        .filter(Column::ActionId.in_subquery(actions(review)))
        .all(connection)
        .await?)
}

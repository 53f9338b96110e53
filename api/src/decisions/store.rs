//! Queries of decisions.

use entity::decision::{Column, Entity, Model};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::body::{DecisionBody, ListDecisions};
use crate::append_only::row::append_only;
use crate::append_only::store::retracted;
use crate::kernel::access::Caller;
use crate::kernel::database::{Tx, only};
use crate::kernel::error::Result;
use crate::kernel::page::{Page, PageRequest, any};
use crate::{append_only, references, text};

append_only!(decision by DecidedAt, told as DecisionBody, called "decision", moves review false);

/// Every decision of a review in order, the retracted too.
pub async fn for_review(connection: &impl ConnectionTrait, review: Uuid) -> Result<Vec<Model>> {
    append_only::store::for_review(connection, review).await
}

/// The participants of a review who took a decision that stands.
pub async fn deciders(connection: &impl ConnectionTrait, review: Uuid) -> Result<Vec<Uuid>> {
    let taken = Entity::find()
        .filter(Column::ReviewId.eq(review))
        .filter(Column::RetractedAt.is_null())
        .filter(Column::DeciderParticipantId.is_not_null());
    let mut deciders: Vec<Uuid> = only(taken, Column::DeciderParticipantId)
        .all(connection)
        .await?;
    deciders.sort_unstable();
    deciders.dedup();
    Ok(deciders)
}

fn condition(filter: &ListDecisions) -> Condition {
    let citing = references::citing(&filter.event_id);
    Condition::all()
        .add_option(any(
            &filter.decider_participant_id,
            Column::DeciderParticipantId,
        ))
        .add_option(any(&filter.decider_role, Column::DeciderRole))
        .add_option(citing.map(|citing| Column::Id.in_subquery(citing)))
        .add_option(retracted::<Model>(filter.retracted))
        .add_option(filter.decided_at_from.map(|at| Column::DecidedAt.gte(at)))
        .add_option(filter.decided_at_to.map(|at| Column::DecidedAt.lt(at)))
        .add_option(
            filter
                .q
                .as_ref()
                .map(|words| text::holds_every_word(Column::SearchText, words)),
        )
}

/// One page of a review's decision log.
pub async fn list(
    connection: &impl ConnectionTrait,
    review: Uuid,
    filter: &ListDecisions,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    append_only::store::list(connection, review, condition(filter), filter.sort, request).await
}

/// One page of the decisions of every review that exists for the caller.
pub async fn list_across(
    connection: &impl ConnectionTrait,
    whose: (&Caller, &[Uuid]),
    filter: &ListDecisions,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let condition = condition(filter);
    append_only::store::list_across(connection, whose, condition, filter.sort, request).await
}

/// Appends a decision with its links to events.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    let row = append_only::store::insert(tx, row).await?;
    references::cite(tx, row.id, &row.event_ids.0).await?;
    Ok(row)
}

//! Queries of communications.

use entity::communication::{Column, Model};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait};
use uuid::Uuid;

use super::body::{CommunicationBody, ListCommunications};
use crate::append_only::row::append_only;
use crate::append_only::store::retracted;
use crate::kernel::access::Caller;
use crate::kernel::database::Tx;
use crate::kernel::error::Result;
use crate::kernel::page::{Page, PageRequest, any};
use crate::{append_only, references, text};

append_only!(communication by SentAt, told as CommunicationBody, called "communication", moves review false);

/// Every communication of a review in order, the retracted too.
pub async fn for_review(connection: &impl ConnectionTrait, review: Uuid) -> Result<Vec<Model>> {
    append_only::store::for_review(connection, review).await
}

fn condition(filter: &ListCommunications) -> Condition {
    let citing = references::citing(&filter.event_id);
    Condition::all()
        .add_option(any(&filter.channel, Column::Channel))
        .add_option(any(&filter.direction, Column::Direction))
        .add_option(any(&filter.content_class, Column::ContentClass))
        .add_option(filter.timely.map(|flag| Column::Timely.eq(flag)))
        .add_option(filter.effective.map(|flag| Column::Effective.eq(flag)))
        .add_option(citing.map(|citing| Column::Id.in_subquery(citing)))
        .add_option(retracted::<Model>(filter.retracted))
        .add_option(filter.sent_at_from.map(|at| Column::SentAt.gte(at)))
        .add_option(filter.sent_at_to.map(|at| Column::SentAt.lt(at)))
        .add_option(
            filter
                .q
                .as_ref()
                .map(|words| text::holds_every_word(Column::SearchText, words)),
        )
}

/// One page of a review's communication log.
pub async fn list(
    connection: &impl ConnectionTrait,
    review: Uuid,
    filter: &ListCommunications,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    append_only::store::list(connection, review, condition(filter), filter.sort, request).await
}

/// One page of the communications of every review that exists for the caller.
pub async fn list_across(
    connection: &impl ConnectionTrait,
    whose: (&Caller, &[Uuid]),
    filter: &ListCommunications,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let condition = condition(filter);
    append_only::store::list_across(connection, whose, condition, filter.sort, request).await
}

/// Appends a communication with its links to events.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    let row = append_only::store::insert(tx, row).await?;
    references::cite(tx, row.id, &row.event_ids.0).await?;
    Ok(row)
}

//! Who owns the reviews of incidents, and for which part of the organisation.
//!
//! An incident has one row for each of its reviews that exist for the caller, and one without owner
//! and function when it has none. A filter asks for incidents with a row that fits all of it, and the
//! rows that fit make the groups: so the filter of a group leads to exactly its incidents.

use std::collections::HashMap;

use entity::incident::Column;
use entity::vocabulary::StakeholderFunction;
use entity::{participant, review};
use sea_orm::sea_query::{Expr, ExprTrait as _, SelectStatement};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::body::{IncidentFilter, ResponseGroupBy};
use super::store::in_reviews;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::kernel::page::any;

/// A review's owner, and for which function they take part in it.
pub(super) type Owner = (Option<String>, Option<StakeholderFunction>);

/// The owners of the reviews of incidents.
#[derive(Debug, Default)]
pub(super) struct Owners(HashMap<Uuid, Vec<Owner>>);

const NOBODY: &[Owner] = &[(None, None)];

#[derive(Debug, FromQueryResult)]
struct Row {
    incident_id: Uuid,
    owner_subject: Option<String>,
    function: Option<StakeholderFunction>,
}

impl Owners {
    /// Reads them, where groups are made by them.
    pub(super) async fn read(
        connection: &impl ConnectionTrait,
        caller: &Caller,
        filter: &IncidentFilter,
        group_by: &[ResponseGroupBy],
    ) -> Result<Self> {
        let mut owners = Self::default();
        let by_owner = [ResponseGroupBy::Owner, ResponseGroupBy::Function];
        if !group_by.iter().any(|field| by_owner.contains(field)) {
            return Ok(owners);
        }
        let select = rows(caller, filter)
            .column((review::Entity, review::Column::OwnerSubject))
            .column((participant::Entity, participant::Column::Function))
            .to_owned();
        let statement = connection.get_database_backend().build(&select);
        for row in Row::find_by_statement(statement).all(connection).await? {
            let own = owners.0.entry(row.incident_id).or_default();
            own.push((row.owner_subject, row.function));
        }
        Ok(owners)
    }

    /// The owners of the reviews of an incident; nobody when it has none.
    pub(super) fn of(&self, incident: Uuid) -> &[Owner] {
        self.0.get(&incident).map_or(NOBODY, Vec::as_slice)
    }
}

/// What the filter asks of the reviews of an incident and their owners.
pub(super) fn condition(caller: &Caller, filter: &IncidentFilter) -> Option<Condition> {
    let named =
        !(filter.review_id.is_empty() && filter.owner.is_empty() && filter.function.is_empty());
    let known = [filter.with_owner, filter.with_function];
    if !named && known == [None, None] {
        return None;
    }
    let fitting = Condition::any().add(Column::Id.in_subquery(rows(caller, filter)));
    // Without a review there is neither owner nor function.
    let unreviewed = !named && !known.contains(&Some(true));
    Some(if unreviewed {
        fitting.add(Column::Id.not_in_subquery(in_reviews(caller)))
    } else {
        fitting
    })
}

/// The incidents of the reviews that fit the filter.
fn rows(caller: &Caller, filter: &IncidentFilter) -> SelectStatement {
    use participant::Column as Participant;
    use review::Column as Review;
    let known = |asked: Option<bool>, column: Expr| {
        asked.map(|is| {
            if is {
                column.is_not_null()
            } else {
                column.is_null()
            }
        })
    };
    let review = |column: Review| Expr::col((review::Entity, column));
    let participant = |column: Participant| Expr::col((participant::Entity, column));
    in_reviews(caller)
        .left_join(
            participant::Entity,
            Condition::all()
                .add(participant(Participant::ReviewId).equals((review::Entity, Review::Id)))
                .add(
                    participant(Participant::Subject)
                        .equals((review::Entity, Review::OwnerSubject)),
                ),
        )
        .cond_where(
            Condition::all()
                .add_option(any(&filter.review_id, Review::Id))
                .add_option(any(&filter.owner, Review::OwnerSubject))
                .add_option(any(&filter.function, Participant::Function))
                .add_option(known(filter.with_owner, review(Review::OwnerSubject)))
                .add_option(known(
                    filter.with_function,
                    participant(Participant::Function),
                )),
        )
        .to_owned()
}

//! Reads what the criteria look at in the chronology and in the logs of decisions and communications.

use std::collections::HashMap;

use entity::vocabulary::{CommunicationDirection, EventKind};
use entity::{communication, decision, event};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::{count_of, flag};
use crate::completeness::facts::{CommunicationFact, DecisionFact, EventFacts, Facts};
use crate::kernel::error::Result;

/// What an adversary does.
const ADVERSARY: [EventKind; 9] = [
    EventKind::InitialAccess,
    EventKind::Execution,
    EventKind::Persistence,
    EventKind::PrivilegeEscalation,
    EventKind::LateralMovement,
    EventKind::Collection,
    EventKind::Exfiltration,
    EventKind::ImpactAction,
    EventKind::AdversaryOther,
];

/// What tells of an incident.
const SIGNS: [EventKind; 3] = [
    EventKind::Alert,
    EventKind::MissedAlert,
    EventKind::Detection,
];

/// Adds what the logs say.
pub(super) async fn read(
    connection: &impl ConnectionTrait,
    set: &SelectStatement,
    all: &mut HashMap<Uuid, Facts>,
) -> Result<()> {
    for row in events(connection, set).await? {
        if let Some(facts) = all.get_mut(&row.review_id) {
            facts.events = row.into();
        }
    }
    for row in decisions(connection, set).await? {
        if let Some(facts) = all.get_mut(&row.review_id) {
            facts.decisions.push(DecisionFact {
                id: row.id,
                says_what_was_known: row.says_what_was_known == 1,
                says_why: row.says_why == 1,
                has_hindsight: row.has_hindsight == 1,
            });
        }
    }
    for row in communications(connection, set).await? {
        if let Some(facts) = all.get_mut(&row.review_id) {
            facts.communications.push(CommunicationFact {
                id: row.id,
                is_external: row.direction != CommunicationDirection::Internal,
                timely: row.timely,
                effective: row.effective,
                has_issue: row.has_issue == 1,
            });
        }
    }
    Ok(())
}

#[derive(Debug, FromQueryResult)]
struct EventRow {
    review_id: Uuid,
    n: i64,
    n_key: i64,
    n_adversary: i64,
    n_signs: i64,
    n_late: i64,
    n_inhibiting: i64,
}

impl From<EventRow> for EventFacts {
    fn from(row: EventRow) -> Self {
        let count = |n: i64| usize::try_from(n).unwrap_or_default();
        Self {
            all: count(row.n),
            key: count(row.n_key),
            adversary: count(row.n_adversary),
            signs: count(row.n_signs),
            late: count(row.n_late),
            inhibiting: count(row.n_inhibiting),
        }
    }
}

async fn events(connection: &impl ConnectionTrait, set: &SelectStatement) -> Result<Vec<EventRow>> {
    use event::Column;
    let is = |column: Column| Condition::all().add(column.eq(true));
    let any_of = |kinds: &[EventKind]| Condition::all().add(Column::Kind.is_in(kinds.to_vec()));
    let key = Condition::any()
        .add(Column::IsKey.eq(true))
        .add(Column::HasMarks.eq(true));
    let late = Condition::any()
        .add(Column::HindsightOnly.eq(true))
        .add(Column::Kind.eq(EventKind::MissedAlert));
    Ok(event::Entity::find()
        .select_only()
        .column(Column::ReviewId)
        .column_as(Column::ReviewId.count(), "n")
        .expr_as(count_of(key), "n_key")
        .expr_as(count_of(any_of(&ADVERSARY)), "n_adversary")
        .expr_as(count_of(any_of(&SIGNS)), "n_signs")
        .expr_as(count_of(late), "n_late")
        .expr_as(count_of(is(Column::InhibitedRecovery)), "n_inhibiting")
        .filter(Column::ReviewId.in_subquery(set.clone()))
        .filter(Column::RetractedAt.is_null())
        .group_by(Column::ReviewId)
        .into_model()
        .all(connection)
        .await?)
}

#[derive(Debug, FromQueryResult)]
struct DecisionRow {
    id: Uuid,
    review_id: Uuid,
    says_what_was_known: i64,
    says_why: i64,
    has_hindsight: i64,
}

async fn decisions(
    connection: &impl ConnectionTrait,
    set: &SelectStatement,
) -> Result<Vec<DecisionRow>> {
    use decision::Column;
    Ok(decision::Entity::find()
        .select_only()
        .columns([Column::Id, Column::ReviewId])
        .expr_as(
            flag(Column::InformationAvailable.is_not_null()),
            "says_what_was_known",
        )
        .expr_as(flag(Column::Rationale.is_not_null()), "says_why")
        .expr_as(flag(Column::InHindsight.is_not_null()), "has_hindsight")
        .filter(Column::ReviewId.in_subquery(set.clone()))
        .filter(Column::RetractedAt.is_null())
        .into_model()
        .all(connection)
        .await?)
}

#[derive(Debug, FromQueryResult)]
struct CommunicationRow {
    id: Uuid,
    review_id: Uuid,
    direction: CommunicationDirection,
    timely: Option<bool>,
    effective: Option<bool>,
    has_issue: i64,
}

async fn communications(
    connection: &impl ConnectionTrait,
    set: &SelectStatement,
) -> Result<Vec<CommunicationRow>> {
    use communication::Column;
    Ok(communication::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::ReviewId,
            Column::Direction,
            Column::Timely,
            Column::Effective,
        ])
        .expr_as(flag(Column::Issue.is_not_null()), "has_issue")
        .filter(Column::ReviewId.in_subquery(set.clone()))
        .filter(Column::RetractedAt.is_null())
        .into_model()
        .all(connection)
        .await?)
}

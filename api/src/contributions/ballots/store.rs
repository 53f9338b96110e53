//! Queries of votes.

use std::collections::BTreeMap;

use entity::ballot::{ActiveModel, Column, Entity};
use entity::{contribution, contribution_group};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::kernel::database::{Tx, only};
use crate::kernel::error::Result;

/// What a voter has voted for, in the order of the ids.
pub async fn of(
    connection: &impl ConnectionTrait,
    workshop: Uuid,
    voter: &[u8],
) -> Result<Vec<Uuid>> {
    let own = Entity::find()
        .filter(Column::WorkshopId.eq(workshop))
        .filter(Column::Voter.eq(voter))
        .order_by_asc(Column::TargetId);
    Ok(only(own, Column::TargetId).all(connection).await?)
}

/// Makes these the votes of a voter.
pub async fn replace(tx: &Tx, workshop: Uuid, voter: &[u8], targets: &[Uuid]) -> Result<()> {
    Entity::delete_many()
        .filter(Column::WorkshopId.eq(workshop))
        .filter(Column::Voter.eq(voter))
        .exec(tx)
        .await?;
    if targets.is_empty() {
        return Ok(());
    }
    let votes = targets.iter().map(|target| ActiveModel {
        workshop_id: Set(workshop),
        voter: Set(voter.to_vec()),
        target_id: Set(*target),
    });
    Entity::insert_many(votes)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

#[derive(Debug, FromQueryResult)]
struct Counted {
    target_id: Uuid,
    votes: i64,
}

/// Writes down how many votes each contribution and group of a workshop got, and forgets whose they
/// were; how many there were. As many statements as there are different numbers.
pub async fn count(tx: &Tx, workshop: Uuid) -> Result<i64> {
    let counted: Vec<Counted> = Entity::find()
        .select_only()
        .column(Column::TargetId)
        .column_as(Column::TargetId.count(), "votes")
        .filter(Column::WorkshopId.eq(workshop))
        .group_by(Column::TargetId)
        .into_model()
        .all(tx)
        .await?;
    write(tx, workshop, (0, None)).await?;
    let mut by_votes: BTreeMap<i64, Vec<Uuid>> = BTreeMap::new();
    for one in &counted {
        by_votes.entry(one.votes).or_default().push(one.target_id);
    }
    for (votes, targets) in by_votes {
        let votes = i32::try_from(votes).unwrap_or(i32::MAX);
        write(tx, workshop, (votes, Some(targets))).await?;
    }
    Entity::delete_many()
        .filter(Column::WorkshopId.eq(workshop))
        .exec(tx)
        .await?;
    Ok(counted.iter().map(|one| one.votes).sum())
}

/// Writes a number of votes down, for all that is on the board or for some of it.
async fn write(tx: &Tx, workshop: Uuid, (votes, targets): (i32, Option<Vec<Uuid>>)) -> Result<()> {
    use contribution::Column as Contribution;
    use contribution_group::Column as Group;
    let some = targets.as_ref();
    let update = contribution::Entity::update_many()
        .col_expr(Contribution::Votes, Expr::value(votes))
        .filter(Contribution::WorkshopId.eq(workshop));
    let update = match some {
        Some(targets) => update.filter(Contribution::Id.is_in(targets.iter().copied())),
        None => update,
    };
    update.exec(tx).await?;
    let update = contribution_group::Entity::update_many()
        .col_expr(Group::Votes, Expr::value(votes))
        .filter(Group::WorkshopId.eq(workshop));
    let update = match some {
        Some(targets) => update.filter(Group::Id.is_in(targets.iter().copied())),
        None => update,
    };
    update.exec(tx).await?;
    Ok(())
}

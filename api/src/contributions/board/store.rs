//! Queries of boards and of their boxes.

use entity::board::{Column, Entity, Model};
use entity::sealed_box::{self, Sealed};
use entity::vocabulary::{BoardPhase, WorkshopStatus};
use entity::{JsonColumn, workshop};
use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ActiveValue::Unchanged, ColumnTrait, ConnectionTrait,
    EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use super::body::Holdings;
use crate::contributions::{groups, store};
use crate::kernel::database::Tx;
use crate::kernel::error::Result;
use crate::kernel::ids;

/// The kind of resource in audit records.
pub const RESOURCE: &str = "board";

/// The board of a workshop, if it has one.
pub async fn of(connection: &impl ConnectionTrait, workshop: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(workshop).one(connection).await?)
}

/// The same, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, workshop: Uuid) -> Result<Option<Model>> {
    let board = Entity::find_by_id(workshop).lock_exclusive();
    Ok(board.one(tx).await?)
}

/// The boards of a review that collect or take votes.
fn going_on(review: Uuid) -> Select<Entity> {
    Entity::find()
        .filter(Column::ReviewId.eq(review))
        .filter(Column::Phase.is_in([BoardPhase::Collecting, BoardPhase::Voting]))
        .order_by_asc(Column::WorkshopId)
}

/// The boards of a review that collect or take votes, held against other changes, each with its
/// workshop.
pub async fn lock_going_on(tx: &Tx, review: Uuid) -> Result<Vec<(Model, workshop::Model)>> {
    let boards = going_on(review).lock_exclusive().all(tx).await?;
    if boards.is_empty() {
        return Ok(Vec::new());
    }
    let workshops = workshops_of(tx, &boards).await?;
    let with_own = |board: Model| {
        let mut all = workshops.iter();
        let own = all.find(|one| one.id == board.workshop_id)?;
        Some((board, own.clone()))
    };
    Ok(boards.into_iter().filter_map(with_own).collect())
}

/// The boards of the sessions that a review has held which still collect or take votes.
pub async fn left_open(connection: &impl ConnectionTrait, review: Uuid) -> Result<Vec<Model>> {
    let held = Query::select()
        .column(workshop::Column::Id)
        .from(workshop::Entity)
        .and_where(workshop::Column::ReviewId.eq(review))
        .and_where(workshop::Column::Status.eq(WorkshopStatus::Held))
        .to_owned();
    let open = going_on(review).filter(Column::WorkshopId.in_subquery(held));
    Ok(open.all(connection).await?)
}

async fn workshops_of(
    connection: &impl ConnectionTrait,
    boards: &[Model],
) -> Result<Vec<workshop::Model>> {
    let ids = boards.iter().map(|board| board.workshop_id);
    let all = workshop::Entity::find().filter(workshop::Column::Id.is_in(ids));
    Ok(all.all(connection).await?)
}

/// How much is on the board of a workshop.
pub async fn holdings(connection: &impl ConnectionTrait, workshop: Uuid) -> Result<Holdings> {
    Ok(Holdings {
        contributions: store::count(connection, workshop).await?,
        groups: groups::store::count(connection, workshop).await?,
    })
}

/// Adds a board.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().insert(tx).await?)
}

/// Replaces a board.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

/// Opens a box with a secret of its own.
pub async fn open_box(tx: &Tx, workshop: Uuid) -> Result<()> {
    let fresh = sealed_box::ActiveModel {
        workshop_id: Set(workshop),
        secret: Set(ids::random::<32>().to_vec()),
        entries: Set(JsonColumn(Vec::new())),
    };
    sealed_box::Entity::insert(fresh)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// The box of a workshop, while there is one.
pub async fn box_of(
    connection: &impl ConnectionTrait,
    workshop: Uuid,
) -> Result<Option<sealed_box::Model>> {
    let known = sealed_box::Entity::find_by_id(workshop);
    Ok(known.one(connection).await?)
}

/// The same, held against other changes until the transaction ends.
pub async fn lock_box(tx: &Tx, workshop: Uuid) -> Result<Option<sealed_box::Model>> {
    let known = sealed_box::Entity::find_by_id(workshop).lock_exclusive();
    Ok(known.one(tx).await?)
}

/// Makes these the entries of a box, in the order of their ids: it must not tell in which they came.
pub async fn fill_box(tx: &Tx, workshop: Uuid, mut entries: Vec<Sealed>) -> Result<()> {
    entries.sort_by_key(|one| one.id);
    let filled = sealed_box::ActiveModel {
        workshop_id: Unchanged(workshop),
        entries: Set(JsonColumn(entries)),
        ..Default::default()
    };
    sealed_box::Entity::update(filled)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Removes a box with its secret, and has what was in it cleared away.
pub async fn remove_box(tx: &Tx, workshop: Uuid) -> Result<()> {
    tx.erase();
    sealed_box::Entity::delete_by_id(workshop).exec(tx).await?;
    Ok(())
}

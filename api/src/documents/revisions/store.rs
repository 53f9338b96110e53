//! Queries of revisions, always within a document of the caller's organisation; what they name is
//! seen through the eyes of the caller.

use std::collections::HashMap;

use entity::document_revision::{Column, Entity, Model};
use entity::{
    action, document, document_revision_action, document_revision_lesson, lesson, review,
};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::body::{DocumentRevisionSort, ListDocumentRevisions, Named};
use super::searched;
use crate::kernel::access::{Caller, Scope};
use crate::kernel::database::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, page};
use crate::reviews::store::visible;

/// The kind of resource in audit records.
pub const RESOURCE: &str = "document_revision";

/// A revision of a document.
pub async fn find(
    connection: &impl ConnectionTrait,
    document: &document::Model,
    id: Uuid,
) -> Result<Model> {
    let found = Entity::find_by_id(id)
        .filter(Column::DocumentId.eq(document.id))
        .one(connection)
        .await?;
    found.ok_or_else(|| Error::not_found("revision"))
}

/// The same, held so that nobody withdraws it meanwhile.
pub async fn lock_shared(tx: &Tx, document: &document::Model, id: Uuid) -> Result<Model> {
    let found = Entity::find_by_id(id)
        .filter(Column::DocumentId.eq(document.id))
        .lock_shared()
        .one(tx)
        .await?;
    found.ok_or_else(|| Error::not_found("revision"))
}

/// The revision that is in force: the last published of those that stand.
pub async fn current(
    connection: &impl ConnectionTrait,
    document: &document::Model,
) -> Result<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::DocumentId.eq(document.id))
        .filter(Column::WithdrawnAt.is_null())
        .order_by_desc(Column::PublishedAt)
        .order_by_desc(Column::Id)
        .one(connection)
        .await?)
}

/// One page of a document's revisions.
pub async fn list(
    connection: &impl ConnectionTrait,
    document: &document::Model,
    filter: &ListDocumentRevisions,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let withdrawn = filter.withdrawn.map(|withdrawn| {
        if withdrawn {
            Column::WithdrawnAt.is_not_null()
        } else {
            Column::WithdrawnAt.is_null()
        }
    });
    let condition = Condition::all()
        .add(Column::DocumentId.eq(document.id))
        .add_option(withdrawn);
    let select = Entity::find().filter(condition);
    page::<Entity, DocumentRevisionSort>(select, filter.sort, request, connection).await
}

/// What revisions name, as far as it exists for the caller: two queries, however many they are.
pub async fn named(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    revisions: &[Uuid],
) -> Result<HashMap<Uuid, Named>> {
    let mut named: HashMap<Uuid, Named> = HashMap::with_capacity(revisions.len());
    if revisions.is_empty() {
        return Ok(named);
    }
    if caller.scopes.contains(Scope::ReviewsRead) {
        for (revision, lesson) in pairs(connection, &lessons(caller, revisions)).await? {
            named.entry(revision).or_default().lessons.push(lesson);
        }
    }
    if caller.scopes.contains(Scope::ActionsRead) {
        for (revision, action) in pairs(connection, &actions(caller, revisions)).await? {
            named.entry(revision).or_default().actions.push(action);
        }
    }
    Ok(named)
}

fn lessons(caller: &Caller, revisions: &[Uuid]) -> SelectStatement {
    use document_revision_lesson::{Column as Link, Entity as Links};
    Query::select()
        .column((Links, Link::RevisionId))
        .expr_as(Expr::col((Links, Link::LessonId)), "named_id")
        .from(Links)
        .inner_join(
            lesson::Entity,
            Expr::col((lesson::Entity, lesson::Column::Id)).equals((Links, Link::LessonId)),
        )
        .inner_join(
            review::Entity,
            Expr::col((review::Entity, review::Column::Id))
                .equals((lesson::Entity, lesson::Column::ReviewId)),
        )
        .and_where(Link::RevisionId.is_in(revisions.iter().copied()))
        .cond_where(visible(caller))
        .order_by((Links, Link::LessonId), sea_orm::Order::Asc)
        .to_owned()
}

fn actions(caller: &Caller, revisions: &[Uuid]) -> SelectStatement {
    use document_revision_action::{Column as Link, Entity as Links};
    Query::select()
        .column((Links, Link::RevisionId))
        .expr_as(Expr::col((Links, Link::ActionId)), "named_id")
        .from(Links)
        .inner_join(
            action::Entity,
            Expr::col((action::Entity, action::Column::Id)).equals((Links, Link::ActionId)),
        )
        .inner_join(
            review::Entity,
            Expr::col((review::Entity, review::Column::Id))
                .equals((action::Entity, action::Column::ReviewId)),
        )
        .and_where(Link::RevisionId.is_in(revisions.iter().copied()))
        .cond_where(visible(caller))
        .order_by((Links, Link::ActionId), sea_orm::Order::Asc)
        .to_owned()
}

async fn pairs(
    connection: &impl ConnectionTrait,
    query: &SelectStatement,
) -> Result<Vec<(Uuid, Uuid)>> {
    let pair = |row: sea_orm::QueryResult| {
        Ok((
            row.try_get("", "revision_id")?,
            row.try_get("", "named_id")?,
        ))
    };
    let rows = connection.query_all(query).await?;
    rows.into_iter().map(pair).collect()
}

/// The review of each of some actions that exist for the caller, by their ids.
pub async fn visible_actions(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Uuid>> {
    if ids.is_empty() || !caller.scopes.contains(Scope::ActionsRead) {
        return Ok(HashMap::new());
    }
    let query = Query::select()
        .column((action::Entity, action::Column::Id))
        .column((action::Entity, action::Column::ReviewId))
        .from(action::Entity)
        .inner_join(
            review::Entity,
            Expr::col((review::Entity, review::Column::Id))
                .equals((action::Entity, action::Column::ReviewId)),
        )
        .and_where(Expr::col((action::Entity, action::Column::Id)).is_in(ids.iter().copied()))
        .cond_where(visible(caller))
        .to_owned();
    let pair =
        |row: sea_orm::QueryResult| Ok((row.try_get("", "id")?, row.try_get("", "review_id")?));
    let rows = connection.query_all(&query).await?;
    rows.into_iter().map(pair).collect()
}

/// Adds a revision with what it names.
pub async fn insert(tx: &Tx, row: Model, lessons: &[Uuid], actions: &[Uuid]) -> Result<Model> {
    let row = row.into_active_model().reset_all().insert(tx).await?;
    tx.index_or_forget(row.id, searched::text(&row));
    if !lessons.is_empty() {
        let links = lessons
            .iter()
            .map(|lesson| document_revision_lesson::ActiveModel {
                revision_id: Set(row.id),
                lesson_id: Set(*lesson),
                document_id: Set(row.document_id),
            });
        document_revision_lesson::Entity::insert_many(links)
            .exec_without_returning(tx)
            .await?;
    }
    if !actions.is_empty() {
        let links = actions
            .iter()
            .map(|action| document_revision_action::ActiveModel {
                revision_id: Set(row.id),
                action_id: Set(*action),
                document_id: Set(row.document_id),
            });
        document_revision_action::Entity::insert_many(links)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(row)
}

/// Replaces a revision; what it names is as it was.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    tx.index_or_forget(row.id, searched::text(&row));
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

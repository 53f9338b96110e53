//! Queries of lessons, always within reviews that exist for the caller.

use entity::lesson::{Column, Entity, Model};
use entity::organization::OrganizationId;
use entity::vocabulary::LessonStatus;
use entity::{
    document_revision, document_revision_lesson, lesson_audience, lesson_finding, review,
};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, JoinType, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::body::{LessonSort, ListLessons};
use super::searched;
use crate::kernel::access::{Caller, Scope};
use crate::kernel::database::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::reviews::store::visible;
use crate::{references, text};

/// The kind of resource in references and audit records.
pub const RESOURCE: &str = "lesson";

/// A lesson of a review that exists for the caller.
pub async fn find(
    connection: &impl ConnectionTrait,
    review: &review::Model,
    id: Uuid,
) -> Result<Model> {
    let found = Entity::find_by_id(id)
        .filter(Column::ReviewId.eq(review.id))
        .one(connection)
        .await?;
    found.ok_or_else(|| Error::not_found("lesson"))
}

/// The same, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, review: &review::Model, id: Uuid) -> Result<Model> {
    let found = Entity::find_by_id(id)
        .filter(Column::ReviewId.eq(review.id))
        .lock_exclusive()
        .one(tx)
        .await?;
    found.ok_or_else(|| Error::not_found("lesson"))
}

/// Those of some ids that are lessons which exist for the caller, held against other changes.
pub async fn lock_visible(tx: &Tx, caller: &Caller, ids: &[Uuid]) -> Result<Vec<Model>> {
    if ids.is_empty() || !caller.scopes.contains(Scope::ReviewsRead) {
        return Ok(Vec::new());
    }
    let reviews = Query::select()
        .column(review::Column::Id)
        .from(review::Entity)
        .cond_where(visible(caller))
        .to_owned();
    Ok(Entity::find()
        .filter(Column::OrganizationId.eq(caller.organization))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::ReviewId.in_subquery(reviews))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?)
}

/// The lessons that a revision of a document names, whoever may see them, held against other
/// changes.
pub async fn lock_named_by(tx: &Tx, revision: Uuid) -> Result<Vec<Model>> {
    use document_revision_lesson::Column as Link;
    let named = Query::select()
        .column(Link::LessonId)
        .from(document_revision_lesson::Entity)
        .and_where(Link::RevisionId.eq(revision))
        .to_owned();
    Ok(Entity::find()
        .filter(Column::Id.in_subquery(named))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?)
}

/// Every lesson of a review, oldest first.
pub async fn for_review(connection: &impl ConnectionTrait, review: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::ReviewId.eq(review))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

/// One page of a review's lessons.
pub async fn list(
    connection: &impl ConnectionTrait,
    review: &review::Model,
    filter: &ListLessons,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let select = Entity::find()
        .filter(Column::ReviewId.eq(review.id))
        .filter(condition(review.organization_id, filter));
    page::<Entity, LessonSort>(select, filter.sort, request, connection).await
}

/// One page of the lessons of every review that exists for the caller.
pub async fn list_across(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    reviews: &[Uuid],
    filter: &ListLessons,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let review = Entity::belongs_to(review::Entity)
        .from(Column::ReviewId)
        .to(review::Column::Id)
        .into();
    let select = Entity::find()
        .join(JoinType::InnerJoin, review)
        .filter(Column::OrganizationId.eq(caller.organization))
        .filter(visible(caller))
        .filter(Condition::all().add_option(any(reviews, Column::ReviewId)))
        .filter(condition(caller.organization, filter));
    page::<Entity, LessonSort>(select, filter.sort, request, connection).await
}

fn condition(organization: OrganizationId, filter: &ListLessons) -> Condition {
    let embedded = filter.embedded.map(|embedded| {
        let states: &[LessonStatus] = if embedded {
            &[LessonStatus::Embedded]
        } else {
            &[LessonStatus::Proposed, LessonStatus::Validated]
        };
        Column::Status.is_in(states.iter().copied())
    });
    let within = |links: SelectStatement| Column::Id.in_subquery(links);
    let called = references::called(organization, RESOURCE, &filter.external_ref);
    Condition::all()
        .add_option(any(&filter.status, Column::Status))
        .add_option(embedded)
        .add_option(for_audience(filter).map(within))
        .add_option(from_findings(filter).map(within))
        .add_option(in_documents(filter).map(within))
        .add_option(called.map(|ids| Column::Id.in_subquery(ids)))
        .add_option(filter.created_at_from.map(|at| Column::CreatedAt.gte(at)))
        .add_option(filter.created_at_to.map(|at| Column::CreatedAt.lt(at)))
        .add_option(filter.updated_at_from.map(|at| Column::UpdatedAt.gte(at)))
        .add_option(filter.updated_at_to.map(|at| Column::UpdatedAt.lt(at)))
        .add_option(
            filter
                .q
                .as_ref()
                .map(|words| text::holds_every_word(Column::SearchText, words)),
        )
}

fn for_audience(filter: &ListLessons) -> Option<SelectStatement> {
    use lesson_audience::Column as Link;
    (!filter.audience.is_empty()).then(|| {
        Query::select()
            .column(Link::LessonId)
            .from(lesson_audience::Entity)
            .and_where(Link::Audience.is_in(filter.audience.iter().copied()))
            .to_owned()
    })
}

fn from_findings(filter: &ListLessons) -> Option<SelectStatement> {
    use lesson_finding::Column as Link;
    (!filter.finding_id.is_empty()).then(|| {
        Query::select()
            .column(Link::LessonId)
            .from(lesson_finding::Entity)
            .and_where(Link::FindingId.is_in(filter.finding_id.iter().copied()))
            .to_owned()
    })
}

fn in_documents(filter: &ListLessons) -> Option<SelectStatement> {
    use document_revision::{Column as Revision, Entity as Revisions};
    use document_revision_lesson::{Column as Link, Entity as Links};
    (!filter.document_id.is_empty()).then(|| {
        Query::select()
            .column((Links, Link::LessonId))
            .from(Links)
            .inner_join(
                Revisions,
                Expr::col((Revisions, Revision::Id)).equals((Links, Link::RevisionId)),
            )
            .and_where(Link::DocumentId.is_in(filter.document_id.iter().copied()))
            .and_where(Revision::WithdrawnAt.is_null())
            .to_owned()
    })
}

/// Adds a lesson with its audience, findings and references.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().insert(tx).await?;
    attach(tx, &row).await?;
    tx.index(searched::text(&row));
    Ok(row)
}

/// Replaces a lesson with its audience, findings and references.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    let row = save_alone(tx, row).await?;
    attach(tx, &row).await?;
    tx.index(searched::text(&row));
    Ok(row)
}

/// Replaces a lesson whose audience, findings and references are as they were.
pub async fn save_alone(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

async fn attach(tx: &Tx, row: &Model) -> Result<()> {
    lesson_audience::Entity::delete_many()
        .filter(lesson_audience::Column::LessonId.eq(row.id))
        .exec(tx)
        .await?;
    if !row.audience.0.is_empty() {
        let links = row
            .audience
            .0
            .iter()
            .map(|audience| lesson_audience::ActiveModel {
                lesson_id: Set(row.id),
                audience: Set(*audience),
            });
        lesson_audience::Entity::insert_many(links)
            .exec_without_returning(tx)
            .await?;
    }
    lesson_finding::Entity::delete_many()
        .filter(lesson_finding::Column::LessonId.eq(row.id))
        .exec(tx)
        .await?;
    if !row.finding_ids.0.is_empty() {
        let links = row
            .finding_ids
            .0
            .iter()
            .map(|finding| lesson_finding::ActiveModel {
                lesson_id: Set(row.id),
                finding_id: Set(*finding),
            });
        lesson_finding::Entity::insert_many(links)
            .exec_without_returning(tx)
            .await?;
    }
    let (organization, refs) = (row.organization_id, &row.external_refs.0);
    references::replace_refs(tx, organization, RESOURCE, row.id, refs).await
}

//! Queries of improvement measures, always within reviews that exist for the caller.

use entity::improvement_measure::{Column, Entity, Model};
use entity::vocabulary::MeasureVerdict;
use entity::{action, measure_action, measure_evaluation, review};
use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, JoinType, PaginatorTrait, QueryFilter, QuerySelect, Select,
};
use uuid::Uuid;

use super::input::{ListMeasures, MeasureSort};
use super::searched;
use crate::kernel::access::Caller;
use crate::kernel::database::{Tx, only};
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::reviews::store::visible;

/// The kind of resource in audit records.
pub const RESOURCE: &str = "improvement_measure";

fn one(review: &review::Model, id: Uuid) -> Select<Entity> {
    Entity::find_by_id(id)
        .filter(Column::OrganizationId.eq(review.organization_id))
        .filter(Column::ReviewId.eq(review.id))
}

/// A measure of a review that exists for the caller.
pub async fn find(
    connection: &impl ConnectionTrait,
    review: &review::Model,
    id: Uuid,
) -> Result<Model> {
    let found = one(review, id).one(connection).await?;
    found.ok_or_else(|| Error::not_found("improvement measure"))
}

/// The same, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, review: &review::Model, id: Uuid) -> Result<Model> {
    let found = one(review, id).lock_exclusive().one(tx).await?;
    found.ok_or_else(|| Error::not_found("improvement measure"))
}

fn matching(filter: &ListMeasures) -> Condition {
    let showing = (!filter.action_id.is_empty()).then(|| {
        use measure_action::Column as Link;
        let linked = Query::select()
            .column(Link::MeasureId)
            .from(measure_action::Entity)
            .and_where(Link::ActionId.is_in(filter.action_id.iter().copied()))
            .to_owned();
        Column::Id.in_subquery(linked)
    });
    let evaluated = filter.evaluated.map(|evaluated| {
        if evaluated {
            Column::LastVerdict.is_not_null()
        } else {
            Column::LastVerdict.is_null()
        }
    });
    Condition::all()
        .add_option(any(&filter.metric, Column::Metric))
        .add_option(any(&filter.verdict, Column::LastVerdict))
        .add_option(evaluated)
        .add_option(showing)
        .add_option(
            filter
                .evaluation_to_from
                .map(|at| Column::EvaluationTo.gte(at)),
        )
        .add_option(
            filter
                .evaluation_to_to
                .map(|at| Column::EvaluationTo.lt(at)),
        )
}

/// One page of a review's measures.
pub async fn list(
    connection: &impl ConnectionTrait,
    review: &review::Model,
    filter: &ListMeasures,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let own = Entity::find()
        .filter(Column::OrganizationId.eq(review.organization_id))
        .filter(Column::ReviewId.eq(review.id))
        .filter(matching(filter));
    page::<Entity, MeasureSort>(own, filter.sort, request, connection).await
}

/// One page of the measures of every review that exists for the caller.
pub async fn list_across(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    reviews: &[Uuid],
    filter: &ListMeasures,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let review = Entity::belongs_to(review::Entity)
        .from(Column::ReviewId)
        .to(review::Column::Id)
        .into();
    let all = Entity::find()
        .join(JoinType::InnerJoin, review)
        .filter(Column::OrganizationId.eq(caller.organization))
        .filter(visible(caller))
        .filter(Condition::all().add_option(any(reviews, Column::ReviewId)))
        .filter(matching(filter));
    page::<Entity, MeasureSort>(all, filter.sort, request, connection).await
}

/// Which of these are actions of the review.
pub async fn actions(
    connection: &impl ConnectionTrait,
    review: &review::Model,
    ids: &[Uuid],
) -> Result<Vec<Uuid>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let own = action::Entity::find()
        .filter(action::Column::OrganizationId.eq(review.organization_id))
        .filter(action::Column::ReviewId.eq(review.id))
        .filter(action::Column::Id.is_in(ids.iter().copied()));
    Ok(only(own, action::Column::Id).all(connection).await?)
}

/// Adds a measure with its actions.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().insert(tx).await?;
    link(tx, &row).await?;
    tx.index(searched::text(&row));
    Ok(row)
}

/// Replaces a measure with its actions.
pub async fn save(tx: &Tx, old: &Model, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().update(tx).await?;
    if old.action_ids != row.action_ids {
        unlink(tx, row.id).await?;
        link(tx, &row).await?;
    }
    tx.index(searched::text(&row));
    Ok(row)
}

async fn link(tx: &Tx, row: &Model) -> Result<()> {
    if row.action_ids.0.is_empty() {
        return Ok(());
    }
    let links = row
        .action_ids
        .0
        .iter()
        .map(|action| measure_action::ActiveModel {
            measure_id: Set(row.id),
            action_id: Set(*action),
        });
    measure_action::Entity::insert_many(links)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

async fn unlink(tx: &Tx, measure: Uuid) -> Result<()> {
    measure_action::Entity::delete_many()
        .filter(measure_action::Column::MeasureId.eq(measure))
        .exec(tx)
        .await?;
    Ok(())
}

/// Removes a measure that was never evaluated.
pub async fn delete(tx: &Tx, row: &Model) -> Result<()> {
    unlink(tx, row.id).await?;
    tx.forget(row.id);
    Entity::delete_many()
        .filter(Column::Id.eq(row.id))
        .filter(Column::OrganizationId.eq(row.organization_id))
        .exec(tx)
        .await?;
    Ok(())
}

crate::sorts! {
    /// Order of the evaluations of a measure: the newest first.
    MeasureEvaluationSort of measure_evaluation::Entity, default EvaluatedAtDescending;
    EvaluatedAt EvaluatedAtDescending "evaluated_at" "-evaluated_at" CreatedAt;
}

fn evaluations_of(measure: &Model) -> Select<measure_evaluation::Entity> {
    measure_evaluation::Entity::find()
        .filter(measure_evaluation::Column::OrganizationId.eq(measure.organization_id))
        .filter(measure_evaluation::Column::MeasureId.eq(measure.id))
}

/// How often a measure was evaluated.
pub async fn count_evaluations(connection: &impl ConnectionTrait, measure: &Model) -> Result<u64> {
    Ok(evaluations_of(measure).count(connection).await?)
}

/// One page of a measure's evaluations.
pub async fn evaluations(
    connection: &impl ConnectionTrait,
    measure: &Model,
    sort: MeasureEvaluationSort,
    request: &PageRequest<'_>,
) -> Result<Page<measure_evaluation::Model>> {
    let own = evaluations_of(measure);
    page::<measure_evaluation::Entity, _>(own, sort, request, connection).await
}

/// An evaluation of a measure.
pub async fn evaluation(
    connection: &impl ConnectionTrait,
    measure: &Model,
    id: Uuid,
) -> Result<measure_evaluation::Model> {
    let found = evaluations_of(measure)
        .filter(measure_evaluation::Column::Id.eq(id))
        .one(connection)
        .await?;
    found.ok_or_else(|| Error::not_found("evaluation"))
}

/// Keeps an evaluation.
pub async fn insert_evaluation(
    tx: &Tx,
    row: measure_evaluation::Model,
) -> Result<measure_evaluation::Model> {
    Ok(row.into_active_model().reset_all().insert(tx).await?)
}

/// What each measure of the reviews that exist for the caller last showed.
pub async fn verdicts(
    connection: &impl ConnectionTrait,
    caller: &Caller,
) -> Result<Vec<MeasureVerdict>> {
    let own = Query::select()
        .column(review::Column::Id)
        .from(review::Entity)
        .cond_where(visible(caller))
        .to_owned();
    let evaluated = Entity::find()
        .filter(Column::OrganizationId.eq(caller.organization))
        .filter(Column::LastVerdict.is_not_null())
        .filter(Column::ReviewId.in_subquery(own));
    Ok(only(evaluated, Column::LastVerdict).all(connection).await?)
}

//! Queries of recommendations, always within reviews that exist for the caller.

use entity::organization::OrganizationId;
use entity::recommendation::{Column, Entity, Model};
use entity::{recommendation_action, recommendation_finding, review};
use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::list::{ListRecommendations, RecommendationSort};
use super::searched;
use crate::kernel::access::Caller;
use crate::kernel::database::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::reviews::store::visible;
use crate::{references, text};

/// The kind of resource in references and audit records.
pub const RESOURCE: &str = "recommendation";

/// A recommendation of a review that exists for the caller.
pub async fn find(
    connection: &impl ConnectionTrait,
    review: &review::Model,
    id: Uuid,
) -> Result<Model> {
    let found = Entity::find_by_id(id)
        .filter(Column::ReviewId.eq(review.id))
        .one(connection)
        .await?;
    found.ok_or_else(|| Error::not_found("recommendation"))
}

/// Every recommendation of a review, oldest first.
pub async fn for_review(connection: &impl ConnectionTrait, review: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::ReviewId.eq(review))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

/// Whether other recommendations are duplicates of this one.
pub async fn has_duplicates(connection: &impl ConnectionTrait, id: Uuid) -> Result<bool> {
    let duplicates = Entity::find().filter(Column::DuplicateOfId.eq(id));
    Ok(duplicates.count(connection).await? > 0)
}

/// One page of a review's recommendations.
pub async fn list(
    connection: &impl ConnectionTrait,
    review: &review::Model,
    filter: &ListRecommendations,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let select = Entity::find()
        .filter(Column::ReviewId.eq(review.id))
        .filter(condition(review.organization_id, filter));
    page::<Entity, RecommendationSort>(select, filter.sort, request, connection).await
}

/// One page of the recommendations of every review that exists for the caller.
pub async fn list_across(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    reviews: &[Uuid],
    filter: &ListRecommendations,
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
    page::<Entity, RecommendationSort>(select, filter.sort, request, connection).await
}

fn condition(organization: OrganizationId, filter: &ListRecommendations) -> Condition {
    let called = references::called(organization, RESOURCE, &filter.external_ref);
    Condition::all()
        .add_option(any(&filter.disposition, Column::Disposition))
        .add_option(any(&filter.template_id, Column::TemplateId))
        .add_option(any(&filter.action_type, Column::ActionType))
        .add_option(any(&filter.action_strength, Column::ActionStrength))
        .add_option(
            filter
                .deferred_until_from
                .map(|on| Column::DeferredUntil.gte(on)),
        )
        .add_option(
            filter
                .deferred_until_to
                .map(|on| Column::DeferredUntil.lt(on)),
        )
        .add_option(filter.expires_on_from.map(|on| Column::ExpiresOn.gte(on)))
        .add_option(filter.expires_on_to.map(|on| Column::ExpiresOn.lt(on)))
        .add_option(called.map(|ids| Column::Id.in_subquery(ids)))
        .add_option(filter.created_at_from.map(|at| Column::CreatedAt.gte(at)))
        .add_option(filter.created_at_to.map(|at| Column::CreatedAt.lt(at)))
        .add_option(filter.updated_at_from.map(|at| Column::UpdatedAt.gte(at)))
        .add_option(filter.updated_at_to.map(|at| Column::UpdatedAt.lt(at)))
        .add_option(linked(filter))
        .add_option((!filter.tag.is_empty()).then(|| {
            let tagged = references::tagged_with(organization, &filter.tag);
            Column::Id.in_subquery(tagged)
        }))
        .add_option(
            filter
                .q
                .as_ref()
                .map(|words| text::holds_every_word(Column::SearchText, words)),
        )
}

/// The recommendations with a link to what the filter names.
fn linked(filter: &ListRecommendations) -> Option<Condition> {
    use recommendation_action::Column as Action;
    use recommendation_finding::Column as Finding;
    if filter.finding_id.is_empty() && filter.action_id.is_empty() {
        return None;
    }
    let mut all = Condition::all();
    if !filter.finding_id.is_empty() {
        let answering = Query::select()
            .column(Finding::RecommendationId)
            .from(recommendation_finding::Entity)
            .and_where(Finding::FindingId.is_in(filter.finding_id.iter().copied()))
            .to_owned();
        all = all.add(Column::Id.in_subquery(answering));
    }
    if !filter.action_id.is_empty() {
        let carried_out = Query::select()
            .column(Action::RecommendationId)
            .from(recommendation_action::Entity)
            .and_where(Action::ActionId.is_in(filter.action_id.iter().copied()))
            .to_owned();
        all = all.add(Column::Id.in_subquery(carried_out));
    }
    Some(all)
}

/// Adds a recommendation with its findings, references and tags.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().insert(tx).await?;
    attach(tx, &row).await?;
    tx.index(searched::text(&row));
    Ok(row)
}

/// Replaces a recommendation with its findings, references and tags.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    let row = save_alone(tx, row).await?;
    attach(tx, &row).await?;
    tx.index(searched::text(&row));
    Ok(row)
}

/// Replaces a recommendation whose links, references and tags are as they were.
pub async fn save_alone(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

async fn attach(tx: &Tx, row: &Model) -> Result<()> {
    recommendation_finding::Entity::delete_many()
        .filter(recommendation_finding::Column::RecommendationId.eq(row.id))
        .exec(tx)
        .await?;
    if !row.finding_ids.0.is_empty() {
        let findings = row.finding_ids.0.iter();
        let links = findings.map(|finding| recommendation_finding::ActiveModel {
            recommendation_id: Set(row.id),
            finding_id: Set(*finding),
        });
        recommendation_finding::Entity::insert_many(links)
            .exec_without_returning(tx)
            .await?;
    }
    let (organization, refs) = (row.organization_id, &row.external_refs.0);
    references::replace_refs(tx, organization, RESOURCE, row.id, refs).await?;
    references::replace_tags(tx, organization, row.id, &row.tags.0).await
}

/// Links a recommendation to actions that carry it out.
pub async fn link(tx: &Tx, id: Uuid, actions: &[Uuid]) -> Result<()> {
    if actions.is_empty() {
        return Ok(());
    }
    let links = actions
        .iter()
        .map(|action| recommendation_action::ActiveModel {
            recommendation_id: Set(id),
            action_id: Set(*action),
        });
    recommendation_action::Entity::insert_many(links)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Links a recommendation to no action any more.
pub async fn unlink(tx: &Tx, id: Uuid) -> Result<()> {
    recommendation_action::Entity::delete_many()
        .filter(recommendation_action::Column::RecommendationId.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

//! Queries of the library. None can be asked without naming whose.

use std::collections::HashMap;

use entity::organization::OrganizationId;
use entity::recommendation_template::{Column, Entity, Model};
use entity::{recommendation, review};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    IntoActiveModel, JoinType, ModelTrait, PaginatorTrait, QueryFilter, QuerySelect, Select,
};
use uuid::Uuid;

use super::body::{ListRecommendationTemplates, RecommendationTemplateSort};
use super::searched;
use crate::kernel::access::Caller;
use crate::kernel::database::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::reviews::store::visible;
use crate::{references, text};

/// The kind of resource in audit records.
pub const RESOURCE: &str = "recommendation_template";

fn one(organization: OrganizationId, id: Uuid) -> Select<Entity> {
    Entity::find_by_id(id).filter(Column::OrganizationId.eq(organization))
}

fn there(found: Option<Model>) -> Result<Model> {
    found.ok_or_else(|| Error::not_found("recommendation template"))
}

/// An organisation's recommendation of the library; 404 when there is none.
pub async fn find(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    id: Uuid,
) -> Result<Model> {
    there(one(organization, id).one(connection).await?)
}

/// The same, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, organization: OrganizationId, id: Uuid) -> Result<Model> {
    there(one(organization, id).lock_exclusive().one(tx).await?)
}

/// The same, if there is one, held so that nobody archives or removes it meanwhile.
pub async fn lock_shared(tx: &Tx, organization: OrganizationId, id: Uuid) -> Result<Option<Model>> {
    Ok(one(organization, id).lock_shared().one(tx).await?)
}

/// One page of an organisation's library.
pub async fn list(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    filter: &ListRecommendationTemplates,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let condition = Condition::all()
        .add(Column::OrganizationId.eq(organization))
        .add_option(any(&filter.gap_category, Column::GapCategory))
        .add_option(any(&filter.action_type, Column::ActionType))
        .add_option(any(&filter.action_strength, Column::ActionStrength))
        .add_option(filter.archived.map(|archived| {
            if archived {
                Column::ArchivedAt.is_not_null()
            } else {
                Column::ArchivedAt.is_null()
            }
        }))
        .add_option((!filter.tag.is_empty()).then(|| {
            let tagged = references::tagged_with(organization, &filter.tag);
            Column::Id.in_subquery(tagged)
        }))
        .add_option(
            filter
                .q
                .as_ref()
                .map(|words| text::holds_every_word(Column::SearchText, words)),
        );
    let select = Entity::find().filter(condition);
    page::<Entity, RecommendationTemplateSort>(select, filter.sort, request, connection).await
}

#[derive(Debug, FromQueryResult)]
struct Uses {
    template_id: Option<Uuid>,
    uses: i64,
}

/// How many recommendations that exist for the caller were made from each, in one query.
pub async fn uses(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    templates: &[Uuid],
) -> Result<HashMap<Uuid, i64>> {
    use recommendation::Column as Made;
    if templates.is_empty() {
        return Ok(HashMap::new());
    }
    let review = recommendation::Entity::belongs_to(review::Entity)
        .from(Made::ReviewId)
        .to(review::Column::Id)
        .into();
    let counted: Vec<Uses> = recommendation::Entity::find()
        .select_only()
        .column(Made::TemplateId)
        .column_as(
            Expr::col((recommendation::Entity, Made::Id)).count(),
            "uses",
        )
        .join(JoinType::InnerJoin, review)
        .filter(visible(caller))
        .filter(Made::TemplateId.is_in(templates.iter().copied()))
        .group_by(Made::TemplateId)
        .into_model()
        .all(connection)
        .await?;
    let known = counted.into_iter();
    Ok(known
        .filter_map(|one| Some((one.template_id?, one.uses)))
        .collect())
}

/// Whether any recommendation was made from it, whoever may see that one.
pub async fn is_used(connection: &impl ConnectionTrait, id: Uuid) -> Result<bool> {
    let made = recommendation::Entity::find().filter(recommendation::Column::TemplateId.eq(id));
    Ok(made.count(connection).await? > 0)
}

/// Adds a recommendation to the library, with its tags.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().insert(tx).await?;
    references::replace_tags(tx, row.organization_id, row.id, &row.tags.0).await?;
    tx.index(searched::text(&row));
    Ok(row)
}

/// Replaces a recommendation of the library, with its tags.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().update(tx).await?;
    references::replace_tags(tx, row.organization_id, row.id, &row.tags.0).await?;
    tx.index(searched::text(&row));
    Ok(row)
}

/// Removes one from which nothing was made.
pub async fn remove(tx: &Tx, row: Model) -> Result<()> {
    references::replace_tags(tx, row.organization_id, row.id, &[]).await?;
    tx.forget(row.id);
    row.delete(tx).await?;
    Ok(())
}

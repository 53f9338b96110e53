//! Queries of findings, always within reviews that exist for the caller.

use entity::Timestamp;
use entity::finding::{Column, Entity, Model};
use entity::organization::OrganizationId;
use entity::{finding_event, review};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    FromQueryResult, IntoActiveModel, JoinType, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::list::{FindingSort, ListFindings};
use crate::kernel::access::Caller;
use crate::kernel::database::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::reviews::store::visible;
use crate::{references, text};

/// The kind of resource in audit records and revisions.
pub const RESOURCE: &str = "finding";

/// A finding of a review that exists for the caller.
pub async fn find(
    connection: &impl ConnectionTrait,
    review: &review::Model,
    id: Uuid,
) -> Result<Model> {
    let found = Entity::find_by_id(id)
        .filter(Column::ReviewId.eq(review.id))
        .one(connection)
        .await?;
    found.ok_or_else(|| Error::not_found("finding"))
}

/// Every finding of a review, oldest first, the retracted too.
pub async fn for_review(connection: &impl ConnectionTrait, review: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::ReviewId.eq(review))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

/// A finding, what it is a reason for, and when it was retracted.
#[derive(Debug, FromQueryResult)]
pub struct Link {
    /// The finding.
    pub id: Uuid,
    /// What it is a reason for.
    pub parent_id: Option<Uuid>,
    /// When it was retracted.
    pub retracted_at: Option<Timestamp>,
}

/// Those of some ids that are findings of the review, as links of its why-chains.
pub async fn named(
    connection: &impl ConnectionTrait,
    review: Uuid,
    ids: &[Uuid],
) -> Result<Vec<Link>> {
    Ok(Entity::find()
        .select_only()
        .columns([Column::Id, Column::ParentId, Column::RetractedAt])
        .filter(Column::ReviewId.eq(review))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .into_model()
        .all(connection)
        .await?)
}

/// The why-chains of a review, link by link.
pub async fn links(connection: &impl ConnectionTrait, review: Uuid) -> Result<Vec<Link>> {
    Ok(Entity::find()
        .select_only()
        .columns([Column::Id, Column::ParentId, Column::RetractedAt])
        .filter(Column::ReviewId.eq(review))
        .into_model()
        .all(connection)
        .await?)
}

/// Whether a finding that stands has this one as its parent.
pub async fn has_children(connection: &impl ConnectionTrait, id: Uuid) -> Result<bool> {
    let children = Entity::find()
        .filter(Column::ParentId.eq(id))
        .filter(Column::RetractedAt.is_null());
    Ok(children.count(connection).await? > 0)
}

/// The findings that rest on any of these events, as a subquery.
fn resting_on(events: &[Uuid]) -> SelectStatement {
    Query::select()
        .column(finding_event::Column::FindingId)
        .from(finding_event::Entity)
        .and_where(finding_event::Column::EventId.is_in(events.iter().copied()))
        .to_owned()
}

fn condition(organization: OrganizationId, filter: &ListFindings) -> Condition {
    let technique = (!filter.attack_technique.is_empty()).then(|| {
        let found = references::with_technique(organization, RESOURCE, &filter.attack_technique);
        Column::Id.in_subquery(found)
    });
    let events =
        (!filter.event_id.is_empty()).then(|| Column::Id.in_subquery(resting_on(&filter.event_id)));
    let retracted = filter.retracted.map(|retracted| {
        if retracted {
            Column::RetractedAt.is_not_null()
        } else {
            Column::RetractedAt.is_null()
        }
    });
    Condition::all()
        .add_option(any(&filter.kind, Column::Kind))
        .add_option(any(&filter.cause_category, Column::CauseCategory))
        .add_option(any(&filter.gap_category, Column::GapCategory))
        .add_option(any(&filter.factor_kind, Column::FactorKind))
        .add_option(any(&filter.confidence, Column::Confidence))
        .add_option(any(&filter.control_state, Column::ControlState))
        .add_option(technique)
        .add_option(events)
        .add_option(retracted)
        .add_option(filter.created_at_from.map(|at| Column::CreatedAt.gte(at)))
        .add_option(filter.created_at_to.map(|at| Column::CreatedAt.lt(at)))
        .add_option(
            filter
                .q
                .as_ref()
                .map(|words| text::holds_every_word(Column::SearchText, words)),
        )
}

/// One page of a review's findings.
pub async fn list(
    connection: &impl ConnectionTrait,
    review: &review::Model,
    filter: &ListFindings,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let select = Entity::find()
        .filter(Column::ReviewId.eq(review.id))
        .filter(condition(review.organization_id, filter));
    page::<Entity, FindingSort>(select, filter.sort, request, connection).await
}

/// One page of the findings of every review that exists for the caller.
pub async fn list_across(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    reviews: &[Uuid],
    filter: &ListFindings,
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
    page::<Entity, FindingSort>(select, filter.sort, request, connection).await
}

/// Adds a finding with its links to events and techniques.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().insert(tx).await?;
    attach(tx, &row).await?;
    Ok(row)
}

/// Replaces a finding with its links to events and techniques.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().update(tx).await?;
    attach(tx, &row).await?;
    Ok(row)
}

async fn attach(tx: &Tx, row: &Model) -> Result<()> {
    let (organization, id) = (row.organization_id, row.id);
    let techniques = &row.attack_techniques.0;
    references::replace_techniques(tx, organization, RESOURCE, id, techniques).await?;
    finding_event::Entity::delete_many()
        .filter(finding_event::Column::FindingId.eq(id))
        .exec(tx)
        .await?;
    if row.event_ids.0.is_empty() {
        return Ok(());
    }
    let links = row
        .event_ids
        .0
        .iter()
        .map(|event| finding_event::ActiveModel {
            finding_id: Set(id),
            event_id: Set(*event),
        });
    finding_event::Entity::insert_many(links)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

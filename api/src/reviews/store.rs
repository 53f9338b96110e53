//! Queries of reviews. Every one is bound to the caller: to their organisation, and to what is
//! visible to them.

use entity::organization::OrganizationId;
use entity::review::{Column, Entity, Model};
use entity::vocabulary::{ReviewStatus, Visibility};
use entity::{JsonColumn, participant, review_counter, review_incident};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select, Value,
};
use uuid::Uuid;

use super::body::{ListReviews, ReviewSort};
use crate::kernel::access::Caller;
use crate::kernel::database::{Once, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::{references, text};

/// The kind of resource in references and audit records.
pub const RESOURCE: &str = "review";

/// The reviews that exist for the caller. Any query that joins reviews adds it.
pub fn visible(caller: &Caller) -> Condition {
    let subject = (!caller.sees_restricted()).then(|| caller.subject.as_str().into());
    visible_to(caller.organization.into(), subject)
}

/// The reviews of an organisation that exist for a subject; all of them for none.
fn visible_to(organization: Value, subject: Option<Value>) -> Condition {
    let own = Condition::all().add(Column::OrganizationId.eq(organization));
    let Some(subject) = subject else {
        return own;
    };
    let takes_part = Query::select()
        .expr(Expr::val(1))
        .from(participant::Entity)
        .and_where(
            Expr::col((participant::Entity, participant::Column::ReviewId))
                .equals((Entity, Column::Id)),
        )
        .and_where(
            Expr::col((participant::Entity, participant::Column::Subject)).eq(subject.clone()),
        )
        .to_owned();
    own.add(
        Condition::any()
            .add(Column::Visibility.ne(Visibility::Restricted))
            .add(Column::CreatedBy.eq(subject.clone()))
            .add(Column::OwnerSubject.eq(subject.clone()))
            .add(Column::FacilitatorSubject.eq(subject))
            .add(Expr::exists(takes_part)),
    )
}

/// How a review is held until the transaction ends.
#[derive(Clone, Copy, Debug)]
enum Hold {
    /// Not at all.
    Free,
    /// Nobody changes it meanwhile, while others may add to it as well.
    Shared,
    /// Nobody else holds it.
    Exclusive,
}

/// What of a review says whether and how something is put into it: to read all of it would cost an
/// append as much as its own row does.
#[derive(Debug, FromQueryResult)]
pub struct Standing {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: ReviewStatus,
    /// The incidents it reviews.
    pub incident_ids: JsonColumn<Vec<Uuid>>,
}

/// What is read of a review.
trait Part: FromQueryResult {
    /// Which of the parts it is.
    const PLACE: usize;

    /// Its columns, of all that a query finds.
    fn of(found: Select<Entity>) -> Select<Entity>;
}

impl Part for Model {
    const PLACE: usize = 0;

    fn of(found: Select<Entity>) -> Select<Entity> {
        found
    }
}

impl Part for Standing {
    const PLACE: usize = 1;

    fn of(found: Select<Entity>) -> Select<Entity> {
        let columns = [Column::Id, Column::Status, Column::IncidentIds];
        found.select_only().columns(columns)
    }
}

/// Nearly every request asks for a review: by id or key, for all or a subject, held or not, all of it
/// or where it stands.
static NAMED: [Once<3>; 24] = [const { Once::new() }; 24];

/// The review of that id or key; 404 when it does not exist for the caller.
async fn named<M: Part>(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    name: &str,
    hold: Hold,
) -> Result<M> {
    let (id, sees_all) = (name.parse::<Uuid>().ok(), caller.sees_restricted());
    let kind =
        usize::from(id.is_some()) + 2 * usize::from(sees_all) + 4 * hold as usize + 12 * M::PLACE;
    let parameters = [
        id.map_or_else(|| Value::from(name), Value::from),
        caller.organization.into(),
        caller.subject.as_str().into(),
    ];
    let build = |[name, organization, subject]: [Value; 3]| {
        let by = if id.is_some() {
            Column::Id
        } else {
            Column::Key
        };
        let subject = (!sees_all).then_some(subject);
        let found = M::of(Entity::find())
            .filter(by.eq(name))
            .filter(visible_to(organization, subject));
        match hold {
            Hold::Free => found,
            Hold::Shared => found.lock_shared(),
            Hold::Exclusive => found.lock_exclusive(),
        }
    };
    let statement = NAMED[kind].statement(connection.get_database_backend(), parameters, build);
    let found = M::find_by_statement(statement).one(connection).await?;
    found.ok_or_else(|| Error::not_found("review"))
}

/// The review of that id or key; 404 when it does not exist for the caller.
pub async fn find(connection: &impl ConnectionTrait, caller: &Caller, name: &str) -> Result<Model> {
    named(connection, caller, name, Hold::Free).await
}

/// The same, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, caller: &Caller, name: &str) -> Result<Model> {
    named(tx, caller, name, Hold::Exclusive).await
}

/// The same, held so that nobody changes it meanwhile while others may add to it as well.
pub async fn lock_shared(tx: &Tx, caller: &Caller, name: &str) -> Result<Model> {
    named(tx, caller, name, Hold::Shared).await
}

/// Where a review stands, held as [`lock`] holds it.
pub async fn standing(tx: &Tx, caller: &Caller, name: &str) -> Result<Standing> {
    named(tx, caller, name, Hold::Exclusive).await
}

/// Where a review stands, held as [`lock_shared`] holds it.
pub async fn standing_shared(tx: &Tx, caller: &Caller, name: &str) -> Result<Standing> {
    named(tx, caller, name, Hold::Shared).await
}

/// A review as it is by now, within the change that made it so.
pub async fn current(tx: &Tx, row: &Model) -> Result<Model> {
    let found = Entity::find_by_id(row.id)
        .filter(Column::OrganizationId.eq(row.organization_id))
        .one(tx)
        .await?;
    found.ok_or_else(|| Error::not_found("review"))
}

/// Every review about an incident, whoever may see it, held against other changes.
pub async fn lock_about(
    tx: &Tx,
    organization: OrganizationId,
    incident: Uuid,
) -> Result<Vec<Model>> {
    let about = Query::select()
        .column(review_incident::Column::ReviewId)
        .from(review_incident::Entity)
        .and_where(review_incident::Column::IncidentId.eq(incident))
        .to_owned();
    Ok(Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Id.in_subquery(about))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?)
}

/// One page of the reviews that exist for the caller.
pub async fn list(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    filter: &ListReviews,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let mut condition = visible(caller)
        .add_option(any(&filter.status, Column::Status))
        .add_option(any(&filter.severity, Column::Severity))
        .add_option(any(&filter.kind, Column::Kind))
        .add_option(any(&filter.owner, Column::OwnerSubject))
        .add_option(any(&filter.facilitator, Column::FacilitatorSubject))
        .add_option(filter.created_at_from.map(|at| Column::CreatedAt.gte(at)))
        .add_option(filter.created_at_to.map(|at| Column::CreatedAt.lt(at)))
        .add_option(filter.updated_at_from.map(|at| Column::UpdatedAt.gte(at)))
        .add_option(filter.updated_at_to.map(|at| Column::UpdatedAt.lt(at)))
        .add_option(
            filter
                .workshop_due_at_from
                .map(|at| Column::WorkshopDueAt.gte(at)),
        )
        .add_option(
            filter
                .workshop_due_at_to
                .map(|at| Column::WorkshopDueAt.lt(at)),
        )
        .add_option(
            filter
                .publish_due_at_from
                .map(|at| Column::PublishDueAt.gte(at)),
        )
        .add_option(
            filter
                .publish_due_at_to
                .map(|at| Column::PublishDueAt.lt(at)),
        );
    let called = references::called(caller.organization, RESOURCE, &filter.external_ref);
    if let Some(called) = called {
        condition = condition.add(Column::Id.in_subquery(called));
    }
    if !filter.tag.is_empty() {
        let tagged = references::tagged_with(caller.organization, &filter.tag);
        condition = condition.add(Column::Id.in_subquery(tagged));
    }
    if !filter.incident_id.is_empty() {
        let about = Query::select()
            .column(review_incident::Column::ReviewId)
            .from(review_incident::Entity)
            .and_where(
                review_incident::Column::IncidentId.is_in(filter.incident_id.iter().copied()),
            )
            .to_owned();
        condition = condition.add(Column::Id.in_subquery(about));
    }
    if let Some(words) = &filter.q {
        condition = condition.add(text::holds_every_word(Column::SearchText, words));
    }
    page::<Entity, ReviewSort>(
        Entity::find().filter(condition),
        filter.sort,
        request,
        connection,
    )
    .await
}

/// The next number of the organisation's reviews in a year.
pub async fn next_number(tx: &Tx, organization: OrganizationId, year: i32) -> Result<i32> {
    use review_counter::Column as Counter;
    let first = review_counter::ActiveModel {
        organization_id: Set(organization),
        year: Set(year),
        last: Set(1),
    };
    let counted = review_counter::Entity::insert(first)
        .on_conflict(
            OnConflict::columns([Counter::OrganizationId, Counter::Year])
                .value(
                    Counter::Last,
                    Expr::col((review_counter::Entity, Counter::Last)).add(1),
                )
                .to_owned(),
        )
        .exec_with_returning(tx)
        .await?;
    Ok(counted.last)
}

/// Adds a review with its incidents, references and tags.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().insert(tx).await?;
    attach(tx, &row).await?;
    Ok(row)
}

/// Replaces a review with its incidents, references and tags.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    let row = save_alone(tx, row).await?;
    attach(tx, &row).await?;
    Ok(row)
}

/// Replaces a review whose incidents, references and tags are as they were.
pub async fn save_alone(tx: &Tx, row: Model) -> Result<Model> {
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

async fn attach(tx: &Tx, row: &Model) -> Result<()> {
    let (organization, id) = (row.organization_id, row.id);
    review_incident::Entity::delete_many()
        .filter(review_incident::Column::ReviewId.eq(id))
        .exec(tx)
        .await?;
    if !row.incident_ids.0.is_empty() {
        let links = row
            .incident_ids
            .0
            .iter()
            .map(|incident| review_incident::ActiveModel {
                review_id: Set(id),
                incident_id: Set(*incident),
            });
        review_incident::Entity::insert_many(links)
            .exec_without_returning(tx)
            .await?;
    }
    references::replace_refs(tx, organization, RESOURCE, id, &row.external_refs.0).await?;
    references::replace_tags(tx, organization, id, &row.tags.0).await
}

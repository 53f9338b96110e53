//! What several features attach to their resources: names in other systems, tags, ATT&CK
//! techniques, events. The resource's own row holds them for reading; these tables make names
//! unique and all of them findable.

use std::collections::HashSet;

use entity::organization::OrganizationId;
use entity::shared::ExternalRef;
use entity::{event_citation, external_ref, tagging, technique_use};
use sea_orm::sea_query::{ExprTrait as _, Query, SelectStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::database::{Tx, only};
use crate::kernel::error::{Code, Error, Fault, Result};
use crate::kernel::ids;

/// What another system calls a resource: the system, a colon, and the id there.
#[derive(Debug, ToSchema)]
#[schema(
    value_type = String,
    max_length = 320,
    pattern = "^[a-z0-9][a-z0-9_.-]*:[^/?#\\u0000-\\u001f\\u007f-\\u009f]+$",
    example = "jira:SEC-1042"
)]
pub struct ExternalRefName(#[expect(dead_code, reason = "stands for a schema")] String);

/// Makes `refs` the references of a resource; one that another resource has is a conflict.
pub async fn replace_refs(
    tx: &Tx,
    organization: OrganizationId,
    resource_type: &'static str,
    resource: Uuid,
    refs: &[ExternalRef],
) -> Result<()> {
    use external_ref::Column;
    external_ref::Entity::delete_many()
        .filter(Column::ResourceId.eq(resource))
        .exec(tx)
        .await?;
    if refs.is_empty() {
        return Ok(());
    }
    let rows = refs.iter().map(|reference| external_ref::ActiveModel {
        id: Set(ids::next()),
        organization_id: Set(organization),
        resource_type: Set(resource_type.to_owned()),
        resource_id: Set(resource),
        system: Set(reference.system.clone()),
        external_id: Set(reference.id.clone()),
    });
    external_ref::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await
        .map_err(|error| {
            let error = Error::from(error);
            if !error.is_unique_violation() {
                return error;
            }
            let detail = format!("another {resource_type} has one of these external references");
            let fault = Fault::at("/external_refs", "reference_taken", detail.clone());
            Code::Conflict
                .because(detail)
                .with_faults(vec![fault])
                .into()
        })?;
    Ok(())
}

/// The resource that another system's id stands for.
pub async fn find(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    resource_type: &str,
    system: &str,
    external_id: &str,
) -> Result<Option<Uuid>> {
    use external_ref::Column;
    Ok(only(
        external_ref::Entity::find()
            .filter(Column::OrganizationId.eq(organization))
            .filter(Column::ResourceType.eq(resource_type))
            .filter(Column::System.eq(system))
            .filter(Column::ExternalId.eq(external_id)),
        Column::ResourceId,
    )
    .one(connection)
    .await?)
}

/// The ids of an organisation's resources of a kind that other systems call by any of these names
/// ([`ExternalRefName`]), as a subquery; none when none is named.
pub fn called(
    organization: OrganizationId,
    resource_type: &'static str,
    names: &[String],
) -> Option<SelectStatement> {
    use external_ref::Column;
    let pair = |name: &String| {
        let (system, id) = name.split_once(':').unwrap_or((name, ""));
        Column::System.eq(system).and(Column::ExternalId.eq(id))
    };
    (!names.is_empty()).then(|| {
        let any = names
            .iter()
            .fold(Condition::any(), |any, name| any.add(pair(name)));
        Query::select()
            .column(Column::ResourceId)
            .from(external_ref::Entity)
            .and_where(Column::OrganizationId.eq(organization))
            .and_where(Column::ResourceType.eq(resource_type))
            .cond_where(any)
            .to_owned()
    })
}

/// Makes `tags` the tags of a resource.
pub async fn replace_tags(
    tx: &Tx,
    organization: OrganizationId,
    resource: Uuid,
    tags: &[String],
) -> Result<()> {
    tagging::Entity::delete_many()
        .filter(tagging::Column::ResourceId.eq(resource))
        .exec(tx)
        .await?;
    if tags.is_empty() {
        return Ok(());
    }
    let rows = tags.iter().map(|tag| tagging::ActiveModel {
        resource_id: Set(resource),
        tag: Set(tag.clone()),
        organization_id: Set(organization),
    });
    tagging::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// The ids of an organisation's resources that have any of the tags, as a subquery.
pub fn tagged_with(organization: OrganizationId, tags: &[String]) -> SelectStatement {
    Query::select()
        .column(tagging::Column::ResourceId)
        .from(tagging::Entity)
        .and_where(tagging::Column::OrganizationId.eq(organization))
        .and_where(tagging::Column::Tag.is_in(tags.iter().map(String::as_str)))
        .to_owned()
}

/// The ids of an organisation's resources that have any tag, as a subquery.
pub fn tagged(organization: OrganizationId) -> SelectStatement {
    Query::select()
        .column(tagging::Column::ResourceId)
        .from(tagging::Entity)
        .and_where(tagging::Column::OrganizationId.eq(organization))
        .to_owned()
}

/// Makes `techniques` the ATT&CK techniques of a resource.
pub async fn replace_techniques(
    tx: &Tx,
    organization: OrganizationId,
    resource_type: &'static str,
    resource: Uuid,
    techniques: &[String],
) -> Result<()> {
    technique_use::Entity::delete_many()
        .filter(technique_use::Column::ResourceId.eq(resource))
        .exec(tx)
        .await?;
    if techniques.is_empty() {
        return Ok(());
    }
    let rows = techniques
        .iter()
        .map(|technique| technique_use::ActiveModel {
            resource_id: Set(resource),
            technique: Set(technique.clone()),
            resource_type: Set(resource_type.to_owned()),
            organization_id: Set(organization),
        });
    technique_use::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// The ids of an organisation's resources that have any of the techniques, as a subquery.
pub fn with_technique(
    organization: OrganizationId,
    resource_type: &'static str,
    techniques: &[String],
) -> SelectStatement {
    use technique_use::Column;
    Query::select()
        .column(Column::ResourceId)
        .from(technique_use::Entity)
        .and_where(Column::OrganizationId.eq(organization))
        .and_where(Column::ResourceType.eq(resource_type))
        .and_where(Column::Technique.is_in(techniques.iter().map(String::as_str)))
        .to_owned()
}

/// Makes `events` the events that a resource belongs to.
pub async fn cite(tx: &Tx, resource: Uuid, events: &[Uuid]) -> Result<()> {
    event_citation::Entity::delete_many()
        .filter(event_citation::Column::ResourceId.eq(resource))
        .exec(tx)
        .await?;
    if events.is_empty() {
        return Ok(());
    }
    let rows = events.iter().map(|event| event_citation::ActiveModel {
        resource_id: Set(resource),
        event_id: Set(*event),
    });
    event_citation::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// The ids of what belongs to any of these events, as a subquery; none when none is named.
pub fn citing(events: &[Uuid]) -> Option<SelectStatement> {
    (!events.is_empty()).then(|| {
        Query::select()
            .column(event_citation::Column::ResourceId)
            .from(event_citation::Entity)
            .and_where(event_citation::Column::EventId.is_in(events.iter().copied()))
            .to_owned()
    })
}

/// A fault for every item that is there already.
pub fn repeated<T: PartialEq>(pointer: &str, items: &[T]) -> Vec<Fault> {
    let again = items
        .iter()
        .enumerate()
        .filter(|(at, item)| items[..*at].contains(item));
    again
        .map(|(at, _)| {
            Fault::at(
                format!("{pointer}/{at}"),
                "repeated_item",
                "is there already",
            )
        })
        .collect()
}

/// A fault for every id that is not among the known ones of a review.
pub fn unknown(pointer: &str, ids: &[Uuid], known: &HashSet<Uuid>, what: &str) -> Vec<Fault> {
    let strange = ids.iter().enumerate().filter(|(_, id)| !known.contains(id));
    strange
        .map(|(at, _)| {
            Fault::at(
                format!("{pointer}/{at}"),
                "not_found",
                format!("is no {what} of this review"),
            )
        })
        .collect()
}

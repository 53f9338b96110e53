//! Queries of policies. None can be asked without naming whose.

use entity::organization::OrganizationId;
use entity::policy::{Column, Entity, Model};
use entity::policy_version;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QuerySelect, Select,
};
use uuid::Uuid;

use super::list::{ListPolicies, ListPolicyVersions, PolicySort, PolicyVersionSort};
use super::searched;
use crate::kernel::database::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, any, page};
use crate::text;

/// The kind of resource in audit records.
pub const RESOURCE: &str = "policy";

/// What stands for the built-in policy.
pub const DEFAULT: &str = "default";

fn own(organization: OrganizationId) -> Select<Entity> {
    Entity::find().filter(Column::OrganizationId.eq(organization))
}

/// An organisation's policy by its id; nothing for the built-in one.
pub async fn find(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    name: &str,
) -> Result<Option<Model>> {
    let Ok(id) = name.parse::<Uuid>() else {
        return Ok(None);
    };
    let found = own(organization).filter(Column::Id.eq(id));
    let found = found.one(connection).await?;
    found
        .ok_or_else(|| Error::not_found("policy"))
        .map(Option::Some)
}

/// The same, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, organization: OrganizationId, name: &str) -> Result<Option<Model>> {
    let Ok(id) = name.parse::<Uuid>() else {
        return Ok(None);
    };
    let found = own(organization).filter(Column::Id.eq(id));
    let found = found.lock_exclusive().one(tx).await?;
    found
        .ok_or_else(|| Error::not_found("policy"))
        .map(Option::Some)
}

/// Every policy of an organisation that is not archived.
pub async fn current(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<Vec<Model>> {
    Ok(own(organization)
        .filter(Column::ArchivedAt.is_null())
        .all(connection)
        .await?)
}

/// One page of an organisation's policies.
pub async fn list(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    filter: &ListPolicies,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let archived = filter.archived.map(|archived| {
        if archived {
            Column::ArchivedAt.is_not_null()
        } else {
            Column::ArchivedAt.is_null()
        }
    });
    let condition = Condition::all()
        .add_option(any(&filter.requirement, Column::Requirement))
        .add_option(archived)
        .add_option(
            filter
                .q
                .as_ref()
                .map(|words| text::holds_every_word(Column::SearchText, words)),
        );
    let select = own(organization).filter(condition);
    page::<Entity, PolicySort>(select, filter.sort, request, connection).await
}

/// One page of a policy's versions.
pub async fn versions(
    connection: &impl ConnectionTrait,
    policy: &Model,
    filter: &ListPolicyVersions,
    request: &PageRequest<'_>,
) -> Result<Page<policy_version::Model>> {
    use policy_version::Column as Version;
    let condition = Condition::all()
        .add(Version::PolicyId.eq(policy.id))
        .add_option(filter.version.map(|version| Version::Version.eq(version)));
    let select = policy_version::Entity::find().filter(condition);
    page::<policy_version::Entity, PolicyVersionSort>(select, filter.sort, request, connection)
        .await
}

/// Adds a policy with its first version.
pub async fn insert(tx: &Tx, row: Model, version: policy_version::Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().insert(tx).await?;
    version.into_active_model().reset_all().insert(tx).await?;
    tx.index(searched::text(&row));
    Ok(row)
}

/// Replaces a policy and keeps its new version.
pub async fn save(tx: &Tx, row: Model, version: policy_version::Model) -> Result<Model> {
    let row = row.into_active_model().reset_all().update(tx).await?;
    version.into_active_model().reset_all().insert(tx).await?;
    tx.index(searched::text(&row));
    Ok(row)
}

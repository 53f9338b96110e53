//! Queries of calendars. None can be asked without naming whose.

use entity::calendar::{Column, Entity, Model};
use entity::organization::OrganizationId;
use entity::policy::CountingCalendar;
use entity::{obligation, policy_version, regime};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    ModelTrait, QueryFilter, QuerySelect, Select,
};
use uuid::Uuid;

use super::body::{CalendarSort, ListCalendars};
use super::rules::{self, Counting};
use super::searched;
use crate::kernel::database::{Tx, only};
use crate::kernel::error::{Error, Result};
use crate::kernel::page::{Page, PageRequest, page};

/// The kind of resource in audit records.
pub const RESOURCE: &str = "calendar";

/// What stands for the calendar that counts where none is named.
pub const DEFAULT: &str = "default";

fn own(organization: OrganizationId) -> Select<Entity> {
    Entity::find().filter(Column::OrganizationId.eq(organization))
}

fn named(organization: OrganizationId, name: &str) -> Select<Entity> {
    match name.parse::<Uuid>() {
        Ok(id) => own(organization).filter(Column::Id.eq(id)),
        Err(_) => own(organization).filter(Column::DefaultOf.eq(organization.0)),
    }
}

/// An organisation's calendar by its id; for `default` nothing where the built-in one counts.
pub async fn find(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    name: &str,
) -> Result<Option<Model>> {
    let found = named(organization, name).one(connection).await?;
    if found.is_none() && name != DEFAULT {
        return Err(Error::not_found("calendar"));
    }
    Ok(found)
}

/// The same, held against other changes until the transaction ends.
pub async fn lock(tx: &Tx, organization: OrganizationId, name: &str) -> Result<Option<Model>> {
    let found = named(organization, name).lock_exclusive().one(tx).await?;
    if found.is_none() && name != DEFAULT {
        return Err(Error::not_found("calendar"));
    }
    Ok(found)
}

/// An organisation's calendar that may be named from now on, held so that it stays; nothing when
/// there is none such.
pub async fn nameable(tx: &Tx, organization: OrganizationId, id: Uuid) -> Result<Option<Model>> {
    Ok(own(organization)
        .filter(Column::Id.eq(id))
        .filter(Column::ArchivedAt.is_null())
        .lock_shared()
        .one(tx)
        .await?)
}

/// The calendar that counts: the one that is named, the organisation's default, or the built-in.
pub async fn counting(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    id: Option<Uuid>,
) -> Result<Counting> {
    let mut found = None;
    if let Some(id) = id {
        found = own(organization)
            .filter(Column::Id.eq(id))
            .one(connection)
            .await?;
    }
    if found.is_none() {
        found = named(organization, DEFAULT).one(connection).await?;
    }
    match found {
        Some(row) => read(row),
        None => Ok(rules::built_in()),
    }
}

/// A calendar ready to be counted by.
pub fn read(row: Model) -> Result<Counting> {
    let work = rules::read(&row.time_zone, &row.working_hours.0, &row.holidays.0);
    let work = work.map_err(|faults| {
        Error::Internal(format!("calendar {} cannot be read: {faults:?}", row.id))
    })?;
    Ok(Counting {
        calendar: CountingCalendar {
            id: Some(row.id),
            name: row.name,
            time_zone: row.time_zone,
        },
        work,
    })
}

/// Whether a policy of any version, a regime or an obligation counts by it.
pub async fn is_in_use(connection: &impl ConnectionTrait, id: Uuid) -> Result<bool> {
    use {obligation::Column as Obligation, policy_version::Column as Version};
    let versions = policy_version::Entity::find().filter(Version::CalendarId.eq(id));
    let version: Option<Uuid> = only(versions, Version::Id).one(connection).await?;
    let regimes = regime::Entity::find().filter(regime::Column::CalendarId.eq(id));
    let regime: Option<Uuid> = only(regimes, regime::Column::Id).one(connection).await?;
    let obligations = obligation::Entity::find().filter(Obligation::CalendarId.eq(id));
    let obligation: Option<Uuid> = only(obligations, Obligation::Id).one(connection).await?;
    Ok(version.or(regime).or(obligation).is_some())
}

/// One page of an organisation's calendars.
pub async fn list(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    filter: &ListCalendars,
    request: &PageRequest<'_>,
) -> Result<Page<Model>> {
    let archived = filter.archived.map(|archived| {
        if archived {
            Column::ArchivedAt.is_not_null()
        } else {
            Column::ArchivedAt.is_null()
        }
    });
    let select = own(organization).filter(Condition::all().add_option(archived));
    page::<Entity, CalendarSort>(select, filter.sort, request, connection).await
}

/// Adds a calendar.
pub async fn insert(tx: &Tx, row: Model) -> Result<Model> {
    tx.index(searched::text(&row));
    Ok(row.into_active_model().reset_all().insert(tx).await?)
}

/// Replaces a calendar.
pub async fn save(tx: &Tx, row: Model) -> Result<Model> {
    tx.index(searched::text(&row));
    Ok(row.into_active_model().reset_all().update(tx).await?)
}

/// Removes a calendar that is not in use.
pub async fn remove(tx: &Tx, row: Model) -> Result<()> {
    tx.forget(row.id);
    row.delete(tx).await?;
    Ok(())
}

//! What can be done with calendars.

use entity::JsonColumn;
use entity::calendar::Model;
use uuid::Uuid;

use super::body::{CalendarBody, CalendarPatch, DefineCalendar};
use super::{rules, store};
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Code, Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;

/// Defines a calendar.
pub async fn define(change: &Change, calendar: DefineCalendar) -> Result<Model> {
    check(&calendar)?;
    if calendar.is_default {
        hold_default(change).await?;
        replace_default(change).await?;
    }
    let row = Model {
        id: ids::next(),
        created_by: change.caller.subject.clone(),
        ..filled(change, calendar)
    };
    let row = store::insert(change, row).await.map_err(taken)?;
    record(change, "calendar.define", None, &row)?;
    Ok(row)
}

/// Changes a calendar. What was computed by it stays as it was.
pub async fn update(
    change: &Change,
    name: &str,
    precondition: &Precondition,
    patch: &CalendarPatch,
) -> Result<Model> {
    // Before any calendar is held, so that no two wait for each other.
    if patch.names("is_default") {
        hold_default(change).await?;
    }
    let old = locked(change, name).await?;
    precondition.check(old.version)?;
    if old.archived_at.is_some() {
        let detail = "the calendar is archived; restore it first";
        let fault = Fault::of("calendar_is_archived", detail);
        return Err(Error::state(detail, vec![fault]));
    }
    let calendar = patch.apply(&DefineCalendar::from(&old))?;
    check(&calendar)?;
    if calendar.is_default && old.default_of.is_none() {
        replace_default(change).await?;
    }
    let row = Model {
        id: old.id,
        version: old.version + 1,
        created_at: old.created_at,
        created_by: old.created_by.clone(),
        ..filled(change, calendar)
    };
    let row = store::save(change, row).await.map_err(taken)?;
    record(change, "calendar.update", Some(&old), &row)?;
    Ok(row)
}

/// Removes a calendar, or archives it when something counts by it.
pub async fn remove(change: &Change, name: &str, precondition: &Precondition) -> Result<()> {
    let old = locked(change, name).await?;
    precondition.check(old.version)?;
    if !store::is_in_use(&**change, old.id).await? {
        let entry = Entry::new("calendar.remove", store::RESOURCE, old.id);
        change.record(entry.before(&CalendarBody::from(old.clone()))?);
        return store::remove(change, old).await;
    }
    if old.archived_at.is_some() {
        return Ok(());
    }
    let row = Model {
        default_of: None,
        archived_at: Some(change.now),
        ..next_version(change, &old)
    };
    let row = store::save(change, row).await?;
    record(change, "calendar.archive", Some(&old), &row)
}

/// Takes an archived calendar up again.
pub async fn restore(change: &Change, name: &str, precondition: &Precondition) -> Result<Model> {
    let old = locked(change, name).await?;
    precondition.check(old.version)?;
    if old.archived_at.is_none() {
        let detail = "the calendar is not archived";
        let fault = Fault::of("calendar_is_not_archived", detail);
        return Err(Error::state(detail, vec![fault]));
    }
    let row = Model {
        archived_at: None,
        ..next_version(change, &old)
    };
    let row = store::save(change, row).await?;
    record(change, "calendar.restore", Some(&old), &row)?;
    Ok(row)
}

/// The fault of naming a calendar that cannot be named, if there is one.
pub async fn check_named(
    change: &Change,
    id: Option<Uuid>,
    known: Option<Uuid>,
) -> Result<Option<Fault>> {
    let Some(id) = id.filter(|id| known != Some(*id)) else {
        return Ok(None);
    };
    let found = store::nameable(change, change.organization(), id).await?;
    let detail = "is no calendar of the organisation that is not archived";
    Ok(found
        .is_none()
        .then(|| Fault::at("/calendar_id", "not_found", detail)))
}

async fn locked(change: &Change, name: &str) -> Result<Model> {
    let found = store::lock(change, change.organization(), name).await?;
    found.ok_or_else(|| {
        let detail = "the built-in calendar cannot be changed; define one of your own";
        Error::state(detail, vec![Fault::of("calendar_is_built_in", detail)])
    })
}

/// Lets one change at a time decide which is the default.
async fn hold_default(change: &Change) -> Result<()> {
    let organization = change.organization();
    Ok(change
        .serialize_on("default calendar", organization.as_bytes())
        .await?)
}

/// Makes room for another default.
async fn replace_default(change: &Change) -> Result<()> {
    let Some(old) = store::lock(change, change.organization(), store::DEFAULT).await? else {
        return Ok(());
    };
    let row = Model {
        default_of: None,
        ..next_version(change, &old)
    };
    let row = store::save(change, row).await?;
    record(change, "calendar.update", Some(&old), &row)
}

fn check(calendar: &DefineCalendar) -> Result<()> {
    let (hours, holidays) = (&calendar.working_hours, &calendar.holidays);
    match rules::read(&calendar.time_zone, hours, holidays) {
        Ok(_) => Ok(()),
        Err(faults) => Err(Error::invalid(faults)),
    }
}

fn taken(error: Error) -> Error {
    if !error.is_unique_violation() {
        return error;
    }
    let detail = "the organisation has a calendar of this name, perhaps an archived one";
    Code::Conflict
        .because(detail)
        .with_faults(vec![Fault::at("/name", "taken", detail)])
        .into()
}

fn next_version(change: &Change, old: &Model) -> Model {
    Model {
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    }
}

/// A new row; identity and history are the caller's to set.
fn filled(change: &Change, calendar: DefineCalendar) -> Model {
    let organization = change.organization();
    Model {
        id: Uuid::nil(),
        organization_id: organization,
        name: calendar.name,
        time_zone: calendar.time_zone,
        working_hours: JsonColumn(calendar.working_hours),
        holidays: JsonColumn(calendar.holidays),
        default_of: calendar.is_default.then_some(organization.0),
        archived_at: None,
        version: 1,
        created_at: change.now,
        created_by: String::new(),
        updated_at: change.now,
    }
}

fn record(
    change: &Change,
    action: &'static str,
    before: Option<&Model>,
    after: &Model,
) -> Result<()> {
    let mut entry = Entry::new(action, store::RESOURCE, after.id);
    if let Some(before) = before {
        entry = entry.before(&CalendarBody::from(before.clone()))?;
    }
    change.record(entry.after(&CalendarBody::from(after.clone()))?);
    Ok(())
}

//! What can be done with regimes. Obligations keep the hours that they were recorded with.

use entity::JsonColumn;
use entity::regime::Model;
use uuid::Uuid;

use super::body::{DefineRegime, RegimeBody, RegimePatch};
use super::{rules, store};
use crate::calendars;
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Code, Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::text::searchable;

/// Defines a regime.
pub async fn define(change: &Change, regime: DefineRegime) -> Result<Model> {
    check(change, &regime, None).await?;
    let row = Model {
        id: ids::next(),
        created_by: change.caller.subject.clone(),
        ..filled(change, regime)
    };
    let row = store::insert(change, row).await.map_err(taken)?;
    record(change, "regime.define", None, &row)?;
    Ok(row)
}

/// Changes a regime of the organisation's own.
pub async fn update(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    patch: &RegimePatch,
) -> Result<Model> {
    let old = locked(change, id, precondition).await?;
    if old.archived_at.is_some() {
        let detail = "the regime is archived; restore it first";
        return Err(Error::state(
            detail,
            vec![Fault::of("regime_is_archived", detail)],
        ));
    }
    let regime = patch.apply(&DefineRegime::from(&old))?;
    check(change, &regime, Some(&old)).await?;
    let row = Model {
        id: old.id,
        version: old.version + 1,
        created_at: old.created_at,
        created_by: old.created_by.clone(),
        ..filled(change, regime)
    };
    let row = store::save(change, row).await.map_err(taken)?;
    record(change, "regime.update", Some(&old), &row)?;
    Ok(row)
}

/// Removes a regime, or archives it when an obligation names it.
pub async fn remove(change: &Change, id: Uuid, precondition: &Precondition) -> Result<()> {
    let old = locked(change, id, precondition).await?;
    if !store::is_in_use(&**change, old.id).await? {
        let entry = Entry::new("regime.remove", store::RESOURCE, old.id);
        change.record(entry.before(&RegimeBody::from(old.clone()))?);
        return store::remove(change, old).await;
    }
    if old.archived_at.is_some() {
        return Ok(());
    }
    let row = Model {
        archived_at: Some(change.now),
        ..next_version(change, &old)
    };
    let row = store::save(change, row).await?;
    record(change, "regime.archive", Some(&old), &row)
}

/// Takes an archived regime up again.
pub async fn restore(change: &Change, id: Uuid, precondition: &Precondition) -> Result<Model> {
    let old = locked(change, id, precondition).await?;
    if old.archived_at.is_none() {
        let detail = "the regime is not archived";
        return Err(Error::state(
            detail,
            vec![Fault::of("regime_is_not_archived", detail)],
        ));
    }
    let row = Model {
        archived_at: None,
        ..next_version(change, &old)
    };
    let row = store::save(change, row).await?;
    record(change, "regime.restore", Some(&old), &row)?;
    Ok(row)
}

async fn locked(change: &Change, id: Uuid, precondition: &Precondition) -> Result<Model> {
    let old = store::lock(change, change.organization(), id).await?;
    precondition.check(old.version)?;
    if old.organization_id.is_none() {
        let detail =
            "the regime came with the service and cannot be changed; define one of your own";
        return Err(Error::state(
            detail,
            vec![Fault::of("regime_is_built_in", detail)],
        ));
    }
    Ok(old)
}

async fn check(change: &Change, regime: &DefineRegime, old: Option<&Model>) -> Result<()> {
    let mut faults = rules::check(regime);
    let known = old.and_then(|old| old.calendar_id);
    faults.extend(calendars::service::check_named(change, regime.calendar_id, known).await?);
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(faults))
    }
}

fn taken(error: Error) -> Error {
    if !error.is_unique_violation() {
        return error;
    }
    let detail = "the organisation has a regime of this key, perhaps an archived one";
    Code::Conflict
        .because(detail)
        .with_faults(vec![Fault::at("/key", "taken", detail)])
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
fn filled(change: &Change, regime: DefineRegime) -> Model {
    let texts = [
        Some(regime.key.as_str()),
        Some(regime.name.as_str()),
        regime.description.as_deref(),
    ];
    Model {
        id: Uuid::nil(),
        organization_id: Some(change.organization().0),
        search_text: searchable(texts),
        key: regime.key,
        name: regime.name,
        description: regime.description,
        jurisdiction: regime.jurisdiction,
        source_url: regime.source_url,
        stages: JsonColumn(regime.stages),
        calendar_id: regime.calendar_id,
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
        entry = entry.before(&RegimeBody::from(before.clone()))?;
    }
    change.record(entry.after(&RegimeBody::from(after.clone()))?);
    Ok(())
}

//! What can be done with incidents.

use std::collections::BTreeMap;

use entity::JsonColumn;
use entity::incident::{EventTime, Milestones, Model};
use entity::shared::ExternalRef;
use entity::vocabulary::Milestone;
use uuid::Uuid;

use super::http::{IncidentBody, RecordIncident, UpsertIncident};
use super::{rules, store};
use crate::kernel::audit::Entry;
use crate::kernel::body::Patch;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Result};
use crate::kernel::etag::IfMatch;
use crate::kernel::ids;
use crate::references::repeated;
use crate::text::searchable;

/// Records an incident.
pub async fn create(change: &Change, incident: RecordIncident) -> Result<Model> {
    let empty = Milestones::new();
    check(change, &incident)?;
    let row = Model {
        id: ids::next(),
        ..filled(change, incident, &empty)
    };
    let row = store::insert(change, row).await?;
    record(change, "incident.create", None, &row)?;
    Ok(row)
}

/// Changes an incident.
pub async fn update(
    change: &Change,
    id: Uuid,
    if_match: &IfMatch,
    patch: &Patch<RecordIncident>,
) -> Result<Model> {
    let old = store::lock(change, change.organization(), id).await?;
    let old = old.ok_or_else(|| Error::not_found("incident"))?;
    if_match.check(old.version)?;
    let incident = patch.apply(&RecordIncident::from(&old))?;
    let sequence = old.sequence;
    replace(change, old, incident, sequence).await
}

async fn replace(
    change: &Change,
    old: Model,
    incident: RecordIncident,
    sequence: Option<i64>,
) -> Result<Model> {
    check(change, &incident)?;
    let row = Model {
        id: old.id,
        sequence,
        version: old.version + 1,
        created_at: old.created_at,
        created_by: old.created_by.clone(),
        ..filled(change, incident, &old.timestamps.0)
    };
    let row = store::save(change, row).await?;
    record(change, "incident.update", Some(&old), &row)?;
    Ok(row)
}

/// What became of an upsert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upserted {
    /// There was none.
    Created,
    /// It was changed.
    Updated,
    /// It was like this already.
    Unchanged,
    /// The stored sequence is newer.
    DroppedAsStale,
}

/// Creates or replaces the incident that another system's id stands for.
pub async fn upsert(
    change: &Change,
    (system, external_id): (&str, &str),
    if_match: &IfMatch,
    upsert: UpsertIncident,
) -> Result<(Upserted, Model)> {
    let organization = change.organization();
    let name = format!("{system}\0{external_id}");
    // Two first updates of one incident must not both find nothing.
    change
        .serialize_on("incident reference", name.as_bytes())
        .await?;
    let UpsertIncident {
        mut incident,
        sequence,
    } = upsert;
    let own = |one: &ExternalRef| one.system == system && one.id == external_id;
    if !incident.external_refs.iter().any(own) {
        let reference = ExternalRef {
            system: system.to_owned(),
            id: external_id.to_owned(),
            url: None,
        };
        incident.external_refs.insert(0, reference);
    }
    let Some(known) = store::find_by_ref(&**change, organization, system, external_id).await?
    else {
        if if_match.is_present() {
            return Err(Error::not_found("incident"));
        }
        check(change, &incident)?;
        let row = Model {
            id: ids::next(),
            sequence,
            ..filled(change, incident, &Milestones::new())
        };
        let row = store::insert(change, row).await?;
        record(change, "incident.create", None, &row)?;
        return Ok((Upserted::Created, row));
    };
    let old = store::lock(change, organization, known.id).await?;
    let old = old.ok_or_else(|| Error::not_found("incident"))?;
    if_match.check_if_present(old.version)?;
    if let (Some(new), Some(stored)) = (sequence, old.sequence)
        && new < stored
    {
        return Ok((Upserted::DroppedAsStale, old));
    }
    if RecordIncident::from(&old) == incident && (sequence.is_none() || sequence == old.sequence) {
        return Ok((Upserted::Unchanged, old));
    }
    let sequence = sequence.or(old.sequence);
    let row = replace(change, old, incident, sequence).await?;
    Ok((Upserted::Updated, row))
}

/// Takes over what the chronologies of an incident's reviews mark.
pub async fn mark(
    change: &Change,
    id: Uuid,
    marked: &BTreeMap<Milestone, EventTime>,
) -> Result<()> {
    let Some(old) = store::lock(change, change.organization(), id).await? else {
        return Ok(());
    };
    let timestamps = rules::merge_marked(&old.timestamps.0, marked);
    if timestamps == old.timestamps.0 {
        return Ok(());
    }
    let row = Model {
        timestamps: JsonColumn(timestamps),
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    };
    let row = store::save_alone(change, row).await?;
    record(change, "incident.mark", Some(&old), &row)
}

fn check(change: &Change, incident: &RecordIncident) -> Result<()> {
    let mut faults = rules::check_times(&incident.timestamps, change.now);
    faults.extend(repeated("/tags", &incident.tags));
    let refs: Vec<_> = incident
        .external_refs
        .iter()
        .map(|one| (&one.system, &one.id))
        .collect();
    faults.extend(repeated("/external_refs", &refs));
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(faults))
    }
}

/// A new row; identity and history are the caller's to set.
fn filled(change: &Change, incident: RecordIncident, stored: &Milestones) -> Model {
    let search_text = searchable([Some(incident.title.as_str()), incident.summary.as_deref()]);
    Model {
        id: Uuid::nil(),
        organization_id: change.organization(),
        timestamps: JsonColumn(rules::merge_given(stored, &incident.timestamps)),
        title: incident.title,
        summary: incident.summary,
        severity: incident.severity,
        severity_raw: incident.severity_raw,
        certainty: incident.certainty,
        category: incident.category,
        subcategory: incident.subcategory,
        status: incident.status,
        detection_source: incident.detection_source,
        detection_automated: incident.detection_automated,
        attack_patterns: JsonColumn(incident.attack_patterns),
        attack_techniques: JsonColumn(incident.attack_techniques),
        affected_assets: JsonColumn(incident.affected_assets),
        affected_services: JsonColumn(incident.affected_services),
        tags: JsonColumn(incident.tags),
        external_refs: JsonColumn(incident.external_refs),
        backfilled: incident.backfilled,
        sequence: None,
        search_text,
        version: 1,
        created_at: change.now,
        created_by: change.caller.subject.clone(),
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
        entry = entry.before(&IncidentBody::from(before.clone()))?;
    }
    change.record(entry.after(&IncidentBody::from(after.clone()))?);
    Ok(())
}

//! What can be done with incidents.

use std::collections::BTreeMap;

use entity::JsonColumn;
use entity::incident::{EventTime, Milestones, Model};
use entity::shared::ExternalRef;
use entity::vocabulary::Milestone;
use uuid::Uuid;

use super::body::IncidentBody;
use super::input::{RecordIncident, UpsertIncident};
use super::seen::SeenEvents;
use super::{rules, searched, store};
use crate::kernel::audit::Entry;
use crate::kernel::body::Patch;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::references::repeated;
use crate::text::searchable;

/// An incident as it was, if it was, and as it is now.
#[derive(Clone, Debug)]
pub struct Saved {
    /// Before the change.
    pub before: Option<Model>,
    /// After it.
    pub row: Model,
}

impl Saved {
    fn unchanged(row: Model) -> Self {
        Self {
            before: Some(row.clone()),
            row,
        }
    }

    /// Whether it counts as closed now and did not before.
    pub fn was_closed(&self) -> bool {
        let before = self.before.as_ref();
        self.row.closed_at.is_some() && before.is_none_or(|before| before.closed_at.is_none())
    }
}

/// Records an incident.
pub async fn create(change: &Change, incident: RecordIncident) -> Result<Saved> {
    create_with(change, incident, None).await
}

async fn create_with(
    change: &Change,
    incident: RecordIncident,
    sequence: Option<i64>,
) -> Result<Saved> {
    check(change, &incident)?;
    let timestamps = rules::merge_reported(&Milestones::new(), &incident.timestamps);
    let row = Model {
        id: ids::next(),
        sequence,
        ..filled(change, incident, timestamps, None)
    };
    let row = store::insert(change, row).await?;
    change.index(searched::text(&row));
    record(change, "incident.create", None, &row)?;
    Ok(Saved { before: None, row })
}

/// Changes an incident.
pub async fn update(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    patch: &Patch<RecordIncident>,
) -> Result<Saved> {
    let old = store::lock(change, change.organization(), id).await?;
    let old = old.ok_or_else(|| Error::not_found("incident"))?;
    precondition.check(old.version)?;
    let incident = patch.apply(&RecordIncident::from(&old))?;
    check(change, &incident)?;
    let timestamps = rules::merge_edited(&old.timestamps.0, &incident.timestamps);
    let row = following(&old, filled(change, incident, timestamps, Some(&old)));
    replace(change, old, row).await
}

/// What was filled, as the next version of a stored incident.
fn following(old: &Model, filled: Model) -> Model {
    Model {
        id: old.id,
        sequence: old.sequence,
        version: old.version + 1,
        created_at: old.created_at,
        created_by: old.created_by.clone(),
        ..filled
    }
}

/// Whether two versions say the same.
fn says_the_same(old: &Model, row: &Model) -> bool {
    let like_old = Model {
        version: old.version,
        updated_at: old.updated_at,
        ..row.clone()
    };
    like_old == *old
}

async fn replace(change: &Change, old: Model, row: Model) -> Result<Saved> {
    let row = store::save(change, row).await?;
    change.index(searched::text(&row));
    record(change, "incident.update", Some(&old), &row)?;
    Ok(Saved {
        before: Some(old),
        row,
    })
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
    precondition: &Precondition,
    upsert: UpsertIncident,
) -> Result<(Upserted, Saved)> {
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
    // Judged before it gets a reference that its sender has not sent.
    let judged = check(change, &incident);
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
        if precondition.is_present() {
            return Err(Error::not_found("incident"));
        }
        judged?;
        let saved = create_with(change, incident, sequence).await?;
        return Ok((Upserted::Created, saved));
    };
    let old = store::lock(change, organization, known.id).await?;
    let old = old.ok_or_else(|| Error::not_found("incident"))?;
    precondition.check_if_present(old.version)?;
    if let (Some(new), Some(stored)) = (sequence, old.sequence)
        && new < stored
    {
        return Ok((Upserted::DroppedAsStale, Saved::unchanged(old)));
    }
    judged?;
    let timestamps = rules::merge_reported(&old.timestamps.0, &incident.timestamps);
    let row = Model {
        sequence: sequence.or(old.sequence),
        ..following(&old, filled(change, incident, timestamps, Some(&old)))
    };
    if says_the_same(&old, &row) {
        return Ok((Upserted::Unchanged, Saved::unchanged(old)));
    }
    let saved = replace(change, old, row).await?;
    Ok((Upserted::Updated, saved))
}

/// Takes over what the chronologies of a held incident's reviews mark; nothing when that is
/// known. Of which review the change
/// is decides who sees it on record.
pub async fn mark(
    change: &Change,
    review: Uuid,
    old: Model,
    marked: &BTreeMap<Milestone, EventTime>,
) -> Result<Option<Saved>> {
    let timestamps = rules::merge_marked(&old.timestamps.0, marked);
    if timestamps == old.timestamps.0 {
        return Ok(None);
    }
    let row = Model {
        closed_at: rules::closed_at(old.status, &timestamps, old.closed_at, change.now),
        timestamps: JsonColumn(timestamps),
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    };
    let row = store::save_alone(change, row).await?;
    let entry = Entry::new("incident.mark", store::RESOURCE, row.id).in_review(review);
    let entry = entry.before(&recorded(&old))?;
    change.record(entry.after(&recorded(&row))?);
    Ok(Some(Saved {
        before: Some(old),
        row,
    }))
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
fn filled(
    change: &Change,
    incident: RecordIncident,
    timestamps: Milestones,
    old: Option<&Model>,
) -> Model {
    let closed_before = old.and_then(|old| old.closed_at);
    let search_text = searchable([Some(incident.title.as_str()), incident.summary.as_deref()]);
    Model {
        id: Uuid::nil(),
        organization_id: change.organization(),
        closed_at: rules::closed_at(incident.status, &timestamps, closed_before, change.now),
        timestamps: JsonColumn(timestamps),
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

/// Puts a change of an incident on record.
pub fn record(
    change: &Change,
    action: &'static str,
    before: Option<&Model>,
    after: &Model,
) -> Result<()> {
    let mut entry = Entry::new(action, store::RESOURCE, after.id);
    if let Some(before) = before {
        entry = entry.before(&recorded(before))?;
    }
    change.record(entry.after(&recorded(after))?);
    Ok(())
}

/// An incident as it is put on record: without the events of its milestones, which may belong to
/// reviews that do not exist for whoever reads the record.
fn recorded(row: &Model) -> IncidentBody {
    IncidentBody::of(row.clone(), &SeenEvents::none())
}

//! What a document refers to outside itself, looked up here: incidents and documents that are here
//! already, and what it names of the organisation that it comes from.

use std::collections::{HashMap, HashSet};

use entity::obligation::Clock;
use entity::organization::OrganizationId;
use entity::shared::ExternalRef;
use entity::vocabulary::DurationUnit;
use entity::{JsonColumn, obligation};
use serde_json::Value;
use uuid::Uuid;

use super::body::{Arrival, Arrived};
use super::graph;
use super::naming::{Names, Naming};
use super::store;
use crate::kernel::call::Change;
use crate::kernel::error::{Fault, Result};
use crate::whole::rows::Rows;
use crate::{documents, incidents, references, regimes};

/// What the parts of a document are here.
#[derive(Debug)]
pub struct Matched {
    /// The ids of all its parts here.
    pub names: Names,
    /// Its incidents.
    pub incidents: Vec<Arrived>,
    /// Its documents.
    pub documents: Vec<Arrived>,
    /// The revisions of its documents.
    pub revisions: Vec<Arrived>,
}

/// The ids here of those that are here already.
pub fn known(arrived: &[Arrived]) -> HashSet<Uuid> {
    let matched = arrived.iter().filter(|one| one.outcome == Arrival::Matched);
    matched.map(|one| one.id).collect()
}

/// Finds what of a document is here already, and names the rest.
pub async fn matched(
    change: &Change,
    (document, rows): (&Value, &Rows),
    naming: Naming,
) -> Result<Matched> {
    let mut names = named(document, naming);
    let organization = change.organization();
    let mut found = HashMap::new();
    let ids = rows
        .incidents
        .iter()
        .flat_map(|row| [row.id, naming.of(row.id)]);
    let ids: Vec<Uuid> = ids.collect();
    let known = incidents::store::existing(&**change, organization, &ids).await?;
    let known: HashSet<Uuid> = known.into_iter().collect();
    for row in &rows.incidents {
        let kind = incidents::store::RESOURCE;
        found.insert(row.id, by_ref(change, kind, &row.external_refs.0).await?);
    }
    let incidents = arrive(
        rows.incidents.iter().map(|row| row.id),
        naming,
        |id| found.get(&id).copied().flatten(),
        &known,
        &mut names,
    );
    let documents = match_documents(change, rows, naming, &mut names).await?;
    let revisions = match_revisions(change, rows, (&documents, naming), &mut names).await?;
    Ok(Matched {
        names,
        incidents,
        documents,
        revisions,
    })
}

/// The new ids of everything in a document.
fn named(document: &Value, naming: Naming) -> Names {
    let rows = Rows::LISTS
        .iter()
        .flat_map(|list| graph::rows(document, list));
    let ids = std::iter::once(&document["review"]).chain(rows);
    let ids = ids.filter_map(|row| row["id"].as_str()?.parse().ok());
    ids.map(|id: Uuid| (id, naming.of(id))).collect()
}

/// Names what is here already as it is here; the rest stays as it was named.
fn arrive(
    ids: impl Iterator<Item = Uuid>,
    naming: Naming,
    alike: impl Fn(Uuid) -> Option<Uuid>,
    known: &HashSet<Uuid>,
    names: &mut Names,
) -> Vec<Arrived> {
    ids.map(|document_id| {
        let own = [document_id, naming.of(document_id)];
        let here = own.into_iter().find(|id| known.contains(id));
        let here = here.or_else(|| alike(document_id));
        if let Some(id) = here {
            names.insert(document_id, id);
        }
        Arrived {
            document_id,
            id: here.unwrap_or(own[1]),
            outcome: if here.is_some() {
                Arrival::Matched
            } else {
                Arrival::Created
            },
            differs: Vec::new(),
        }
    })
    .collect()
}

/// What one of the references stands for here.
async fn by_ref(change: &Change, kind: &str, refs: &[ExternalRef]) -> Result<Option<Uuid>> {
    let organization = change.organization();
    for one in refs {
        let found = references::find(&**change, organization, kind, &one.system, &one.id).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

async fn match_documents(
    change: &Change,
    rows: &Rows,
    naming: Naming,
    names: &mut Names,
) -> Result<Vec<Arrived>> {
    let organization = change.organization();
    let ids = rows
        .documents
        .iter()
        .flat_map(|row| [row.id, naming.of(row.id)]);
    let known = store::documents(&**change, organization, &ids.collect()).await?;
    let mut found = HashMap::new();
    for row in &rows.documents {
        let named = by_ref(change, documents::store::RESOURCE, &row.external_refs.0).await?;
        let here = match named {
            Some(id) => Some(id),
            None => store::document_called(&**change, organization, row).await?,
        };
        found.insert(row.id, here);
    }
    let ids = rows.documents.iter().map(|row| row.id);
    let alike = |id| found.get(&id).copied().flatten();
    Ok(arrive(ids, naming, alike, &known, names))
}

async fn match_revisions(
    change: &Change,
    rows: &Rows,
    (documents, naming): (&[Arrived], Naming),
    names: &mut Names,
) -> Result<Vec<Arrived>> {
    let (mut known, mut labelled) = (HashSet::new(), HashMap::new());
    for document in documents {
        if document.outcome == Arrival::Created {
            continue;
        }
        for revision in store::revisions_of(&**change, document.id).await? {
            known.insert(revision.id);
            labelled.insert((document.document_id, revision.label), revision.id);
        }
    }
    let given: HashMap<Uuid, (Uuid, String)> = rows
        .document_revisions
        .iter()
        .map(|row| (row.id, (row.document_id, row.label.clone())))
        .collect();
    let ids = rows.document_revisions.iter().map(|row| row.id);
    let alike = |id| labelled.get(given.get(&id)?).copied();
    Ok(arrive(ids, naming, alike, &known, names))
}

/// Leaves out what the rows refer to of the organisation that they come from and that is not here; says
/// where it stood.
pub async fn outside(change: &Change, rows: &mut Rows) -> Result<Vec<Fault>> {
    let mut unresolved = Vec::new();
    templates(change, rows, &mut unresolved).await?;
    dependencies(change, rows, &mut unresolved).await?;
    clocks(change, rows, &mut unresolved).await?;
    milestones(change, rows, &mut unresolved).await?;
    Ok(unresolved)
}

fn left_out(pointer: String, what: &str) -> Fault {
    let detail = format!("no such {what} is here; it was left out");
    Fault::at(pointer, "unresolved", detail)
}

async fn templates(change: &Change, rows: &mut Rows, unresolved: &mut Vec<Fault>) -> Result<()> {
    let named = rows
        .recommendations
        .iter()
        .filter_map(|row| row.template_id);
    let known = store::templates(&**change, change.organization(), &named.collect()).await?;
    for (at, row) in rows.recommendations.iter_mut().enumerate() {
        if row.template_id.is_some_and(|id| !known.contains(&id)) {
            row.template_id = None;
            let pointer = format!("/recommendations/{at}/template_id");
            unresolved.push(left_out(pointer, "recommendation in the library"));
        }
    }
    Ok(())
}

async fn dependencies(change: &Change, rows: &mut Rows, unresolved: &mut Vec<Fault>) -> Result<()> {
    let own: HashSet<Uuid> = rows.actions.iter().map(|row| row.id).collect();
    let named = rows.actions.iter().flat_map(|row| &row.depends_on.0);
    let others: HashSet<Uuid> = named.filter(|id| !own.contains(id)).copied().collect();
    let known = store::actions(&**change, change.organization(), &others).await?;
    for (at, row) in rows.actions.iter_mut().enumerate() {
        let mut place = 0;
        row.depends_on.0.retain(|id| {
            let is_here = own.contains(id) || known.contains(id);
            if !is_here {
                let pointer = format!("/actions/{at}/depends_on/{place}");
                unresolved.push(left_out(pointer, "action"));
            }
            place += 1;
            is_here
        });
    }
    Ok(())
}

async fn clocks(change: &Change, rows: &mut Rows, unresolved: &mut Vec<Fault>) -> Result<()> {
    let organization: OrganizationId = change.organization();
    let named = rows.obligations.iter().filter_map(|row| row.calendar_id);
    let calendars = store::calendars(&**change, organization, &named.collect()).await?;
    let mut known = HashMap::new();
    for (at, row) in rows.obligations.iter_mut().enumerate() {
        if row.calendar_id.is_some_and(|id| !calendars.contains(&id)) {
            row.calendar_id = None;
            let pointer = format!("/obligations/{at}/calendar_id");
            unresolved.push(left_out(pointer, "calendar"));
            if stop(row) {
                let detail = "counts by a calendar that is not here; the due moment stays as it is";
                let pointer = format!("/obligations/{at}/clock");
                unresolved.push(Fault::at(pointer, "unresolved", detail));
            }
        }
        if row.regime_id.is_none() {
            continue;
        }
        let like = (row.regime_id, row.regime.clone());
        let here = match known.get(&like) {
            Some(here) => *here,
            None => {
                let named = (like.0, like.1.as_deref());
                let here = regimes::store::like(&**change, organization, named).await?;
                known.insert(like, here);
                here
            }
        };
        row.regime_id = here;
        if here.is_none() {
            let pointer = format!("/obligations/{at}/regime_id");
            unresolved.push(left_out(pointer, "regime"));
        }
    }
    Ok(())
}

/// Takes the clock from an obligation whose calendar is not here, unless it counts mere hours: another
/// calendar would count another moment. Whether there was one to take.
fn stop(row: &mut obligation::Model) -> bool {
    let counts_hours = |unit| unit == DurationUnit::CalendarHours;
    let depends = |JsonColumn(clock): &mut JsonColumn<Clock>| {
        let limit = clock.limit.map(|limit| limit.unit);
        !counts_hours(clock.period.unit) || limit.is_some_and(|unit| !counts_hours(unit))
    };
    if row.clock.take_if(depends).is_none() {
        return false;
    }
    row.limit_trigger_at = None;
    true
}

/// Milestones of new incidents that are marked in reviews which are not here: the time stays, as reported.
async fn milestones(change: &Change, rows: &mut Rows, unresolved: &mut Vec<Fault>) -> Result<()> {
    let own: HashSet<Uuid> = rows.events.iter().map(|row| row.id).collect();
    let times = rows
        .incidents
        .iter()
        .flat_map(|row| row.timestamps.0.values());
    let named = times.filter_map(|time| time.event.as_ref().map(|event| event.event_id));
    let others: HashSet<Uuid> = named.filter(|id| !own.contains(id)).collect();
    let known = store::events(&**change, change.organization(), &others).await?;
    for (at, row) in rows.incidents.iter_mut().enumerate() {
        for (milestone, time) in &mut row.timestamps.0 {
            let is_here = |id: &Uuid| own.contains(id) || known.contains(id);
            let foreign = time.event.take_if(|event| !is_here(&event.event_id));
            if let Some(event) = foreign {
                time.reported.get_or_insert(event.time);
                let pointer = format!("/incidents/{at}/timestamps/{milestone}/event");
                unresolved.push(left_out(pointer, "event"));
            }
        }
    }
    Ok(())
}

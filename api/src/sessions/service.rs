//! Making and setting the agenda of a workshop.

use entity::JsonColumn;
use entity::workshop::{AgendaTopic, Model};
use uuid::Uuid;

use super::{agenda, store};
use crate::kernel::call::Change;
use crate::kernel::error::{Fault, Result};
use crate::kernel::etag::Precondition;
use crate::workshops;
use crate::workshops::rules::Step;
use crate::workshops::service::{locked, locked_for, next_version, record, refuse};

/// Makes an agenda from what the review holds, and keeps it unless it is only to be shown.
pub async fn generate(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    dry_run: bool,
) -> Result<(Model, Vec<AgendaTopic>)> {
    let (review, old) = locked(change, id, precondition, Step::SetAgenda).await?;
    let judged_by = (&*change.caller, change.now);
    let holds = store::substance(&**change, judged_by, (&review, &old)).await?;
    let topics = agenda::propose(old.kind, old.duration_minutes, &holds);
    if dry_run {
        return Ok((old, topics));
    }
    let row = keep(change, old, topics.clone(), "workshop.generate_agenda").await?;
    Ok((row, topics))
}

/// Sets an agenda that takes no longer than the workshop.
pub async fn set(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    topics: Vec<AgendaTopic>,
) -> Result<Model> {
    let (_, old) = locked_for(change, id, Step::SetAgenda).await?;
    precondition.check_if_present(old.version)?;
    let minutes: i32 = topics.iter().map(|topic| topic.minutes).sum();
    if minutes > old.duration_minutes {
        let detail = format!(
            "take {minutes} minutes together, and the workshop {}",
            old.duration_minutes
        );
        refuse(vec![Fault::at("/topics", "exceeds_duration", detail)])?;
    }
    keep(change, old, topics, "workshop.set_agenda").await
}

async fn keep(
    change: &Change,
    old: Model,
    topics: Vec<AgendaTopic>,
    what: &'static str,
) -> Result<Model> {
    if old.agenda.0 == topics {
        return Ok(old);
    }
    let row = Model {
        agenda: JsonColumn(topics),
        calendar_changed_at: old.calendar_changed_at.max(change.now),
        ..next_version(change, &old)
    };
    let row = workshops::store::save(change, &old, row).await?;
    record(change, what, Some(&old), &row)?;
    Ok(row)
}

//! Documents taking lessons in and giving them up, for the feature that owns those.

use entity::JsonColumn;
use entity::lesson::{Embedding, Model};
use uuid::Uuid;

use super::rules::{self, Step};
use super::service::{moved, record};
use super::store;
use crate::kernel::call::Change;
use crate::kernel::error::{Fault, Result};

/// The faults of a revision's `lesson_ids`: each is a lesson that exists for the caller and that a
/// document can take in. `found` are those that do exist.
pub fn faults(ids: &[Uuid], found: &[Model]) -> Vec<Fault> {
    let fault = |(at, id): (usize, &Uuid)| {
        let pointer = format!("/lesson_ids/{at}");
        let Some(lesson) = found.iter().find(|one| one.id == *id) else {
            return Some(Fault::at(pointer, "not_found", "is not a lesson"));
        };
        if rules::after(lesson.status, Step::Embed, true).is_some() {
            return None;
        }
        let detail = format!("is {}; validate it first", lesson.status);
        let code = format!("lesson_is_{}", lesson.status);
        Some(Fault::at(pointer, &code, detail))
    };
    ids.iter().enumerate().filter_map(fault).collect()
}

/// Embeds lessons in a revision that was just published.
pub async fn embed(change: &Change, lessons: Vec<Model>, revision: &Embedding) -> Result<()> {
    for old in lessons {
        let status = rules::moved(old.status, Step::Embed, true)?;
        let mut embedded_in = old.embedded_in.0.clone();
        embedded_in.push(revision.clone());
        let with = Model {
            embedded_in: JsonColumn(embedded_in),
            ..old.clone()
        };
        let row = moved(change, &with, status, (None, Some(revision.revision_id)));
        let row = store::save_alone(change, row).await?;
        record(change, "lesson.embed", Some(&old), &row)?;
    }
    Ok(())
}

/// Releases the lessons of a revision that is withdrawn; those that no other standing revision
/// names wait for a document again.
pub async fn release(change: &Change, revision: Uuid, reason: &str) -> Result<()> {
    for old in store::lock_named_by(change, revision).await? {
        let rest = old.embedded_in.0.iter();
        let rest: Vec<Embedding> = rest
            .filter(|one| one.revision_id != revision)
            .cloned()
            .collect();
        let status = if rest.is_empty() {
            rules::moved(old.status, Step::Release, false)?
        } else {
            old.status
        };
        let without = Model {
            embedded_in: JsonColumn(rest),
            ..old.clone()
        };
        let why = (Some(reason.to_owned()), Some(revision));
        let row = moved(change, &without, status, why);
        let row = store::save_alone(change, row).await?;
        record(change, "lesson.unembed", Some(&old), &row)?;
    }
    Ok(())
}

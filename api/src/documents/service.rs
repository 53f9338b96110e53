//! What can be done with a document itself.

use chrono::{Days, NaiveDate};
use entity::JsonColumn;
use entity::document::{CurrentRevision, Model};
use uuid::Uuid;

use super::body::{AddDocument, DocumentBody, DocumentPatch};
use super::{due, store};
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::references::repeated;
use crate::text::searchable;

/// Adds a document.
pub async fn create(change: &Change, document: AddDocument) -> Result<Model> {
    check(&document)?;
    let row = Model {
        id: ids::next(),
        created_by: change.caller.subject.clone(),
        ..filled(change, document)
    };
    let row = store::insert(change, row).await?;
    record(change, "document.create", None, Some(&row))?;
    Ok(row)
}

/// Changes a document that is in use.
pub async fn update(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    patch: &DocumentPatch,
) -> Result<Model> {
    let old = store::lock(change, change.organization(), id).await?;
    precondition.check(old.version)?;
    require_in_use(&old)?;
    let document = patch.apply(&AddDocument::from(&old))?;
    check(&document)?;
    let row = Model {
        id: old.id,
        version: old.version + 1,
        created_at: old.created_at,
        created_by: old.created_by.clone(),
        ..filled(change, document)
    };
    let row = with_current(row, old.current_revision.clone().map(|column| column.0));
    let row = store::save(change, row).await?;
    due::follow(change, &row).await?;
    record(change, "document.update", Some(&old), Some(&row))?;
    Ok(row)
}

/// Removes a document; one that has had a revision is archived instead.
pub async fn remove(change: &Change, id: Uuid, precondition: &Precondition) -> Result<()> {
    let old = store::lock(change, change.organization(), id).await?;
    precondition.check(old.version)?;
    if !store::has_revisions(&**change, id).await? {
        record(change, "document.remove", Some(&old), None)?;
        return store::remove(change, old).await;
    }
    if old.archived_at.is_none() {
        let row = Model {
            archived_at: Some(change.now),
            ..next_version(change, &old)
        };
        let row = store::save_alone(change, row).await?;
        due::follow(change, &row).await?;
        record(change, "document.archive", Some(&old), Some(&row))?;
    }
    Ok(())
}

/// Puts an archived document back to use.
pub async fn restore(change: &Change, id: Uuid, precondition: &Precondition) -> Result<Model> {
    let old = store::lock(change, change.organization(), id).await?;
    precondition.check(old.version)?;
    if old.archived_at.is_none() {
        let detail = "the document is in use";
        let fault = Fault::of("document_is_in_use", detail);
        return Err(Error::state(detail, vec![fault]));
    }
    let row = Model {
        archived_at: None,
        ..next_version(change, &old)
    };
    let row = store::save_alone(change, row).await?;
    due::follow(change, &row).await?;
    record(change, "document.restore", Some(&old), Some(&row))?;
    Ok(row)
}

/// Refuses changes of what is archived.
pub fn require_in_use(document: &Model) -> Result<()> {
    if document.archived_at.is_none() {
        return Ok(());
    }
    let detail = "the document is archived; restore it first";
    let fault = Fault::of("document_is_archived", detail);
    Err(Error::state(detail, vec![fault]))
}

/// The document with the revision that is in force, and the day that follows from it.
pub fn with_current(row: Model, current: Option<CurrentRevision>) -> Model {
    let published_on = current.as_ref().map(|one| one.published_at.0.date_naive());
    let every = row
        .review_every_days
        .and_then(|days| u64::try_from(days).ok());
    let due = published_on
        .zip(every)
        .and_then(|(on, days): (NaiveDate, u64)| on.checked_add_days(Days::new(days)));
    Model {
        current_revision: current.map(JsonColumn),
        review_due_on: due,
        ..row
    }
}

/// The same document, one version later.
pub fn next_version(change: &Change, old: &Model) -> Model {
    Model {
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    }
}

fn check(document: &AddDocument) -> Result<()> {
    let mut faults = repeated("/tags", &document.tags);
    let refs: Vec<_> = document
        .external_refs
        .iter()
        .map(|one| (&one.system, &one.id))
        .collect();
    faults.extend(repeated("/external_refs", &refs));
    faults.extend(repeated("/required_readers", &document.required_readers));
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(faults))
    }
}

/// A new row; identity and history are the caller's to set.
fn filled(change: &Change, document: AddDocument) -> Model {
    let owner = document.owner.as_ref();
    Model {
        id: Uuid::nil(),
        organization_id: change.organization(),
        search_text: searchable([
            Some(document.title.as_str()),
            document.description.as_deref(),
        ]),
        owner_subject: owner.and_then(|owner| owner.subject.clone()),
        title: document.title,
        kind: document.kind,
        description: document.description,
        owner: document.owner.map(JsonColumn),
        url: document.url,
        review_every_days: document.review_every_days,
        required_readers: JsonColumn(document.required_readers),
        tags: JsonColumn(document.tags),
        external_refs: JsonColumn(document.external_refs),
        current_revision: None,
        review_due_on: None,
        archived_at: None,
        version: 1,
        created_at: change.now,
        created_by: String::new(),
        updated_at: change.now,
    }
}

/// Puts a change of a document on record.
pub fn record(
    change: &Change,
    what: &'static str,
    before: Option<&Model>,
    after: Option<&Model>,
) -> Result<()> {
    let Some(row) = after.or(before) else {
        return Ok(());
    };
    let mut entry = Entry::new(what, store::RESOURCE, row.id);
    if let Some(before) = before {
        entry = entry.before(&DocumentBody::from(before.clone()))?;
    }
    if let Some(after) = after {
        entry = entry.after(&DocumentBody::from(after.clone()))?;
    }
    change.record(entry);
    Ok(())
}

#[cfg(test)]
mod tests {
    use entity::Timestamp;
    use entity::vocabulary::DocumentKind;

    use super::*;

    fn document(review_every_days: Option<i32>) -> Model {
        let at = Timestamp::parse("2026-11-23T12:00:00Z").expect("an instant");
        Model {
            id: Uuid::nil(),
            organization_id: entity::organization::OrganizationId(Uuid::nil()),
            title: String::new(),
            kind: DocumentKind::Playbook,
            description: None,
            owner: None,
            owner_subject: None,
            url: None,
            review_every_days,
            required_readers: JsonColumn(Vec::new()),
            tags: JsonColumn(Vec::new()),
            external_refs: JsonColumn(Vec::new()),
            current_revision: None,
            review_due_on: None,
            archived_at: None,
            search_text: String::new(),
            version: 1,
            created_at: at,
            created_by: String::new(),
            updated_at: at,
        }
    }

    #[test]
    fn a_document_is_due_so_many_days_after_the_revision_in_force() {
        let current = |at: &str| {
            Some(CurrentRevision {
                id: Uuid::nil(),
                label: "1".to_owned(),
                published_at: Timestamp::parse(at).expect("an instant"),
            })
        };
        for (every, published_at, expected) in [
            (
                Some(30),
                current("2026-11-23T23:59:59Z"),
                Some("2026-12-23"),
            ),
            (Some(1), current("2028-02-28T00:00:00Z"), Some("2028-02-29")),
            (Some(30), None, None),
            (None, current("2026-11-23T23:59:59Z"), None),
        ] {
            let due = with_current(document(every), published_at).review_due_on;
            assert_eq!(due.map(|on| on.to_string()).as_deref(), expected);
        }
    }
}

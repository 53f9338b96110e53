//! Recording that somebody has read a revision.

use entity::JsonColumn;
use entity::document_acknowledgement::Model;
use entity::shared::Person;
use uuid::Uuid;

use super::body::{AcknowledgeRevision, RevisionAcknowledgementBody};
use super::{rules, store};
use crate::documents::{self, revisions};
use crate::kernel::access::Scope;
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::ids;

/// What recording an acknowledgement came to.
#[derive(Debug)]
pub enum Acknowledged {
    /// It is new.
    Created(Model),
    /// The reader has acknowledged it before.
    Duplicate(Model),
}

/// Records that the caller has read a revision, or that somebody else has.
pub async fn acknowledge(
    change: &Change,
    (document, revision): (Uuid, Uuid),
    given: AcknowledgeRevision,
) -> Result<Acknowledged> {
    let organization = change.organization();
    let document = documents::store::find(&**change, organization, document).await?;
    let revision = revisions::store::lock_shared(change, &document, revision).await?;
    let caller = Person {
        name: change.caller.name.clone(),
        subject: Some(change.caller.subject.clone()),
    };
    let reader = match given.reader {
        None => caller,
        Some(reader) => {
            if reader.subject.is_none() || !rules::is_same(&reader, &caller) {
                let what = "to acknowledge for somebody else";
                change.caller.require(Scope::DocumentsWrite, what)?;
            }
            reader
        }
    };
    let at = given.acknowledged_at.unwrap_or(change.now);
    if at > change.now {
        let fault = Fault::at("/acknowledged_at", "in_the_future", "is in the future");
        return Err(Error::invalid(vec![fault]));
    }
    let key = rules::key(&reader);
    if let Some(known) = store::find_by_reader(&**change, &revision, &key).await? {
        return Ok(Acknowledged::Duplicate(known));
    }
    revisions::service::require_standing(&revision)?;
    let row = Model {
        id: ids::next(),
        organization_id: organization,
        document_id: document.id,
        revision_id: revision.id,
        reader_key: key.clone(),
        reader_name: rules::name(&reader),
        reader: JsonColumn(reader),
        acknowledged_at: at,
        created_at: change.now,
        created_by: change.caller.subject.clone(),
    };
    if !store::insert(change, row.clone()).await? {
        // Somebody else was first, in the same moment.
        let known = store::find_by_reader(&**change, &revision, &key).await?;
        let missing = || Error::Internal("a repeated acknowledgement is not there".to_owned());
        return Ok(Acknowledged::Duplicate(known.ok_or_else(missing)?));
    }
    let entry = Entry::new("document.acknowledge", store::RESOURCE, row.id);
    change.record(entry.after(&RevisionAcknowledgementBody::from(row.clone()))?);
    Ok(Acknowledged::Created(row))
}

//! Keeping deadlines: for the features that own the dates, in the transaction of the change.

use entity::Timestamp;
use entity::deadline::Model;
use entity::vocabulary::DeadlineKind;
use uuid::Uuid;

use super::rules::{self, Announced};
use super::store;
use crate::kernel::call::Change;
use crate::kernel::error::Result;
use crate::kernel::ids;

/// What will be due. A resource has one deadline of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due<'a> {
    /// What is due; it tells what kind of resource, too.
    pub kind: DeadlineKind,
    /// Which resource.
    pub resource_id: Uuid,
    /// The review that it belongs to, which decides who sees it.
    pub review_id: Option<Uuid>,
    /// What the resource is called.
    pub title: &'a str,
    /// Subject of who is to meet it, or their name where it is not known.
    pub owner: Option<&'a str>,
    /// The last moment that is in time.
    pub due_at: Timestamp,
}

/// Sets a deadline, or changes it. Whether it is met stays as it was; another moment is announced
/// anew.
pub async fn set(change: &Change, due: &Due<'_>) -> Result<()> {
    let organization = change.organization();
    let old = store::lock(change, organization, due.kind, due.resource_id).await?;
    let Some(old) = old else {
        let row = Model {
            id: ids::next(),
            organization_id: organization,
            review_id: due.review_id,
            kind: due.kind,
            resource_id: due.resource_id,
            title: due.title.to_owned(),
            owner: due.owner.map(str::to_owned),
            due_at: due.due_at,
            met_at: None,
            outcome: None,
            announce_at: rules::next(due.kind, due.due_at, Announced::Nothing),
            announced: Announced::Nothing.stored(),
            created_at: change.now,
            updated_at: change.now,
        };
        store::insert(change, row).await?;
        return Ok(());
    };
    let announced = if old.due_at == due.due_at {
        old.announced
    } else {
        Announced::Nothing.stored()
    };
    let row = Model {
        review_id: due.review_id,
        title: due.title.to_owned(),
        owner: due.owner.map(str::to_owned),
        due_at: due.due_at,
        announced,
        ..old.clone()
    };
    keep(change, old, row).await
}

/// Says that what was due is done. Without a deadline nothing happens.
pub async fn meet(
    change: &Change,
    kind: DeadlineKind,
    resource: Uuid,
    at: Timestamp,
) -> Result<()> {
    met(change, kind, resource, Some(at)).await
}

/// The same, unless it was done before: the first time counts.
pub async fn meet_first(
    change: &Change,
    kind: DeadlineKind,
    resource: Uuid,
    at: Timestamp,
) -> Result<()> {
    let known = store::lock(change, change.organization(), kind, resource).await?;
    match known.and_then(|deadline| deadline.met_at) {
        Some(_) => Ok(()),
        None => meet(change, kind, resource, at).await,
    }
}

/// Says that what was done is due again. Without a deadline nothing happens.
pub async fn reopen(change: &Change, kind: DeadlineKind, resource: Uuid) -> Result<()> {
    met(change, kind, resource, None).await
}

async fn met(
    change: &Change,
    kind: DeadlineKind,
    resource: Uuid,
    met_at: Option<Timestamp>,
) -> Result<()> {
    let old = store::lock(change, change.organization(), kind, resource).await?;
    let Some(old) = old else { return Ok(()) };
    let row = Model {
        met_at,
        ..old.clone()
    };
    keep(change, old, row).await
}

/// Says what a resource is called now, and who is to meet its deadlines.
pub async fn describe(
    change: &Change,
    resource: Uuid,
    title: &str,
    owner: Option<&str>,
) -> Result<()> {
    for old in store::lock_all(change, change.organization(), resource).await? {
        let row = Model {
            title: title.to_owned(),
            owner: owner.map(str::to_owned),
            ..old.clone()
        };
        keep(change, old, row).await?;
    }
    Ok(())
}

/// Nothing is due any more; what was met stays.
pub async fn give_up(change: &Change, kind: DeadlineKind, resource: Uuid) -> Result<()> {
    match store::lock(change, change.organization(), kind, resource).await? {
        Some(old) if old.met_at.is_none() => store::remove(change, old).await,
        _ => Ok(()),
    }
}

/// Nothing is due any more, and nothing was.
pub async fn clear(change: &Change, kind: DeadlineKind, resource: Uuid) -> Result<()> {
    match store::lock(change, change.organization(), kind, resource).await? {
        Some(old) => store::remove(change, old).await,
        None => Ok(()),
    }
}

/// Replaces a deadline by what it is now, with what follows from that, unless it is the same.
async fn keep(change: &Change, old: Model, row: Model) -> Result<()> {
    let announced = Announced::read(row.announced);
    let row = Model {
        outcome: row.met_at.map(|met_at| rules::outcome(row.due_at, met_at)),
        announce_at: match row.met_at {
            Some(_) => None,
            None => rules::next(row.kind, row.due_at, announced),
        },
        ..row
    };
    if row == old {
        return Ok(());
    }
    let row = Model {
        updated_at: change.now,
        ..row
    };
    store::save(change, row).await?;
    Ok(())
}

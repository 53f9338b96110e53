//! Verifying the chain of an organisation.

use entity::organization::OrganizationId;
use sea_orm::ConnectionTrait;

use super::rules::{Anchor, Break, Broken, Walk, Way};
use super::store;
use crate::kernel::audit::head;
use crate::kernel::error::Result;

/// How many records are held at once.
const CHUNK: u64 = 250;

/// What a verification found.
#[derive(Debug)]
pub struct Verified {
    /// How many records are in order, from where the walk began.
    pub checked: i64,
    /// Sequence and hash of the newest record when the walk began.
    pub head: (i64, String),
    /// Where to go on, when the walk ended before the chain.
    pub next: Option<Anchor>,
    /// Where the chain is first broken, if it is.
    pub broken: Option<Broken>,
}

/// Walks the chain as it is now, in chunks, and compares it with what was noted earlier.
pub async fn verify(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    way: Way,
) -> Result<Verified> {
    let head = head(connection, organization).await?;
    let mut walk = Walk::new(way);
    let broken = loop {
        let left = walk.left(head.0);
        if left == 0 {
            break walk.end(head.0).err();
        }
        let (after, until) = (walk.sequence, head.0);
        let chunk = store::chunk(connection, organization, after, until, left.min(CHUNK)).await?;
        if chunk.is_empty() {
            break Some((after + 1, Break::Missing));
        }
        if let Err(broken) = chunk.iter().try_for_each(|record| walk.step(record)) {
            break Some(broken);
        }
    };
    let checked = walk.checked();
    let place = walk.place().filter(|_| broken.is_none());
    let next = place.filter(|place| place.sequence < head.0);
    Ok(Verified {
        checked,
        head,
        next,
        broken,
    })
}

//! Verifying the chain of an organisation.

use entity::organization::OrganizationId;
use sea_orm::ConnectionTrait;

use super::rules::{Anchor, Broken, Walk};
use super::store;
use crate::kernel::audit::head;
use crate::kernel::error::Result;

/// How many records are held at once.
const CHUNK: u64 = 250;

/// What a verification found.
#[derive(Debug)]
pub struct Verified {
    /// How many records are in order, from the first.
    pub checked: i64,
    /// Sequence and hash of the newest record when the walk began.
    pub head: (i64, String),
    /// Where the chain is first broken, if it is.
    pub broken: Option<Broken>,
}

/// Walks the whole chain as it is now, in chunks, and compares it with what was noted earlier.
pub async fn verify(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    anchor: Option<Anchor>,
) -> Result<Verified> {
    let head = head(connection, organization).await?;
    let mut walk = Walk::new(anchor);
    let broken = loop {
        let after = walk.sequence;
        let chunk = store::chunk(connection, organization, after, head.0, CHUNK).await?;
        let stepped = chunk.iter().try_for_each(|record| walk.step(record));
        let ended = chunk.is_empty() || walk.sequence >= head.0;
        match stepped {
            Err(broken) => break Some(broken),
            Ok(()) if ended => break walk.end(head.0).err(),
            Ok(()) => {}
        }
    };
    Ok(Verified {
        checked: walk.sequence,
        head,
        broken,
    })
}

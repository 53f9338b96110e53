//! Time passing: what approaches and what has passed is put on record, once each.
//!
//! Every instance looks into an index every few seconds. What there is to tell is told in bounded
//! batches, each a transaction in which the record is written and the deadline marked as told; so
//! neither several instances nor a crash in the middle tell anything twice or not at all, and what
//! came to pass while no instance ran is told by the next.

use std::time::Duration;

use entity::Timestamp;
use entity::deadline::Model;
use entity::organization::OrganizationId;
use uuid::Uuid;

use super::body::DeadlineBody;
use super::rules::{self, Announced};
use super::store;
use crate::kernel::access::Caller;
use crate::kernel::audit::Entry;
use crate::kernel::call::Change;
use crate::kernel::error::Result;
use crate::kernel::state::State;

/// How often every instance looks.
const INTERVAL: Duration = Duration::from_secs(2);

/// How many deadlines one transaction tells of.
const BATCH: u64 = 100;

/// Looks again and again, for as long as the service runs.
pub async fn run(state: State) {
    let mut tick = tokio::time::interval(INTERVAL);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(error) = announce(&state).await {
            tracing::warn!(cause = %error, "deadlines were not announced; the next look will");
        }
    }
}

/// Tells everything that there is to tell now; how much that was.
pub async fn announce(state: &State) -> Result<usize> {
    let mut told = 0;
    while store::any_to_announce(&state.database, state.clock.now()).await? {
        let change = begin(state).await?;
        let looked_at = announce_some(&change).await?;
        change.commit().await?;
        if looked_at == 0 {
            // Somebody is changing what is left: the next look finds what they made of it.
            break;
        }
        told += looked_at;
    }
    Ok(told)
}

/// Begins to tell. Instances take turns, so that the second finds told what the first has told.
pub async fn begin(state: &State) -> Result<Change> {
    let tx = state.database.begin().await?;
    tx.serialize_on("deadlines", &[]).await?;
    let nobody = OrganizationId(Uuid::nil());
    let caller = Caller::system(nobody);
    Ok(Change::new(tx, caller, state.clock.now()))
}

/// Tells of the next few deadlines, within a transaction; how many it looked at.
pub async fn announce_some(change: &Change) -> Result<usize> {
    let deadlines = store::lock_to_announce(change, change.now, BATCH).await?;
    let count = deadlines.len();
    for old in deadlines {
        let row = match rules::tell(&old, change.now) {
            Some((name, announced)) => told(change, old, name, announced)?,
            None => old,
        };
        let announced = Announced::read(row.announced);
        let row = Model {
            announce_at: match row.met_at {
                Some(_) => None,
                None => rules::next(row.kind, row.due_at, announced),
            },
            ..row
        };
        store::save(change, row).await?;
    }
    Ok(count)
}

/// Puts on record what time passing says of a deadline; the deadline afterwards.
fn told(change: &Change, old: Model, name: &'static str, announced: Announced) -> Result<Model> {
    let telling = rules::telling(old.kind);
    let happened = announced == Announced::Passed && telling.happens_by_itself;
    let met_at: Option<Timestamp> = happened.then_some(old.due_at);
    let row = Model {
        announced: announced.stored(),
        met_at,
        outcome: met_at.map(|met_at| rules::outcome(old.due_at, met_at)),
        updated_at: change.now,
        ..old
    };
    // What is told of a deadline is told of the deadline; what is told of a resource, of that.
    let mut entry = if name.starts_with("deadline.") {
        Entry::new(name, store::RESOURCE, row.id)
    } else {
        Entry::new(name, telling.resource, row.resource_id)
    };
    if let Some(review) = row.review_id {
        entry = entry.in_review(review);
    }
    let entry = entry.after(&DeadlineBody::of(row.clone(), change.now))?;
    change.record_in(row.organization_id, entry);
    Ok(row)
}

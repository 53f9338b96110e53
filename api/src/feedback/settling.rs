//! What is kept of a round that takes no answers any more: how many answered, what it adds up to, and
//! what was commented, each apart. Who has answered, and each answer by itself, is forgotten.

use std::time::Duration;

use entity::feedback_box::{Comment, Model as Kept};
use entity::{JsonColumn, Timestamp};
use uuid::Uuid;

use super::{rules, store};
use crate::kernel::database::Tx;
use crate::kernel::error::Result;
use crate::kernel::state::State;

/// How often every instance looks for rounds that have closed by themselves.
const INTERVAL: Duration = Duration::from_secs(10);

/// How many rounds are settled in one transaction.
const BATCH: u64 = 50;

/// Looks again and again, for as long as the service runs.
pub async fn run(state: State) {
    let mut tick = tokio::time::interval(INTERVAL);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(error) = settle(&state).await {
            tracing::warn!(cause = %error, "rounds of feedback were not settled; the next look will");
        }
    }
}

/// Settles every round whose time has come; how many those were.
pub async fn settle(state: &State) -> Result<usize> {
    let now = state.clock.now();
    let mut settled = 0;
    loop {
        let rounds = store::unsettled(&state.database, now, BATCH).await?;
        if rounds.is_empty() {
            return Ok(settled);
        }
        let tx = state.database.begin().await?;
        for round in &rounds {
            settle_one(&tx, *round, now).await?;
        }
        tx.commit(Vec::new()).await?;
        settled += rounds.len();
    }
}

async fn settle_one(tx: &Tx, round: Uuid, now: Timestamp) -> Result<()> {
    // Whoever answers or changes it holds it too.
    match store::lock_known(tx, round).await? {
        Some(round) if rules::settles_at(&round) <= now => forget(tx, round.id).await,
        _ => Ok(()),
    }
}

/// Forgets who has answered a round that is held and each answer by itself.
pub async fn forget(tx: &Tx, round: Uuid) -> Result<()> {
    if let Some(kept) = store::read_box(tx, round).await? {
        tx.erase();
        store::save_box(tx, remainder(kept), false).await?;
    }
    Ok(())
}

/// What stays of a box. The comments lie in the order of their words, which tells nothing of who wrote
/// which.
fn remainder(kept: Kept) -> Kept {
    let apart = |comment: Comment| Comment {
        lock: String::new(),
        ..comment
    };
    let mut comments: Vec<Comment> = kept.comments.0.into_iter().map(apart).collect();
    comments.sort_unstable();
    Kept {
        answered: JsonColumn(Vec::new()),
        slips: JsonColumn(Vec::new()),
        comments: JsonColumn(comments),
        round_id: kept.round_id,
        n: kept.n,
        tallies: kept.tallies,
    }
}

//! Keeping what was said about a review, and to whom it was told: boards with what is on them, rounds of
//! feedback with their results, briefings. What features keep beside these rows is written too.

use std::collections::HashMap;

use entity::vocabulary::{BoardPhase, FeedbackRoundStatus};
use entity::{board, briefing, contribution, contribution_group, feedback_result, feedback_round};
use uuid::Uuid;

use super::keep::insert;
use crate::kernel::call::Change;
use crate::kernel::error::{Error, Fault, Result};
use crate::{briefings, contributions, feedback};

/// The boards. One that collects anonymously or takes votes goes on here with a box of its own: what lies
/// in the other stays there, as it was promised.
pub async fn boards(
    change: &Change,
    boards: Vec<board::Model>,
    groups: Vec<contribution_group::Model>,
    said: Vec<contribution::Model>,
) -> Result<()> {
    use contributions::board::store;
    for row in boards {
        let row = store::insert(change, row).await?;
        let collects = row.anonymous && row.phase == BoardPhase::Collecting;
        if collects || row.phase == BoardPhase::Voting {
            store::open_box(change, row.workshop_id).await?;
        }
    }
    for row in groups {
        let row = contributions::groups::store::insert(change, row).await?;
        contributions::store::link(change, row.id, &row.outcomes.0).await?;
    }
    for row in &said {
        change.index(contributions::searched::text(row));
        contributions::store::link(change, row.id, &row.outcomes.0).await?;
    }
    insert::<contribution::Entity>(change, said).await
}

/// The rounds with what they came to.
pub async fn rounds(
    change: &Change,
    rounds: Vec<feedback_round::Model>,
    results: Vec<feedback_result::Model>,
) -> Result<()> {
    let results = results.into_iter().enumerate();
    let results = results.map(|(at, result)| (result.round_id, (at, result)));
    let mut results: HashMap<Uuid, (usize, feedback_result::Model)> = results.collect();
    for round in rounds {
        let told = results.remove(&round.id);
        let status = feedback::rules::status(&round, change.now);
        if let Some((at, _)) = &told
            && status != FeedbackRoundStatus::Closed
        {
            // It says that it was closed when the document was written, which is to come yet.
            let detail = format!("the round is {status} now");
            let at = format!("/feedback_results/{at}/round_id");
            return Err(Error::invalid(vec![Fault::at(at, "not_closed", detail)]));
        }
        let told = told.map(|(_, result)| result);
        feedback::service::keep(change, round, told).await?;
    }
    Ok(())
}

/// The briefings, as they were drafted and frozen.
pub async fn briefings(change: &Change, rows: Vec<briefing::Model>) -> Result<()> {
    for row in &rows {
        change.index(briefings::searched::text(row));
    }
    insert::<briefing::Entity>(change, rows).await
}

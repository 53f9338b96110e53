//! What of the rows leaves: of rounds of feedback no more than their summaries tell, of acknowledged
//! wording what is still on something. Pure.

use std::collections::{HashMap, HashSet};

use entity::{Timestamp, feedback_result, feedback_round, wording_acknowledgement};
use uuid::Uuid;

use super::rows::Rows;
use crate::feedback::summary;
use crate::resources::ResourceKind;

/// Takes out of the rows what nobody is told at a moment.
pub fn keep(rows: &mut Rows, now: Timestamp) {
    let results = std::mem::take(&mut rows.feedback_results);
    rows.feedback_results = told(&rows.feedback_rounds, results, now);
    let assessments: HashSet<Uuid> = rows.assessments.iter().map(|row| row.id).collect();
    let impacts: HashSet<Uuid> = rows.impacts.iter().map(|row| row.id).collect();
    // Nothing else that has texts is ever removed.
    rows.wording_acknowledgements.retain(|row| {
        let id = &row.resource_id;
        let kind = row.resource_type.as_str();
        (kind != ResourceKind::Assessment.as_str() || assessments.contains(id))
            && (kind != ResourceKind::Impact.as_str() || impacts.contains(id))
    });
    sort(&mut rows.wording_acknowledgements);
}

fn told(
    rounds: &[feedback_round::Model],
    results: Vec<feedback_result::Model>,
    now: Timestamp,
) -> Vec<feedback_result::Model> {
    let rounds: HashMap<Uuid, &feedback_round::Model> =
        rounds.iter().map(|round| (round.id, round)).collect();
    let told = results.into_iter().filter_map(|result| {
        let round = rounds.get(&result.round_id)?;
        summary::told(round, result, now)
    });
    told.collect()
}

/// Puts acknowledgements in an order that does not follow from their ids: these are digests, and others
/// wherever the texts are called otherwise.
pub fn sort(rows: &mut [wording_acknowledgement::Model]) {
    rows.sort_by(|one, other| {
        let key = |row: &wording_acknowledgement::Model| (row.acknowledged_at, row.resource_id);
        let place =
            |row: &wording_acknowledgement::Model| (row.pointer.clone(), row.phrase.clone());
        key(one)
            .cmp(&key(other))
            .then_with(|| place(one).cmp(&place(other)))
            .then(one.id.cmp(&other.id))
    });
}

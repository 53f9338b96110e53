//! What of a decision is found by search.

use entity::decision::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;

/// The text of a decision, unless it is retracted.
pub fn text(row: &Model) -> Option<Text> {
    let options = row.options.0.iter();
    row.retracted_at.is_none().then(|| Text {
        organization: row.organization_id,
        review: Some(row.review_id),
        kind: ResourceKind::Decision.as_str(),
        id: row.id,
        parent: None,
        title: row.decision.clone(),
        body: lines(
            [
                row.decider_role.as_deref(),
                row.information_available.as_deref(),
                row.rationale.as_deref(),
                row.outcome.as_deref(),
                row.in_hindsight.as_deref(),
            ]
            .into_iter()
            .chain(options.flat_map(|one| {
                [
                    Some(one.option.as_str()),
                    one.pros.as_deref(),
                    one.cons.as_deref(),
                ]
            })),
        ),
        traits: Vec::new(),
        at: row.decided_at,
    })
}

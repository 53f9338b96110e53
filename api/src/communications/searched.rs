//! What of a communication is found by search.

use entity::communication::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;

/// The text of a communication, unless it is retracted.
pub fn text(row: &Model) -> Option<Text> {
    let parties = format!("{} → {}", row.from_role, row.to_audience);
    row.retracted_at.is_none().then(|| Text {
        organization: row.organization_id,
        review: Some(row.review_id),
        kind: ResourceKind::Communication.as_str(),
        id: row.id,
        parent: None,
        title: row.summary.clone().unwrap_or_else(|| parties.clone()),
        body: lines([Some(parties.as_str()), row.issue.as_deref()]),
        traits: Vec::new(),
        at: row.sent_at,
    })
}

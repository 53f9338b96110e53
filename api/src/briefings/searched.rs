//! What of a briefing is found by search: its own texts, for the others are found where they are.

use entity::briefing::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;

/// The text of a briefing.
pub fn text(row: &Model) -> Text {
    let own = row.key_messages.0.iter().chain(&row.decisions_wanted.0);
    Text {
        organization: row.organization_id,
        review: Some(row.review_id),
        kind: ResourceKind::Briefing.as_str(),
        id: row.id,
        parent: None,
        title: row.headline.clone(),
        body: lines(own.map(|text| Some(text.as_str()))),
        traits: Vec::new(),
        at: row.created_at,
    }
}

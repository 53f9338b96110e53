//! What of a participant is found by search.

use entity::participant::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;

/// The text of a participant.
pub fn text(row: &Model) -> Text {
    Text {
        organization: row.organization_id,
        review: Some(row.review_id),
        kind: ResourceKind::Participant.as_str(),
        id: row.id,
        parent: None,
        title: row.name.clone(),
        body: lines([row.email.as_deref()]),
        traits: Vec::new(),
        at: row.created_at,
    }
}

//! What of a document is found by search.

use entity::document::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;

/// The text of a document.
pub fn text(row: &Model) -> Text {
    Text {
        organization: row.organization_id,
        review: None,
        kind: ResourceKind::Document.as_str(),
        id: row.id,
        parent: None,
        title: row.title.clone(),
        body: lines([
            row.description.as_deref(),
            Some(row.tags.0.join(" ").as_str()),
        ]),
        traits: Vec::new(),
        at: row.created_at,
    }
}

//! What of an obligation is found by search.

use entity::obligation::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;

/// The text of an obligation.
pub fn text(row: &Model) -> Text {
    Text {
        organization: row.organization_id,
        review: Some(row.review_id),
        kind: ResourceKind::Obligation.as_str(),
        id: row.id,
        parent: None,
        title: row.title.clone(),
        body: lines([
            row.description.as_deref(),
            row.regime.as_deref(),
            row.stage.as_deref(),
            row.reference.as_deref(),
        ]),
        traits: Vec::new(),
        at: row.created_at,
    }
}

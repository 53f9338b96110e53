//! What of a contribution is found by search: its text, never whose it is.

use entity::contribution::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;

/// The text of a contribution. Of an anonymous one there is none before all of them are shown, and the
/// time is that moment.
pub fn text(row: &Model) -> Text {
    Text {
        organization: row.organization_id,
        review: Some(row.review_id),
        kind: ResourceKind::Contribution.as_str(),
        id: row.id,
        parent: Some(row.workshop_id),
        title: row.text.clone(),
        body: String::new(),
        traits: Vec::new(),
        at: row.created_at,
    }
}

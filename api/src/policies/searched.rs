//! What of a policy is found by search.

use entity::policy::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;

/// The text of a policy.
pub fn text(row: &Model) -> Text {
    Text {
        organization: row.organization_id,
        review: None,
        kind: ResourceKind::Policy.as_str(),
        id: row.id,
        parent: None,
        title: row.name.clone(),
        body: lines([row.description.as_deref()]),
        traits: Vec::new(),
        at: row.created_at,
    }
}

//! What of a group is found by search.

use entity::contribution_group::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;

/// The text of a group.
pub fn text(row: &Model) -> Text {
    Text {
        organization: row.organization_id,
        review: Some(row.review_id),
        kind: ResourceKind::ContributionGroup.as_str(),
        id: row.id,
        parent: Some(row.workshop_id),
        title: row.title.clone(),
        body: lines([row.summary.as_deref()]),
        traits: Vec::new(),
        at: row.created_at,
    }
}

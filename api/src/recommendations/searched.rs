//! What of a recommendation is found by search.

use entity::recommendation::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;

/// The text of a recommendation.
pub fn text(row: &Model) -> Text {
    Text {
        organization: row.organization_id,
        review: Some(row.review_id),
        kind: ResourceKind::Recommendation.as_str(),
        id: row.id,
        parent: None,
        title: row.title.clone(),
        body: lines([
            row.rationale.as_deref(),
            row.expected_effect.as_deref(),
            row.closure_criteria.as_deref(),
            Some(row.tags.0.join(" ").as_str()),
        ]),
        traits: Vec::new(),
        at: row.created_at,
    }
}
